//! The molecular ion and its isotope pattern against a candidate's formula.

use serde::Serialize;

use super::evidence::{Ion, percent};
use crate::chem::CoarsePattern;
use crate::library::Entry;
use crate::spectrum::PeakList;

/// How many nominal masses above the molecular ion are looked at: enough for two chlorines or one
/// bromine, as nearly all drugs have at most.
const ISOTOPE_STEPS: i32 = 4;

/// Formulas above this nominal mass have no molecular ion in a unit-mass spectrum of a volatile
/// substance, and their isotope patterns can take long.
const HIGHEST_MASS: u32 = 2_000;

/// An isotope of the molecular ion is expected from this share of M on, in percent.
const EXPECTED_ISOTOPE_PERCENT: f64 = 0.5;

/// Ions above the isotope pattern count as evidence against the formula from this share of the base
/// peak on, in percent; below it is where noise and background are.
const FOREIGN_ION_PERCENT: f64 = 1.0;

/// One nominal mass of the molecular ion's isotope pattern.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct IsotopeEvidence {
    /// Nominal m/z.
    pub mz: f64,
    /// Expected from the formula, in percent of the molecular ion M.
    pub expected_percent_of_m: f64,
    /// Seen in the query, in percent of its ion at M; absent if the query has none there.
    pub query_percent_of_m: Option<f64>,
    /// Seen in the library entry, in percent of its ion at M; absent if the entry has none there.
    pub library_percent_of_m: Option<f64>,
}

/// What unit-mass spectra show of the molecular ion that a candidate's formula asks for. A weak or
/// missing molecular ion is normal for many substances; one where the library entry has it strong is
/// not, and ions above it that the formula cannot give speak against the candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MolecularIonEvidence {
    /// The formula.
    pub formula: String,
    /// Nominal m/z of M⁺· of the most abundant isotopes.
    pub mz: f64,
    /// The query's ion there, in percent of its base peak; 0 if there is none.
    pub query_relative_intensity: f64,
    /// The library entry's ion there, in percent of its base peak; 0 if there is none.
    pub library_relative_intensity: f64,
    /// The isotope pattern from M on.
    pub isotopes: Vec<IsotopeEvidence>,
    /// Ions of the query above the pattern, from 1 % of the base peak on: the formula cannot give them.
    pub query_ions_above: Vec<Ion>,
}

impl MolecularIonEvidence {
    /// Looks at two unit-mass spectra. `None` without a readable formula, and for a derivative that is
    /// keyed as its parent, whose formula says nothing of the ions.
    #[must_use]
    pub fn new(entry: &Entry, query: &PeakList, library: &PeakList) -> Option<Self> {
        let formula = entry.formula()?;
        if entry.keyed_as_parent() {
            return None;
        }
        let molecular_mass = formula.nominal_mass();
        if molecular_mass > HIGHEST_MASS {
            return None;
        }
        let pattern = CoarsePattern::of(formula);
        let molecular_mz = f64::from(molecular_mass);
        let (query_base, library_base) = (base_of(query), base_of(library));
        let (query_m, library_m) = (at(query, molecular_mz), at(library, molecular_mz));
        // Offset 0 is M itself, of the most abundant isotopes.
        let expected_m = pattern.probability(0);
        let isotopes = (0..=ISOTOPE_STEPS)
            .map(|offset| {
                let mz = molecular_mz + f64::from(offset);
                IsotopeEvidence {
                    mz,
                    expected_percent_of_m: percent(pattern.probability(offset), expected_m),
                    query_percent_of_m: (query_m > 0.0).then(|| percent(at(query, mz), query_m)),
                    library_percent_of_m: (library_m > 0.0).then(|| percent(at(library, mz), library_m)),
                }
            })
            .collect();
        let highest = molecular_mz + f64::from(highest_offset(&pattern, expected_m));
        let query_ions_above = query
            .iter()
            .filter(|peak| peak.mz > highest)
            .map(|peak| Ion { mz: peak.mz, relative_intensity: percent(peak.intensity, query_base) })
            .filter(|ion| ion.relative_intensity >= FOREIGN_ION_PERCENT)
            .collect();
        Some(Self {
            formula: formula.to_string(),
            mz: molecular_mz,
            query_relative_intensity: percent(query_m, query_base),
            library_relative_intensity: percent(library_m, library_base),
            isotopes,
            query_ions_above,
        })
    }
}

/// The last nominal mass of the pattern that is strong enough to be seen, above M, at least 2: a
/// spectrum of unit mass can show a trace of the next mass.
fn highest_offset(pattern: &CoarsePattern, expected_m: f64) -> i32 {
    pattern
        .peaks()
        .iter()
        .filter(|peak| percent(peak.probability, expected_m) >= EXPECTED_ISOTOPE_PERCENT)
        .map(|peak| peak.offset)
        .fold(2, i32::max)
}

fn base_of(peaks: &PeakList) -> f64 {
    peaks.base_peak().map_or(0.0, |peak| peak.intensity)
}

/// The intensity at a whole m/z of a unit-mass spectrum; 0 if there is no peak.
fn at(peaks: &PeakList, mz: f64) -> f64 {
    peaks
        .mz()
        .binary_search_by(|candidate| candidate.total_cmp(&mz))
        .map_or(0.0, |index| peaks.intensity()[index])
}
