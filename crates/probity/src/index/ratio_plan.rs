//! Bounds of ratio terms: how alike the ratios of neighbouring common peaks of two spectra are.
//!
//! A pair of peaks adds min(r, 1/r), r = ((q₂/q₁) / (l₂/l₁))ᵖ with the values q of the query and l of the library's
//! spectrum: what weighs a peak by its m/z cancels. With the levels' edges evenly spaced on a logarithmic scale, L apart,
//! and both levels above 1, ln (l₂/l₁) lies within L of d L, d being the difference of the levels. So |ln r| is at least
//! p (|ln (q₂/q₁) − d L| − L), and the pair adds no more than that allows. A level of 1 has no lower edge: the pair
//! counts as 1.
//!
//! Which pairs are neighbours depends on peaks that only one of the spectra has. *Certain* pairs are neighbours
//! wherever both peaks are common; of the others some may be. Their mean, weighted by w, is T + Σ w (u − T) / Σ w for any
//! T, u being what each adds. With T at most the mean, it does not fall if the others that are below T are left out of
//! the sum, and all others out of the divisor: it is at most T, or the sum over the certain ones of w u and over the
//! others of w max(u − T, 0), divided by the weights of the certain ones. Weights and sums are whole numbers, rounded
//! down in the divisor and up in the sum.

use super::level_edges::LevelEdges;
use crate::math;

/// What rounding can take from a difference of logarithms, of which none is above 1,500.
const LOGARITHM_SLACK: f64 = 1e-9;

/// T: about what the ratios of unrelated spectra are bounded by on average.
const USUAL_RATIO: f64 = 0.6;

/// A pair of the query's peaks that may be neighbours among the common peaks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RatioPair {
    /// m/z and value of both peaks.
    pub(crate) first: (u32, f64),
    pub(crate) second: (u32, f64),
    /// Whether they are neighbours wherever both are common.
    pub(crate) is_certain: bool,
    /// The weight in the mean.
    pub(crate) weight: f64,
}

/// What a query adds for pairs of columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RatioPlan {
    pub(crate) pairs: Vec<PlannedPair>,
}

/// One pair in whole numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlannedPair {
    /// m/z of both columns.
    pub(crate) first: u32,
    pub(crate) second: u32,
    /// As in [`LevelPair`](probity_kernels::LevelPair).
    pub(crate) bounds: [u8; 32],
    pub(crate) unknown: u8,
    pub(crate) weight: u8,
}

impl RatioPlan {
    /// The plan for some pairs; `power` is p. `None` if the edges are not evenly spaced.
    pub(crate) fn of(pairs: &[RatioPair], power: f64, edges: &LevelEdges) -> Option<Self> {
        let step = edges.step()?;
        let (total, largest) = pairs
            .iter()
            .fold((0.0, 0.0), |(sum, largest), pair| (sum + pair.weight, f64::max(largest, pair.weight)));
        // No weight above 255 and, each rounded up, no sum above 65,535.
        let room = f64::from(u16::MAX) - pairs.len() as f64;
        let scale = (255.0 / largest).min(room / total);
        if !(scale.is_finite() && room > 0.0) {
            return None;
        }
        let planned = |pair: &RatioPair| {
            let weight = pair.weight * scale;
            let not_counted = if pair.is_certain { 0.0 } else { USUAL_RATIO };
            // From 0 to 255: the casts are exact.
            let up = |share: f64| (weight * (share - not_counted).max(0.0)).ceil().clamp(0.0, 255.0) as u8;
            let query = math::ln(pair.second.1 / pair.first.1);
            let bounds = std::array::from_fn(|place| {
                let library = (place as f64 - 16.0) * step;
                let apart = (query - library).abs() - step - LOGARITHM_SLACK;
                up(math::exp(-power * apart.max(0.0)) * (1.0 + LOGARITHM_SLACK))
            });
            let weight = if pair.is_certain { weight.floor().clamp(0.0, 255.0) as u8 } else { 0 };
            PlannedPair { first: pair.first.0, second: pair.second.0, bounds, unknown: up(1.0), weight }
        };
        Some(Self { pairs: pairs.iter().map(planned).collect() })
    }

    /// The weight of the first pair.
    pub(crate) fn first_weight(&self) -> f64 {
        self.pairs.first().map_or(0.0, |pair| f64::from(pair.weight))
    }

    /// The mean ratio is at most this, with the sums of a row's pairs in the plan's units.
    pub(crate) fn mean(sum: u16, weight: u16) -> f64 {
        // Where nothing is certain, or weighs less than a unit, nothing is known.
        if weight == 0 { 1.0 } else { (f64::from(sum) / f64::from(weight)).clamp(USUAL_RATIO, 1.0) }
    }
}
