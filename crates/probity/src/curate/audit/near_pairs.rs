//! Which spectra can be nearly equal at all: a filter that loses none.
//!
//! Of two vectors of length 1 whose product is at least t, the difference has the squared length
//! |a − b|² = 2 − 2 a·b ≤ 2 − 2t, so no coordinate differs by more than δ = √(2 − 2t). Then b has at
//! a's largest coordinate a value within δ; and since b's largest coordinate exceeds a's value there by
//! at most δ, and that is at most a's largest, this value lies within 2δ below b's own largest. So a
//! spectrum is indexed under the few coordinates within 2δ of its largest only.

use std::collections::BTreeMap;

use crate::math;
use crate::similarity::unit_mass::UnitMassColumns;
use crate::similarity::weighted_dot_product::WeightedDotProductOptions;

/// Room for the rounding of coordinates, many orders above it.
const SLACK: f64 = 1e-9;

/// How many of the largest coordinates are kept for a first look.
const KEPT: usize = 8;

/// The largest coordinates of a spectrum scaled to length 1.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// m/z and value; the largest first, of equal ones the lower m/z.
    largest: Vec<(u32, f64)>,
    /// No other coordinate is larger.
    rest: f64,
}

/// The coordinates of a spectrum with the weights mᵃ Iᵇ, scaled to length 1; the largest first.
pub(super) fn coordinates(
    columns: UnitMassColumns<'_>,
    weights: WeightedDotProductOptions,
) -> Vec<(u32, f64)> {
    let base = columns.abundance().iter().copied().fold(0.0, f64::max);
    let weigh = |(&mz, &abundance): (&u32, &f64)| {
        let weight =
            math::pow(f64::from(mz), weights.mz_power) * math::pow(abundance / base, weights.intensity_power);
        (mz, weight)
    };
    let positive = columns.mz().iter().zip(columns.abundance()).filter(|(_, abundance)| **abundance > 0.0);
    let mut coordinates: Vec<(u32, f64)> = positive.map(weigh).collect();
    let norm = coordinates.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
    for (_, weight) in &mut coordinates {
        *weight /= norm;
    }
    coordinates.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    coordinates
}

impl Head {
    fn of(coordinates: &[(u32, f64)]) -> Self {
        Self {
            largest: coordinates.iter().take(KEPT).copied().collect(),
            rest: coordinates.get(KEPT).map_or(0.0, |&(_, value)| value),
        }
    }

    /// The least that a coordinate of the other spectrum differs from the value here.
    fn least_difference(&self, mz: u32, value: f64) -> f64 {
        match self.largest.iter().find(|(own, _)| *own == mz) {
            Some((_, own)) => (own - value).abs(),
            None => (value - self.rest).max(0.0),
        }
    }

    fn may_be_near(&self, other: &Self, delta: f64) -> bool {
        self.largest.iter().all(|&(mz, value)| other.least_difference(mz, value) <= delta)
            && other.largest.iter().all(|&(mz, value)| self.least_difference(mz, value) <= delta)
    }
}

/// Spectra under their largest coordinates.
#[derive(Debug)]
pub(super) struct NearPairs {
    delta: f64,
    heads: Vec<Head>,
    /// By m/z: value and position of the spectrum, ascending.
    postings: BTreeMap<u32, Vec<(f64, usize)>>,
}

impl NearPairs {
    /// For pairs of a cosine of at least `cosine`; the coordinates as [`coordinates`] gives them.
    pub(super) fn new(cosine: f64, spectra: impl Iterator<Item = Vec<(u32, f64)>>) -> Self {
        let delta = (2.0 - 2.0 * cosine).max(0.0).sqrt() + SLACK;
        let mut heads = Vec::new();
        let mut postings: BTreeMap<u32, Vec<(f64, usize)>> = BTreeMap::new();
        for (position, coordinates) in spectra.enumerate() {
            let largest = coordinates.first().map_or(0.0, |&(_, value)| value);
            for &(mz, value) in coordinates.iter().take_while(|(_, value)| *value >= largest - 2.0 * delta) {
                postings.entry(mz).or_default().push((value, position));
            }
            heads.push(Head::of(&coordinates));
        }
        for list in postings.values_mut() {
            list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        }
        Self { delta, heads, postings }
    }

