//! A DTMF digit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One digit: `0` to `9`, `#` or `*`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("enum" = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "#", "*"]))]
pub struct DigitKey(pub String);
