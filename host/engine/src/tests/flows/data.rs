//! What configures may be misused; what carries data is a value. A row for each method and helper.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::stage::{Setting, Troupe, Way};
use super::*;

/// A call with data that cannot be used, and a misuse.
struct Row {
    name: &'static str,
    /// Data: the method is skipped, or gives nil and an error.
    data: &'static [&'static str],
    /// A misuse: it raises at its line.
    misuse: &'static str,
}

const fn row(name: &'static str, data: &'static [&'static str], misuse: &'static str) -> Row {
    Row { name, data, misuse }
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    row("say", &["call:say('')", "call:say('<speak>AT&T</speak>')", "call:say { text = ('x'):rep(9000) }"], "call:say { words = 'x' }"),
    row("play", &["call:play { key = '', bucket = 'b' }", "call:play { key = 'a', bucket = '' }"], "call:play { key = 'a', bucket = 'b', times = 0 }"),
    row("pause", &[], "call:pause(0)"),
    row("send_digits", &["call:send_digits('x')"], "call:send_digits { digits = '1', tone = 99 }"),
    row("start_recording", &["call:start_recording { bucket = '' }", "call:start_recording { bucket = 'b', prefix = 'ä' }"], "call:start_recording { bucket = 'b', track = 'all' }"),
    row("pause_recording", &[], "call.pause_recording()"),
    row("resume_recording", &[], "call.resume_recording()"),
    row("stop_recording", &[], "call.stop_recording()"),
    row("voice_focus", &[], "call:voice_focus('loud')"),
    row("flush", &[], "call.flush()"),
    row("ask", &["call:ask { say = '' }", "call:ask { play = { key = '', bucket = 'b' }, invalid = 'b' }", "call:ask { say = 'a', invalid = '<speak>' }", "call:ask { say = { 'a', '' } }", "call:ask { say = { 'a', { key = '' } }, invalid = 'b.wav' }"], "call:ask { say = 'a', min = -1 }"),
    row("menu", &["call:menu { say = '<speak><blink/></speak>', options = { 'a' } }"], "call:menu { say = 'a', options = { x = 1 } }"),
    row("record", &["call:record { bucket = '' }", "call:record { bucket = 'b', prefix = 'ä' }"], "call:record { bucket = 'b', max = 0 }"),
    row("bridge", &[
        "call:bridge { to = '206-555-0102' }", "call:bridge { to = '+12065550101', caller_id = 'me' }", "call:bridge { arn = '', uri = 'a' }",
        "call:bridge { arn = 'arn:aws:x', uri = 'ä' }", "call:bridge { to = '+12065550101', sip_headers = { ['x-a'] = 'a\\nb' } }",
    ], "call:bridge { to = 5 }"),
    row("join_meeting", &["call:join_meeting { join_token = '' }", "call:join_meeting { join_token = 'token', meeting_id = '' }"], "call:join_meeting 'token'"),
    row("mute", &["call:mute {}"], "call:mute { 'a' }"),
    row("unmute", &["call:unmute {}"], "call:unmute { 'a' }"),
    row("bot", &["call:bot { alias_arn = '' }", "call:bot { alias_arn = 'arn', welcome = '' }"], "call:bot { alias = 'x' }"),
    row("wait", &["call:wait { say = '', timeout = 1 }", "call:wait { say = ('x'):rep(9000), timeout = 1 }", "call:wait { say = { 'a', '' }, timeout = 1 }"], "call:wait { timeout = -1 }"),
    row("leg_hangup", &[], "call.legs['LEG-A']:hangup()"),
    row("wait_for_answer", &[], "call.wait_for_answer()"),
    row("act", &[], "call:act('x')"),
    row("step", &[], "call:step('x')"),
    row("become", &[], "call.become()"),
    row("on_hangup", &[], "call:on_hangup('x')"),
    row("hangup", &[], "call:hangup { code = 'x' }"),
    row("chime.create_call", &["chime.create_call { to = 'anonymous' }", "chime.create_call { to = '+12065550101', from = 'me' }"], "chime.create_call { two = '+12065550101' }"),
    row("chime.update_call", &["chime.update_call { transaction_id = '' }"], "chime.update_call {}"),
    row("chime.create_meeting", &["chime.create_meeting { token = 'x' }"], "chime.create_meeting { tokens = 'x' }"),
    row("chime.create_meeting_with_attendees", &["chime.create_meeting_with_attendees { attendees = {} }"], "chime.create_meeting_with_attendees {}"),
    row("chime.create_attendee", &["chime.create_attendee { meeting_id = '' }"], "chime.create_attendee { meeting_id = 'm', capabilities = { audio = 'Loud' } }"),
    row("chime.get_meeting", &["chime.get_meeting { meeting_id = '' }"], "chime.get_meeting {}"),
    row("chime.delete_meeting", &["chime.delete_meeting { meeting_id = '' }"], "chime.delete_meeting {}"),
    row("chime.list_attendees", &["chime.list_attendees { meeting_id = '' }"], "chime.list_attendees { meeting_id = 'm', max_results = 0 }"),
    row("chime.delete_attendee", &["chime.delete_attendee { meeting_id = '', attendee_id = 'a' }"], "chime.delete_attendee { meeting_id = 'm' }"),
    row("http.get", &["http.get('ftp://x')", "http.get('')"], "http.get('https://example.com', { timeout = 99 })"),
    row("http.post", &["http.post('mailto:a', 'x')"], "http.post('https://example.com', 'x', 5)"),
    row("http.request", &["http.request { url = 'x' }"], "http.request { url = 'https://example.com', method = 'LOOK' }"),
    row("storage.get", &["storage.get('../x')"], "storage.get()"),
    row("storage.put", &["storage.put('', 'x')", "storage.put('a', { b = 0/0 })"], "storage.put('a')"),
    row("storage.put_new", &["storage.put_new('', 'x')", "storage.put_new('a', { b = 0/0 })"], "storage.put_new('a')"),
    row("storage.delete", &["storage.delete('a//b')"], "storage.delete()"),
    row("aws.json", &[], "aws.json { operation = 'GetItem' }"),
    row("aws.request", &["aws.request { service = 's', operation = 'o', path = 'x' }", "aws.request { service = 's', operation = 'o', headers = { a = 'b\\nc' } }"], "aws.request { service = 's' }"),
    row("random.integer", &[], "random.integer(2, 1)"),
    row("random.choice", &[], "random.choice({})"),
    row("url.escape", &[], "url.escape({})"),
    row("phone.parse", &["phone.parse('anonymous')"], "phone.parse(5)"),
    row("time.at", &["time.at('Mars/Base')", "time.at('UTC', 1e14)", "time.at('UTC', 1/0)"], "time.at(5)"),
    row("metric.count", &["metric.count('a', 0/0)", "metric.count('a', 1, { b = '' })"], "metric.count(5)"),
];

/// What becomes of an expression: whether it raised, what it gave, and what was logged of it.
fn tried(expression: &str) -> Seen {
    let script = format!(
        "return function(call)
           call:say('before')
           local is_done, value, err = pcall(function() return {expression} end)
           log.info(`{{is_done}} {{value}} {{err and err.type}}`)
           call:say('after')
           call:flush()
         end"
    );
    let troupe = Troupe::new(script.as_bytes(), &Map::new());
    let ways = [Way::Cold, Way::Forgetful, Way::Twice];
    seen(&troupe, &Arc::new(World::default()), &Setting::default(), &ways)
        .unwrap_or_else(|differs| panic!("{expression}: {differs}"))
}

#[test]
fn what_configures_may_be_misused_and_what_carries_data_is_a_value() {
    for Row { name, data, misuse } in ROWS {
        for expression in *data {
            let seen = tried(expression);
            // A metric too is sent later, and gives nothing.
            let is_queued = *name == "metric.count"
                || METHODS.iter().any(|method| {
                    method.name == *name
                        && matches!(method.sends, Sends::Queued(_) | Sends::QueuedRecording { .. })
                });
            let told = if is_queued { "true nil nil" } else { "true nil invalid" };
            let log = seen.log.join("\n");
            assert!(seen.log.iter().any(|line| line == told), "{expression}: {log}");
            let then = if is_queued { "it is skipped" } else { "it gives nil and an error" };
            // A number that is none is what `phone.parse` is there to find out.
            let is_warned = seen
                .log
                .iter()
                .any(|line| line.starts_with("main.lua:3: ") && line.ends_with(then));
            assert!(is_warned || *name == "phone.parse", "{expression}: {log}");
            assert!(seen.story.iter().any(|line| line.contains("hears “after”")), "{expression}");
        }
        let seen = tried(misuse);
        let raised = seen.log.iter().any(|line| line.starts_with("false "));
        assert!(raised, "{misuse}: {}", seen.log.join("\n"));
    }
    let rows: BTreeSet<_> = ROWS.iter().map(|row| row.name).collect();
    for method in METHODS {
        assert!(rows.contains(method.name), "no row for call:{}", method.name);
    }
    // It takes nothing.
    for helper in helpers().into_iter().filter(|helper| helper != "time.now") {
        assert!(rows.contains(helper.as_str()), "no row for {helper}");
    }
}

/// Every function that the helpers have, such as `chime.create_call`.
fn helpers() -> Vec<String> {
    const SCRIPT: &str = "return function(call)
      local libraries = {
        aws = aws, chime = chime, http = http, metric = metric, phone = phone, random = random, storage = storage, time = time, url = url,
      }
      for name, library in libraries do
        for helper in library do log.info(`{name}.{helper}`) end
      end
    end";
    let troupe = Troupe::new(SCRIPT.as_bytes(), &Map::new());
    let seen = seen(&troupe, &Arc::new(World::default()), &Setting::default(), &[Way::Cold]);
    let helpers = seen.unwrap().log;
    assert!(helpers.len() > 20, "{helpers:?}");
    helpers
}
