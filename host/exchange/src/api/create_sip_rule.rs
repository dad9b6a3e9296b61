//! CreateSipRule: which calls an application gets (rules 1 to 3).

use serde_json::{Value, json};

use super::account::{Rule, RuleTarget, shown, timestamp};
use super::body::{list, phone_number, text};
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "CreateSipRule",
    method: "POST",
    path: &["sip-rules"],
    query: None,
    status: 201,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let now = timestamp(context.now_ms);
    let trigger_type = text(&request.body, "TriggerType");
    let mut rule = Rule {
        sip_rule_id: String::new(),
        name: text(&request.body, "Name"),
        disabled: request.body.get("Disabled").and_then(Value::as_bool).unwrap_or(false),
        trigger_value: match trigger_type.as_str() {
            "ToPhoneNumber" => {
                phone_number(context, request.body.get("TriggerValue"), "TriggerValue")?
            }
            _ => text(&request.body, "TriggerValue").trim().to_owned(),
        },
        trigger_type,
        target_applications: targets(context, request)?,
        created_timestamp: now.clone(),
        updated_timestamp: now.clone(),
    };
    if rule.trigger_type == "ToPhoneNumber"
        && !context.account.numbers().contains(&rule.trigger_value)
    {
        return Err(ApiError::BadRequest(format!(
            "The phone number {} is not in the inventory of the account",
            rule.trigger_value
        )));
    }
    let is_same = |known: &&Rule| {
        known.trigger_type == rule.trigger_type && known.trigger_value == rule.trigger_value
    };
    if let Some(other) = context.account.rules.iter().find(is_same) {
        return Err(ApiError::Conflict(format!(
            "The SIP rule {} is already for {}",
            other.sip_rule_id, rule.trigger_value
        )));
    }
    check(context, &rule)?;
    rule.sip_rule_id = context.account.new_id();
    context.account.rules.push(rule.clone());
    context.account.assign_numbers(&now);
    Ok(json!({"SipRule": shown(&rule)}))
}

/// The targets of a rule; their Regions are those of the applications.
pub(super) fn targets(
    context: &mut Context<'_>,
    request: &Request,
) -> Result<Vec<RuleTarget>, ApiError> {
    let list = list(&request.body, "TargetApplications");
    let target = |target: &Value| {
        let id = target.get("SipMediaApplicationId").and_then(Value::as_str).unwrap_or_default();
        // The operation's model has no error for what is not found.
        let unknown = |error: ApiError| ApiError::BadRequest(error.to_string());
        let aws_region =
            context.account.sip_media_application(id).map_err(unknown)?.aws_region.clone();
        let priority = target.get("Priority").and_then(Value::as_u64).unwrap_or(1);
        let priority = u32::try_from(priority).unwrap_or(u32::MAX);
        Ok(RuleTarget { sip_media_application_id: id.to_owned(), priority, aws_region })
    };
    list.iter().map(target).collect()
}

/// Whether a rule may be so; what only the tutorial does is warned of.
pub(super) fn check(context: &mut Context<'_>, rule: &Rule) -> Result<(), ApiError> {
    let refused = |error: crate::RoutingError| ApiError::BadRequest(error.to_string());
    context.account.check_rule(rule, context.is_strict).map_err(refused)?;
    if let Err(error) = context.account.check_rule(rule, true) {
        context.warnings.push(format!("{error}; the service refuses such a SIP rule (rule 3)"));
    }
    Ok(())
}
