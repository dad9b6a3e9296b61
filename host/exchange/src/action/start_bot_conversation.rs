//! StartBotConversation: a Lex bot talks with the caller until it knows what they want.

use serde_json::{Map, Value, json};

use super::speech::speech;
use super::{ActionSpec, Failure, Parameters, Performance, Progress, Ready, Reports};
use super::{RunningAction, Stage};
use crate::input::Intent;
use crate::prompt::Prompt;

pub(super) const SPEC: ActionSpec = ActionSpec {
    name: "StartBotConversation",
    answers: true,
    reports: Reports::AsTwin,
    is_interruptible: false,
    prepare,
};

/// The largest configuration, in bytes of JSON (rule 67).
const CONFIGURATION: usize = 10 * 1024;

fn prepare(parameters: &mut Parameters, stage: &mut Stage<'_>) -> Ready {
    let arn = parameters
        .text("BotAliasArn")
        .filter(|arn| arn.starts_with("arn:") && arn.contains(":bot-alias/"));
    let arn = arn.ok_or_else(|| Failure::value_of("BotAliasArn"))?.to_owned();
    // A bot of the application's Region (rule 73).
    let region = arn.split(':').nth(3).unwrap_or_default();
    if !stage.region().is_empty() && region != stage.region() {
        return Err(Failure::value_of("BotAliasArn"));
    }
    if stage.legs_up() > 1 {
        return Err(Failure::parameter("Invalid action on the call."));
    }
    let configuration = parameters.0.get("Configuration").cloned().unwrap_or_default();
    if configuration.to_string().len() > CONFIGURATION {
        return Err(Failure::value_of("Configuration"));
    }
    let messages =
        configuration.get("WelcomeMessages").and_then(Value::as_array).into_iter().flatten();
    let welcome = messages.filter_map(|message| {
        let text = message.get("Content")?;
        let is_ssml = message.get("ContentType").and_then(Value::as_str) == Some("SSML");
        speech(Some(&Map::from_iter([("Text".to_owned(), text.clone())])), is_ssml).ok()
    });
    let attributes =
        configuration.pointer("/SessionState/SessionAttributes").cloned().unwrap_or(json!({}));
    let welcome = welcome.collect();
    Ok(Performance::Conversation(Conversation { arn, welcome, attributes }))
}

#[derive(Debug, Clone)]
pub(crate) struct Conversation {
    arn: String,
    welcome: Vec<Prompt>,
    attributes: Value,
}

impl RunningAction for Conversation {
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress {
        stage.converse(std::mem::take(&mut self.arn), std::mem::take(&mut self.welcome));
        Progress::Waits
    }

    fn understood(&mut self, stage: &mut Stage<'_>, intent: Option<Intent>) -> Progress {
        let nothing = || Intent {
            name: "FallbackIntent".to_owned(),
            slots: Map::new(),
            state: "Failed".to_owned(),
        };
        let Intent { name, slots, state } = intent.unwrap_or_else(nothing);
        let slots: Map<String, Value> =
            slots.into_iter().map(|(slot, value)| (slot, to_slot(value))).collect();
        let intent =
            json!({"Name": name, "Slots": slots, "State": state, "ConfirmationState": "None"});
        let mut interpretation = json!({"Intent": intent});
        // An intent that was only fallen back to has no confidence.
        if name != "FallbackIntent" {
            interpretation["NluConfidence"] = json!({"Score": 1});
        }
        let result = json!({
            "SessionId": stage.leg_id(),
            "SessionState": {"SessionAttributes": self.attributes, "Intent": intent},
            "Interpretations": [interpretation],
        });
        Progress::done_with("IntentResult", result)
    }
}

/// A slot as Lex says it.
fn to_slot(value: Value) -> Value {
    match value {
        Value::String(text) => json!({
            "Value": {"OriginalValue": text, "InterpretedValue": text, "ResolvedValues": [text]}, "Values": []
        }),
        other => other,
    }
}
