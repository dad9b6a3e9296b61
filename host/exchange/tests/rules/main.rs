//! The rules of `docs/reference/rules.md`, one test and more for each; where a rule is open, in
//! both readings.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly")]

mod any_call;
mod media;
mod section_a;
mod section_b;
mod section_c;
mod section_d;
mod section_e;
mod section_f;
mod section_g;
mod section_h;
mod section_i;
mod section_j;
mod timing;

use std::sync::Arc;
use std::time::Duration;

use moonring_exchange::*;
use moonring_sim::*;
use serde_json::{Map, Value, json};

const MS: fn(u64) -> Duration = Duration::from_millis;
const CALLER: &str = "+12065550142";
const CALLED: &str = "+14255550117";

/// A call that was played to its end, and what there is to say of it.
struct Played {
    trace: Trace,
    call: PlayedCall,
}

impl Played {
    /// The events the function got: type, and where there is one, the action's type.
    fn events(&self) -> Vec<String> {
        self.trace.events().map(name).collect()
    }

    /// The first event of this type.
    fn event(&self, event_type: &str) -> Value {
        let found = self.trace.events().find(|event| event["InvocationEventType"] == event_type);
        found.unwrap_or_else(|| panic!("no {event_type} in {:?}", self.events())).clone()
    }

    /// When the first event whose name begins like this was sent, in milliseconds.
    fn sent_at(&self, beginning: &str) -> u128 {
        let is_it = |entry: &&Entry| matches!(&entry.happened, Happened::Invoked { event, .. } if name(event).starts_with(beginning));
        self.trace
            .entries
            .iter()
            .find(is_it)
            .unwrap_or_else(|| panic!("no {beginning} in {:?}", self.events()))
            .at
            .as_millis()
    }

    fn heard(&self) -> Vec<&str> {
        let heard = self.trace.entries.iter().filter_map(|entry| match &entry.happened {
            Happened::Hears { what, .. } => Some(what.as_str()),
            _ => None,
        });
        heard.collect()
    }

    fn has(&self, wanted: &Happened) -> bool {
        self.trace.entries.iter().any(|entry| entry.happened == *wanted)
    }

    fn has_log(&self, text: &str) -> bool {
        self.has(&Happened::Logs(text.to_owned()))
    }

    /// How often the service warned, but for the one that ends a call nobody hangs up.
    fn warnings(&self) -> usize {
        let warned = self.trace.entries.iter().filter_map(|entry| match &entry.happened {
            Happened::Warns(text) => Some(text),
            _ => None,
        });
        warned.filter(|text| !text.starts_with("nothing more")).count()
    }

    fn is_answered(&self) -> bool {
        self.has(&Happened::Connects { leg: Tag::A })
    }
}

fn name(event: &Value) -> String {
    let action = event["ActionData"]["Type"].as_str();
    let kind = event["InvocationEventType"].as_str().unwrap();
    action.map_or(kind.to_owned(), |action| format!("{kind} {action}"))
}

fn application(number: u8) -> Arc<Application> {
    let region = ["us-east-1", "us-west-2", "eu-central-1"][usize::from(number)];
    Arc::new(Application {
        id: format!("sma-{number}"),
        region: region.to_owned(),
        lambda_arn: String::new(),
    })
}

fn world(change: impl FnOnce(&mut World)) -> Arc<World> {
    let mut world = World::default();
    change(&mut world);
    Arc::new(world)
}

fn reading(change: impl FnOnce(&mut Readings)) -> Arc<World> {
    world(|world| change(&mut world.readings))
}

fn usual() -> Arc<World> {
    world(|_| {})
}

fn inbound(caller: Person) -> InboundCall {
    InboundCall {
        from: CALLER.to_owned(),
        to: CALLED.to_owned(),
        sip_headers: Map::new(),
        rule_id: Some("rule".to_owned()),
        applications: vec![application(0)],
        caller,
        callees: Callees::default(),
        at_ms: 1_718_036_405_907,
        seed: 1,
    }
}

