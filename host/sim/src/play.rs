//! A call played to its end, in virtual time.

use crate::call::{Invocation, Next, PlayedCall, Reply};

/// Whatever answers events: the engine in this process, a function behind an address, a process of
/// its own.
pub trait Target {
    /// Answers an event.
    fn invoke(&mut self, invocation: &Invocation) -> Reply;
}

impl<T: FnMut(&Invocation) -> Reply> Target for T {
    fn invoke(&mut self, invocation: &Invocation) -> Reply {
        self(invocation)
    }
}

/// Plays a call until it is over: time jumps from one moment at which something happens to the
/// next. Where nothing would ever happen again, people do what they were still waiting to do; at
/// the very end they hang up.
///
/// # Examples
/// A function that fails at every event: the service tries a second time, and the call ends.
/// ```
/// use std::sync::Arc;
/// use moonring_exchange::{Application, Outcome};
/// use moonring_sim::{Callees, PlayedCall, InboundCall, Invocation, Person, Reply, World, play};
///
/// let call = InboundCall {
///     from: "+12065550142".to_owned(),
///     to: "+14255550117".to_owned(),
///     sip_headers: Default::default(),
///     rule_id: None,
///     applications: vec![Arc::new(Application::default())],
///     caller: Person::quiet(),
///     callees: Callees::default(),
///     at_ms: 0,
///     seed: 1,
/// };
/// let mut call = PlayedCall::inbound(Arc::new(World::default()), call);
/// let failed = Reply { outcome: Outcome::Failed("no script".to_owned()), ..Reply::default() };
/// play(&mut call, &mut |_: &Invocation| failed.clone());
/// assert!(!call.is_up());
/// ```
pub fn play(call: &mut PlayedCall, target: &mut dyn Target) {
    while step(call, target) {}
}

/// Plays a call as far as the next moment, or the next answer. False when it is over.
pub fn step(call: &mut PlayedCall, target: &mut dyn Target) -> bool {
    match call.go_on() {
        Next::Invoke(invocation) => {
            let reply = target.invoke(&invocation);
            call.reply(invocation.attempt, reply);
        }
        Next::At(at) => call.advance(at),
        Next::Idle if call.nudge() => call.advance(call.now()),
        Next::Idle if call.is_up() => {
            call.warn("nothing more would happen in this call, so everybody hangs up");
            call.everybody_hangs_up();
            call.advance(call.now());
        }
        Next::Idle | Next::Over => return false,
    }
    true
}
