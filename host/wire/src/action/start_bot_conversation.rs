//! StartBotConversation: hand the leg to a bot.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ParticipantTag, TypedAction};

/// Hands the leg to an Amazon Lex V2 bot; its result comes with the success event. Not on a bridged
/// call or in a meeting (rule 47).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(extend("x-leg" = "CallId"))]
pub struct StartBotConversation {
    /// The leg, by its id; also the bot's session id. The service requires this or the tag;
    /// Moonring fills in LEG-A if you leave out both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The leg, by its tag: LEG-A.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["LEG-A"]))]
    pub participant_tag: Option<ParticipantTag>,
    /// The bot's alias, in the Region of the application:
    /// `arn:aws:lex:REGION:ACCOUNT:bot-alias/BOT/ALIAS`.
    #[schemars(length(min = 1))]
    pub bot_alias_arn: String,
    /// The bot's locale; `en_US` if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale_id: Option<String>,
    /// How the conversation begins, at most 10 KB of JSON (rule 67).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-json-bytes" = 10_240))]
    pub configuration: Option<BotConfiguration>,
}

/// How a conversation with a bot begins. With welcome messages the dialog action must be
/// `ElicitIntent`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(extend("x-if" = "WelcomeMessages", "x-then" = "SessionState.DialogAction.Type", "x-is" = "ElicitIntent"))]
pub struct BotConfiguration {
    /// The state of the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_state: Option<BotSessionState>,
    /// What the bot says first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub welcome_messages: Option<Vec<BotMessage>>,
}

/// The state of a session with a bot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct BotSessionState {
    /// Session attributes for the bot; they also set time limits for speech and digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_attributes: Option<BTreeMap<String, String>>,
    /// What the bot does next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialog_action: Option<BotDialogAction>,
}

/// What a bot does next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct BotDialogAction {
    /// The type of the dialog action.
    #[serde(rename = "Type")]
    pub action_type: BotDialogActionType,
}

/// The dialog actions a bot can begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum BotDialogActionType {
    /// The bot decides.
    Delegate,
    /// The bot asks what the caller wants.
    ElicitIntent,
}

/// Something a bot says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct BotMessage {
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Plain text or SSML.
    pub content_type: BotContentType,
}

/// The type of a bot's message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum BotContentType {
    /// Plain text.
    PlainText,
    /// Speech Synthesis Markup Language.
    #[serde(rename = "SSML")]
    Ssml,
}

impl TypedAction for StartBotConversation {
    const TYPE: &'static str = "StartBotConversation";
}
