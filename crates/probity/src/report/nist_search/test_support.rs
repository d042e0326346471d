//! What the tests of this module share.

use super::NistHit;
use crate::library::EntryId;

/// The first hit of the file that MS Search 2.4 wrote for mssearchr.
pub(super) fn undecane() -> NistHit {
    NistHit {
        rank: 1,
        library: "massbank_alkanes".to_owned(),
        id: EntryId(11),
        name: "UNDECANE".to_owned(),
        formula: Some("C11H24".to_owned()),
        match_factor: 951,
        reverse_match_factor: 960,
        matched_peaks: None,
        relative_probability: Some(55.70),
        simple: None,
        mass_difference: None,
        precursor_difference: None,
        charge: None,
        cas_number: None,
        nominal_mass: Some(156),
        exact_mass: Some(156.187_8),
        retention_index: None,
        inchikey: None,
        nist_number: None,
        peaks: 28,
    }
}
