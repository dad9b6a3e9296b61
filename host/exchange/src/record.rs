//! Call detail records: what is billed of a call, one record a leg (rule 65). Of
//! second legs only the last has one.

use std::time::Duration;

use serde_json::{Value, json};

use crate::call::Call;
use crate::date::date_of;
use crate::leg::RemoteEnd;

/// A record, and the name of its file below the folder of records.
#[derive(Debug, Clone, PartialEq)]
pub struct DetailRecord {
    /// `Amazon-Chime-SMADRs/2026/06/10/CALL_LEG.json`.
    pub file: String,
    /// The record; all its values are texts.
    pub record: Value,
}

/// The records of a call that is over, or that is cut off now.
pub fn detail_records(call: &Call, now: Duration) -> Vec<DetailRecord> {
    let record = |leg: &crate::leg::Leg| {
        let began = leg.connected_at;
        let billed = began
            .map(|began| leg.ended_at.unwrap_or(now).saturating_sub(began).as_secs_f64().ceil());
        let plain = |number: &str| number.trim_start_matches('+').to_owned();
        let (direction, usage) = match (leg.is_inbound, &leg.far) {
            (_, RemoteEnd::Meeting(_)) => ("Outbound", "USE1-US-Meeting-minutes"),
            (true, RemoteEnd::Phone) => ("Inbound", "USE1-US-inbound-minutes"),
            (false, RemoteEnd::Phone) => ("Outbound", "USE1-US-US-outbound-minutes"),
        };
        let record = json!({
            "SchemaVersion": "1.0",
            "AwsAccountId": call.service().account,
            "TransactionId": call.id(),
            "CallId": leg.id,
            "VoiceConnectorId": "",
            "Status": if began.is_some() { "Completed" } else { "Failed" },
            "BillableDurationSeconds": format!("{}", billed.unwrap_or(0.0)),
            "BillableVoiceFocusSeconds": "0",
            "SourcePhoneNumber": plain(&leg.numbers.from),
            "DestinationPhoneNumber": plain(&leg.numbers.to),
            "UsageType": usage,
            "ServiceCode": "AmazonChimeVoiceConnector",
            "Direction": direction,
            "TimeStampEpochSeconds": (leg.started_ms / 1000).to_string(),
            "Region": call.application().region,
            "SipRuleId": call.rule_id().unwrap_or_default(),
            "SipApplicationId": call.application().id,
            "CallLegTriggerType": if leg.is_inbound { "PstnInbound" } else { "PstnOutbound" },
        });
        let day = date_of(leg.started_ms).replace('-', "/");
        DetailRecord {
            file: format!("Amazon-Chime-SMADRs/{day}/{}_{}.json", call.id(), leg.id),
            record,
        }
    };
    call.legs().iter().map(record).collect()
}
