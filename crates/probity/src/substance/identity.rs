//! What a record says of its substance, as published.

use serde::{Deserialize, Serialize};

use crate::chem::Formula;

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

impl Identity {
    /// The nominal mass of the stated molecular mass, in Da, else of the formula: a query states what the analyst believes, which
    /// may have no formula.
    #[must_use]
    pub fn nominal_mass(&self) -> Option<u32> {
        let stated = self.molecular_mass.map(f64::round).filter(|mass| (1.0..1e6).contains(mass));
        // Whole and within range, so the cast is exact.
        stated.map(|mass| mass as u32).or_else(|| {
            let formula: Formula = self.formula.as_deref()?.parse().ok()?;
            Some(formula.nominal_mass())
        })
    }
}
