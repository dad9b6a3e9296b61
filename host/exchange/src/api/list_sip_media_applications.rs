//! ListSipMediaApplications: all applications.

use serde_json::Value;

use super::account::shown;
use super::page::page;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "ListSipMediaApplications",
    method: "GET",
    path: &["sip-media-applications"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let all: Vec<Value> = context.account.applications.iter().map(shown).collect();
    page(request, "SipMediaApplications", &all, 100)
}
