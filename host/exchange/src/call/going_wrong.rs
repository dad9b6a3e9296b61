//! What goes wrong because somebody wants to see it.

use super::Call;
use crate::input::NextFault;
use crate::next_failure::NextFailure;

impl Call {
    /// From now on the next action, or event, goes wrong; the trace has a mark of it.
    pub(super) fn go_wrong(&mut self, fault: NextFault) {
        match fault {
            NextFault::Action { error_type, action_type } => {
                let what = action_type.as_deref().unwrap_or("action");
                self.lines.warn(format!("fault: the next {what} fails with {error_type}"));
                self.actions.fail_next(NextFailure { error_type, action_type });
            }
            NextFault::Twice => {
                self.lines.warn("fault: the next event is delivered twice");
                self.invocations.twice_next = true;
            }
        }
    }
}
