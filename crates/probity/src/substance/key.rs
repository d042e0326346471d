//! The key under which spectra count as the same substance.

use serde::{Deserialize, Serialize};

use super::Identity;

/// First block of the InChIKey plus an isotope label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubstanceKey(String);

impl SubstanceKey {
    /// The key of what a record states, if its InChIKey is well formed.
    #[must_use]
    pub fn from_identity(identity: &Identity) -> Option<Self> {
        identity.inchikey.as_deref()?.get(..14).map(|skeleton| Self(skeleton.to_owned()))
    }
}
