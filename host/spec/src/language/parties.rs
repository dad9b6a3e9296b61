//! What the people of a call do and hear.

use std::rc::Rc;
use std::time::Duration;

use mlua::Table;
use moonring_exchange::{Happened, Tag};
use moonring_sim::{Behavior, BehaviorTrigger, PersonAction, Pickup, Progress, is_digits};

use super::bindings::{Bindings, PartyOf, seconds, stuck};
use crate::stage::{Stage, Stuck};
use crate::test_call::Callee;

/// After how long somebody answers who is not told when.
const ANSWERS_AFTER: Duration = Duration::from_secs(3);
/// A pause that is shorter is no pause.
const PAUSE: Duration = Duration::from_millis(500);
/// The action that listens to what somebody says.
const RECORDS: &str = "RecordAudio";
/// The action in which a bot does.
const CONVERSES: &str = "StartBotConversation";

pub(super) fn fill(bindings: &mut Bindings<'_>) -> mlua::Result<()> {
    bindings.add_party("next_heard", |lua, stage, party, wanted: String| {
        let heard = stage.wait(party.call, |call| call.take_heard(party.tag));
        let heard = heard.map_err(|why| stuck(&format!("wanted to hear {wanted}"), why))?;
        let table = || -> mlua::Result<Table> {
            let table = lua.create_table()?;
            table.raw_set("told", heard.told())?;
            table.raw_set("is_audio", heard.is_audio)?;
            table.raw_set("what", heard.what)?;
            Ok(table)
        };
        table().map_err(|error| error.to_string())
    })?;
    bindings.add_party("hears_nothing", |_, stage, party, lasts: Option<f64>| {
        let lasts = seconds("hears_nothing", lasts.unwrap_or(0.0))?;
        let until = stage.state.borrow().now + lasts;
        stage.pass_until(until);
        stage.check().map_err(|why| stuck("wanted to hear nothing", why))?;
        let state = stage.state.borrow();
        match state.calls.get(party.call).and_then(|call| call.next_heard(party.tag)) {
            Some((heard, _)) => Err(format!("wanted to hear nothing\n  heard {}", heard.told())),
            None => Ok(()),
        }
    })?;
    bindings.add_party("presses", |_, stage, party, keys: String| {
        let (keys, is_unasked) = match keys.strip_prefix('!') {
            Some(keys) => (keys, true),
            None => (keys.as_str(), false),
        };
        if !is_digits(keys) {
            return Err(format!("presses got `{keys}`; wanted keys of a telephone: 0-9 * # A-D, behind ! where nothing asks for them"));
        }
        let press = Behavior::press(keys);
        if is_unasked {
            wait_of(stage, party);
        }
        let press = match is_unasked {
            true => Behavior { trigger: BehaviorTrigger::Next, ..press },
            false => press,
        };
        let word = if is_unasked { format!("!{keys}") } else { keys.to_owned() };
        act(stage, party, press, word, &format!("wanted to press {keys}, and nothing asks for keys"))
    })?;
    bindings.add_party("says", |_, stage, party, words: String| {
        let after = Duration::from_secs(1);
        let said = Behavior::during(CONVERSES, after, PersonAction::Say(words.clone()));
        let wanted = format!("wanted to say “{words}”, and no bot listens");
        act(stage, party, said, format!("say {words};"), &wanted)
    })?;
    bindings.add_party("talks", |_, stage, party, lasts: f64| {
        let lasts = seconds("talks", lasts)?;
        let action = PersonAction::Talk(lasts);
        let talk = match is_listened_to(stage, party) {
            true => Behavior::then(action),
            false => Behavior::during(RECORDS, Duration::ZERO, action),
        };
        let wanted = "wanted to talk, and nobody listens and nothing is recorded";
        wait_of(stage, party);
        act(stage, party, talk, format!("talk {}", lasts.as_secs_f64()), wanted)
    })?;
    bindings.add_party("silence", |_, stage, _, lasts: f64| {
        let until = stage.state.borrow().now + seconds("silence", lasts)?;
        stage.pass_until(until);
        Ok(())
    })?;
    bindings.add_party("hangs_up", |_, stage, party, (): ()| {
        wait_of(stage, party);
        let mut state = stage.state.borrow_mut();
        if !state.is_up(party.call, party.tag) {
            let exchange = state.calls.get(party.call).map(|call| call.call.exchange());
            let rings = exchange.is_some_and(|exchange| {
                exchange.leg(party.tag).is_some_and(|leg| exchange.is_ringing(leg))
            });
            return Err(match rings {
                true => "wanted to hang up, and the phone still rings: write answers() before it",
                false => "wanted to hang up, and nobody is on the line any more",
            }
            .to_owned());
        }
        state.catch_up();
        if let Some(call) = state.calls.get_mut(party.call) {
            call.call.give_up(party.tag);
            call.call.act(party.tag, PersonAction::HangUp);
            call.has_hung_up |= party.tag == Tag::A;
        }
        drop(state);
        remember(stage, party, "hangup".to_owned());
        Ok(())
    })?;
    fill_callees(bindings)
}

