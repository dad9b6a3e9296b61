//! `call:bot`: a conversation with an Amazon Lex bot.

use std::collections::BTreeMap;

use mlua::Value as LuaValue;
use moonring_flow::{PendingStep, StepKind, StepResult};
use moonring_wire::action::{
    BotConfiguration, BotContentType, BotDialogAction, BotDialogActionType, BotMessage,
    BotSessionState, StartBotConversation,
};
use moonring_wire::{Action, Event, Json, Object, is_ssml};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{BuildContext, Method, MethodDoc, Sends};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

/// Its letter in journals.
const KIND: StepKind = StepKind::new('o');

pub(super) const METHOD: Method = Method {
    name: "bot",
    label: "call:bot",
    sends: Sends::Waiting { kind: KIND, build: step },
    schema: Some(json_schema_of::<Bot>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Hands the first leg to an Amazon Lex V2 bot until its conversation ends. It fails on a bridged call and in a meeting.",
    arguments: &[],
    returns: "`{ name, slots, state, confirmation, attributes }`: the intent, its slots as strings, its state, its confirmation state and the session attributes. Slots without a value are left out",
    errors: "`left` when the leg ended. Or a common type",
    ends_on: Some("the end of the conversation"),
    example: r#"return function(call)
  local result, err = call:bot {
    alias_arn = "arn:aws:lex:us-east-1:111122223333:bot-alias/BOTID/ALIASID",
    locale = "en_US", welcome = "Which department do you want?",
  }
  if result and result.state == "ReadyForFulfillment" then
    call:say(`You want {result.slots.Department}.`)
  else
    call:say("We did not understand. Goodbye.")
  end
end"#,
};

/// `call:bot`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct Bot {
    /// The ARN of the bot's alias, in the Region of the application.
    #[schemars(length(min = 1), extend("x-data" = true))]
    pub(crate) alias_arn: String,
    /// The bot's locale. Default: the service's: `en_US`.
    #[schemars(length(min = 1))]
    pub(crate) locale: Option<String>,
    /// What the bot says first: plain text, or SSML if it begins with a `<speak>` tag. Default:
    /// nothing.
    #[schemars(length(min = 1, max = 1000), extend("x-form" = "prompt", "x-data" = true))]
    pub(crate) welcome: Option<String>,
    /// Session attributes for the bot. Numbers and booleans become strings. Default: none.
    #[schemars(extend("x-data" = true))]
    pub(crate) attributes: Option<std::collections::BTreeMap<String, String>>,
}

fn step(cx: &BuildContext<'_>, options: &LuaValue) -> Result<PendingStep, Unsayable> {
    let bot: Bot = cx.read(&METHOD, options)?;
    let welcome = bot.welcome.as_ref().map(|text| {
        let content_type = match is_ssml(text) {
            true => BotContentType::Ssml,
            false => BotContentType::PlainText,
        };
        vec![BotMessage { content: Some(text.clone()), content_type }]
    });
    let attributes: Option<BTreeMap<_, _>> = bot.attributes.clone();
    // A bot that says something first asks what the caller wants.
    let dialog_action = welcome
        .as_ref()
        .map(|_| BotDialogAction { action_type: BotDialogActionType::ElicitIntent });
    let has_state = attributes.is_some() || dialog_action.is_some();
    let session_state =
        has_state.then_some(BotSessionState { session_attributes: attributes, dialog_action });
    let has_any = session_state.is_some() || welcome.is_some();
    let configuration =
        has_any.then_some(BotConfiguration { session_state, welcome_messages: welcome });
    let start = StartBotConversation {
        call_id: cx.leg(None),
        participant_tag: None,
        bot_alias_arn: bot.alias_arn.clone(),
        locale_id: bot.locale.clone(),
        configuration,
    };
    Ok(PendingStep::new(KIND, vec![Action::from_typed(&start)]).giving(conversation))
}

/// What a bot has found out, without what Lex says besides: the intent, and the texts of its slots.
fn conversation(event: &Event) -> StepResult {
    let result = event
        .action_data()
        .and_then(|data| data.get("IntentResult"))
        .or(event.document().get("IntentResult"));
    let state = result.and_then(|result| result.get("SessionState"));
    let intent = state.and_then(|state| state.get("Intent"));
    let text = |name: &str| intent.and_then(|intent| intent.get(name)).and_then(Json::as_str);
    let slot = |value: &Json| {
        let value = value.get("Value")?;
        value
            .get("InterpretedValue")
            .or_else(|| value.get("OriginalValue"))?
            .as_str()
            .map(Value::from)
    };
    let slots = intent.and_then(|intent| intent.get("Slots")).and_then(Json::as_object);
    let slots = slots.unwrap_or(Object::empty()).iter();
    let slots: Map<_, _> =
        slots.filter_map(|(name, value)| Some((name.to_owned(), slot(value)?))).collect();
    let attributes =
        state.and_then(|state| state.get("SessionAttributes")).and_then(Json::as_object);
    let attributes = attributes.unwrap_or(Object::empty()).iter();
    let attributes: Map<_, _> = attributes
        .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value.as_str()?))))
        .collect();
    let mut found = Map::new();
    for (key, name) in [("name", "Name"), ("state", "State"), ("confirmation", "ConfirmationState")]
    {
        if let Some(text) = text(name) {
            found.insert(key.to_owned(), Value::from(text));
        }
    }
    found.insert("slots".to_owned(), Value::Object(slots));
    found.insert("attributes".to_owned(), Value::Object(attributes));
    StepResult::Value(Value::Object(found))
}
