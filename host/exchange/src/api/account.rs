//! What an account has: numbers, applications, rules, meetings. The records are in the shape in
//! which the API shows them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::ApiError;
use crate::ids::Ids;
use crate::readings::Readings;
use crate::routing::{Application, Routing, RoutingError, SipRule, Target, Trigger};
use crate::service::Meeting;

/// An account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Account {
    /// Its 12 digits.
    pub id: String,
    /// How many ids were made.
    ids: u64,
    pub(super) numbers: Vec<PhoneNumber>,
    pub(super) orders: Vec<Value>,
    pub(super) applications: Vec<SipMediaApplication>,
    /// Applications whose SIP messages are logged.
    pub(super) logging: BTreeSet<String>,
    pub(super) rules: Vec<Rule>,
    pub(super) meetings: Vec<MeetingRecord>,
}

/// A telephone number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PhoneNumber {
    pub(super) phone_number_id: String,
    #[serde(rename = "E164PhoneNumber")]
    pub(super) e164: String,
    pub(super) country: String,
    #[serde(rename = "Type")]
    pub(super) number_type: String,
    pub(super) product_type: String,
    pub(super) status: String,
    pub(super) capabilities: Value,
    pub(super) associations: Vec<Value>,
    pub(super) created_timestamp: String,
    pub(super) updated_timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deletion_timestamp: Option<String>,
    pub(super) order_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) calling_name: Option<String>,
}

/// A SIP media application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SipMediaApplication {
    pub(super) sip_media_application_id: String,
    pub(super) aws_region: String,
    pub(super) name: String,
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) created_timestamp: String,
    pub(super) updated_timestamp: String,
    pub(super) sip_media_application_arn: String,
}

/// Where an application's events go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Endpoint {
    pub(super) lambda_arn: String,
}

/// A SIP rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Rule {
    pub(super) sip_rule_id: String,
    pub(super) name: String,
    pub(super) disabled: bool,
    pub(super) trigger_type: String,
    pub(super) trigger_value: String,
    pub(super) target_applications: Vec<RuleTarget>,
    pub(super) created_timestamp: String,
    pub(super) updated_timestamp: String,
}

/// A target of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RuleTarget {
    pub(super) sip_media_application_id: String,
    pub(super) priority: u32,
    pub(super) aws_region: String,
}

/// A meeting and who may attend it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct MeetingRecord {
    pub(super) meeting: Value,
    /// The token of the request that made it: the same token gives the same meeting.
    pub(super) token: String,
    pub(super) attendees: Vec<Value>,
}