    /// All spectra after `position` that may be near it.
    pub(super) fn candidates(&self, position: usize) -> impl Iterator<Item = usize> {
        let head = &self.heads[position];
        let (mz, value) = head.largest.first().copied().unwrap_or_default();
        let list = self.postings.get(&mz).map_or(&[][..], Vec::as_slice);
        let start = list.partition_point(|posting| posting.0 < value - self.delta);
        list[start..]
            .iter()
            .take_while(move |posting| posting.0 <= value + self.delta)
            .map(|posting| posting.1)
            .filter(move |&other| other > position && head.may_be_near(&self.heads[other], self.delta))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::similarity::common_range::CommonRange;
    use crate::similarity::unit_mass::UnitMassSpectrum;
    use crate::similarity::weighted_dot_product::{WeightedSpectrum, weighted_dot_product};

    /// A few spectra, and after each some that are nearly the same: on few m/z, so that many share their
    /// largest coordinates, with up to 20 peaks, so that some are not among those that are kept.
    fn any_spectra() -> impl Strategy<Value = Vec<UnitMassSpectrum>> {
        let original = proptest::collection::btree_map(40_u32..70, 1.0_f64..100.0, 1..20);
        let changes = proptest::collection::vec(proptest::collection::vec(0.7_f64..1.4, 20), 0..4);
        proptest::collection::vec((original, changes, 0.0_f64..1.0), 1..8).prop_map(|families| {
            let mut spectra = Vec::new();
            for (original, changes, size) in families {
                let (mz, abundance): (Vec<u32>, Vec<f64>) = original.into_iter().unzip();
                let changed = changes.iter().map(|factors| {
                    abundance.iter().zip(factors).map(|(a, f)| a * (1.0 + (f - 1.0) * size)).collect()
                });
                for abundance in changed.chain([abundance.clone()]).collect::<Vec<Vec<f64>>>() {
                    spectra.push(UnitMassSpectrum::try_new(mz.clone(), abundance).unwrap());
                }
            }
            spectra
        })
    }

    proptest! {
        #[test]
        fn exactly_the_pairs_that_brute_force_finds(
            spectra in any_spectra(),
            threshold in prop_oneof![Just(0.9995), Just(0.995), Just(0.95), 0.901_f64..1.0],
        ) {
            let weights = WeightedDotProductOptions::default();
            let weighted: Vec<_> =
                spectra.iter().map(|spectrum| WeightedSpectrum::of(spectrum.columns(), weights)).collect();
            let is_near = |a: usize, b: usize| {
                let range = CommonRange::EVERYTHING;
                weighted_dot_product(&weighted[a], &weighted[b], range).cosine >= threshold
            };
            let pairs =
                NearPairs::new(threshold, spectra.iter().map(|spectrum| coordinates(spectrum.columns(), weights)));
            let count = spectra.len();
            let mut brute_force = Vec::new();
            let mut filtered = Vec::new();
            for a in 0..count {
                brute_force.extend((a + 1..count).filter(|&b| is_near(a, b)).map(|b| (a, b)));
                let mut found: Vec<_> = pairs.candidates(a).filter(|&b| is_near(a, b)).map(|b| (a, b)).collect();
                found.sort_unstable();
                filtered.extend(found);
            }
            prop_assert_eq!(filtered, brute_force);
        }
    }

    #[test]
    fn what_differs_is_not_looked_at() {
        let spectra = [[100.0, 50.0, 10.0], [100.0, 50.0, 10.1], [100.0, 20.0, 10.0], [10.0, 50.0, 100.0]];
        let coordinates = |abundance: [f64; 3]| {
            let spectrum = UnitMassSpectrum::try_new(vec![44, 91, 135], abundance.to_vec()).unwrap();
            coordinates(spectrum.columns(), WeightedDotProductOptions::default())
        };
        let pairs = NearPairs::new(0.9995, spectra.into_iter().map(coordinates));
        assert_eq!(pairs.candidates(0).collect::<Vec<_>>(), [1]);
        assert_eq!(pairs.candidates(1).count(), 0);
        assert_eq!(NearPairs::new(0.9995, std::iter::once(Vec::new())).candidates(0).count(), 0);
    }
}
