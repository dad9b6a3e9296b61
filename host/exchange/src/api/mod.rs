//! The service's own API: a function from an HTTP request to a response. One file an operation; no
//! socket.

mod account;
mod batch_create_attendee;
mod body;
mod create_attendee;
mod create_meeting;
mod create_meeting_with_attendees;
mod create_phone_number_order;
mod create_sip_media_application;
mod create_sip_media_application_call;
mod create_sip_rule;
mod delete_attendee;
mod delete_meeting;
mod delete_phone_number;
mod delete_sip_media_application;
mod delete_sip_rule;
mod error;
mod get_attendee;
mod get_meeting;
mod get_phone_number;
mod get_phone_number_order;
mod get_sip_media_application;
mod get_sip_media_application_logging_configuration;
mod get_sip_rule;
mod list_attendees;
mod list_phone_number_orders;
mod list_phone_numbers;
mod list_sip_media_applications;
mod list_sip_rules;
mod model;
mod page;
mod put_sip_media_application_logging_configuration;
mod request;
mod restore_phone_number;
mod search_available_phone_numbers;
mod update_phone_number;
mod update_sip_media_application;
mod update_sip_media_application_call;
mod update_sip_rule;

use serde_json::{Map, Value, json};

pub use account::Account;
pub use error::ApiError;
use request::Request;

/// Calls, as the API makes and changes them.
pub trait Calls {
    /// Places an outbound call, and gives its id.
    fn place(&mut self, order: CallOrder) -> String;

    /// Updates a call. Whether there was such a call of this application, in progress.
    fn update(&mut self, application: &str, call: &str, arguments: Map<String, Value>) -> bool;

    /// Looks at a number in E.164 more closely than its digits tell.
    ///
    /// # Errors
    /// Why there can be no such number.
    fn check_number(&self, _number: &str) -> Result<(), String> {
        Ok(())
    }
}

/// A world in which no calls are made.
#[derive(Debug, Clone, Copy)]
pub struct NoCalls;

impl Calls for NoCalls {
    fn place(&mut self, _: CallOrder) -> String {
        String::new()
    }

    fn update(&mut self, _: &str, _: &str, _: Map<String, Value>) -> bool {
        false
    }
}

/// A call that is to be made.
#[derive(Debug, Clone)]
pub struct CallOrder {
    /// The application's id.
    pub application: String,
    /// The number shown.
    pub from: String,
    /// The number called.
    pub to: String,
    /// Headers to send along.
    pub sip_headers: Map<String, Value>,
    /// What the first event brings.
    pub arguments: Map<String, Value>,
}

/// What came over HTTP.
#[derive(Debug, Clone, Copy)]
pub struct HttpRequest<'a> {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'a str,
    /// Path and query, as they stand in the request line.
    pub target: &'a str,
    /// The body.
    pub body: &'a [u8],
}

/// What goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The name of the error, for the header `x-amzn-ErrorType`.
    pub error_type: Option<&'static str>,
    /// JSON, or nothing.
    pub body: Vec<u8>,
}

/// What an operation works with.
pub(crate) struct Context<'a> {
    account: &'a mut Account,
    calls: &'a mut dyn Calls,
    now_ms: u64,
    /// Refuse what the service's model refuses, and the tutorial does all the same.
    is_strict: bool,
    warnings: Vec<String>,
}

/// One operation.
struct Operation {
    /// As the service's model names it.
    name: &'static str,
    method: &'static str,
    /// The parts of the path; `*` takes any.
    path: &'static [&'static str],
    /// The pair of the query that tells it from others of the same path.
    query: Option<(&'static str, &'static str)>,
    status: u16,
    run: fn(&mut Context<'_>, &Request) -> Result<Value, ApiError>,
}