impl Account {
    /// An account that has nothing yet.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ids: 0,
            numbers: Vec::new(),
            orders: Vec::new(),
            applications: Vec::new(),
            logging: BTreeSet::new(),
            rules: Vec::new(),
            meetings: Vec::new(),
        }
    }

    /// The rule of a call and its applications, the first to be tried first.
    pub fn route(&self, trigger: &Trigger) -> Option<(String, Vec<Arc<Application>>)> {
        let routing = self.routing();
        routing.route(trigger).map(|(rule, applications)| (rule.to_owned(), applications))
    }

    /// An application, by its id.
    pub fn application(&self, id: &str) -> Option<Application> {
        self.applications
            .iter()
            .find(|known| known.sip_media_application_id == id)
            .map(SipMediaApplication::plain)
    }

    /// The applications whose SIP messages are logged (rule 56).
    pub fn logging(&self) -> &BTreeSet<String> {
        &self.logging
    }

    /// All applications.
    pub fn applications(&self) -> Vec<Application> {
        self.applications.iter().map(SipMediaApplication::plain).collect()
    }

    /// The meetings that can be joined, with the ids of their attendees by join token.
    pub fn meetings(&self) -> BTreeMap<String, Meeting> {
        let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let meeting = |record: &MeetingRecord| {
            let attendees = record.attendees.iter();
            let attendees =
                attendees.map(|one| (text(one, "JoinToken"), text(one, "AttendeeId"))).collect();
            (text(&record.meeting, "MeetingId"), Meeting { attendees })
        };
        self.meetings.iter().map(meeting).collect()
    }

    /// What a week ago was given back is gone (rule 69).
    pub(super) fn release_numbers(&mut self, now: &str) {
        self.numbers
            .retain(|number| number.deletion_timestamp.as_deref().is_none_or(|until| until > now));
    }

    /// The account's numbers that can be used.
    pub fn numbers(&self) -> Vec<String> {
        let usable = self.numbers.iter().filter(|number| number.deletion_timestamp.is_none());
        usable.map(|number| number.e164.clone()).collect()
    }

    pub(super) fn new_id(&mut self) -> String {
        self.ids += 1;
        let own = self
            .id
            .bytes()
            .fold(self.ids, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        Ids::new(own).next()
    }

    pub(super) fn number(&mut self, id: &str) -> Result<&mut PhoneNumber, ApiError> {
        let found = self.numbers.iter_mut().find(|number| number.phone_number_id == id);
        found.ok_or_else(|| ApiError::missing("phone number", id))
    }

    pub(super) fn sip_media_application(
        &mut self,
        id: &str,
    ) -> Result<&mut SipMediaApplication, ApiError> {
        let found = self.applications.iter_mut().find(|known| known.sip_media_application_id == id);
        found.ok_or_else(|| ApiError::missing("SIP media application", id))
    }

    pub(super) fn rule(&mut self, id: &str) -> Result<&mut Rule, ApiError> {
        let found = self.rules.iter_mut().find(|rule| rule.sip_rule_id == id);
        found.ok_or_else(|| ApiError::missing("SIP rule", id))
    }

    pub(super) fn meeting(&mut self, id: &str) -> Result<&mut MeetingRecord, ApiError> {
        let found =
            self.meetings.iter_mut().find(|record| record.meeting["MeetingId"] == json!(id));
        found.ok_or_else(|| ApiError::missing("meeting", id))
    }

    /// Whether a rule may be so, beside the others (rules 1 to 3).
    pub(super) fn check_rule(&self, rule: &Rule, is_strict: bool) -> Result<(), RoutingError> {
        let readings = Readings { one_region_twice: !is_strict, ..Readings::default() };
        self.routing().add_rule(rule.plain(), &readings)
    }

    /// Numbers that a rule is for are assigned; all others are free.
    pub(super) fn assign_numbers(&mut self, now: &str) {
        for number in &mut self.numbers {
            let by_number = |rule: &&Rule| {
                rule.trigger_type == "ToPhoneNumber" && rule.trigger_value == number.e164
            };
            let rule = self.rules.iter().find(by_number).map(|rule| rule.sip_rule_id.clone());
            let associations: Vec<Value> = rule
                .iter()
                .map(|rule| json!({"Value": rule, "Name": "SipRuleId", "AssociatedTimestamp": now}))
                .collect();
            let is_same = number.associations.len() == associations.len()
                && number
                    .associations
                    .iter()
                    .zip(&associations)
                    .all(|(one, other)| one["Value"] == other["Value"]);
            if number.deletion_timestamp.is_none() && !is_same {
                number.status = if rule.is_some() { "Assigned" } else { "Unassigned" }.to_owned();
                (number.associations, number.updated_timestamp) = (associations, now.to_owned());
            }
        }
    }

    fn routing(&self) -> Routing {
        let mut routing = Routing::default();
        self.applications.iter().for_each(|known| routing.add_application(known.plain()));
        let lenient = Readings { one_region_twice: true, ..Readings::default() };
        for rule in &self.rules {
            let mut plain = rule.plain();
            // An application may have gone since: the others of the rule stay.
            plain.targets.retain(|target| {
                self.applications
                    .iter()
                    .any(|known| known.sip_media_application_id == target.application)
            });
            // What is wrong with a rule besides was checked when it was made; one that has no
            // target left routes nothing.
            let _ = routing.add_rule(plain, &lenient);
        }
        routing
    }
}

impl SipMediaApplication {
    fn plain(&self) -> Application {
        let lambda_arn =
            self.endpoints.first().map(|endpoint| endpoint.lambda_arn.clone()).unwrap_or_default();
        Application {
            id: self.sip_media_application_id.clone(),
            region: self.aws_region.clone(),
            lambda_arn,
        }
    }
}

impl Rule {
    fn plain(&self) -> SipRule {
        let trigger = match self.trigger_type.as_str() {
            "ToPhoneNumber" => Trigger::ToPhoneNumber(self.trigger_value.clone()),
            _ => Trigger::RequestUriHostname(self.trigger_value.clone()),
        };
        let target = |target: &RuleTarget| Target {
            application: target.sip_media_application_id.clone(),
            priority: target.priority,
        };
        let targets = self.target_applications.iter().map(target).collect();
        SipRule { id: self.sip_rule_id.clone(), trigger, is_enabled: !self.disabled, targets }
    }
}

/// A record as the API shows it.
pub(super) fn shown(record: &impl Serialize) -> Value {
    // Records are texts, lists and maps with text keys: showing them cannot fail.
    serde_json::to_value(record).unwrap_or_default()
}

/// A moment as the API writes it: `2026-06-10T16:20:05.907Z`.
pub(super) fn timestamp(now_ms: u64) -> String {
    let ms = i64::try_from(now_ms).unwrap_or(i64::MAX);
    jiff::Timestamp::from_millisecond(ms).map(|at| at.to_string()).unwrap_or_default()
}
