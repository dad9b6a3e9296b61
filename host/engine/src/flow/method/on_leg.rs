//! What is done to a leg and needs no more than that leg.

use schemars::JsonSchema;
use serde::Deserialize;

/// What is done to a leg and needs no more to be said.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct OnLeg {
    /// The leg that is recorded. Default: the first leg.
    #[schemars(extend("x-form" = "leg"))]
    pub(crate) leg: Option<String>,
}
