//! The pairs of the index against those of brute force.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::math;
use crate::similarity::unit_mass::UnitMassSpectrum;
use crate::similarity::weighted_dot_product::weighted_dot_product;

/// A few spectra, and after each some that are nearly the same: on few m/z, so that many share their largest
/// coordinates, some of which are missing. Some have peaks from the limit on, for which there is no index.
fn any_spectra() -> impl Strategy<Value = Vec<UnitMassSpectrum>> {
    let original = proptest::collection::btree_map(40_u32..70, 1.0_f64..100.0, 2..20);
    let changes = proptest::collection::vec(proptest::collection::vec(0.7_f64..1.4, 20), 0..4);
    let family = (original, changes, 0.0_f64..1.0, 0_usize..20, prop_oneof![Just(0), Just(1_990)]);
    proptest::collection::vec(family, 1..8).prop_map(|families| {
        let mut spectra = Vec::new();
        for (original, changes, size, missing, shift) in families {
            let (mut mz, mut abundance): (Vec<u32>, Vec<f64>) =
                original.into_iter().map(|(mz, abundance)| (mz + shift, abundance)).unzip();
            for factors in changes {
                let changed = abundance.iter().zip(factors).map(|(a, f)| a * (1.0 + (f - 1.0) * size));
                spectra.push(UnitMassSpectrum::try_new(mz.clone(), changed.collect()).unwrap());
            }
            spectra.push(UnitMassSpectrum::try_new(mz.clone(), abundance.clone()).unwrap());
            mz.remove(missing % abundance.len());
            abundance.remove(missing % abundance.len());
            spectra.push(UnitMassSpectrum::try_new(mz, abundance).unwrap());
        }
        spectra
    })
}

fn weighted(spectra: &[UnitMassSpectrum]) -> Vec<(usize, WeightedSpectrum)> {
    let weights = WeightedDotProductOptions::default();
    spectra.iter().map(|spectrum| WeightedSpectrum::of(spectrum.columns(), weights)).enumerate().collect()
}

/// Spectra with nothing in common are no pair.
fn is_near(a: &WeightedSpectrum, b: &WeightedSpectrum, threshold: f64) -> bool {
    let cosine = weighted_dot_product(a, b, CommonRange::EVERYTHING).cosine;
    cosine > 0.0 && cosine >= threshold
}

/// All pairs that are visited, the lower number first.
fn visited(spectra: &[UnitMassSpectrum], threshold: f64, part_rows: usize) -> Vec<(usize, usize)> {
    let (weights, executor) = (WeightedDotProductOptions::default(), Executor::new(1).unwrap());
    let pairs = RowPairs::in_parts(part_rows, weighted(spectra), weights, threshold, &executor).unwrap();
    let mut visited = Vec::new();
    for row in 0..pairs.len() {
        let number = pairs.row(row).0;
        let mut visit = |other: usize| {
            let other = pairs.row(other).0;
            visited.push((number.min(other), number.max(other)));
        };
        pairs.for_each_later(row, &executor, &mut visit).unwrap();
    }
    visited
}

proptest! {
    #[test]
    fn exactly_the_pairs_that_brute_force_finds(
        spectra in any_spectra(),
        threshold in prop_oneof![Just(0.9995), Just(0.995), Just(0.95), 0.901_f64..1.0, Just(1.0), 0.0_f64..1.0],
        part_rows in 1_usize..80,
    ) {
        let rows = weighted(&spectra);
        let mut brute_force = BTreeSet::new();
        for b in 1..rows.len() {
            let near = (0..b).filter(|&a| is_near(&rows[a].1, &rows[b].1, threshold));
            brute_force.extend(near.map(|a| (a, b)));
        }
        let mut found = visited(&spectra, threshold, part_rows);
        found.retain(|&(a, b)| is_near(&rows[a].1, &rows[b].1, threshold));
        let each_once: BTreeSet<_> = found.iter().copied().collect();
        prop_assert_eq!(each_once.len(), found.len());
        prop_assert_eq!(each_once, brute_force);
    }
}

/// Twelve peaks that weigh nearly the same, and all of them but the largest.
#[test]
fn a_missing_largest_peak_hides_no_pair() {
    let weighing = |mz: &u32, weight: f64| math::pow(weight / math::pow(f64::from(*mz), 1.3), 1.0 / 0.53);
    let mz: Vec<u32> = (50..62).collect();
    let mut abundance: Vec<f64> = mz.iter().map(|mz| weighing(mz, 1e3)).collect();
    abundance[0] = weighing(&50, 1.01e3);
    let whole = UnitMassSpectrum::try_new(mz.clone(), abundance.clone()).unwrap();
    let without = UnitMassSpectrum::try_new(mz[1..].to_vec(), abundance[1..].to_vec()).unwrap();
    let spectra = [whole, without];
    let rows = weighted(&spectra);
    assert!(is_near(&rows[0].1, &rows[1].1, 0.95));
    assert_eq!(visited(&spectra, 0.95, 1), [(0, 1)]);
}

#[test]
fn what_differs_is_not_looked_at() {
    let spectrum = |mz: [u32; 3], abundance: [f64; 3]| {
        UnitMassSpectrum::try_new(mz.to_vec(), abundance.to_vec()).unwrap()
    };
    let spectra = [
        spectrum([44, 91, 135], [100.0, 50.0, 10.0]),
        spectrum([44, 91, 135], [100.0, 50.0, 10.1]),
        spectrum([44, 91, 135], [100.0, 20.0, 10.0]),
        spectrum([44, 91, 135], [10.0, 50.0, 100.0]),
        spectrum([44, 91, 136], [100.0, 50.0, 10.0]),
        UnitMassSpectrum::try_new(vec![44], vec![0.0]).unwrap(),
    ];
    assert_eq!(visited(&spectra, 0.9995, 2), [(0, 1)]);
    assert_eq!(visited(&spectra[5..], 0.9995, 2), []);
    assert_eq!(visited(&[], 0.9995, 2), []);
}
