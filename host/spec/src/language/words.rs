//! The words of specs, as they are documented: docs/reference/spec.md is made from this list.

/// A word of specs.
pub struct Word {
    /// What it is called on.
    pub on: On,
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub form: &'static str,
    /// What it does.
    pub about: &'static str,
}

/// What words are called on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// Nothing: they stand alone.
    File,
    /// The `t` that a test is given.
    Test,
    /// A call: its caller.
    Caller,
    /// Somebody whose phone rings.
    Callee,
    /// What `expect` returns.
    Expect,
}

const fn word(on: On, name: &'static str, form: &'static str, about: &'static str) -> Word {
    Word { on, name, form, about }
}

/// All of them, in the order of the page.
pub const WORDS: &[Word] = &[
    word(
        On::File,
        "test",
        "test(name, function(t) … end)",
        "One test. `t` is its world: a clock, other services, and calls.",
    ),
    word(
        On::File,
        "test.only",
        "test.only(name, function(t) … end)",
        "While one is there, only tests and groups with `only` run.",
    ),
    word(
        On::File,
        "test.skip",
        "test.skip(name, function(t) … end)",
        "A test that is not run. `test.skip(reason)(name, function(t) … end)` says why, and so does `t:skip(reason)` while the test runs.",
    ),
    word(
        On::File,
        "test.each",
        "test.each(list)(name, function(t, …) … end)",
        "A test for each case of a list. In the name `%s` stands for the values of a case in their order, and `$key` for a field. A case that is a list is given as several arguments.",
    ),
    word(
        On::File,
        "group",
        "group(name, function() … end)",
        "Tests that belong together. `group.only` and `group.skip` are as for tests.",
    ),
    word(
        On::File,
        "before_each",
        "before_each(function(t) … end)",
        "Runs before each test of its group or file, and of the groups in it.",
    ),
    word(
        On::File,
        "after_each",
        "after_each(function(t) … end)",
        "Runs after each test that has not failed.",
    ),
    word(On::File, "expect", "expect(value)", "What a value should be: see below."),
    word(
        On::Test,
        "call",
        "t:call { from = \"+12065550142\", to = \"+12065550100\" }",
        "Somebody calls. Returns the call, on which the caller's words are called. All keys may be left out: `from` and `to` are then those of moonring.toml. `script` names a script other than the one of the spec's name, and `sip_headers` are the headers that come with the call.",
    ),
    word(
        On::Test,
        "outbound",
        "t:outbound { to = \"+12065550142\", arguments = { … }, pickup = \"answer\" }",
        "The script calls somebody. `pickup` is `answer`, `busy` or `never`. Returns the call: its caller is the person who is called.",
    ),
    word(
        On::Test,
        "at",
        "t:at(\"2026-12-01 10:00\", \"America/Los_Angeles\")",
        "When the test begins; modules that the spec calls itself see this time too. Without it, all tests begin on 2026-06-01 at 10:00, a Monday, or as moonring.toml says. Without a zone, the one of moonring.toml counts, or UTC.",
    ),
    word(
        On::Test,
        "config",
        "t:config { office = { opens = 8 } }",
        "Values laid over `config.json`, as `MOONRING_CONFIG` does.",
    ),
    word(On::Test, "storage", "t:storage { greeting = \"Hi\" }", "What `storage.get` finds."),
    word(
        On::Test,
        "stored",
        "t:stored(\"greeting\")",
        "What the script has stored under a key, or nil.",
    ),
    word(
        On::Test,
        "reply",
        "t:reply(\"http:GET https://api.example.com/*\", { status = 200, body = { … } })",
        "The reply to requests like these: `http:GET ADDRESS`, `storage:get KEY`, `chime:CreateMeeting`, `aws:GetItem` or `dynamodb:GetItem`; `*` stands for any text. Several replies to the same pattern, in one call or in many, are used in order, and the last stays. Of several patterns that fit, the longest counts. A reply is what canned replies are: `{ status, headers, body, delay }` for HTTP, `{ error = \"timeout\" }`, or the output of an operation. A function gets the request and returns the reply. Meetings and storage are simulated, and need no reply.",
    ),
    word(
        On::Test,
        "asked",
        "t:asked(\"http:POST *\")",
        "The requests like these that scripts have made so far, as a list. Each has `operation` and the fields it was asked with, such as `url` and `body`.",
    ),
    word(
        On::Test,
        "fail",
        "t:fail(\"Speak\", \"SystemException\")",
        "Every action of this type fails with this error.",
    ),
    word(
        On::Test,
        "twice",
        "t:twice()",
        "The service delivers each event a second time, after its answer.",
    ),
    word(
        On::Test,
        "late",
        "t:late(6)",
        "The next answer comes this many seconds late. The service waits for 5.",
    ),
    word(
        On::Test,
        "cold",
        "t:cold()",
        "From here on each event has a process of its own, and the test is not run a second time.",
    ),
    word(
        On::Test,
        "dials",
        "t:dials(\"+12065550142\", { pickup = \"busy\" })",
        "The script has asked for a call to this number with `chime.create_call`: the test plays it, with the arguments that the script gave. `pickup` is `answer`, `busy` or `never`. Returns the call, as `t:outbound` does.",
    ),
    word(
        On::Test,
        "update",
        "t:update(call, { agent = \"+12065550101\" })",
        "Updates a call, as UpdateSipMediaApplicationCall does.",
    ),
    word(
        On::Test,
        "route",
        "t:route { to = \"+12065550100\" }",
        "The name of the script that `routes.lua` leads such a call to.",
    ),
    word(
        On::Test,
        "bot",
        "t:bot(arn, { [\"the pharmacy\"] = { intent = \"Route\", slots = { … } } })",
        "What an Amazon Lex bot makes of what the caller says.",
    ),
    word(On::Test, "skip", "t:skip(reason)", "Ends the test, which then counts as skipped."),
    word(
        On::Caller,
        "hears",
        "c:hears(\"Welcome\")",
        "The next thing that is heard contains this text, in this case. `{ like = \"your call is important\" }` takes any case and punctuation. `{ pattern = \"%d+\" }` is a Lua pattern, of a string or of `s3://BUCKET/KEY`, and `{ file = \"tone.wav\" }` is an audio file. Nothing that is heard may be left out. Several arguments are heard one after the other.",
    ),
    word(
        On::Caller,
        "eventually",
        "c:eventually(\"Goodbye\")",
        "The same, and whatever is heard before it is left out.",
    ),
    word(
        On::Caller,
        "hears_nothing",
        "c:hears_nothing(5)",
        "For this many seconds nothing new is heard.",
    ),
    word(
        On::Caller,
        "presses",
        "c:presses(\"12#\")",
        "Presses keys, half a second after the script asks for them. What is heard until then must have been named. Several arguments are pressed one after the other, each when it is asked for. `\"!1\"` presses at once, asked or not.",
    ),
    word(On::Caller, "says", "c:says(\"the pharmacy\")", "Says something to the bot that listens."),
    word(
        On::Caller,
        "talks",
        "c:talks(4)",
        "Talks for so many seconds: into a recording as soon as it begins, or to somebody on the line.",
    ),
    word(On::Caller, "silence", "c:silence(10)", "Does nothing for so many seconds."),
    word(On::Caller, "hangs_up", "c:hangs_up()", "Hangs up."),
    word(
        On::Caller,
        "rings",
        "c:rings(\"+12065550111\")",
        "A phone rings at this number. Returns the callee, who does nothing until the test says what.",
    ),
    word(
        On::Caller,
        "joins",
        "c:joins { meeting_id = \"…\" }",
        "The caller joins a meeting. The fields are those of `action.join_chime_meeting`. Returns all of them.",
    ),
    word(
        On::Caller,
        "records",
        "c:records { bucket = \"…\", prefix = \"voicemail/\" }",
        "A recording is delivered. The fields are `bucket`, `key`, `prefix`, `seconds` and `channels`. Returns the recording.",
    ),
    word(
        On::Caller,
        "is_muted",
        "c:is_muted()",
        "The caller is muted in the meeting, by whatever call. They must have joined as an attendee that a script has made with `chime`.",
    ),
    word(
        On::Caller,
        "is_unmuted",
        "c:is_unmuted()",
        "The caller may be heard again in the meeting.",
    ),
    word(
        On::Caller,
        "ends",
        "c:ends(\"script\")",
        "The call ends, and nothing was heard that the test has not named. `\"script\"`, `\"caller\"`, `\"busy\"` or `\"no_answer\"` says why.",
    ),
    word(
        On::Caller,
        "attribute",
        "c:attribute(\"language\")",
        "A transaction attribute, as the last answer has it, or nil.",
    ),
    word(
        On::Caller,
        "logs",
        "c:logs(\"info\", \"a message\", { whom = \"sales\" })",
        "The script has logged a line of this level that contains this text and has these fields, or will. The fields may be left out.",
    ),
    word(
        On::Caller,
        "has_metric",
        "c:has_metric(\"orders\", { queue = \"sales\" })",
        "The script has counted a metric of this name with these dimensions, or will. The dimensions may be left out.",
    ),
    word(
        On::Caller,
        "fails",
        "c:fails(\"attempt to index nil\")",
        "The script fails, with an error that contains this text. It follows what made the script fail, such as `c:presses(\"1\")`. A failure that no test asks for fails the test.",
    ),
    word(
        On::Caller,
        "story",
        "c:story(\"by day\")",
        "The story of the call is the one in `__snapshots__/by day.txt` beside the spec. `--update` writes it. Without a name the story is returned.",
    ),
    word(
        On::Callee,
        "answers",
        "callee:answers()",
        "Answers after three seconds, or after as many as are given.",
    ),
    word(On::Callee, "is_busy", "callee:is_busy()", "Is on the phone."),
    word(On::Callee, "ignores", "callee:ignores()", "Lets it ring."),
    word(
        On::Callee,
        "hears",
        "callee:hears(\"A call from\")",
        "As for the caller. So are `eventually`, `hears_nothing`, `presses`, `says`, `talks`, `silence`, `hangs_up` and `ends`.",
    ),
    word(
        On::Expect,
        "equals",
        "expect(value):equals(wanted)",
        "The same value; tables are the same where all their fields are.",
    ),
    word(On::Expect, "differs", "expect(value):differs(unwanted)", "Another value."),
    word(
        On::Expect,
        "contains",
        "expect(value):contains(part)",
        "A string that contains a string, a list that contains an item, or a table that has these fields.",
    ),
    word(On::Expect, "lacks", "expect(value):lacks(part)", "The opposite."),
    word(
        On::Expect,
        "matches",
        "expect(text):matches(\"^%d+$\")",
        "A string that matches a Lua pattern.",
    ),
    word(On::Expect, "is_nil", "expect(value):is_nil()", "nil."),
    word(On::Expect, "is_truthy", "expect(value):is_truthy()", "Neither nil nor false."),
    word(On::Expect, "is_falsy", "expect(value):is_falsy()", "nil or false."),
    word(On::Expect, "is_above", "expect(number):is_above(3)", "More than this."),
    word(On::Expect, "is_below", "expect(number):is_below(3)", "Less than this."),
    word(
        On::Expect,
        "fails",
        "expect(function() … end):fails(\"text\")",
        "A function that raises an error, which contains this text.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_method_is_documented_and_every_documented_word_is_there() {
        let lua = mlua::Lua::new();
        let prelude: mlua::Table =
            lua.load(super::super::PRELUDE).call(lua.create_table().unwrap()).unwrap();
        let methods: mlua::Table = prelude.get("methods").unwrap();
        for (name, on) in
            [("t", On::Test), ("party", On::Caller), ("callee", On::Callee), ("expect", On::Expect)]
        {
            let table: mlua::Table = methods.get(name).unwrap();
            let there: BTreeSet<String> =
                table.pairs::<String, mlua::Value>().map(|pair| pair.unwrap().0).collect();
            let documented = |on: On| WORDS.iter().filter(move |word| word.on == on);
            for word in documented(on) {
                assert!(there.contains(word.name), "{name} has no {}", word.name);
            }
            let is_known = |word: &&String| {
                documented(on).any(|known| known.name == **word)
                    || on == On::Callee && documented(On::Caller).any(|known| known.name == **word)
            };
            let unknown: Vec<_> = there.iter().filter(|word| !is_known(word)).collect();
            assert!(unknown.is_empty(), "{name}: {unknown:?} are not documented");
        }
    }
}
