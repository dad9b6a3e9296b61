//! Why there is no plan, told to an operator: what stands, and what to do.

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The function's ARN is none.
    #[error(
        "`{0}` is no ARN of a function; wanted arn:aws:lambda:REGION:ACCOUNT:function:NAME, with :ALIAS behind it"
    )]
    NoFunction(String),
    /// A number is not the account's.
    #[error("{number} is not among the account's numbers{hint}; --order orders it")]
    NoNumber {
        /// The number.
        number: String,
        /// The nearest one, as a sentence; empty where none is near.
        hint: String,
    },
    /// A SIP rule leads a number elsewhere.
    #[error(
        "the SIP rule {rule} leads {number} to another application, {application}; `moonring provision adopt --application {application}` has that one invoke your function, and --take-over leads the SIP rule here"
    )]
    LedElsewhere {
        /// The rule.
        rule: String,
        /// The number.
        number: String,
        /// Where it leads.
        application: String,
    },
    /// The service would not take the name.
    #[error(
        "`{0}` is no name for an application; wanted letters, digits, spaces, _, . and -, at most 200 of them"
    )]
    NoName(String),
    /// The application of the name belongs to another function.
    #[error(
        "the SIP media application {name} ({id}) invokes another function, {function}; `moonring provision adopt --application {id}` has it invoke yours and says how to go back; --take-over does it here"
    )]
    OtherFunction {
        /// The name.
        name: String,
        /// Its id.
        id: String,
        /// What it invokes.
        function: String,
    },
    /// A SIP rule of somebody else leads to the application too.
    #[error(
        "the SIP rule {rule} for {number} has the application as a backup; lead that SIP rule elsewhere first"
    )]
    StillUsed {
        /// The rule.
        rule: String,
        /// What it is for.
        number: String,
    },
    /// An application is its own backup.
    #[error("the application {0} cannot be its own backup; give --backup one in another Region")]
    OwnBackup(String),
    /// Several applications have the name.
    #[error("{count} SIP media applications are called {name}; give --name another name")]
    Ambiguous {
        /// The name.
        name: String,
        /// How many.
        count: usize,
    },
}
