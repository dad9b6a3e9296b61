//! StartBotConversation: a Lex bot talks with the caller until it knows what they want.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::prompt::Prompt;
use super::{ActionSpec, Failure, Parameters, Part, Progress, Ready, Reports, RunningAction};
use crate::call::Call;
use crate::world::Intent;

pub(super) const ROLE: ActionSpec = ActionSpec {
    name: "StartBotConversation",
    answers: true,
    reports: Reports::AsTwin,
    is_interruptible: false,
    perform,
};

/// How long the bot waits for somebody to say something.
const PATIENCE: Duration = Duration::from_secs(10);
/// The largest configuration, in bytes of JSON (rule 67).
const CONFIGURATION: usize = 10 * 1024;

fn perform(parameters: &mut Parameters, part: Part, call: &mut Call) -> Ready {
    let arn = parameters
        .text("BotAliasArn")
        .filter(|arn| arn.starts_with("arn:") && arn.contains(":bot-alias/"));
    let arn = arn.ok_or_else(|| Failure::value_of("BotAliasArn"))?.to_owned();
    if call.legs.iter().filter(|leg| leg.is_up()).count() > 1 {
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
        Prompt::speech(Some(&Map::from_iter([("Text".to_owned(), text.clone())])), is_ssml).ok()
    });
    let attributes =
        configuration.pointer("/SessionState/SessionAttributes").cloned().unwrap_or(json!({}));
    let welcome = welcome.collect();
    Ok(Box::new(Conversation { part, arn, welcome, attributes, understood: None }))
}

#[derive(Debug)]
struct Conversation {
    part: Part,
    arn: String,
    welcome: Vec<Prompt>,
    attributes: Value,
    /// What was understood, once somebody has said something.
    understood: Option<Intent>,
}

impl RunningAction for Conversation {
    fn begin(&mut self, call: &mut Call) -> Progress {
        let lasts = self.welcome.iter().map(|prompt| prompt.lasts).sum::<Duration>();
        self.welcome.iter().for_each(|prompt| prompt.play(&self.part, call));
        Progress::Until(call.now() + lasts + PATIENCE)
    }

    fn voice(&mut self, call: &mut Call, words: Option<String>) -> Progress {
        let words = words.unwrap_or_default().to_lowercase();
        let intent = call.world.bots.get(&self.arn).and_then(|bot| bot.intents.get(&words));
        self.understood = intent.cloned();
        Progress::Until(call.legs[self.part.leg].talks_until)
    }

    fn due(&mut self, call: &mut Call) -> Progress {
        let nothing = || Intent {
            name: "FallbackIntent".to_owned(),
            slots: Map::new(),
            state: "Failed".to_owned(),
        };
        let Intent { name, slots, state } = self.understood.take().unwrap_or_else(nothing);
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
            "SessionId": call.legs[self.part.leg].id,
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
