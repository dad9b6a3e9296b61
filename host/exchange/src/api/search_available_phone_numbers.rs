//! SearchAvailablePhoneNumbers: numbers that could be ordered. There is no end of them here.

use serde_json::Value;

use super::page::page;
use super::request::Request;
use super::{ApiError, Context, Operation};

/// The largest page.
const MOST: usize = 500;

pub(super) const OPERATION: Operation = Operation {
    name: "SearchAvailablePhoneNumbers",
    method: "GET",
    path: &["search"],
    query: Some(("type", "phone-numbers")),
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let digits = |name: &str| {
        request.query(name).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let prefix =
        match (request.query("phone-number-type"), digits("toll-free-prefix"), digits("area-code"))
        {
            (_, Some(prefix), _)
                if ["800", "833", "844", "855", "866", "877", "888"].contains(&prefix) =>
            {
                prefix
            }
            (_, Some(_), _) => {
                return Err(ApiError::BadRequest(
                    "TollFreePrefix is not a prefix of toll-free numbers".to_owned(),
                ));
            }
            (Some("TollFree"), None, _) => "844",
            (_, None, Some(code)) if code.len() == 3 => code,
            _ => "206",
        };
    if request.query("country").is_some_and(|country| country != "US") {
        return page(request, "E164PhoneNumbers", &[], MOST);
    }
    let taken: Vec<_> = context.account.numbers.iter().map(|number| number.e164.clone()).collect();
    // The numbers that are kept free for stories.
    let numbers = (100..200).map(|last| format!("+1{prefix}5550{last}"));
    let free: Vec<Value> =
        numbers.filter(|number| !taken.contains(number)).map(Value::from).collect();
    page(request, "E164PhoneNumbers", &free, MOST)
}
