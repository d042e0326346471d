//! The identity of matter: elements, formulas, isotope patterns, adducts, InChIKeys and CAS numbers.

mod adduct;
mod atom;
mod cas;
#[cfg(test)]
pub(crate) mod data_test;
mod element;
mod formula;
mod inchikey;
mod isotope;

pub use adduct::Adduct;
pub use atom::Atom;
pub use cas::CasNumber;
pub use element::{Element, Isotope};
pub use formula::Formula;
pub use inchikey::{InChIKey, InChIKeySkeleton};
pub use isotope::{
    CARBON_13_SPACING, CoarsePattern, CoarsePeak, FineOptions, FinePattern, FinePeak, FineThreshold,
};

/// Mass of the electron in Da (CODATA 2018: 5.485 799 090 65(16) × 10⁻⁴ u).
pub const ELECTRON_MASS: f64 = 5.485_799_090_65e-4;

/// The beginning of a text in quotation marks, for messages: at most 60 characters.
pub(crate) fn quoted(text: &str) -> String {
    let mut beginning: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() {
        beginning.push('…');
    }
    format!("\"{beginning}\"")
}
