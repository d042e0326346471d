//! Isotope patterns at unit mass.

use crate::chem::atom::Atom;
use crate::chem::element::Isotope;
use crate::chem::formula::Formula;

/// The mass of 13C less that of 12C in Da: the usual spacing of isotope peaks (AME2012).
pub const CARBON_13_SPACING: f64 = 1.003_354_835_07;

/// Outer peaks below this probability are dropped after each multiplication. There are at most
/// 92 × 28 multiplications that could drop at most 10⁵ peaks each, so less than 10⁻²⁰ is lost in all.
const PRUNING: f64 = 1e-28;

/// All isotopologues of one nominal mass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoarsePeak {
    /// Nominal mass less that of the monoisotopic peak, in Da. Negative where an element has lighter
    /// isotopes than its most abundant one (boron, mercury ...).
    pub offset: i32,
    /// The share of all molecules, from 0 to 1.
    pub probability: f64,
    /// The mean mass of the isotopologues in Da, weighted by probability.
    pub mean_mass: f64,
}

/// The isotope pattern by nominal mass, ascending.
#[derive(Debug, Clone, PartialEq)]
pub struct CoarsePattern {
    peaks: Vec<CoarsePeak>,
    monoisotopic_mass: f64,
}

impl CoarsePattern {
    /// The whole pattern of a formula, by multiplication of the elements' polynomials. Its
    /// probabilities sum to 1; only outer peaks below 10⁻²⁸ are left out.
    #[must_use]
    pub fn of(formula: &Formula) -> Self {
        let mut distribution = Distribution::one();
        for (atom, count) in formula.atoms() {
            distribution = distribution.times(&Distribution::of(atom).to_the(count));
        }
        let nominal = i64::from(formula.nominal_mass());
        let peaks = distribution
            .terms
            .iter()
            .zip(distribution.first..)
            .filter(|(term, _)| term.probability > 0.0)
            .map(|(term, mass_number)| CoarsePeak {
                offset: i32::try_from(mass_number - nominal)
                    .expect("the limits of a formula keep mass numbers in i32"),
                probability: term.probability,
                mean_mass: f64::from(u32::try_from(mass_number).expect("mass numbers are not negative"))
                    + term.excess / term.probability,
            })
            .collect();
        Self { peaks, monoisotopic_mass: formula.monoisotopic_mass() }
    }

    /// The peaks, ascending in nominal mass.
    #[must_use]
    pub fn peaks(&self) -> &[CoarsePeak] {
        &self.peaks
    }

    /// The probability at a nominal mass, given as the difference to the monoisotopic peak in Da.
    #[must_use]
    pub fn probability(&self, offset: i32) -> f64 {
        self.peaks.iter().find(|peak| peak.offset == offset).map_or(0.0, |peak| peak.probability)
    }

    /// The most probable peak; of several the lightest.
    #[must_use]
    pub fn base_peak(&self) -> Option<CoarsePeak> {
        self.peaks
            .iter()
            .copied()
            .reduce(|best, peak| if peak.probability > best.probability { peak } else { best })
    }

    /// The mass in Da that OpenMS's coarse generator gives a peak: the monoisotopic mass and
    /// [`CARBON_13_SPACING`] for each unit of nominal mass. The mean mass is the physical one.
    #[must_use]
    pub fn spaced_mass(&self, peak: &CoarsePeak) -> f64 {
        self.monoisotopic_mass + f64::from(peak.offset) * CARBON_13_SPACING
    }

    /// The peaks of the first `nominal_masses` nominal masses from the lightest on, their
    /// probabilities scaled to sum to 1.
    #[must_use]
    pub fn truncated(&self, nominal_masses: usize) -> Self {
        let first = self.peaks.first().map_or(0, |peak| i64::from(peak.offset));
        let end = first.saturating_add(i64::try_from(nominal_masses).unwrap_or(i64::MAX));
        let mut peaks: Vec<CoarsePeak> =
            self.peaks.iter().copied().take_while(|peak| i64::from(peak.offset) < end).collect();
        let total = peaks.iter().fold(0.0, |sum, peak| sum + peak.probability);
        for peak in &mut peaks {
            peak.probability /= total;
        }
        Self { peaks, monoisotopic_mass: self.monoisotopic_mass }
    }
}

/// One coefficient: a probability and, weighted with it, the mass less the mass number. The small
/// excess instead of the mass keeps the digits.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Term {
    probability: f64,
    excess: f64,
}

/// A polynomial over the mass number.
#[derive(Debug, Clone)]
struct Distribution {
    /// Mass number of the first term.
    first: i64,
    terms: Vec<Term>,
}

impl Distribution {
    /// No atoms.
    fn one() -> Self {
        Self { first: 0, terms: vec![Term { probability: 1.0, excess: 0.0 }] }
    }

    fn of(atom: Atom) -> Self {
        if atom.label().is_some() {
            return Self::of_isotopes([Isotope { abundance: 1.0, ..atom.principal_isotope() }].into_iter());
        }
        Self::of_isotopes(atom.element().natural_isotopes())
    }

    fn of_isotopes(isotopes: impl Iterator<Item = Isotope>) -> Self {
        let mut distribution = Self { first: 0, terms: Vec::new() };
        for Isotope { mass_number, mass, abundance } in isotopes {
            let mass_number = i64::from(mass_number);
            if distribution.terms.is_empty() {
                distribution.first = mass_number;
            }
            let gap =
                usize::try_from(mass_number - distribution.first).expect("isotopes ascend in mass number");
            distribution.terms.resize(gap, Term { probability: 0.0, excess: 0.0 });
            let excess = abundance * (mass - f64::from(i32::try_from(mass_number).unwrap_or(i32::MAX)));
            distribution.terms.push(Term { probability: abundance, excess });
        }
        distribution
    }

