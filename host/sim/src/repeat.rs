//! What people did in a call that was played, as far as another call can repeat it: keys that the
//! story does not show, too.

use std::collections::VecDeque;
use std::time::Duration;

use moonring_exchange::{Happened, Input, LegNumber, Stamped, Tag};

use crate::call::PlayedCall;
use crate::callees::Callees;
use crate::people_of::{People, RecordedUpdate};
use crate::person::{Behavior, BehaviorTrigger, Person, PersonAction, Pickup};

/// Two pieces of speech with a shorter gap are one.
const PAUSE: Duration = Duration::from_millis(300);

impl PlayedCall {
    /// The people of this call, who do in another one what they did here: digits when they are asked
    /// for, everything else as long after what they did before as here.
    pub fn people(&self) -> People {
        let mut reader = Reader::of(self);
        for Stamped { at, input } in self.exchange.inputs() {
            reader.take(*at, input);
        }
        reader.finish()
    }
}

/// Somebody, as far as they are read.
#[derive(Default)]
struct Read {
    person: Person,
    /// The number at which they were called.
    number: Option<String>,
    /// When they did something last, or came onto the line.
    since: Duration,
    /// Digits that are typed for one question.
    digits: String,
    digits_heard: bool,
    /// Until when they talk.
    talks_until: Option<Duration>,
}

struct Reader {
    people: Vec<Read>,
    updates: Vec<RecordedUpdate>,
    /// When each callee was called, and at which number.
    rings: VecDeque<(Duration, String)>,
    /// Whether anything listened to each digit, in order.
    heard: VecDeque<bool>,
}

impl Reader {
    fn of(call: &PlayedCall) -> Self {
        let mut rings = VecDeque::new();
        let mut heard = VecDeque::new();
        for entry in &call.trace().entries {
            match &entry.happened {
                Happened::Rings { leg: Tag::B, to, .. } => rings.push_back((entry.at, to.clone())),
                Happened::Presses { is_heard, .. } => heard.push_back(*is_heard),
                _ => {}
            }
        }
        let first = Person { pickup: Pickup::Never, behavior: Vec::new() };
        let first = Read { person: first, ..Read::default() };
        Self { people: vec![first], updates: Vec::new(), rings, heard }
    }

    /// Somebody by their leg: callees have the numbers behind that of the first party, in the order
    /// in which they were called.
    fn who(&mut self, leg: LegNumber) -> &mut Read {
        let index = usize::try_from(leg.0).unwrap_or(0);
        while self.people.len() <= index {
            self.add_callee();
        }
        &mut self.people[index]
    }

    fn add_callee(&mut self) {
        let (since, number) = self.rings.pop_front().unzip();
        let person = Person { pickup: Pickup::Never, behavior: Vec::new() };
        let since = since.unwrap_or_default();
        self.people.push(Read { person, number, since, ..Read::default() });
    }

    fn take(&mut self, at: Duration, input: &Input) {
        match input {
            Input::Answered { leg } => {
                let who = self.who(*leg);
                who.person.pickup = Pickup::After(at.saturating_sub(who.since));
                who.since = at;
            }
            Input::Busy { leg } => self.who(*leg).person.pickup = Pickup::Busy,
            Input::Digit { leg, digit } => {
                let is_heard = self.heard.pop_front().unwrap_or(true);
                let who = self.who(*leg);
                if who.digits_heard != is_heard {
                    who.end_digits();
                }
                if who.digits.is_empty() && !is_heard {
                    who.wait_until(at);
                }
                who.digits_heard = is_heard;
                who.digits.push(*digit);
                who.since = at;
            }
            Input::Talks { leg, lasts, words } => {
                let who = self.who(*leg);
                who.end_digits();
                who.talk(at, *lasts, words.clone());
            }
            Input::Left { leg } => self.who(*leg).hang_up(at),
            Input::Together(inputs) => inputs.iter().for_each(|input| self.take(at, input)),
            Input::Updated { arguments } => {
                self.updates.push(RecordedUpdate { after: at, arguments: arguments.clone() });
            }
            // What is typed from now on is for another question.
            Input::Replied { .. } => self.people.iter_mut().for_each(Read::end_digits),
            _ => {}
        }
    }

    fn finish(mut self) -> People {
        self.people.iter_mut().for_each(Read::end_digits);
        // Those who let it ring did nothing.
        while !self.rings.is_empty() {
            self.add_callee();
        }
        let mut people = self.people.into_iter();
        let caller = people.next().map(|first| first.person).unwrap_or_default();
        let mut callees = Callees::default();
        for Read { person, number, .. } in people {
            callees.add(number.as_deref(), person);
        }
        People { caller, callees, updates: self.updates }
    }
}