fn outbound(called: Person) -> OutboundCall {
    OutboundCall {
        from: CALLED.to_owned(),
        to: CALLER.to_owned(),
        sip_headers: Map::new(),
        arguments: Map::new(),
        application: application(0),
        called,
        callees: Callees::default(),
        at_ms: 1_718_036_405_907,
        seed: 1,
    }
}

/// Plays a call whose function gives answers by event; `None` keeps what runs.
fn played(mut call: PlayedCall, mut function: impl FnMut(&Value) -> Option<Value>) -> Played {
    let mut target = |invocation: &Invocation| {
        let answer = function(&invocation.event).unwrap_or_else(|| json!({"SchemaVersion": "1.0"}));
        Reply { outcome: Outcome::answer(answer), ..Reply::default() }
    };
    play(&mut call, &mut target);
    Played { trace: call.trace().clone(), call }
}

/// An inbound call, and a function that answers the new call with these actions and keeps what runs
/// otherwise.
fn opened(world: Arc<World>, caller: Person, actions: Value) -> Played {
    played(PlayedCall::inbound(world, inbound(caller)), |event| {
        at(event, "NEW_INBOUND_CALL", &actions)
    })
}

/// These actions for events whose name begins like this.
fn at(event: &Value, beginning: &str, actions: &Value) -> Option<Value> {
    name(event).starts_with(beginning).then(|| answer(actions))
}

fn answer(actions: &Value) -> Value {
    json!({"SchemaVersion": "1.0", "Actions": actions})
}

fn speak(text: &str) -> Value {
    json!({"Type": "Speak", "Parameters": {"Text": text}})
}

fn pause(ms: u64) -> Value {
    json!({"Type": "Pause", "Parameters": {"DurationInMilliseconds": ms}})
}

fn hangup() -> Value {
    json!({"Type": "Hangup", "Parameters": {}})
}

fn hangup_of(tag: &str) -> Value {
    json!({"Type": "Hangup", "Parameters": {"ParticipantTag": tag}})
}

fn audio(key: &str) -> Value {
    json!({"Type": "S3", "BucketName": "prompts", "Key": key})
}

fn play_audio(key: &str) -> Value {
    json!({"Type": "PlayAudio", "Parameters": {"AudioSource": audio(key)}})
}

fn ask(tries: u64) -> Value {
    json!({"Type": "PlayAudioAndGetDigits", "Parameters": {
        "AudioSource": audio("pin.wav"), "FailureAudioSource": audio("wrong.wav"), "MinNumberOfDigits": 3,
        "MaxNumberOfDigits": 5, "Repeat": tries, "RepeatDurationInMilliseconds": 3000,
    }})
}

fn ask_aloud() -> Value {
    json!({"Type": "SpeakAndGetDigits", "Parameters": {
        "SpeechParameters": {"Text": "One?"}, "FailureSpeechParameters": {"Text": "No."}, "MaxNumberOfDigits": 1,
        "RepeatDurationInMilliseconds": 3000,
    }})
}

fn record() -> Value {
    json!({"Type": "RecordAudio", "Parameters": {
        "RecordingTerminators": ["#"], "RecordingDestination": {"Type": "S3", "BucketName": "box", "Prefix": "in/"},
    }})
}

fn bridge() -> Value {
    json!({"Type": "CallAndBridge", "Parameters": {
        "CallerIdNumber": CALLED, "Endpoints": [{"BridgeEndpointType": "PSTN", "Uri": "+13605550188"}],
    }})
}

fn join() -> Value {
    json!({"Type": "JoinChimeMeeting", "Parameters": {"JoinToken": "token", "MeetingId": "meeting"}})
}

fn leaves_after(seconds: u64) -> Person {
    Person::doing([Behavior::hang_up_after(Duration::from_secs(seconds))])
}
