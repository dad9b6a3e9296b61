//! What somebody decides while a call goes on: to answer a telephone that rings, or that something
//! goes wrong.

use std::time::Duration;

use moonring_exchange::{Input, LegNumber, NextFault, Tag};

use crate::call::PlayedCall;

impl PlayedCall {
    /// The leg that rings is answered now, the second one if both do. Whether one did.
    pub fn pick_up(&mut self) -> bool {
        let leg = self.ringing();
        leg.map(|leg| self.scene.queue.add_input(self.scene.now, Input::Answered { leg })).is_some()
    }

    /// The leg that rings is declined now, as a busy telephone does. Whether one rang.
    pub fn decline(&mut self) -> bool {
        let leg = self.ringing();
        leg.map(|leg| self.scene.queue.add_input(self.scene.now, Input::Busy { leg })).is_some()
    }

    /// The next action, or event, goes wrong.
    pub fn go_wrong(&mut self, fault: NextFault) {
        self.feed(Input::Fault(fault));
    }

    /// The next answer of the function comes so much later than it does.
    pub fn be_late(&mut self, late: Duration) {
        self.scene.late = Some(late);
        self.remark(&format!("fault: the next answer comes {} s late", late.as_secs_f64()));
    }

    /// Notes something in the trace that somebody did to the call.
    pub fn remark(&mut self, text: &str) {
        self.warn(text);
    }

    fn ringing(&self) -> Option<LegNumber> {
        let legs = [Tag::B, Tag::A].into_iter().filter_map(|tag| self.exchange.leg(tag));
        legs.into_iter().find(|leg| self.exchange.is_ringing(*leg))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use moonring_exchange::{Application, Happened, Outcome};
    use serde_json::json;

    use super::*;
    use crate::{Callees, InboundCall, Invocation, Next, Person, Pickup, Reply, World};

    /// A call whose callee lets it ring, and whose function answers these actions once.
    fn call(actions: &serde_json::Value) -> PlayedCall {
        let call = InboundCall {
            from: "+12065550142".to_owned(),
            to: "+14255550117".to_owned(),
            sip_headers: serde_json::Map::default(),
            rule_id: None,
            applications: vec![Arc::new(Application::default())],
            caller: Person::quiet(),
            callees: Callees::all(Person::who(Pickup::Never)),
            at_ms: 0,
            seed: 1,
        };
        let mut call = PlayedCall::inbound(Arc::new(World::default()), call);
        let invocation = invoked(&mut call).unwrap();
        let answer = json!({"SchemaVersion": "1.0", "Actions": actions});
        call.reply(invocation.attempt, reply(answer));
        call
    }

    fn reply(answer: serde_json::Value) -> Reply {
        Reply { outcome: Outcome::answer(answer), ..Reply::default() }
    }

    fn invoked(call: &mut PlayedCall) -> Option<Invocation> {
        loop {
            match call.go_on() {
                Next::Invoke(invocation) => return Some(*invocation),
                Next::At(at) => call.advance(at),
                Next::Idle | Next::Over => return None,
            }
        }
    }

    fn speak() -> serde_json::Value {
        json!([{"Type": "Speak", "Parameters": {"Text": "Hello"}}])
    }

    fn bridge() -> serde_json::Value {
        json!([{"Type": "CallAndBridge", "Parameters": {"CallTimeoutSeconds": 30, "CallerIdNumber": "+12065550142",
            "Endpoints": [{"Uri": "+12065550101", "BridgeEndpointType": "PSTN"}]}}])
    }

    #[test]
    fn a_telephone_that_rings_is_answered_or_declined_when_somebody_says_so() {
        let mut called = call(&bridge());
        called.advance(Duration::from_secs(2));
        assert!(called.decline());
        let event = invoked(&mut called).unwrap().event;
        assert_eq!(event["ActionData"]["ErrorType"], "CallNotAnswered");
        let mut called = call(&bridge());
        called.advance(Duration::from_secs(2));
        assert!(called.pick_up());
        assert_eq!(invoked(&mut called).unwrap().event["InvocationEventType"], "ACTION_SUCCESSFUL");
        assert!(!called.pick_up() && !called.decline(), "nothing rings any more");
    }

    #[test]
    fn what_is_to_go_wrong_goes_wrong_once_and_is_noted() {
        let mut called = call(&speak());
        let (error_type, action_type) = ("SystemException".to_owned(), None);
        called.go_wrong(NextFault::Action { error_type, action_type });
        let failed = invoked(&mut called).unwrap();
        assert_eq!(failed.event["ActionData"]["ErrorType"], "SystemException");
        called.reply(failed.attempt, reply(json!({"SchemaVersion": "1.0", "Actions": speak()})));
        let event = invoked(&mut called).unwrap();
        assert_eq!(event.event["InvocationEventType"], "ACTION_SUCCESSFUL");
        called.go_wrong(NextFault::Twice);
        called.reply(event.attempt, reply(json!({"SchemaVersion": "1.0", "Actions": speak()})));
        let again = invoked(&mut called).unwrap();
        assert_eq!(again.event, event.event);
        let noted = called.trace().entries.iter();
        let noted = noted.filter(
            |entry| matches!(&entry.happened, Happened::Warns(text) if text.starts_with("fault:")),
        );
        assert_eq!(noted.count(), 2);
    }

    #[test]
    fn an_answer_that_is_six_seconds_late_comes_after_a_second_attempt() {
        let mut called = call(&speak());
        let event = invoked(&mut called).unwrap();
        called.be_late(Duration::from_secs(6));
        called.reply(event.attempt, reply(json!({"SchemaVersion": "1.0", "Actions": speak()})));
        let again = invoked(&mut called).unwrap();
        assert_eq!((again.attempt, again.event), (event.attempt + 1, event.event));
    }
}
