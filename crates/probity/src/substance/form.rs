//! The form in which a substance was measured.

use serde::{Deserialize, Serialize};

/// What was in the instrument, where it is not simply the substance itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    /// The derivative whose spectrum this is, as published: `2 TMS`, `TFA`. The keys and the formula of
    /// such a record are usually the parent's, the spectrum is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub derivative: Option<String>,
}
