//! What an answer asks for: its actions as the walk reads them.

use moonring_exchange::told_key;
use moonring_flow::{Place, stable_hash};
use serde_json::Value;

use crate::digits::Listens;

/// Actions that wait for what somebody does.
const WAITING: [&str; 9] = [
    "SpeakAndGetDigits",
    "PlayAudioAndGetDigits",
    "CallAndBridge",
    "RecordAudio",
    "StartBotConversation",
    "JoinChimeMeeting",
    "Pause",
    "PlayAudio",
    "Hangup",
];

/// An action of an answer.
#[derive(Debug, Clone)]
pub(crate) struct ActionView {
    pub(crate) action_type: String,
    pub(crate) parameters: Value,
    /// The line that built it.
    pub(crate) place: Option<Place>,
}

impl ActionView {
    pub(crate) fn text(&self, pointer: &str) -> Option<&str> {
        self.parameters.pointer(pointer).and_then(Value::as_str)
    }

    /// What is said in it, or played.
    pub(crate) fn said(&self) -> Option<String> {
        let text = ["", "/SpeechParameters"].iter().find_map(|at| {
            let text = self.text(&format!("{at}/Text"))?;
            // Only SSML has tags.
            let is_ssml = self.text(&format!("{at}/TextType")).is_some_and(|it| it == "ssml");
            Some(if is_ssml { moonring_exchange::plain(text) } else { text.to_owned() })
        });
        let audio = ["/AudioSource/Key", "/AudioSource/ObjectKey"];
        let key = audio.iter().find_map(|at| self.text(at));
        let key = key.map(|key| format!("♪ {}", told_key(key)));
        text.or(key)
    }

    /// Whether it asks for digits.
    pub(crate) fn asks(&self) -> bool {
        self.action_type.ends_with("AndGetDigits")
    }

    /// What it listens for.
    pub(crate) fn listens(&self) -> Listens {
        let number = |name: &str| {
            let number = self.parameters.get(name).and_then(Value::as_u64);
            number.and_then(|number| usize::try_from(number).ok())
        };
        let names = ["TerminatorDigits", "RecordingTerminators"];
        let terminators = names.iter().find_map(|name| self.parameters.get(name)?.as_array());
        let terminators = terminators.into_iter().flatten().filter_map(Value::as_str);
        Listens {
            regex: self.text("/InputDigitsRegex").map(str::to_owned),
            min: number("MinNumberOfDigits").unwrap_or(1),
            max: number("MaxNumberOfDigits").unwrap_or(128),
            terminators: terminators.map(str::to_owned).collect(),
        }
    }
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct AnswerView {
    pub(crate) actions: Vec<ActionView>,
}

impl AnswerView {
    pub(crate) fn new(answer: &Value, places: &[Option<Place>]) -> Self {
        let actions = answer.get("Actions").and_then(Value::as_array);
        let view = |(number, action): (usize, &Value)| ActionView {
            action_type: action.get("Type").and_then(Value::as_str).unwrap_or_default().to_owned(),
            parameters: action.get("Parameters").cloned().unwrap_or_default(),
            place: places.get(number).cloned().flatten(),
        };
        Self { actions: actions.into_iter().flatten().enumerate().map(view).collect() }
    }

    /// The first action that waits for somebody.
    pub(crate) fn waiting(&self) -> Option<&ActionView> {
        let waits = |action: &&ActionView| WAITING.contains(&action.action_type.as_str());
        // Music before a question only delays it.
        let is_music = |action: &&ActionView| action.action_type == "PlayAudio";
        let mut waiting = self.actions.iter().filter(waits);
        waiting.clone().find(|action| !is_music(action)).or_else(|| waiting.next())
    }

    /// What is said in it, in one line.
    pub(crate) fn said(&self) -> String {
        let said: Vec<String> = self.actions.iter().filter_map(ActionView::said).collect();
        said.join(" ")
    }

    /// The line of the action that waits, or of the last one that has one.
    pub(crate) fn place(&self) -> Option<&Place> {
        let waiting = self.waiting().into_iter();
        let mut actions = waiting.chain(self.actions.iter().rev());
        actions.find_map(|action| action.place.as_ref())
    }

    /// What makes it the same state as another: lines, actions and texts, without ids of calls.
    pub(crate) fn key(&self, event: &Value, script: Option<&str>) -> u64 {
        let mut parts: Vec<String> = Vec::new();
        for action in &self.actions {
            let mut parameters = action.parameters.clone();
            if let Some(Value::String(key)) = parameters.pointer_mut("/AudioSource/Key") {
                *key = told_key(key).to_owned();
            }
            if let Some(fields) = parameters.as_object_mut() {
                fields.remove("CallId");
                fields.remove("Direction");
            }
            let place = action.place.as_ref().map(ToString::to_string).unwrap_or_default();
            parts.push(format!("{place} {} {parameters}", action.action_type));
        }
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or("");
        let kind = text("/InvocationEventType");
        // A failure leads to another state, though the same is said.
        let failure = text("/ActionData/ErrorType");
        let about = if self.actions.is_empty() { text("/ActionData/Type") } else { "" };
        let kind = if self.actions.is_empty() { kind } else { "" };
        parts.push(format!("{kind} {about} {failure} {}", script.unwrap_or_default()));
        stable_hash(parts.iter().map(String::as_bytes))
    }
}
