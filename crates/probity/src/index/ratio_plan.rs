//! Bounds of ratio terms: how alike the ratios of neighbouring common peaks of two spectra are.
//!
//! A pair of peaks adds min(r, 1/r), r = ((q₂/q₁) / (l₂/l₁))ᵖ with the values q of the query and l of the library's
//! spectrum: what weighs a peak by its m/z cancels. With the levels' edges evenly spaced on a logarithmic scale, L apart,
//! and both levels above 1, ln (l₂/l₁) lies within L of d L, d being the difference of the levels. So |ln r| is at least
//! p (|ln (q₂/q₁) − d L| − L), and the pair adds no more than that allows. A level of 1 has no lower edge: the pair
//! counts as 1.
//!
//! Where a peak that only one of the spectra has parts its neighbours, [`PeakBits`](super::peak_bits::PeakBits) say which
//! rows have such between the peaks of a pair, so that the pairs of a row are exactly those that the score counts. In
//! their mean weights and sums are whole numbers, rounded down in the divisor and up in the sum.

use super::level_edges::LevelEdges;
use crate::math;

/// What rounding can take from a difference of logarithms, of which none is above 1,500.
const LOGARITHM_SLACK: f64 = 1e-9;

/// A pair of the query's peaks that may be neighbours among the common peaks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RatioPair {
    /// m/z and value of both peaks.
    pub(crate) first: (u32, f64),
    pub(crate) second: (u32, f64),
    /// Which of both are traces: such count only beside more than a trace, and part nothing.
    pub(crate) are_traces: [bool; 2],
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
    /// Which of both are traces of the query.
    pub(crate) are_traces: [bool; 2],
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
            // From 0 to 255: the casts are exact.
            let up = |share: f64| (weight * share).ceil().clamp(0.0, 255.0) as u8;
            let query = math::ln(pair.second.1 / pair.first.1);
            let bounds = std::array::from_fn(|place| {
                let library = (place as f64 - 16.0) * step;
                let apart = (query - library).abs() - step - LOGARITHM_SLACK;
                up(math::exp(-power * apart.max(0.0)) * (1.0 + LOGARITHM_SLACK))
            });
            PlannedPair {
                first: pair.first.0,
                second: pair.second.0,
                are_traces: pair.are_traces,
                bounds,
                unknown: up(1.0),
                weight: weight.floor().clamp(0.0, 255.0) as u8,
            }
        };
        Some(Self { pairs: pairs.iter().map(planned).collect() })
    }

    /// The mean ratio is at most this, with the sums of a row's pairs in the plan's units.
    pub(crate) fn mean(sum: u16, weight: u16) -> f64 {
        // Where all weigh less than a unit nothing is known.
        if weight == 0 { 1.0 } else { (f64::from(sum) / f64::from(weight)).min(1.0) }
    }
}
