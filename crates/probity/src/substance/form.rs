//! The form in which a substance was measured.

use serde::{Deserialize, Serialize};

/// What was in the instrument, where it is not simply the substance itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    /// The derivative whose spectrum this is, as published: `2 TMS`, `TFA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub derivative: Option<String>,
    /// Whether the record's key and formula are the parent's although the spectrum is the derivative's.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub keyed_as_parent: bool,
}
