//! What a flow's methods take: one json_schema per table, from which checks and messages are made.

use mlua::{Table, Value as LuaValue};
use moonring_wire::action::{DigitKey, Engine, RecordingTrack, TextOrNumber};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::convert::{Unsayable, describe};
use crate::schema::Schema;
use crate::validate::Validator;

/// What is said, and how.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(extend("x-text" = "text"))]
pub(super) struct Prompt {
    /// Plain text, or SSML where it begins with `<speak>`. What is longer than the service speaks at once is said in parts.
    #[schemars(length(min = 1, max = 8000))]
    pub(super) text: String,
    #[serde(flatten)]
    #[schemars(flatten)]
    pub(super) voice: Voice,
    #[schemars(extend("x-form" = "leg"))]
    pub(super) leg: Option<String>,
}

/// How something is said.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(super) struct Voice {
    /// Polly's voice.
    #[schemars(length(min = 1))]
    pub(super) voice: Option<String>,
    pub(super) engine: Option<Engine>,
    /// Polly's language code.
    #[schemars(length(min = 1))]
    pub(super) language: Option<String>,
}

/// An audio file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(extend("x-text" = "key"))]
pub(super) struct Audio {
    #[schemars(length(min = 1))]
    pub(super) key: String,
    /// The settings' bucket if left out.
    #[schemars(length(min = 1))]
    pub(super) bucket: Option<String>,
    /// How often in all.
    #[schemars(range(min = 1))]
    pub(super) times: Option<u32>,
    /// Keys that stop it.
    #[schemars(length(min = 1))]
    pub(super) stop_on: Option<String>,
    #[schemars(extend("x-form" = "leg"))]
    pub(super) leg: Option<String>,
    /// A recording may be played as it came; how it was ended does not matter.
    pub(super) terminator: Option<String>,
}

/// What is heard after input that is not valid: a prompt, or an audio file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(extend("x-text" = "text"))]
pub(super) struct Invalid {
    #[schemars(length(min = 1, max = 1000))]
    pub(super) text: Option<String>,
    #[serde(flatten)]
    #[schemars(flatten)]
    pub(super) voice: Voice,
    #[schemars(length(min = 1))]
    pub(super) key: Option<String>,
    #[schemars(length(min = 1))]
    pub(super) bucket: Option<String>,
}

/// What `ask` and `menu` have in common.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(super) struct Asking {
    pub(super) say: Option<Prompt>,
    pub(super) play: Option<Audio>,
    /// In all.
    #[schemars(range(min = 1, max = 100))]
    pub(super) tries: Option<u32>,
    /// Seconds for one try.
    #[schemars(range(min = 0.1, max = 3600))]
    pub(super) timeout: Option<f64>,
    pub(super) invalid: Option<Invalid>,
    #[schemars(extend("x-form" = "leg"))]
    pub(super) leg: Option<String>,
}

/// `call:ask`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(super) struct Ask {
    #[serde(flatten)]
    #[schemars(flatten)]
    pub(super) asking: Asking,
    #[schemars(range(min = 0, max = 128))]
    pub(super) min: Option<u32>,
    #[schemars(range(min = 1, max = 128))]
    pub(super) max: Option<u32>,
    /// The service's regular expression.
    #[schemars(length(min = 1))]
    pub(super) regex: Option<String>,
    /// Keys that end the input.
    pub(super) terminators: Option<String>,
    /// Seconds between two keys.
    #[schemars(range(min = 0.1, max = 3600))]
    pub(super) digit_timeout: Option<f64>,
    /// What is typed is in no log, and sealed where it travels.
    pub(super) secret: Option<bool>,
}

/// `call:menu`, without its options, whose values are anything.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(super) struct Menu {
    #[serde(flatten)]
    #[schemars(flatten)]
    pub(super) asking: Asking,
    /// The keys that can be chosen.
    #[schemars(extend("x-form" = "choices"))]
    pub(super) options: Vec<String>,
    /// The key that has it all said once more.
    #[schemars(extend("x-form" = "keys"))]
    pub(super) again: Option<String>,
    /// What is returned where none was chosen.
    #[schemars(extend("x-form" = "anything"))]
    default: Option<Value>,
}

