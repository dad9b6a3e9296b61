//! An action: one thing the service is told to do. One file per typed action; any other action
//! passes through whole.

mod audio_source;
mod call_and_bridge;
mod digits;
mod flag_or_text;
mod hangup;
mod join_chime_meeting;
mod leg;
mod modify_chime_meeting_attendees;
mod pause;
mod pause_call_recording;
mod play_audio;
mod play_audio_and_get_digits;
mod receive_digits;
mod record_audio;
mod record_meeting;
mod resume_call_recording;
mod send_digits;
mod speak;
mod speak_and_get_digits;
mod speech;
mod start_bot_conversation;
mod start_call_recording;
mod stop_call_recording;
mod storage;
mod text_or_number;
mod voice_focus;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

pub use audio_source::AudioSource;
pub use call_and_bridge::{BridgeEndpoint, CallAndBridge};
pub use digits::DigitKey;
pub use flag_or_text::FlagOrText;
pub use hangup::Hangup;
pub use join_chime_meeting::JoinChimeMeeting;
pub use leg::ParticipantTag;
pub use modify_chime_meeting_attendees::{AttendeeOperation, ModifyChimeMeetingAttendees};
pub use pause::Pause;
pub use pause_call_recording::PauseCallRecording;
pub use play_audio::PlayAudio;
pub use play_audio_and_get_digits::PlayAudioAndGetDigits;
pub use receive_digits::ReceiveDigits;
pub use record_audio::{RecordAudio, RecordingDestination};
pub use record_meeting::RecordMeeting;
pub use resume_call_recording::ResumeCallRecording;
pub use send_digits::SendDigits;
pub use speak::Speak;
pub use speak_and_get_digits::SpeakAndGetDigits;
pub use speech::{Engine, SpeechParameters, TextType};
pub use start_bot_conversation::{
    BotConfiguration, BotContentType, BotDialogAction, BotDialogActionType, BotMessage,
    BotSessionState, StartBotConversation,
};
pub use start_call_recording::{CallRecordingDestination, RecordingTrack, StartCallRecording};
pub use stop_call_recording::StopCallRecording;
pub use storage::StorageType;
pub use text_or_number::TextOrNumber;
pub use voice_focus::VoiceFocus;

/// Actions that send an event of their own wherever they stand (rules 19 and 20).
pub const REPORTING: [&str; 8] = [
    "CallAndBridge",
    "Hangup",
    "JoinChimeMeeting",
    "ModifyChimeMeetingAttendees",
    "PlayAudioAndGetDigits",
    "RecordAudio",
    "SpeakAndGetDigits",
    "StartBotConversation",
];

/// One action, as it stands in an answer. Everything in it is kept, known or not.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Action {
    /// The service's name of the action, e.g. `Speak`.
    #[serde(rename = "Type")]
    pub action_type: String,
    /// The action's parameters under the service's own names; `None` where the document has none.
    #[serde(rename = "Parameters", default, deserialize_with = "present")]
    pub parameters: Option<Value>,
    /// Whatever else stands beside the two.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

// By hand: what is flattened takes a detour through a tree.
impl Serialize for Action {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("Type", &self.action_type)?;
        if let Some(parameters) = &self.parameters {
            map.serialize_entry("Parameters", parameters)?;
        }
        self.other.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        map.end()
    }
}

/// The parameters of an action this version knows. Its JSON schema is the one schema that builders,
/// documentation and checks are made from.
pub trait TypedAction: Serialize + DeserializeOwned + JsonSchema {
    /// The service's name of the action.
    const TYPE: &'static str;
}

impl Action {
    /// An action of any type.
    pub fn new(action_type: impl Into<String>, parameters: Map<String, Value>) -> Self {
        Self {
            action_type: action_type.into(),
            parameters: Some(Value::Object(parameters)),
            other: Map::new(),
        }
    }

    /// A typed action in wire form.
    pub fn from_typed<A: TypedAction>(parameters: &A) -> Self {
        match serde_json::to_value(parameters) {
            Ok(Value::Object(parameters)) => Self::new(A::TYPE, parameters),
            // Unreachable for structs of plain fields; an action without parameters is refused by
            // the service by name.
            _ => Self::new(A::TYPE, Map::new()),
        }
    }

    /// The parameters as the type says them; `None` where the action is of another type.
    ///
    /// # Errors
    /// When a parameter that the service requires is missing or has a wrong type.
    pub fn typed<A: TypedAction>(&self) -> Option<Result<A, serde_json::Error>> {
        let parameters = || self.parameters.clone().unwrap_or_else(|| Value::Object(Map::new()));
        (self.action_type == A::TYPE).then(|| serde_json::from_value(parameters()))
    }

    /// Name and JSON schema of every typed action, by name.
    pub fn schemas() -> Vec<(&'static str, Value)> {
        TYPES.iter().map(|known| (known.action_type, (known.schema)())).collect()
    }

    /// The JSON schema of a typed action.
    pub fn schema(action_type: &str) -> Option<Value> {
        let known = TYPES.iter().find(|known| known.action_type == action_type)?;
        Some((known.schema)())
    }

    /// The type of every action that this version knows.
    pub fn known_types() -> impl Iterator<Item = &'static str> {
        TYPES.iter().map(|known| known.action_type)
    }

    /// Whether the parameters are what the action's type takes; those of an unknown action always
    /// are.
    pub fn is_well_formed(&self) -> bool {
        let known = TYPES.iter().find(|known| known.action_type == self.action_type);
        known.is_none_or(|known| (known.is_well_formed)(self))
    }
}

/// What there is to know of a typed action without naming its type.
struct Known {
    action_type: &'static str,
    schema: fn() -> Value,
    is_well_formed: fn(&Action) -> bool,
}

impl Known {
    const fn of<A: TypedAction>() -> Self {
        Self {
            action_type: A::TYPE,
            schema: || {
                let settings = SchemaSettings::draft2020_12().with(|settings| {
                    settings.inline_subschemas = true;
                    settings.meta_schema = None;
                });
                settings.into_generator().into_root_schema_for::<A>().to_value()
            },
            is_well_formed: |action| action.typed::<A>().is_some_and(|read| read.is_ok()),
        }
    }
}

/// Every typed action, by name: the one list of them.
const TYPES: &[Known] = &[
    Known::of::<CallAndBridge>(),
    Known::of::<Hangup>(),
    Known::of::<JoinChimeMeeting>(),
    Known::of::<ModifyChimeMeetingAttendees>(),
    Known::of::<Pause>(),
    Known::of::<PauseCallRecording>(),
    Known::of::<PlayAudio>(),
    Known::of::<PlayAudioAndGetDigits>(),
    Known::of::<ReceiveDigits>(),
    Known::of::<RecordAudio>(),
    Known::of::<RecordMeeting>(),
    Known::of::<ResumeCallRecording>(),
    Known::of::<SendDigits>(),
    Known::of::<Speak>(),
    Known::of::<SpeakAndGetDigits>(),
    Known::of::<StartBotConversation>(),
    Known::of::<StartCallRecording>(),
    Known::of::<StopCallRecording>(),
    Known::of::<VoiceFocus>(),
];

/// What is there is kept, null too; only what is absent is `None`.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests;