/// Every operation. Of those with the same path, the ones with a query come first.
const OPERATIONS: &[Operation] = &[
    search_available_phone_numbers::OPERATION,
    create_phone_number_order::OPERATION,
    get_phone_number_order::OPERATION,
    list_phone_number_orders::OPERATION,
    list_phone_numbers::OPERATION,
    get_phone_number::OPERATION,
    restore_phone_number::OPERATION,
    update_phone_number::OPERATION,
    delete_phone_number::OPERATION,
    create_sip_media_application::OPERATION,
    get_sip_media_application::OPERATION,
    list_sip_media_applications::OPERATION,
    update_sip_media_application::OPERATION,
    delete_sip_media_application::OPERATION,
    put_sip_media_application_logging_configuration::OPERATION,
    get_sip_media_application_logging_configuration::OPERATION,
    create_sip_rule::OPERATION,
    get_sip_rule::OPERATION,
    list_sip_rules::OPERATION,
    update_sip_rule::OPERATION,
    delete_sip_rule::OPERATION,
    create_sip_media_application_call::OPERATION,
    update_sip_media_application_call::OPERATION,
    create_meeting_with_attendees::OPERATION,
    create_meeting::OPERATION,
    get_meeting::OPERATION,
    delete_meeting::OPERATION,
    batch_create_attendee::OPERATION,
    create_attendee::OPERATION,
    get_attendee::OPERATION,
    list_attendees::OPERATION,
    delete_attendee::OPERATION,
];

/// Carries out a request at this moment (milliseconds since 1970). With the response come warnings:
/// what is done here although the service's model forbids it.
pub fn handle(
    account: &mut Account,
    calls: &mut dyn Calls,
    request: HttpRequest<'_>,
    now_ms: u64,
    is_strict: bool,
) -> (HttpResponse, Vec<String>) {
    let mut context = Context { account, calls, now_ms, is_strict, warnings: Vec::new() };
    let response = match respond(&mut context, request) {
        Ok((204, _)) => HttpResponse { status: 204, error_type: None, body: Vec::new() },
        Ok((status, body)) => {
            HttpResponse { status, error_type: None, body: body.to_string().into_bytes() }
        }
        Err(error) => {
            let body = json!({"Code": error.code(), "Message": error.to_string(), "message": error.to_string()});
            HttpResponse {
                status: error.status(),
                error_type: Some(error.name()),
                body: body.to_string().into_bytes(),
            }
        }
    };
    (response, context.warnings)
}

/// The names of the operations that are played.
pub fn operation_names() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().map(|operation| operation.name)
}

/// Carries out an operation by its name, as [`handle`] does a request.
///
/// # Errors
/// The name of the error, and what there is to say of it.
pub fn perform(
    account: &mut Account,
    calls: &mut dyn Calls,
    operation: &str,
    input: &Map<String, Value>,
    now_ms: u64,
) -> Result<Value, (&'static str, String)> {
    let mut context = Context { account, calls, now_ms, is_strict: true, warnings: Vec::new() };
    let told = |error: ApiError| (error.name(), error.to_string());
    let known = OPERATIONS.iter().find(|known| known.name == operation);
    let known = known.ok_or_else(|| told(ApiError::Unknown(operation.to_owned())))?;
    let (names, query, body) = model::parts(operation, input);
    let request = Request::of(known, names, query, body);
    model::check(known.name, &request).map_err(told)?;
    (known.run)(&mut context, &request).map_err(told)
}

fn respond(context: &mut Context<'_>, request: HttpRequest<'_>) -> Result<(u16, Value), ApiError> {
    let mut request = Request::read(request)?;
    let operation = OPERATIONS.iter().find(|operation| request.is_for(operation));
    let operation = operation.ok_or_else(|| ApiError::Unknown(request.line.clone()))?;
    request.take_names(operation);
    model::check(operation.name, &request)?;
    context.account.release_numbers(&account::timestamp(context.now_ms));
    (operation.run)(context, &request).map(|body| (operation.status, body))
}

#[cfg(test)]
mod tests;