/// `call:record`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(super) struct Record {
    /// Seconds.
    #[schemars(range(min = 1))]
    pub(super) max: Option<u32>,
    /// Seconds of silence that end it.
    #[schemars(range(min = 1, max = 1000))]
    pub(super) silence: Option<u32>,
    /// What counts as silence.
    #[schemars(range(min = 1, max = 1000))]
    pub(super) threshold: Option<u32>,
    pub(super) terminators: Option<String>,
    /// The settings' bucket if left out.
    #[schemars(length(min = 1))]
    pub(super) bucket: Option<String>,
    #[schemars(length(max = 979), extend("x-form" = "s3_key"))]
    pub(super) prefix: Option<String>,
    #[schemars(extend("x-form" = "leg"))]
    pub(super) leg: Option<String>,
}

/// `call:bridge`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(super) struct Bridge {
    #[schemars(extend("x-form" = "phone"))]
    pub(super) to: Option<String>,
    #[schemars(length(min = 1))]
    pub(super) arn: Option<String>,
    #[schemars(length(min = 1, max = 30), extend("x-form" = "sip_user"))]
    pub(super) uri: Option<String>,
    #[schemars(extend("x-form" = "phone"))]
    pub(super) caller_id: Option<String>,
    /// Seconds.
    #[schemars(range(min = 1, max = 120))]
    pub(super) timeout: Option<u32>,
    pub(super) ringback: Option<Audio>,
    #[schemars(extend("x-form" = "sip_headers"))]
    pub(super) sip_headers: Option<std::collections::BTreeMap<String, String>>,
}

/// `call:join_meeting`. A reply of `create_attendee` fits, with the meeting's id beside it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(super) struct JoinMeeting {
    #[schemars(length(min = 2, max = 2048))]
    pub(super) join_token: String,
    pub(super) meeting_id: Option<String>,
    attendee_id: Option<String>,
    external_user_id: Option<String>,
}

/// `call:mute` and `call:unmute`, with what the flow knows of its meeting.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(super) struct Mute {
    pub(super) operation: String,
    pub(super) meeting_id: Option<String>,
    /// The ids of attendees.
    #[schemars(length(min = 1, max = 100))]
    pub(super) attendees: Option<Vec<String>>,
    /// The meeting's leg.
    #[schemars(extend("x-form" = "leg"))]
    pub(super) leg: Option<String>,
}

/// `call:bot`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(super) struct Bot {
    /// The bot's alias.
    #[schemars(length(min = 1))]
    pub(super) alias_arn: String,
    /// The bot's language, such as `en_US`.
    #[schemars(length(min = 1))]
    pub(super) locale: Option<String>,
    /// What the bot says first: text, or SSML where it begins with `<speak>`.
    #[schemars(length(min = 1, max = 1000))]
    pub(super) welcome: Option<String>,
    /// Texts for the bot.
    pub(super) attributes: Option<std::collections::BTreeMap<String, String>>,
}

/// `call:send_digits`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(extend("x-text" = "digits"))]
pub(super) struct SendDigits {
    #[schemars(length(min = 1, max = 50), extend("x-form" = "dtmf"))]
    pub(super) digits: String,
    /// Seconds of a tone.
    #[schemars(range(min = 0.05, max = 24))]
    pub(super) tone: Option<f64>,
    #[schemars(extend("x-form" = "leg"))]
    pub(super) leg: Option<String>,
}

/// `call:voice_focus`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(super) struct VoiceFocus {
    pub(super) on: Option<bool>,
    #[schemars(extend("x-form" = "leg"))]
    pub(super) leg: Option<String>,
}

/// `call:start_recording`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(super) struct StartRecording {
    /// The settings' bucket if left out.
    #[schemars(length(min = 1))]
    pub(super) bucket: Option<String>,
    #[schemars(length(max = 900), extend("x-form" = "s3_key"))]
    pub(super) prefix: Option<String>,
    pub(super) track: Option<Track>,
    #[schemars(extend("x-form" = "leg"))]
    pub(super) leg: Option<String>,
}

/// Whom a recording has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Track {
    #[default]
    Both,
    Incoming,
    Outgoing,
}

impl From<Track> for RecordingTrack {
    fn from(track: Track) -> Self {
        match track {
            Track::Both => Self::Both,
            Track::Incoming => Self::Incoming,
            Track::Outgoing => Self::Outgoing,
        }
    }
}

/// What is done to a leg and needs no more to be said.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(super) struct OnLeg {
    #[schemars(extend("x-form" = "leg"))]
    pub(super) leg: Option<String>,
}

