//! Dialing by HTTP: what the body of `POST /moonring/calls` says.

use moonring_exchange::Trigger;
use moonring_sim::{Callees, Person};
use moonring_wire::hint;
use serde_json::{Map, Value};

use crate::callee::{CalleeRule, PickupWord};
use crate::clock::at_ms;
use crate::phone_number::party;

/// What may be said.
const KEYS: [&str; 13] = [
    "From",
    "To",
    "Keys",
    "Callee",
    "Pickup",
    "SipHeaders",
    "At",
    "Zone",
    "Host",
    "Outbound",
    "Application",
    "Arguments",
    "Script",
];

/// A call that somebody wants to make.
#[derive(Debug)]
pub(super) struct Dial {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) person: Person,
    /// Who is called by bridges, where the body says so.
    pub(super) callees: Option<Callees>,
    pub(super) sip_headers: Map<String, Value>,
    /// When the call begins, in milliseconds since 1970, if not now.
    pub(super) at_ms: Option<u64>,
    /// The script that answers, whatever the routes say.
    pub(super) script: Option<String>,
    pub(super) way: Way,
}

/// Who calls whom.
#[derive(Debug)]
pub(super) enum Way {
    /// Somebody calls what a rule of the account is for.
    Inbound(Trigger),
    /// An application calls somebody.
    Outbound {
        /// Its id; the first of the account where none is said.
        application: Option<String>,
        arguments: Map<String, Value>,
    },
}

impl Dial {
    /// Reads a body.
    pub(super) fn read(body: &[u8]) -> Result<Self, String> {
        let body: Map<String, Value> = serde_json::from_slice(body)
            .map_err(|error| format!("the body is not a JSON object: {error}"))?;
        if let Some(unknown) = body.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(format!(
                "unknown key `{unknown}`; wanted {}{}",
                KEYS.join(", "),
                hint(unknown, KEYS)
            ));
        }
        let text = |name: &str| match body.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(other) => Err(format!("{name} is {other}; wanted a string")),
        };
        let map = |name: &str| match body.get(name) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(map)) if map.values().all(Value::is_string) => Ok(map.clone()),
            Some(other) => Err(format!("{name} is {other}; wanted an object of strings")),
        };
        let number = |name: &str| {
            let number =
                text(name)?.ok_or_else(|| format!("{name} is missing; wanted a string"))?;
            party(number).map_err(|why| format!("{name}: {why}"))
        };
        let (from, to) = (number("From")?, number("To")?);
        let words = text("Keys")?.unwrap_or_default();
        let mut person: Person = words.parse().map_err(|error| format!("Keys: {error}"))?;
        let is_outbound = match body.get("Outbound") {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::Bool(true)) => true,
            Some(other) => return Err(format!("Outbound is {other}; wanted true or false")),
        };
        if let Some(word) = text("Pickup")? {
            if !is_outbound {
                return Err("Pickup is for outbound calls; give \"Outbound\": true, or Callee for the callee of a bridge".to_owned());
            }
            let PickupWord(pickup) = word.parse().map_err(|why| format!("Pickup: {why}"))?;
            person.pickup = pickup;
        }
        let way = match is_outbound {
            true => Way::Outbound {
                application: text("Application")?.map(str::to_owned),
                arguments: map("Arguments")?,
            },
            false => {
                if let Some(odd) =
                    ["Application", "Arguments"].iter().find(|key| body.contains_key(**key))
                {
                    return Err(format!("{odd} is for outbound calls; give \"Outbound\": true"));
                }
                Way::Inbound(match text("Host")? {
                    // At the host name of a Voice Connector, whom the caller wants is the user part.
                    Some(host) => Trigger::RequestUriHostname(host.to_owned()),
                    None => Trigger::ToPhoneNumber(to.clone()),
                })
            }
        };
        let at = match (text("At")?, text("Zone")?) {
            (Some(at), zone) => Some(at_ms(at, zone).map_err(|error| format!("At: {error}"))?),
            (None, Some(_)) => return Err("Zone says how At is read; give At too".to_owned()),
            (None, None) => None,
        };
        let callees = body.get("Callee").filter(|callee| !callee.is_null());
        let callees = callees.map(callees_of).transpose()?;
        let (sip_headers, script) = (map("SipHeaders")?, text("Script")?.map(str::to_owned));
        Ok(Self { from, to, person, callees, sip_headers, at_ms: at, script, way })
    }
}

/// One callee, or several in order.
fn callees_of(said: &Value) -> Result<Callees, String> {
    let list = match said {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut callees = Callees::default();
    for one in list {
        let text = one
            .as_str()
            .ok_or_else(|| format!("Callee is {one}; wanted a string or a list of strings"))?;
        let CalleeRule { number, callee } = text.parse().map_err(|why| format!("Callee: {why}"))?;
        callees.add(number.as_deref(), callee.person());
    }
    Ok(callees)
}

#[cfg(test)]
mod tests {
    use moonring_sim::Pickup;

    use super::*;

    #[test]
    fn what_cannot_be_dialed_is_named_with_what_is_wanted() {
        let base = "\"From\": \"+12065550142\", \"To\": \"+18445550123\"";
        for (more, wanted) in [
            ("\"Form\": \"x\"", "unknown key `Form`; wanted From, To"),
            ("\"Form\": \"x\"", "did you mean `From`?"),
            ("\"Keys\": 5", "Keys is 5; wanted a string"),
            ("\"Keys\": \"12x\"", "Keys: `12x` is unknown"),
            ("\"Callee\": \"sing\"", "Callee: `sing` is unknown; wanted answer, busy"),
            ("\"Pickup\": \"busy\"", "Pickup is for outbound calls"),
            (
                "\"Outbound\": true, \"Pickup\": \"soon\"",
                "Pickup: `soon` is unknown; wanted answer, busy or never",
            ),
            ("\"Arguments\": {}", "Arguments is for outbound calls"),
            ("\"At\": \"soon\"", "wanted a date and time"),
            ("\"Zone\": \"UTC\"", "give At too"),
            ("\"SipHeaders\": []", "SipHeaders is []; wanted an object"),
        ] {
            let error = Dial::read(format!("{{{base}, {more}}}").as_bytes()).unwrap_err();
            assert!(error.contains(wanted), "{more}: {error}");
        }
        assert!(
            Dial::read(b"{\"From\": \"+12065550142\"}").unwrap_err().starts_with("To is missing")
        );
        let dial = Dial::read(format!("{{{base}, \"Callee\": [\"busy\", \"answer\"]}}").as_bytes());
        assert_eq!(dial.unwrap().callees.unwrap().next("+1").pickup, Pickup::Busy);
    }
}
