//! Calls that scripts ask for: the test plays them too.

use std::rc::Rc;

use mlua::Value as LuaValue;
use serde_json::{Map, Value};

use super::bindings::{Bindings, json};
use super::calls::{Described, Outgoing, begin, pickup};
use crate::stage::Stage;

/// The operation that makes a call.
const CREATES: &str = "chime-sdk-voice:CreateSipMediaApplicationCall";

pub(super) fn fill(bindings: &mut Bindings<'_>) -> mlua::Result<()> {
    bindings.add("dials", |lua, stage, (number, options): (Option<String>, LuaValue)| {
        let options = json(lua, options)?;
        let pickup = pickup("dials", options.get("pickup"))?;
        let order = next_order(stage).ok_or_else(|| {
            let what = number.clone().unwrap_or_else(|| "somebody".to_owned());
            format!("wanted the script to call {what}, and it has asked for no other call (chime.create_call)")
        })?;
        let text = |name: &str| order.pointer(&format!("/input/{name}")).and_then(Value::as_str);
        let to = text("ToPhoneNumber").unwrap_or_default().to_owned();
        if number.as_ref().is_some_and(|number| *number != to) {
            return Err(format!("wanted the script to call {}; it calls {to}", number.unwrap_or_default()));
        }
        let object = |name: &str| {
            order.pointer(&format!("/input/{name}")).and_then(Value::as_object).cloned().unwrap_or_default()
        };
        let described = Described {
            from: text("FromPhoneNumber").map(str::to_owned),
            to: Some(to),
            script: None,
            sip_headers: object("SipHeaders"),
            is_routed: false,
        };
        let arguments: Map<String, Value> = object("ArgumentsMap");
        let id = begin(stage, described, Some(Outgoing { arguments, pickup }))?;
        let told = order.pointer("/output/SipMediaApplicationCall/TransactionId");
        if let Some(told) = told.and_then(Value::as_str) {
            stage.state.borrow_mut().dialed.insert(told.to_owned(), id);
        }
        Ok(id)
    })
}

/// The next call that a script has asked for, as it was asked and answered. The scripts may be about
/// to ask: what happens at this moment still does.
fn next_order(stage: &Rc<Stage>) -> Option<Value> {
    let now = stage.state.borrow().now;
    stage.pass_until(now);
    let state = stage.state.borrow();
    let asked = state.outside.asked.borrow();
    let orders =
        asked.iter().filter(|made| made["operation"] == CREATES && made.get("error").is_none());
    orders.skip(state.dialed.len()).map(Value::clone).next()
}
