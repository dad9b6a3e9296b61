//! What people do in a call when somebody says so by HTTP, and what goes wrong then.

use std::time::{Duration, Instant};

use moonring_exchange::{Direction, Happened, NextFault, Tag};
use moonring_sim::PersonAction;
use moonring_spec::CallStart;
use serde_json::{Map, Value, json};

use super::own_calls::{Refusal, no_call};
use super::said::{Fault, Said};
use super::{Line, Switchboard};

impl Switchboard {
    /// Somebody in a call does something now.
    pub(super) fn act(&mut self, id: &str, verb: &str, body: &[u8]) -> Result<(), Refusal> {
        self.line(id)?;
        let said = Said::read(body, verb)?;
        let fault = if verb == "fault" { Some(said.fault()?) } else { None };
        let line = self.line(id)?;
        let leg = said.leg()?;
        let is_there = match verb {
            "press" => line.does(leg, PersonAction::Press(said.digits()?)),
            "hang-up" => line.does(leg, PersonAction::HangUp),
            "talk" => line.does(leg, PersonAction::Talk(said.seconds()?)),
            "say" => line.does(leg, PersonAction::Say(said.words()?)),
            "answer" => line.call.pick_up(),
            "decline" => line.call.decline(),
            "update" => line.call.update(said.arguments()?),
            "fault" => true,
            _ => {
                line.call.everybody_hangs_up();
                true
            }
        };
        line.due = Some(Instant::now());
        if let Some(fault) = fault {
            self.go_wrong(id, fault)?;
        }
        if is_there {
            Ok(())
        } else {
            let message = match verb {
                "answer" | "decline" => "nothing rings in this call".to_owned(),
                "update" => "the call cannot be updated: nobody is on the line".to_owned(),
                _ => format!("{} is not on the line", leg.name()),
            };
            Err(Refusal { status: 409, message })
        }
    }

    /// Somebody speaks into a microphone for so long; the moment of the call.
    pub(super) fn speaks(
        &mut self,
        id: &str,
        leg: Tag,
        lasts: Duration,
    ) -> Result<Duration, Refusal> {
        let line = self.line(id)?;
        let is_there = line.does(leg, PersonAction::Talk(lasts));
        line.due = Some(Instant::now());
        let at = line.call.now();
        match is_there {
            true => Ok(at),
            false => {
                let message = format!("{} is not on the line", leg.name());
                Err(Refusal { status: 409, message })
            }
        }
    }

    /// A call in progress, at this moment: what happens now does not happen at the moment of the
    /// last thing that happened.
    fn line(&mut self, id: &str) -> Result<&mut Line, Refusal> {
        if !self.calls.lines.contains_key(id) {
            return Err(match self.calls.ended(id) {
                Some(_) => Refusal { status: 409, message: format!("the call {id} is over") },
                None => no_call(id),
            });
        }
        let line = self.calls.lines.get_mut(id).ok_or_else(|| no_call(id))?;
        line.call.advance(line.began.elapsed());
        Ok(line)
    }

    /// Something goes wrong because somebody wants to see it; each has a mark in the story.
    fn go_wrong(&mut self, id: &str, fault: Fault) -> Result<(), Refusal> {
        let mark = match &fault {
            Fault::Cold => {
                self.functions.forget_calls();
                Some("fault: the next event finds a process that knows nothing of the call")
            }
            Fault::SourceGone(is_gone) => {
                if !self.setup.set_source_gone(*is_gone) {
                    let message = "there are no scripts here whose place could be out of reach; use `moonring dev`";
                    return Err(Refusal { status: 409, message: message.to_owned() });
                }
                self.calls.feed.add_for_all("source", json!({"Gone": is_gone}));
                Some(match is_gone {
                    true => "fault: the place of the scripts is out of reach from now on",
                    false => "the place of the scripts can be reached again",
                })
            }
            _ => None,
        };
        let line = self.line(id)?;
        match fault {
            Fault::ActionFails(error_type) => {
                line.call.go_wrong(NextFault::Action { error_type, action_type: None });
            }
            Fault::Twice => line.call.go_wrong(NextFault::Twice),
            Fault::Late(late) => line.call.be_late(late),
            Fault::Cold | Fault::SourceGone(_) => {}
        }
        if let Some(mark) = mark {
            line.call.remark(mark);
        }
        Ok(())
    }

    /// Keeps a call as a test in the spec of its script.
    pub(super) fn save_test(&mut self, id: &str, body: &[u8]) -> Result<Value, Refusal> {
        let call = self.calls.played(id).ok_or_else(|| no_call(id))?;
        let said = Said::read(body, "save-test")?;
        let name = said.name()?;
        let refused = |message: &str| Refusal { status: 409, message: message.to_owned() };
        if !call.exchange().is_over() {
            return Err(refused("the call goes on; save it when it is over"));
        }
        let is_fault = |happened: &Happened| matches!(happened, Happened::Warns(text) if text.starts_with("fault:"));
        if call.trace().entries.iter().any(|entry| is_fault(&entry.happened)) {
            return Err(refused(
                "a fault was put into this call, which a test cannot repeat; save a call without faults",
            ));
        }
        let scripts = self.functions.scripts();
        let scripts = scripts.ok_or_else(|| refused("no scripts answered this call"))?;
        let start = call.exchange().start();
        let arguments = match &start.direction {
            Direction::Outbound { arguments, .. } => Some(arguments.clone()),
            Direction::Inbound { .. } => None,
        };
        let start = CallStart {
            from: start.from.clone(),
            to: start.to.clone(),
            at_ms: start.at_ms,
            sip_headers: start.sip_headers.clone(),
            arguments,
            failures: Vec::new(),
            failed_at: scripts.failed_at(),
            config: Map::new(),
        };
        let script = scripts.chosen(id).or_else(|| self.setup.script_of(call.trace()));
        let saved = self.setup.save_test(name, call, &start, script.as_deref());
        let path = saved.map_err(|error| refused(&format!("{error:#}")))?;
        let path = path.display().to_string();
        self.printer.talk(&format!(
            "the call is saved as the test `{name}` in {path}; run it with `moonring test {path}`"
        ));
        Ok(json!({"File": path, "Command": format!("moonring test {path}")}))
    }
}

impl Line {
    /// Whether the leg was there to do it.
    fn does(&mut self, leg: Tag, action: PersonAction) -> bool {
        let exchange = self.call.exchange();
        let is_up = exchange.leg(leg).is_some_and(|leg| exchange.is_leg_up(leg));
        if is_up {
            self.call.act(leg, action);
        }
        is_up
    }
}
