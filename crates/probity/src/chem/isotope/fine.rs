//! Isotope patterns with every isotopologue for itself.

use super::multinomial::{LogPeak, Multinomial};
use crate::chem::formula::Formula;
use crate::error::{Error, Result};
use crate::math;

/// Which isotopologues are listed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FineThreshold {
    /// Those of at least this share of the most probable isotopologue, above 0 and at most 1.
    RelativeToMostProbable(f64),
    /// Those of at least this probability, above 0 and at most 1.
    Absolute(f64),
}

/// How a fine isotope pattern is made.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FineOptions {
    /// Which isotopologues are listed; 0.001 of the most probable one by default.
    pub threshold: FineThreshold,
    /// The largest number of isotopologues, 100,000 by default.
    pub max_isotopologues: usize,
}

impl Default for FineOptions {
    fn default() -> Self {
        Self { threshold: FineThreshold::RelativeToMostProbable(1e-3), max_isotopologues: 100_000 }
    }
}

impl FineOptions {
    /// The same options with another threshold.
    #[must_use]
    pub fn threshold(mut self, threshold: FineThreshold) -> Self {
        self.threshold = threshold;
        self
    }

    /// The same options with another largest number of isotopologues.
    #[must_use]
    pub fn max_isotopologues(mut self, max_isotopologues: usize) -> Self {
        self.max_isotopologues = max_isotopologues;
        self
    }
}

/// One isotopologue: a molecule with stated numbers of every isotope.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FinePeak {
    /// Mass of the neutral atoms in Da.
    pub mass: f64,
    /// The share of all molecules, from 0 to 1.
    pub probability: f64,
}

/// The isotopologues above a threshold, ascending in mass.
#[derive(Debug, Clone, PartialEq)]
pub struct FinePattern {
    peaks: Vec<FinePeak>,
}

impl FinePattern {
    /// The isotopologues of a formula above the threshold of `options`; their probabilities are not
    /// scaled. Complete: a multinomial distribution has one summit, so all its members above a bound
    /// are reached from it by exchanging one isotope for another without leaving them.
    ///
    /// # Errors
    /// `InvalidOption` for a threshold that is not above 0 and at most 1, `LimitReached` if there are
    /// more isotopologues than `options.max_isotopologues`.
    pub fn of(formula: &Formula, options: &FineOptions) -> Result<Self> {
        let (FineThreshold::RelativeToMostProbable(value) | FineThreshold::Absolute(value)) =
            options.threshold;
        // Written so that NaN fails too.
        if !(value > 0.0 && value <= 1.0) {
            return Err(Error::invalid_option(format!(
                "the threshold of an isotope pattern must be above 0 and at most 1, not {value}"
            )));
        }
        let multinomials: Vec<Multinomial> =
            formula.atoms().into_iter().map(|(atom, count)| Multinomial::new(atom, count)).collect();
        let most_probable = multinomials.iter().fold(0.0, |sum, part| sum + part.ln_mode);
        // Relative to the most probable isotopologue, in logarithms. The slack keeps members that lie
        // on the bound from being lost to rounding; the last step compares without it.
        let bound = match options.threshold {
            FineThreshold::RelativeToMostProbable(share) => math::ln(share),
            FineThreshold::Absolute(probability) => math::ln(probability) - most_probable,
        };
        let open_bound = bound - 1e-9;
        let mut found = vec![LogPeak { mass: 0.0, ln_share: 0.0 }];
        for part in &multinomials {
            let members = part.members(open_bound, options.max_isotopologues)?;
            let mut products = Vec::new();
            for peak in &found {
                // Members come in descending order, so the first below the bound ends the row.
                for member in
                    members.iter().take_while(|member| peak.ln_share + member.ln_share >= open_bound)
                {
                    if products.len() >= options.max_isotopologues {
                        return Err(too_many(options.max_isotopologues));
                    }
                    products.push(LogPeak {
                        mass: peak.mass + member.mass,
                        ln_share: peak.ln_share + member.ln_share,
                    });
                }
            }
            found = products;
        }
        found.retain(|peak| peak.ln_share >= bound - 1e-12);
        let mut peaks: Vec<FinePeak> = found
            .iter()
            .map(|peak| FinePeak { mass: peak.mass, probability: math::exp(peak.ln_share + most_probable) })
            .collect();
        peaks.sort_by(|a, b| a.mass.total_cmp(&b.mass).then(b.probability.total_cmp(&a.probability)));
        Ok(Self { peaks })
    }

    /// The isotopologues, ascending in mass.
    #[must_use]
    pub fn peaks(&self) -> &[FinePeak] {
        &self.peaks
    }
}

