use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;

fn band(wavenumber_cm1: f64, height: f64) -> Band {
    Band { wavenumber_cm1, height, prominence: height, width_cm1: 10.0 }
}

fn within(tolerance_cm1: f64) -> BandTableOptions {
    BandTableOptions { tolerance_cm1 }
}

#[test]
fn both_ways_with_differences_and_unmatched_bands() {
    let sample = [band(1_706.0, 0.8), band(1_452.0, 0.2), band(730.0, 0.4)];
    let reference = [band(1_712.0, 0.5), band(728.0, 0.1), band(1_100.0, 0.25)];
    let table = band_table(&sample, &reference, &BandTableOptions::default()).unwrap();
    assert_eq!(table.matched_bands(), 2);
    let ketone = table.sample[0].counterpart.unwrap();
    assert_eq!((ketone.row, ketone.wavenumber_cm1, ketone.difference_cm1), (0, 1_712.0, 6.0));
    assert_eq!((ketone.relative_intensity, ketone.relative_intensity_difference), (1.0, 0.0));
    let low = table.reference[1].counterpart.unwrap();
    assert_eq!((low.row, low.difference_cm1), (2, 2.0));
    // 0.4 of 0.8 in the sample, 0.1 of 0.5 in the reference.
    assert!((low.relative_intensity_difference - 0.3).abs() < 1e-15);
    let unmatched = |rows: Vec<&BandRow>| rows.iter().map(|row| row.band.wavenumber_cm1).collect::<Vec<_>>();
    assert_eq!(unmatched(table.only_in_sample().collect()), [1_452.0]);
    assert_eq!(unmatched(table.only_in_reference().collect()), [1_100.0]);
}

#[test]
fn the_closest_pair_comes_first_and_the_tolerance_is_inside() {
    let table =
        band_table(&[band(1_000.0, 1.0)], &[band(996.0, 1.0), band(1_003.0, 0.1)], &within(4.0)).unwrap();
    assert_eq!(table.sample[0].counterpart.unwrap().wavenumber_cm1, 1_003.0);
    assert_eq!(table.reference[0].counterpart, None);
    let table = band_table(&[band(1_000.0, 1.0)], &[band(996.0, 1.0)], &within(4.0)).unwrap();
    assert_eq!(table.matched_bands(), 1);
}

#[test]
fn of_equally_close_bands_the_stronger_then_the_lower_is_taken() {
    let partner = |heights: [f64; 2]| {
        let reference = [band(1_004.0, heights[0]), band(996.0, heights[1]), band(500.0, 1.0)];
        let table = band_table(&[band(1_000.0, 1.0)], &reference, &within(5.0)).unwrap();
        table.sample[0].counterpart.unwrap().wavenumber_cm1
    };
    assert_eq!(partner([0.5, 0.4]), 1_004.0);
    assert_eq!(partner([0.4, 0.4]), 996.0);
}

#[test]
fn empty_lists_and_senseless_bands() {
    let table = band_table(&[], &[band(1_000.0, 1.0)], &within(4.0)).unwrap();
    assert_eq!((table.sample.len(), table.only_in_reference().count()), (0, 1));
    assert!(band_table(&[], &[], &within(-1.0)).is_err());
    assert!(band_table(&[], &[], &within(f64::NAN)).is_err());
    for wrong in [band(f64::NAN, 1.0), band(1_000.0, 0.0), band(1_000.0, f64::INFINITY)] {
        let error = band_table(&[band(900.0, 1.0), wrong], &[], &within(4.0)).unwrap_err();
        assert!(error.to_string().starts_with("band 2"));
    }
    let many = vec![band(1_000.0, 1.0); MAXIMUM_BANDS + 1];
    assert_eq!(band_table(&many, &[], &within(4.0)).unwrap_err().kind(), ErrorKind::LimitReached);
}

fn any_bands() -> impl Strategy<Value = Vec<Band>> {
    let any_band = (0_u32..60, 1_u32..5).prop_map(|(at, height)| band(f64::from(at), f64::from(height)));
    proptest::collection::vec(any_band, 0..25).prop_map(|mut bands| {
        bands.sort_by(|a, b| a.wavenumber_cm1.total_cmp(&b.wavenumber_cm1));
        bands.dedup_by_key(|band| band.wavenumber_cm1);
        bands
    })
}

proptest! {
    #[test]
    fn exchanging_the_spectra_exchanges_the_table(a in any_bands(), b in any_bands(), tolerance in 0.0..9.0_f64) {
        let there = band_table(&a, &b, &within(tolerance)).unwrap();
        let back = band_table(&b, &a, &within(tolerance)).unwrap();
        prop_assert_eq!(&there.sample, &back.reference);
        prop_assert_eq!(&there.reference, &back.sample);
    }

    #[test]
    fn pairs_are_mutual_within_tolerance_and_none_is_left_that_could_be_made(
        a in any_bands(), b in any_bands(), tolerance in 0.0..9.0_f64,
    ) {
        let table = band_table(&a, &b, &within(tolerance)).unwrap();
        for (position, row) in table.sample.iter().enumerate() {
            if let Some(other) = row.counterpart {
                prop_assert!(other.difference_cm1.abs() <= tolerance);
                prop_assert_eq!(table.reference[other.row].counterpart.unwrap().row, position);
            }
        }
        for own in table.only_in_sample() {
            for other in table.only_in_reference() {
                prop_assert!((own.band.wavenumber_cm1 - other.band.wavenumber_cm1).abs() > tolerance);
            }
        }
    }

    #[test]
    fn a_spectrum_matches_itself_without_differences(a in any_bands(), tolerance in 0.0..9.0_f64) {
        let table = band_table(&a, &a, &within(tolerance)).unwrap();
        prop_assert_eq!(table.matched_bands(), a.len());
        prop_assert!(table.sample.iter().all(|row| row.counterpart.unwrap().difference_cm1 == 0.0));
    }
}
