//! What goes wrong because somebody wants to see it.

use super::Call;
use crate::input::NextFault;

impl Call {
    /// From now on the next action, or event, goes wrong; the trace has a mark of it.
    pub(super) fn go_wrong(&mut self, fault: NextFault) {
        match fault {
            NextFault::Action { error_type } => {
                self.lines.warn(format!("fault: the next action fails with {error_type}"));
                self.actions.fail_next(error_type);
            }
            NextFault::Twice => {
                self.lines.warn("fault: the next event is delivered twice");
                self.invocations.twice_next = true;
            }
        }
    }
}
