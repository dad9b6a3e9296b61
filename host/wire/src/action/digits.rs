//! A key of the telephone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One key: `0` to `9`, `#` or `*`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("enum" = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "#", "*"]))]
pub struct DigitKey(pub String);