    fn times(&self, other: &Self) -> Self {
        let mut terms =
            vec![Term { probability: 0.0, excess: 0.0 }; self.terms.len() + other.terms.len() - 1];
        for (i, a) in self.terms.iter().enumerate().filter(|(_, a)| a.probability > 0.0) {
            for (j, b) in other.terms.iter().enumerate() {
                let term = &mut terms[i + j];
                term.probability += a.probability * b.probability;
                term.excess += a.probability * b.excess + a.excess * b.probability;
            }
        }
        let mut product = Self { first: self.first + other.first, terms };
        product.prune();
        product
    }

    /// By repeated squaring; the order of multiplications depends on the exponent alone.
    fn to_the(&self, mut exponent: u32) -> Self {
        let mut result = Self::one();
        let mut power = self.clone();
        while exponent > 0 {
            if exponent % 2 == 1 {
                result = result.times(&power);
            }
            exponent /= 2;
            if exponent > 0 {
                power = power.times(&power);
            }
        }
        result
    }

    fn prune(&mut self) {
        let is_kept = |term: &Term| term.probability >= PRUNING;
        let (Some(start), Some(last)) =
            (self.terms.iter().position(is_kept), self.terms.iter().rposition(is_kept))
        else {
            return;
        };
        self.terms.truncate(last + 1);
        self.terms.drain(..start);
        self.first += i64::try_from(start).expect("a length in memory fits i64");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pattern(text: &str) -> CoarsePattern {
        CoarsePattern::of(&text.parse().unwrap())
    }

    #[test]
    fn golden_coarse_patterns() {
        for case in super::super::fine::tests::golden_cases() {
            let text = case["params"]["formula"].as_str().unwrap();
            let expected = case["expected"]["coarse"].as_array().unwrap();
            let found = pattern(text).truncated(expected.len());
            assert_eq!(found.peaks().len(), expected.len(), "{text}");
            for (peak, expected) in found.peaks().iter().zip(expected) {
                let (mass, probability) = (expected[0].as_f64().unwrap(), expected[1].as_f64().unwrap());
                let allowed = 1e-5 * probability + 1e-7;
                assert!((peak.probability - probability).abs() <= allowed, "{text} {peak:?} {probability}");
                // OpenMS has its own table of masses; its 18O is 9e-6 Da heavier.
                assert!((found.spaced_mass(peak) - mass).abs() <= 2e-5, "{text} {peak:?} {mass}");
            }
        }
    }

    /// Bromine: 79Br² , 2 · 79Br · 81Br, 81Br² with abundances 0.5069 and 0.4931.
    #[test]
    fn two_bromine_atoms_by_hand() {
        let found = pattern("Br2");
        let (light, heavy) = (78.918_337_6, 80.916_289_7);
        let expected = [
            (0, 0.5069 * 0.5069, 2.0 * light),
            (2, 2.0 * 0.5069 * 0.4931, light + heavy),
            (4, 0.4931 * 0.4931, 2.0 * heavy),
        ];
        assert_eq!(found.peaks().len(), 3);
        for (peak, (offset, probability, mass)) in found.peaks().iter().zip(expected) {
            assert_eq!(peak.offset, offset);
            assert!((peak.probability - probability).abs() < 1e-15);
            assert!((peak.mean_mass - mass).abs() < 1e-9, "{} {mass}", peak.mean_mass);
        }
        assert_eq!(found.base_peak().unwrap().offset, 2);
        assert_eq!(found.probability(1), 0.0);
    }

    #[test]
    fn lighter_isotopes_have_negative_offsets_and_labels_none_at_all() {
        let boron = pattern("B");
        assert_eq!(boron.peaks().iter().map(|peak| peak.offset).collect::<Vec<_>>(), [-1, 0]);
        assert!((boron.probability(-1) - 0.199).abs() < 1e-15);
        let labelled = pattern("[13C]6D12");
        assert_eq!(labelled.peaks().len(), 1);
        assert_eq!(labelled.peaks()[0].probability, 1.0);
        let mass: f64 = 6.0 * 13.003_354_835_07 + 12.0 * 2.014_101_778_12;
        assert!((labelled.peaks()[0].mean_mass - mass).abs() < 1e-9);
    }

    #[test]
    fn the_largest_formulas_are_finished_and_sum_to_1() {
        for text in ["C10000H10000N10000O10000S10000", "Sn10000", "C10000Hg10000Xe10000Cd10000"] {
            let total: f64 = pattern(text).peaks().iter().map(|peak| peak.probability).sum();
            assert!((total - 1.0).abs() < 1e-9, "{text}: {total}");
        }
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_1_and_masses_to_the_average(
            carbon in 0_u32..80, hydrogen in 1_u32..120, chlorine in 0_u32..6, tin in 0_u32..4, label in 0_u32..9,
        ) {
            let text = [("C", carbon), ("H", hydrogen), ("Cl", chlorine), ("Sn", tin), ("D", label)]
                .iter().filter(|(_, count)| *count > 0).map(|(symbol, count)| format!("{symbol}{count}")).collect::<String>();
            let formula: Formula = text.parse().unwrap();
            let pattern = CoarsePattern::of(&formula);
            let total: f64 = pattern.peaks().iter().map(|peak| peak.probability).sum();
            let mean: f64 = pattern.peaks().iter().map(|peak| peak.probability * peak.mean_mass).sum();
            prop_assert!((total - 1.0).abs() < 1e-11, "{total}");
            prop_assert!((mean - formula.average_mass()).abs() < 1e-7, "{mean}");
            prop_assert!(pattern.peaks().iter().is_sorted_by(|a, b| a.offset < b.offset));
        }
    }
}
