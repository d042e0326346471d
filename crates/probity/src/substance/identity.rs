//! What a record says of its substance, as published.

use serde::{Deserialize, Serialize};

/// Names, keys and masses as a record states them; nothing here is verified.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// Other names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// Molecular formula as published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// InChIKey as published (27 characters when it is whole).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inchikey: Option<String>,
    /// InChI as published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inchi: Option<String>,
    /// SMILES as published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smiles: Option<String>,
    /// CAS registry numbers as published.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cas_numbers: Vec<String>,
    /// Molecular mass as published, usually nominal (`MW`), in Da.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub molecular_mass: Option<f64>,
    /// Monoisotopic mass as published, in Da.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact_mass: Option<f64>,
    /// The group or class that the source puts the substance in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}
