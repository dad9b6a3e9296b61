//! One change of a plan, and how people read it.

use std::fmt;

/// What stands for the id of an application that a change before makes.
pub(super) const NEW: &str = "the new application";

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Make a SIP media application.
    CreateApplication {
        /// Its name.
        name: String,
        /// The Region, which is the function's (rule 4).
        region: String,
        /// The function.
        function: String,
    },
    /// Have an application invoke another function.
    Rewire {
        /// The application.
        id: String,
        /// Its name.
        name: String,
        /// What it invokes now.
        from: String,
        /// What it will invoke.
        to: String,
    },
    /// Have the service log the SIP messages of an application, or no longer.
    LogMessages {
        /// The application; `None` stands for the one that this plan makes.
        application: Option<String>,
        /// Whether it does.
        on: bool,
    },
    /// Order a number for SIP media applications. It costs from then on.
    OrderNumber {
        /// The number.
        number: String,
    },
    /// Give a number back. Within seven days it can be restored.
    ReleaseNumber {
        /// The number.
        number: String,
    },
    /// Have callees see a name with a number.
    NameNumber {
        /// The number.
        number: String,
        /// The name.
        name: String,
    },
    /// Have a number be for SIP media applications.
    ChangeProduct {
        /// The number.
        number: String,
        /// What it is for now.
        from: String,
    },
    /// Make a SIP rule.
    CreateRule {
        /// Its name.
        name: String,
        /// The number.
        number: String,
        /// The applications; `None` stands for the one that this plan makes.
        applications: Vec<Option<String>>,
    },
    /// Lead a SIP rule to other applications, and enable it.
    LeadRule {
        /// The rule.
        id: String,
        /// Its name.
        name: String,
        /// Its number.
        number: String,
        /// The applications it leads to now.
        from: Vec<String>,
        /// The applications; `None` stands for the one that this plan makes.
        to: Vec<Option<String>>,
    },
    /// Disable and delete a SIP rule.
    DeleteRule {
        /// The rule.
        id: String,
        /// Its name.
        name: String,
        /// Its number.
        number: String,
    },
    /// Delete an application.
    DeleteApplication {
        /// The application.
        id: String,
        /// Its name.
        name: String,
    },
}

impl Change {
    /// Whether it takes something away.
    pub fn is_removal(&self) -> bool {
        matches!(
            self,
            Self::DeleteRule { .. } | Self::DeleteApplication { .. } | Self::ReleaseNumber { .. }
        )
    }
}

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateApplication { name, region, function } => {
                write!(
                    formatter,
                    "+ SIP media application {name} in {region}, which invokes {function}"
                )
            }
            Self::Rewire { id, name, from, to } => {
                write!(
                    formatter,
                    "~ SIP media application {name} ({id}) invokes {to}, no longer {from}"
                )
            }
            Self::LogMessages { application, on } => {
                let (application, no) =
                    (application.as_deref().unwrap_or(NEW), if *on { "" } else { "no " });
                write!(formatter, "~ {no}SIP messages of {application} are logged")
            }
            Self::OrderNumber { number } => {
                write!(formatter, "+ number {number} is ordered, and costs from now on")
            }
            Self::ReleaseNumber { number } => {
                write!(formatter, "- number {number} is given back")
            }
            Self::NameNumber { number, name } => {
                write!(formatter, "~ callees see {name} with {number}")
            }
            Self::ChangeProduct { number, from } => {
                write!(formatter, "~ {number} is for SIP media applications, no longer {from}")
            }
            Self::CreateRule { name, number, applications } => {
                let to = listed(applications);
                write!(formatter, "+ SIP rule {name}: {number} leads to {to}")
            }
            Self::LeadRule { name, number, from, to, .. } => {
                let to = listed(to);
                let from = from.join(", then ");
                write!(formatter, "~ SIP rule {name}: {number} leads to {to}, no longer {from}")
            }
            Self::DeleteRule { name, number, .. } => {
                write!(formatter, "- SIP rule {name} for {number}")
            }
            Self::DeleteApplication { id, name } => {
                write!(formatter, "- SIP media application {name} ({id})")
            }
        }
    }
}

fn listed(applications: &[Option<String>]) -> String {
    let names = applications.iter().map(|id| id.as_deref().unwrap_or(NEW));
    names.collect::<Vec<_>>().join(", then ")
}