pub(super) fn too_many(limit: usize) -> Error {
    Error::limit(format!("the isotope pattern has more than {limit} isotopologues above its threshold"))
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chem::isotope::CoarsePattern;

    pub(in crate::chem::isotope) fn golden_cases() -> Vec<serde_json::Value> {
        let text =
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/golden/ms_isotopes.json"));
        let golden: serde_json::Value = serde_json::from_str(text).unwrap();
        let cases = golden["cases"].as_array().unwrap().clone();
        assert_eq!(cases.len(), 6);
        cases
    }

    fn fine(text: &str, threshold: FineThreshold) -> Result<FinePattern> {
        FinePattern::of(&text.parse().unwrap(), &FineOptions::default().threshold(threshold))
    }

    #[test]
    fn golden_fine_patterns_and_masses() {
        for case in golden_cases() {
            let text = case["params"]["formula"].as_str().unwrap();
            let threshold = case["params"]["fine_threshold"].as_f64().unwrap();
            let found = fine(text, FineThreshold::RelativeToMostProbable(threshold)).unwrap();
            let expected = case["expected"]["fine"].as_array().unwrap();
            assert_eq!(found.peaks().len(), expected.len(), "{text}");
            for (peak, expected) in found.peaks().iter().zip(expected) {
                let (mass, probability) = (expected[0].as_f64().unwrap(), expected[1].as_f64().unwrap());
                assert!(
                    (peak.probability - probability).abs() <= 1e-5 * probability + 1e-7,
                    "{text} {peak:?}"
                );
                // OpenMS has its own table of masses; its 18O is 9e-6 Da heavier.
                assert!((peak.mass - mass).abs() <= 2e-5, "{text} {peak:?} {mass}");
            }
            let formula: Formula = text.parse().unwrap();
            let mono = case["expected"]["mono"].as_f64().unwrap();
            assert!((formula.monoisotopic_mass() - mono).abs() <= 5e-6, "{text} {mono}");
            let average = case["expected"]["average"].as_f64().unwrap();
            assert!((formula.average_mass() - average).abs() <= 1e-5 * average, "{text} {average}");
        }
    }

    #[test]
    fn an_absolute_threshold_cuts_at_the_probability() {
        // Chlorine: 0.7576 and 0.2424, so Cl2 has 0.5740, 0.3673, 0.0588.
        for (threshold, count) in [(0.05, 3), (0.06, 2), (0.4, 1), (0.6, 0)] {
            assert_eq!(fine("Cl2", FineThreshold::Absolute(threshold)).unwrap().peaks().len(), count);
        }
        // The most probable isotopologue itself is always at its own bound.
        assert_eq!(fine("Cl2", FineThreshold::RelativeToMostProbable(1.0)).unwrap().peaks().len(), 1);
    }

    #[test]
    fn impossible_thresholds_and_too_many_isotopologues_are_errors() {
        for threshold in [0.0, -1.0, 1.1, f64::NAN] {
            let error = fine("CH4", FineThreshold::Absolute(threshold)).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::InvalidOption);
        }
        let error = fine("Sn100Xe100Hg100", FineThreshold::RelativeToMostProbable(1e-3)).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::LimitReached);
        let few = FineOptions::default().max_isotopologues(2);
        assert!(FinePattern::of(&"Cl2".parse().unwrap(), &few).is_err());
    }

    #[test]
    fn labelled_atoms_are_one_isotopologue() {
        let found = fine("[13C]6D12", FineThreshold::Absolute(1e-9)).unwrap();
        assert_eq!(found.peaks().len(), 1);
        assert!((found.peaks()[0].probability - 1.0).abs() < 1e-12);
    }

    proptest! {
        /// The coarse pattern is computed in another way, so each is the oracle of the other.
        #[test]
        fn isotopologues_add_up_to_the_coarse_pattern(
            carbon in 1_u32..30, oxygen in 0_u32..6, sulfur in 0_u32..3, boron in 0_u32..3, label in 0_u32..4,
        ) {
            let text = [("C", carbon), ("O", oxygen), ("S", sulfur), ("B", boron), ("[15N]", label)]
                .iter().filter(|(_, count)| *count > 0).map(|(symbol, count)| format!("{symbol}{count}")).collect::<String>();
            let found = fine(&text, FineThreshold::Absolute(1e-14)).unwrap();
            for peak in CoarsePattern::of(&text.parse().unwrap()).peaks() {
                let same: f64 = found.peaks().iter()
                    .filter(|fine| (fine.mass - peak.mean_mass).abs() < 0.5).map(|fine| fine.probability).sum();
                prop_assert!((same - peak.probability).abs() < 1e-9, "{text} {peak:?} {same}");
            }
            let total: f64 = found.peaks().iter().map(|peak| peak.probability).sum();
            prop_assert!((total - 1.0).abs() < 1e-9, "{text} {total}");
        }
    }
}
