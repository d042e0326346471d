//! The key under which spectra count as the same substance.
use serde::{Deserialize, Serialize};
/// First block of the InChIKey plus an isotope label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubstanceKey(String);
