//! ListSipRules: all rules, or those of an application.

use serde_json::Value;

use super::account::{Rule, shown};
use super::page::page;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "ListSipRules",
    method: "GET",
    path: &["sip-rules"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let leads = |rule: &&Rule| {
        let wanted = request.query("sip-media-application");
        wanted.is_none_or(|id| {
            rule.target_applications.iter().any(|target| target.sip_media_application_id == id)
        })
    };
    let rules: Vec<Value> = context.account.rules.iter().filter(leads).map(shown).collect();
    page(request, "SipRules", &rules, 100)
}
