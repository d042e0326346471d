//! Adducts: what a molecule gained, lost or shared to become the observed ion.

mod parse;
mod text;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ELECTRON_MASS;
use super::atom::Atom;

/// An ion type such as `[M+H]+`, `[2M+Na]+` or `[M-H2O+H]+`.
///
/// Read with `parse`: brackets, a multiplicity before M, terms with a number and a formula (`+2H`,
/// `-C6H12O6`) or a usual abbreviation (ACN, FA, HAc, OAc, TFA, MeOH, IsoProp, DMSO), and the charge
/// as `+`, `2+`, `++` or `+2`, with or without a radical mark (`+.`, `+•`, `.+`). Bare `M+`, `M-` and `M+.` are
/// accepted too; other texts without brackets do not state their charge and are refused.
///
/// Adducts are equal if multiplicity, net gain and charge are: `[M+HCOO]-`, `[M+HCO2]-` and
/// `[M+HCOOH-H]-` are one, as are `[M+2H]2+` and `[M+2H]++`, `[M+NH4]+` and `[M+NH3+H]+`, `[M]+` and
/// `[M]+.` (a radical mark changes no mass). `[M+2H]+` is taken at its word: two hydrogens, one charge.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Adduct {
    /// How many molecules, at least 1.
    multiplicity: u32,
    /// Atoms gained (positive) or lost; none is 0.
    net: BTreeMap<Atom, i32>,
    /// Elementary charges with their sign; not 0.
    charge: i32,
}

impl Adduct {
    /// How many molecules the ion contains.
    #[must_use]
    pub fn multiplicity(&self) -> u32 {
        self.multiplicity
    }

    /// The charge with its sign; never 0.
    #[must_use]
    pub fn charge(&self) -> i32 {
        self.charge
    }

    /// Atoms gained (positive) or lost (negative), per ion.
    #[must_use]
    pub fn net_atoms(&self) -> &BTreeMap<Atom, i32> {
        &self.net
    }

    /// What the ion weighs more than its molecules, in Da: the monoisotopic masses of the atoms
    /// gained less those lost, less the electrons lost (or plus those gained).
    #[must_use]
    pub fn mass_shift(&self) -> f64 {
        let atoms = self
            .net
            .iter()
            .fold(0.0, |sum, (atom, &count)| sum + f64::from(count) * atom.principal_isotope().mass);
        atoms - f64::from(self.charge) * ELECTRON_MASS
    }

    /// The m/z of the ion of molecules with the given monoisotopic mass in Da (of the neutral atoms,
    /// as [`super::Formula::monoisotopic_mass`] gives it).
    #[must_use]
    pub fn mz(&self, neutral_mass: f64) -> f64 {
        (f64::from(self.multiplicity) * neutral_mass + self.mass_shift()) / f64::from(self.charge).abs()
    }

    /// The monoisotopic mass in Da of one molecule whose ion has the given m/z.
    #[must_use]
    pub fn neutral_mass(&self, mz: f64) -> f64 {
        (mz * f64::from(self.charge).abs() - self.mass_shift()) / f64::from(self.multiplicity)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chem::Formula;

    /// The adduct table of the Fiehn laboratory (after Huang et al., J. Am. Soc. Mass Spectrom. 10,
    /// 1166, 1999): mass shift per charge, as far as its digits go. Two rows that forget the electron are
    /// left out: isopropanol (61.06534 there) and `[M-H2O-H]-` (-19.01839).
    #[test]
    fn mass_shifts_agree_with_the_published_table() {
        for (text, shift) in [
            ("[M+H]+", 1.007_276),
            ("[M+Na]+", 22.989_218),
            ("[M+K]+", 38.963_158),
            ("[M+NH4]+", 18.033_823),
            ("[M+2H]2+", 1.007_276),
            ("[M+3H]3+", 1.007_276),
            ("[M+H+Na]2+", 11.998_247),
            ("[M+ACN+H]+", 42.033_823),
            ("[M+CH3OH+H]+", 33.033_489),
            ("[M+2Na-H]+", 44.971_160),
            ("[M+DMSO+H]+", 79.021_22),
            ("[M-H]-", -1.007_276),
            ("[M-2H]2-", -1.007_276),
            ("[M+Cl]-", 34.969_402),
            ("[M+FA-H]-", 44.998_201),
            ("[M+Hac-H]-", 59.013_851),
            ("[M+TFA-H]-", 112.985_586),
            ("[M+Br]-", 78.918_885),
        ] {
            let adduct: Adduct = text.parse().unwrap();
            let found = adduct.mz(0.0);
            assert!((found - shift).abs() < 2e-5, "{text}: {found} instead of {shift}");
        }
    }

    #[test]
    fn ions_of_known_substances() {
        // Cocaine C17H21NO4, M = 303.147058; [M+H]+ 304.154335, [2M+H]+ 607.301393, [M+2H]2+ 152.580806.
        let mass = 303.147_058;
        for (text, mz) in [("[M+H]+", 304.154_335), ("[2M+H]+", 607.301_393), ("[M+2H]2+", 152.580_806)] {
            let found = text.parse::<Adduct>().unwrap().mz(mass);
            assert!((found - mz).abs() < 2e-6, "{text}: {found}");
        }
        // A quaternary cation is weighed with its atoms; its ion lacks one electron.
        let cation: Formula = "C19H42N+".parse().unwrap();
        let found = "[M]+".parse::<Adduct>().unwrap().mz(cation.monoisotopic_mass());
        assert_eq!(Some(found), cation.ion_mz());
    }

    /// Every ion type and formula of a public library is read, and the stated precursors fit them.
    /// A few precursors are rounded, or another isotope peak than the monoisotopic one.
    #[test]
    #[ignore = "needs PROBITY_DATA"]
    fn precursors_of_the_msms_library() {
        let records = crate::chem::data_test::library("msms_reference.msp.gz");
        assert!(records.len() > 50_000, "only {} records", records.len());
        let (mut compared, mut fitting) = (0_u32, 0_u32);
        for record in &records {
            let formula = record.get("Formula").map(|text| text.parse::<Formula>());
            let adduct = record.get("Precursor_type").map(|text| text.parse::<Adduct>());
            let name = &record["Name"];
            if let (Some(formula), Some(adduct)) = (formula, adduct) {
                let formula = formula.unwrap_or_else(|error| panic!("{name}: {error}"));
                let adduct = adduct.unwrap_or_else(|error| panic!("{name}: {error}"));
                let stated = record.get("PrecursorMZ").and_then(|text| text.parse::<f64>().ok());
                let Some(stated) = stated else { continue };
                compared += 1;
                fitting += u32::from((adduct.mz(formula.monoisotopic_mass()) - stated).abs() < 0.01);
            }
        }
        assert!(fitting * 100 > compared * 98, "{fitting} of {compared}");
    }

    proptest! {
        #[test]
        fn mz_and_neutral_mass_are_inverse(
            index in 0_usize..6, mass in 50.0_f64..2000.0,
        ) {
            let text = ["[M+H]+", "[2M+Na]+", "[M-2H]2-", "[M-H2O+H]+", "[3M+2H]2+", "[M+HCOO]-"][index];
            let adduct: Adduct = text.parse().unwrap();
            prop_assert!((adduct.neutral_mass(adduct.mz(mass)) - mass).abs() < 1e-9);
        }
    }
}
