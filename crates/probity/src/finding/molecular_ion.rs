//! The molecular ion and its isotope pattern against a candidate's formula.

use serde::Serialize;

use super::evidence::{Ion, percent};
use crate::chem::isotope::coarse_pattern;
use crate::library::Entry;
use crate::spectrum::PeakList;

/// How many nominal masses above the molecular ion are looked at: enough for two chlorines or one
/// bromine, as nearly all drugs have at most.
const ISOTOPE_STEPS: usize = 4;

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
        if entry.record().form.keyed_as_parent {
            return None;
        }
        let pattern = coarse_pattern(formula, ISOTOPE_STEPS + 1).ok()?;
        let molecular_mz = f64::from(formula.nominal_mass());
        let (query_base, library_base) = (base_of(query), base_of(library));
        let (query_m, library_m) = (at(query, molecular_mz), at(library, molecular_mz));
        // Of a formula rich in bromine M is not the lightest ion of the pattern, but it is the reference.
        let first = pattern.first()?;
        let offset_of_m = usize::try_from(formula.nominal_mass().checked_sub(first.nominal_mass)?).ok()?;
        let expected_m = pattern.get(offset_of_m)?.probability;
        let isotopes = pattern
            .iter()
            .skip(offset_of_m)
            .map(|isotope| {
                let mz = f64::from(isotope.nominal_mass);
                IsotopeEvidence {
                    mz,
                    expected_percent_of_m: percent(isotope.probability, expected_m),
                    query_percent_of_m: (query_m > 0.0).then(|| percent(at(query, mz), query_m)),
                    library_percent_of_m: (library_m > 0.0).then(|| percent(at(library, mz), library_m)),
                }
            })
            .collect();
        let highest = f64::from(pattern.last()?.nominal_mass);
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
