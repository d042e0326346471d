//! The parts of a mixture's finding: positions among the references become entries by number and name.

use serde::Serialize;

use crate::library::EntryId;
use crate::mixture::detection_limit::TargetVerdict;
use crate::mixture::residual_bands::{ResidualBand, ResidualSide};
use crate::mixture::{MixtureComponent, MixtureTarget};

/// How many entries took part, and why the others did not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct MixtureCounts {
    /// Entries in the library.
    pub entries: usize,
    /// Entries that could be components.
    pub used: usize,
    /// Entries that a condition kept out.
    pub filtered_out: usize,
    /// Entries that were not measured where the sample was.
    pub not_covering: usize,
    /// Entries whose spectrum the recipe cannot prepare.
    pub not_comparable: usize,
}

/// An entry by number and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedEntry {
    /// The entry.
    pub entry_id: EntryId,
    /// Its name.
    pub name: String,
}

/// A component.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComponentPart {
    /// The entry.
    #[serde(flatten)]
    pub entry: NamedEntry,
    /// Its share of the signal of all components, 0 to 1: of spectra, not of masses.
    pub share_of_signal: f64,
    /// The lower end of the 95 % interval of the share, given that the set is right.
    pub share_of_signal_low: f64,
    /// The upper end of that interval.
    pub share_of_signal_high: f64,
    /// How many times its reference is in the sample.
    pub coefficient: f64,
    /// The standard error of the coefficient.
    pub coefficient_standard_error: f64,
    /// By how much the criterion of the best set without it is worse; above 10 is very strong evidence for it, about 0 means
    /// that another set does as well.
    pub criterion_rise_without: f64,
    /// The best set without it: what else the sample could be.
    pub best_set_without: Vec<NamedEntry>,
}

impl ComponentPart {
    /// A component, its positions as entries.
    pub(super) fn of(component: &MixtureComponent, named: impl Fn(usize) -> NamedEntry) -> Self {
        Self {
            entry: named(component.library_position),
            share_of_signal: component.share_of_signal,
            share_of_signal_low: component.share_of_signal_low,
            share_of_signal_high: component.share_of_signal_high,
            coefficient: component.coefficient,
            coefficient_standard_error: component.coefficient_standard_error,
            criterion_rise_without: component.criterion_rise_without,
            best_set_without: component.best_set_without.iter().map(|&place| named(place)).collect(),
        }
    }
}

/// What would have been seen of a substance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetPart {
    /// The entry.
    #[serde(flatten)]
    pub entry: NamedEntry,
    /// What can be said.
    #[serde(flatten)]
    pub verdict: TargetVerdict,
    /// The same as a sentence.
    pub sentence: String,
}

impl TargetPart {
    /// What is said of a target, its position as an entry.
    pub(super) fn of(target: &MixtureTarget, named: impl Fn(usize) -> NamedEntry) -> Self {
        Self {
            entry: named(target.library_position),
            verdict: target.verdict,
            sentence: target.verdict.to_string(),
        }
    }
}

/// A band of the residual, and the component that adds most there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResidualPart {
    /// What it tells.
    pub side: ResidualSide,
    /// The lower end, in cm⁻¹.
    pub low_cm1: f64,
    /// The upper end, in cm⁻¹.
    pub high_cm1: f64,
    /// Where the residual is farthest from 0, in cm⁻¹.
    pub extreme_cm1: f64,
    /// The residual there, sample less fit, in absorbance.
    pub extreme: f64,
    /// Its size in multiples of the noise.
    pub extreme_over_noise: f64,
    /// The component that adds most there; absent if none adds anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<NamedEntry>,
}

impl ResidualPart {
    /// A band, its component's position as an entry.
    pub(super) fn of(band: &ResidualBand, named: impl Fn(usize) -> NamedEntry) -> Self {
        Self {
            side: band.side,
            low_cm1: band.low_cm1,
            high_cm1: band.high_cm1,
            extreme_cm1: band.extreme_cm1,
            extreme: band.extreme,
            extreme_over_noise: band.extreme_over_noise,
            component: band.strongest_component.map(named),
        }
    }
}