/// Those who are called by bridges.
fn fill_callees(bindings: &mut Bindings<'_>) -> mlua::Result<()> {
    bindings.add_party("rings", |_, stage, party, number: Option<String>| {
        let what = number.clone().unwrap_or_else(|| "a telephone".to_owned());
        let wanted = format!("wanted {what} to ring");
        let rung = stage.wait(party.call, |call| {
            let found = call.find(call.seen.rings, |happened| match happened {
                Happened::Rings { leg: Tag::B, to, .. } => Some(to.clone()),
                _ => None,
            });
            let (to, behind) = found?;
            call.seen.rings = behind;
            Some((to, behind))
        });
        let (rung, behind) = rung.map_err(|why| stuck(&wanted, why))?;
        named(stage, party, behind, &wanted)?;
        if number.is_some_and(|number| number != rung) {
            return Err(format!("{wanted}\n  {rung} rings"));
        }
        let mut state = stage.state.borrow_mut();
        let acted = state.now;
        if let Some(call) = state.calls.get_mut(party.call) {
            call.callees.push(Callee { number: rung, words: vec!["ignore".to_owned()], acted });
        }
        let count = state.calls.get(party.call).map_or(0, |call| call.callees.len());
        Ok(i64::try_from(count).unwrap_or(0))
    })?;
    bindings.add_party("answers", |_, stage, party, after: Option<f64>| {
        let after = after.map_or(Ok(ANSWERS_AFTER), |after| seconds("answers", after))?;
        decide(stage, party, Pickup::After(after), "answer")?;
        let up = stage.wait(party.call, |call| {
            let exchange = call.call.exchange();
            let leg = exchange.leg(party.tag);
            match leg {
                Some(leg) if exchange.is_ringing(leg) => None,
                Some(leg) => Some(exchange.is_leg_up(leg)),
                None => Some(false),
            }
        });
        match up {
            Ok(true) => Ok(()),
            Ok(false) => Err("wanted to answer, and the script gave up before that".to_owned()),
            Err(why) => Err(stuck("wanted to answer", why)),
        }
    })?;
    bindings.add_party("is_busy", |_, stage, party, (): ()| {
        decide(stage, party, Pickup::Busy, "busy")
    })?;
    bindings.add_party("ignores", |_, stage, party, (): ()| {
        decide(stage, party, Pickup::Never, "ignore")
    })
}

