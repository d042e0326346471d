//! The masses of a formula.

use super::Formula;
use crate::chem::ELECTRON_MASS;
use crate::chem::atom::Atom;

impl Formula {
    /// The monoisotopic mass in Da: every atom is the most abundant isotope of its element (IUPAC
    /// 2013, term 57), a labelled atom its stated isotope. Sum over all components, of the neutral
    /// atoms whatever the charge; [`Formula::ion_mz`] accounts for the electrons.
    #[must_use]
    pub fn monoisotopic_mass(&self) -> f64 {
        self.sum(|atom| atom.principal_isotope().mass)
    }

    /// The average mass in Da: natural mixtures count with their mean mass, labelled atoms with that
    /// of their isotope. Of the neutral atoms whatever the charge.
    #[must_use]
    pub fn average_mass(&self) -> f64 {
        self.sum(Atom::average_mass)
    }

    /// The m/z of the monoisotopic ion, with the mass of the electrons lost or gained; `None` if the
    /// formula is uncharged.
    #[must_use]
    pub fn ion_mz(&self) -> Option<f64> {
        let charge = self.charge();
        (charge != 0).then(|| {
            let charge = f64::from(charge);
            (self.monoisotopic_mass() - charge * ELECTRON_MASS) / charge.abs()
        })
    }

    /// The nominal mass in Da: the mass numbers of the most abundant isotopes, summed.
    #[must_use]
    pub fn nominal_mass(&self) -> u32 {
        self.sum_numbers(|atom| atom.principal_isotope().mass_number)
    }

    /// The nominal mass in Da of the molecule made of the lightest natural isotopes. It differs from
    /// [`Formula::nominal_mass`] for a few elements (boron, iron, platinum, mercury ...).
    #[must_use]
    pub fn lightest_nominal_mass(&self) -> u32 {
        self.sum_numbers(|atom| atom.lightest_isotope().mass_number)
    }

    /// Summed in ascending order of atomic number, natural atoms before labelled ones.
    fn sum(&self, mass: impl Fn(Atom) -> f64) -> f64 {
        self.atoms().into_iter().fold(0.0, |sum, (atom, count)| sum + f64::from(count) * mass(atom))
    }

    fn sum_numbers(&self, mass_number: impl Fn(Atom) -> u16) -> u32 {
        self.atoms().into_iter().map(|(atom, count)| count * u32::from(mass_number(atom))).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formula(text: &str) -> Formula {
        text.parse().unwrap()
    }

    /// Expected values: 17 × 12 + 21 × 1.00782503223 + 14.00307400443 + 4 × 15.99491461957 and so on,
    /// added by hand from the table's source.
    #[test]
    fn monoisotopic_masses_by_hand() {
        for (text, mass) in [
            ("H2O", 18.010_564_684_03),
            ("C17H21NO4", 303.147_058_159_54),
            ("C17H18D3NO4", 303.147_058_159_54 + 3.0 * (2.014_101_778_12 - 1.007_825_032_23)),
            ("C17H21NO4.HCl", 303.147_058_159_54 + 1.007_825_032_23 + 34.968_852_682),
            ("[13C]", 13.003_354_835_07),
        ] {
            let found = formula(text).monoisotopic_mass();
            assert!((found - mass).abs() < 1e-9, "{text}: {found} instead of {mass}");
        }
    }

    #[test]
    fn an_ion_lacks_or_has_the_electrons() {
        // Proton: 1.007 825 032 23 − 0.000 548 579 909 07 = 1.007 276 452 32 (CODATA: 1.007 276 466 6,
        // which is the mass in vacuum without the 13.6 eV of binding, 1.5e-8 Da).
        let proton = formula("H+").ion_mz().unwrap();
        assert!((proton - 1.007_276_452_32).abs() < 1e-11, "{proton}");
        let chloride = formula("Cl-").ion_mz().unwrap();
        assert!((chloride - (34.968_852_682 + 0.000_548_579_909_07)).abs() < 1e-11, "{chloride}");
        let sulfate = formula("[O4S]2-").ion_mz().unwrap();
        assert!((sulfate - (95.951_729_652_68 / 2.0 + 0.000_548_579_909_07)).abs() < 1e-9, "{sulfate}");
        assert_eq!(formula("H2O").ion_mz(), None);
    }

    #[test]
    fn nominal_masses_follow_the_principal_and_the_lightest_isotope() {
        let both = |text| (formula(text).nominal_mass(), formula(text).lightest_nominal_mass());
        assert_eq!(both("C17H21NO4"), (303, 303));
        assert_eq!(both("C17H18D3NO4"), (306, 306));
        assert_eq!(both("C8H10BrNO2"), (231, 231));
        // Boron 11 and 10, mercury 202 and 196.
        assert_eq!(both("BH3O3"), (62, 61));
        assert_eq!(both("HgCl2"), (272, 266));
        // Nominal mass is not the rounded exact mass in large molecules: 40 × 12 + 82 = 562, 562.64.
        assert_eq!(both("C40H82"), (562, 562));
    }

    #[test]
    fn average_mass_of_caffeine() {
        // IUPAC conventional weights: 8 × 12.011 + 10 × 1.008 + 4 × 14.007 + 2 × 15.999 = 194.194.
        assert!((formula("C8H10N4O2").average_mass() - 194.194).abs() < 5e-3);
        // A label has no mixture.
        assert_eq!(formula("D").average_mass(), 2.014_101_778_12);
    }

    /// RDKit's exact masses, as the substance table carries them with five decimals.
    #[test]
    #[ignore = "needs PROBITY_DATA"]
    fn masses_of_the_substance_table() {
        let mut rows = crate::chem::data_test::substances();
        // A few rows of the table state no mass.
        rows.retain(|row| !row["monoisotopic_mass"].is_empty());
        assert!(rows.len() > 1_200, "only {} rows", rows.len());
        for row in &rows {
            let expected: f64 = row["monoisotopic_mass"].parse().unwrap();
            let found = formula(&row["formula"]).monoisotopic_mass();
            assert!((found - expected).abs() <= 2e-5, "{}: {found} instead of {expected}", row["name"]);
        }
    }

    /// SWGDRUG states a nominal mass (`MW`) for each entry. It is that of the most abundant isotopes: its
    /// mercury salts have 202Hg.
    #[test]
    #[ignore = "needs PROBITY_DATA"]
    fn nominal_masses_of_the_swgdrug_library() {
        let mut differing = Vec::new();
        let records = crate::chem::data_test::library("ei_reference_swgdrug.msp.gz");
        for record in &records {
            let (Some(text), Some(stated)) = (record.get("Formula"), record.get("MW")) else { continue };
            let found = formula(text).nominal_mass();
            if stated.parse() != Ok(found) {
                differing.push(format!("{} {text}: {found}, stated {stated}", record["Name"]));
            }
        }
        assert!(records.len() > 3_000);
        assert!(differing.is_empty(), "{} differ: {differing:#?}", differing.len());
    }
}
