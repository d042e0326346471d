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
    /// The formula; of a salt, that of its organic part.
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
        let stated = entry.formula()?;
        // Never the salt is ionized, but the molecule that evaporates.
        let organic = stated.largest_organic_component();
        let formula = organic.as_ref().unwrap_or(stated);
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

#[cfg(test)]
mod tests {
    use super::super::test_support::{derivative, library, record};
    use super::*;
    use crate::format::Record;

    fn evidence(record: Record, query: &[(f64, f64)]) -> Option<MolecularIonEvidence> {
        let library = library(vec![record]);
        let entry = library.at(0).unwrap();
        let (mz, intensity) = query.iter().copied().unzip();
        let reference = &entry.record().spectrum.as_mass().unwrap().peaks;
        MolecularIonEvidence::new(entry, &PeakList::try_new(mz, intensity).unwrap(), reference)
    }

    #[test]
    fn cocaine_has_its_molecular_ion_at_303() {
        // 17 · 12 + 21 · 1 + 14 + 4 · 16 = 303.
        let peaks = [(82.0, 1_000.0), (182.0, 800.0), (303.0, 200.0)];
        let query = [(82.0, 500.0), (182.0, 400.0), (303.0, 50.0), (304.0, 10.0), (320.0, 5.0), (330.0, 4.0)];
        let found = evidence(record("Cocaine", "", "C17H21NO4", &peaks), &query).unwrap();
        assert_eq!(found.mz, 303.0);
        assert_eq!(found.query_relative_intensity, 10.0);
        assert_eq!(found.library_relative_intensity, 20.0);
        assert_eq!(found.isotopes[1].mz, 304.0);
        assert_eq!(found.isotopes[1].query_percent_of_m, Some(20.0));
        assert_eq!(found.isotopes[1].library_percent_of_m, Some(0.0));
        // 5 of 500 is 1 % and counts, 4 of 500 does not.
        assert_eq!(found.query_ions_above, [Ion { mz: 320.0, relative_intensity: 1.0 }]);
        // The hydrochloride evaporates as the base.
        let salt = evidence(record("Cocaine HCl", "", "C17H21NO4.HCl", &peaks), &query).unwrap();
        assert_eq!((salt.mz, salt.formula.as_str()), (303.0, "C17H21NO4"));
    }

    #[test]
    fn chlorine_and_bromine_show_two_masses_above() {
        // Without hydrogen and carbon the ratio of the two isotopes is all there is at M + 2:
        // 0.2424/0.7576 for chlorine, 0.4931/0.5069 for bromine (IUPAC), fluorine has one isotope.
        for (formula, mz, expected) in [("ClF", 54.0, 31.996), ("BrF", 98.0, 97.278)] {
            let found = evidence(record("halogen", "", formula, &[(mz, 10.0)]), &[(mz, 10.0)]).unwrap();
            assert_eq!(found.mz, mz);
            let found = found.isotopes[2].expected_percent_of_m;
            assert!((found - expected).abs() < 0.05, "{formula}: {found}");
        }
    }

    #[test]
    fn a_formula_that_is_not_the_ions_says_nothing() {
        let urea = record("Urea", "", "CH4N2O", &[(147.0, 10.0)]);
        assert!(evidence(derivative(urea.clone(), "2 TMS"), &[(147.0, 10.0)]).is_none());
        assert!(evidence(urea, &[(147.0, 10.0)]).is_some());
        assert!(evidence(record("unknown", "", "", &[(147.0, 10.0)]), &[(147.0, 10.0)]).is_none());
    }
}
