//! The telephone side of a line: what is there, what is wanted, and the changes between the two. The
//! account itself is the state; nothing else is kept.

mod change;
mod plan;
mod plan_error;

pub use change::Change;
pub use plan::{Releases, check_function, plan, tear_down};
pub use plan_error::PlanError;

/// What a line is to have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The name of the SIP media application; its SIP rules are called after it.
    pub name: String,
    /// The ARN of the function, or of its alias.
    pub function: String,
    /// The numbers that lead there.
    pub numbers: Vec<String>,
    /// The ids of applications in other Regions that are tried next, in their order (rules 2 and 3).
    pub backups: Vec<String>,
    /// Whether rules that lead one of the numbers elsewhere are led here, and an application of the
    /// name may be another function's.
    pub takes_over: bool,
    /// Whether the service logs the SIP messages of calls (rule 56); `None` leaves it as it is.
    pub logs_messages: Option<bool>,
    /// Whether numbers that the account lacks are ordered.
    pub orders: bool,
    /// The name that callees see with the numbers; `None` leaves it as it is.
    pub calling_name: Option<String>,
}

/// What an account has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Its SIP media applications.
    pub applications: Vec<Application>,
    /// Its SIP rules.
    pub rules: Vec<SipRule>,
    /// Its numbers.
    pub numbers: Vec<Number>,
}

/// A SIP media application.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The function that it invokes.
    pub function: String,
    /// Whether the service logs its SIP messages.
    pub logs_messages: bool,
}

/// A SIP rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SipRule {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The number, or the host of a Voice Connector, that it is for.
    pub trigger: String,
    /// Whether it does nothing.
    pub is_disabled: bool,
    /// The applications that are tried, the first one first.
    pub applications: Vec<String>,
}

/// A number of the account's inventory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Number {
    /// The number.
    pub number: String,
    /// What it is for: `SipMediaApplicationDialIn` is what a SIP rule needs.
    pub product_type: String,
    /// The name that callees see with it.
    pub calling_name: Option<String>,
}