/// Somebody does something, and the test goes on when it is done.
fn act(
    stage: &Rc<Stage>,
    party: PartyOf,
    behavior: Behavior,
    word: String,
    wanted: &str,
) -> Result<(), String> {
    let PartyOf { call: id, tag } = party;
    let first = stage.state.borrow().entries(id);
    {
        let mut state = stage.state.borrow_mut();
        state.catch_up();
        let call = state.calls.get_mut(id);
        if !call.is_some_and(|call| call.call.go_on_with(tag, vec![behavior])) {
            return Err(format!("{wanted}: nobody is on the line"));
        }
    }
    let began = stage.wait_whatever_fails(id, |call| match call.call.progress(tag) {
        Progress::Waits => None,
        Progress::DoneAt(at) => Some(call.began + at),
    });
    match began {
        Ok(until) => {
            // What is heard because of it comes behind it.
            let acted = stage.state.borrow().acted_at(id, tag, first).unwrap_or(usize::MAX);
            named(stage, party, acted, wanted_of(wanted))?;
            stage.pass_until(until);
            remember(stage, party, word);
            Ok(())
        }
        Err(why) => {
            if let Some(call) = stage.state.borrow_mut().calls.get_mut(id) {
                call.call.give_up(tag);
            }
            let hint = match is_digits(&word) {
                true => format!("; presses(\"!{word}\") presses all the same"),
                false => String::new(),
            };
            Err(match why {
                Stuck::Over => format!("{wanted}: the call ended"),
                Stuck::Idle => format!("{wanted}: nothing more happens in the call{hint}"),
                failed => stuck(wanted, failed),
            })
        }
    }
}

/// What was wanted, without why it does not happen.
fn wanted_of(wanted: &str) -> &str {
    wanted.split_once(", and ").map_or(wanted, |(wanted, _)| wanted)
}

/// Whether the test has named everything that somebody heard before this entry.
fn named(stage: &Rc<Stage>, party: PartyOf, before: usize, wanted: &str) -> Result<(), String> {
    let state = stage.state.borrow();
    let heard = state.calls.get(party.call).and_then(|call| call.next_heard(party.tag));
    match heard.filter(|(_, behind)| *behind <= before) {
        Some((heard, _)) => Err(format!(
            "{wanted}\n  before that, this is heard and the test does not name it: {}",
            heard.told()
        )),
        None => Ok(()),
    }
}

/// The time that somebody has done nothing, for the command line that plays the call.
fn wait_of(stage: &Rc<Stage>, party: PartyOf) {
    let gap = {
        let state = stage.state.borrow();
        let acted = state.calls.get(party.call).map(|call| call.acted(party.tag));
        state.now.saturating_sub(acted.unwrap_or(state.now))
    };
    if gap >= PAUSE {
        remember(stage, party, format!("wait {}", (gap.as_secs_f64() * 10.0).round() / 10.0));
    }
}

/// What somebody did, for the command line that plays the call.
fn remember(stage: &Rc<Stage>, party: PartyOf, word: String) {
    let mut state = stage.state.borrow_mut();
    let now = state.now;
    let Some(call) = state.calls.get_mut(party.call) else { return };
    match (party.tag, call.callees.last_mut()) {
        (Tag::B, Some(callee)) => {
            callee.words.push(word);
            callee.acted = now;
        }
        _ => {
            call.keys.push(word);
            call.acted = now;
        }
    }
}

/// The one whose telephone rings does this.
fn decide(stage: &Rc<Stage>, party: PartyOf, pickup: Pickup, word: &str) -> Result<(), String> {
    let mut state = stage.state.borrow_mut();
    state.catch_up();
    let now = state.now;
    let call = state.calls.get_mut(party.call);
    let Some(call) = call.filter(|call| call.call.exchange().leg(party.tag).is_some()) else {
        return Err("the telephone rings no more".to_owned());
    };
    if !call.call.decide(party.tag, pickup) {
        return Err("the telephone rings no more".to_owned());
    }
    if let Some(callee) = call.callees.last_mut() {
        callee.words = vec![word.to_owned()];
        if let Pickup::After(after) = pickup {
            callee.acted = now + after;
        }
    }
    Ok(())
}

/// Whether somebody or something listens to a party now.
fn is_listened_to(stage: &Rc<Stage>, party: PartyOf) -> bool {
    let state = stage.state.borrow();
    let Some(call) = state.calls.get(party.call) else { return false };
    let exchange = call.call.exchange();
    let running = exchange.leg(party.tag).and_then(|leg| exchange.action_on(leg));
    let other = if party.tag == Tag::A { Tag::B } else { Tag::A };
    let has_joined = call.find(0, |happened| match happened {
        Happened::Joins { .. } => Some(()),
        _ => None,
    });
    running.is_some_and(|running| [RECORDS, CONVERSES].contains(&running))
        || state.is_up(party.call, other)
        || has_joined.is_some()
}