impl Read {
    fn end_digits(&mut self) {
        let digits = std::mem::take(&mut self.digits);
        if digits.is_empty() {
            return;
        }
        let press = Behavior::press(&digits);
        self.person.behavior.push(match self.digits_heard {
            true => press,
            false => Behavior::then(press.action),
        });
    }

    /// Does nothing until this moment.
    fn wait_until(&mut self, at: Duration) {
        let after = at.saturating_sub(self.since);
        if !after.is_zero() {
            let action = PersonAction::Nothing;
            let pause = Behavior { trigger: BehaviorTrigger::Next, after, action };
            self.person.behavior.push(pause);
        }
        self.since = at;
    }

    fn talk(&mut self, at: Duration, lasts: Duration, words: Option<String>) {
        if let Some(words) = words {
            let (bot, after) = ("StartBotConversation", Duration::from_secs(1));
            let say = Behavior::during(bot, after, PersonAction::Say(words));
            self.person.behavior.push(say);
        } else if let Some(until) = self.talks_until.filter(|until| at <= *until + PAUSE)
            && let Some(Behavior { action: PersonAction::Talk(before), .. }) =
                self.person.behavior.last_mut()
        {
            *before += (at + lasts).saturating_sub(until);
        } else {
            self.wait_until(at);
            self.person.behavior.push(Behavior::then(PersonAction::Talk(lasts)));
        }
        self.talks_until = Some(at + lasts);
        self.since = at + lasts;
    }

    fn hang_up(&mut self, at: Duration) {
        self.end_digits();
        let after = at.saturating_sub(self.since);
        self.person.behavior.push(Behavior::hang_up_after(after));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use moonring_exchange::{Application, Outcome};
    use serde_json::{Value, json};

    use super::*;
    use crate::{InboundCall, Invocation, Reply, World, play};

    const ASKS: &str = r#"[{"Type": "SpeakAndGetDigits", "Parameters": {
        "InputDigitsRegex": "^[0-9]{4}$", "SpeechParameters": {"Text": "Your number?"},
        "FailureSpeechParameters": {"Text": "Again."}, "MinNumberOfDigits": 4, "MaxNumberOfDigits": 4,
        "Repeat": 1, "RepeatDurationInMilliseconds": 5000}}]"#;

    /// A function that asks for a number, and then calls somebody.
    fn answer(invocation: &Invocation) -> Reply {
        let bridge = json!([{"Type": "CallAndBridge", "Parameters": {"CallTimeoutSeconds": 30,
            "CallerIdNumber": "+12065550142", "Endpoints": [{"Uri": "+12065550101", "BridgeEndpointType": "PSTN"}]}}]);
        let actions = match invocation.event["InvocationEventType"].as_str() {
            Some("NEW_INBOUND_CALL") => serde_json::from_str(ASKS).unwrap(),
            Some("ACTION_SUCCESSFUL")
                if invocation.event["ActionData"]["Type"] == "SpeakAndGetDigits" =>
            {
                bridge
            }
            _ => Value::Array(Vec::new()),
        };
        let answer = json!({"SchemaVersion": "1.0", "Actions": actions});
        Reply { outcome: Outcome::answer(answer), ..Reply::default() }
    }

    fn called(caller: Person, callees: Callees) -> PlayedCall {
        let call = InboundCall {
            from: "+12065550142".to_owned(),
            to: "+14255550117".to_owned(),
            sip_headers: serde_json::Map::default(),
            rule_id: None,
            applications: vec![Arc::new(Application::default())],
            caller,
            callees,
            at_ms: 0,
            seed: 1,
        };
        let mut call = PlayedCall::inbound(Arc::new(World::default()), call);
        play(&mut call, &mut |invocation: &Invocation| answer(invocation));
        call
    }

    fn told(call: &PlayedCall) -> Vec<String> {
        call.trace().entries.iter().flat_map(crate::tell).collect()
    }

    #[test]
    fn everybody_does_again_what_they_did() {
        let callee: Person = "wait 2 !5 talk 3 wait 1 hangup".parse().unwrap();
        let caller: Person = "4711 wait 30 hangup".parse().unwrap();
        let first = called(caller, Callees::all(callee));
        let People { caller, callees, updates } = first.people();
        assert!(updates.is_empty());
        let again = called(caller, callees);
        assert_eq!(told(&again), told(&first));
        assert!(told(&first).iter().any(|line| line.contains("LEG-B  presses 5")));
    }

    #[test]
    fn a_callee_who_was_busy_or_did_not_answer_does_the_same_again() {
        for pickup in [Pickup::Busy, Pickup::Never] {
            let first =
                called("4711 wait 60 hangup".parse().unwrap(), Callees::all(Person::who(pickup)));
            let People { caller, callees, .. } = first.people();
            assert_eq!(told(&called(caller, callees)), told(&first));
        }
    }
}