/// `call:wait`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(super) struct Wait {
    /// The service's regular expression for keys.
    #[schemars(length(min = 1))]
    pub(super) digits: Option<String>,
    /// Seconds of quiet after a key.
    #[schemars(range(min = 0.1, max = 60))]
    pub(super) digit_timeout: Option<f64>,
    #[schemars(extend("x-form" = "leg"))]
    pub(super) leg: Option<String>,
    pub(super) update: Option<bool>,
    /// Said once, and then silence is kept.
    pub(super) say: Option<Prompt>,
    /// Played again and again.
    pub(super) play: Option<Audio>,
    /// Seconds of silence after which `say` is said again.
    #[schemars(range(min = 1, max = 3600))]
    pub(super) again: Option<f64>,
    /// Seconds.
    #[schemars(range(min = 0.1, max = 86400))]
    pub(super) timeout: Option<f64>,
}

/// `call:hangup`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(super) struct Hangup {
    #[schemars(extend("enum" = ["0", "480", "486", "200"]))]
    pub(super) code: Option<TextOrNumber>,
}

/// `leg:hangup`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(super) struct LegHangup {
    pub(super) id: String,
    pub(super) tag: String,
}

/// The schemas of all of them.
pub(crate) struct Schemas {
    pub(super) prompt: Schema,
    pub(super) voice: Schema,
    pub(super) audio: Schema,
    pub(super) ask: Schema,
    pub(super) menu: Schema,
    pub(super) record: Schema,
    pub(super) bridge: Schema,
    pub(super) join_meeting: Schema,
    pub(super) mute: Schema,
    pub(super) bot: Schema,
    pub(super) send_digits: Schema,
    pub(super) voice_focus: Schema,
    pub(super) start_recording: Schema,
    pub(super) on_leg: Schema,
    pub(super) wait: Schema,
    pub(super) hangup: Schema,
    pub(super) leg_hangup: Schema,
}

impl Schemas {
    pub(crate) fn new() -> Self {
        Self {
            prompt: Schema::of::<Prompt>(),
            voice: Schema::of::<Voice>(),
            audio: Schema::of::<Audio>(),
            ask: Schema::of::<Ask>(),
            menu: Schema::of::<Menu>(),
            record: Schema::of::<Record>(),
            bridge: Schema::of::<Bridge>(),
            join_meeting: Schema::of::<JoinMeeting>(),
            mute: Schema::of::<Mute>(),
            bot: Schema::of::<Bot>(),
            send_digits: Schema::of::<SendDigits>(),
            voice_focus: Schema::of::<VoiceFocus>(),
            start_recording: Schema::of::<StartRecording>(),
            on_leg: Schema::of::<OnLeg>(),
            wait: Schema::of::<Wait>(),
            hangup: Schema::of::<Hangup>(),
            leg_hangup: Schema::of::<LegHangup>(),
        }
    }
}

/// Reads a table that an author gave to `what`, e.g. `call:ask`; left out, it is empty. Where the schema has a text of its own, a text
/// stands for the table.
pub(super) fn read<T: DeserializeOwned>(
    what: &str,
    options: &LuaValue,
    schema: &Schema,
    list_mark: &Table,
) -> Result<T, Unsayable> {
    let checker = Validator { what, list_mark };
    let fields = match options {
        LuaValue::Nil => checker.fields(&Map::new(), schema)?,
        LuaValue::Table(table) => checker.table(table, schema, "")?,
        LuaValue::String(_) if schema.text.is_some() => checker.short(options, schema, "")?,
        other => {
            let wanted = if schema.text.is_some() { "a text, or a table" } else { "a table" };
            return Err(checker.refuse(format!("it takes {wanted}, and got {}", describe(other))));
        }
    };
    serde_json::from_value(Value::Object(fields)).map_err(|error| checker.refuse(error.to_string()))
}

/// Keys in a text, such as `#*`.
pub(super) fn keys(what: &str, name: &str, text: &str) -> Result<Vec<DigitKey>, Unsayable> {
    let is_key = |letter: char| letter.is_ascii_digit() || matches!(letter, '#' | '*');
    match text.chars().find(|letter| !is_key(*letter)) {
        Some(letter) => Err(Unsayable::Refused(format!(
            "{what}: `{name}` has {letter:?} in it; wanted keys in a text, such as \"#\" or \"#*\""
        ))),
        None => Ok(text.chars().map(|key| DigitKey(key.to_string())).collect()),
    }
}
