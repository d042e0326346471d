//! Samples of substances of two bands each.

use std::sync::Arc;

use super::super::test_support::{infrared, library};
use super::*;
use crate::format::Record;
use crate::search::{Executor, Method};

fn band(x: f64, centre: f64) -> f64 {
    let distance = (x - centre) / 15.0;
    1.0 / (1.0 + distance * distance)
}

/// Three substances of two bands each.
fn substance(number: u32, x: f64) -> f64 {
    let first = 800.0 + 130.0 * f64::from(number);
    band(x, first) + 0.5 * band(x, first + 1_900.0)
}

fn searcher() -> Searcher {
    let records =
        (0..3).map(|number| infrared(["A", "B", "C"][number as usize], move |x| substance(number, x)));
    let library = Arc::new(library(records.collect()));
    let method = Method::named("ir-default").unwrap();
    Searcher::new(library, method, Arc::new(Executor::new(1).unwrap())).unwrap()
}

#[test]
fn components_are_found_with_their_shares_and_targets_are_never_called_absent() {
    // A zigzag for noise, on a sloping background.
    let zigzag = |x: f64| if (x as u32 / 2).is_multiple_of(2) { 1e-3 } else { -1e-3 };
    let sample =
        infrared("sample", |x| 0.9 * substance(0, x) + 0.3 * substance(1, x) + 0.1 + 1e-5 * x + zigzag(x));
    let finding = MixtureFinding::of(
        &searcher(),
        &Query::from_record(sample),
        &[EntryId(3)],
        &Filter::default(),
        &MixtureFinding::default_options(),
    )
    .unwrap();
    let names: Vec<&str> = finding.components.iter().map(|component| component.entry.name.as_str()).collect();
    assert_eq!(names, ["A", "B"]);
    // Both have bands of the same shape: shares are those of the coefficients, 3 to 1.
    assert!((finding.components[0].share_of_signal - 0.75).abs() < 0.01);
    assert!(finding.components.iter().all(|component| component.criterion_rise_without > 10.0));
    assert!(finding.explained_share > 0.999 && finding.residual_bands.is_empty());
    assert_eq!(finding.targets[0].entry.name, "C");
    assert!(finding.targets[0].sentence.starts_with("not detected above"), "{}", finding.targets[0].sentence);
    assert_eq!((finding.counts.used, finding.digest.len()), (3, 64));
}

#[test]
fn what_cannot_be_taken_apart_is_refused() {
    let searcher = searcher();
    let of = |record: Record, target: &[EntryId]| {
        let query = Query::from_record(record);
        let options = MixtureFinding::default_options();
        MixtureFinding::of(&searcher, &query, target, &Filter::default(), &options)
    };
    let error = of(infrared("a", |x| substance(0, x)), &[EntryId(9)]).unwrap_err();
    assert!(error.to_string().contains("entry 9 is not among"), "{error}");
    let peaks = super::super::test_support::record("peaks", "", "", &[(50.0, 1.0)]);
    assert_eq!(of(peaks, &[]).unwrap_err().kind(), crate::ErrorKind::Unsupported);
    let steps = [Step::LeaveOut { ranges_cm1: Vec::new() }, Step::SubtractRubberBand {}];
    let error = check_steps(&steps).unwrap_err().to_string();
    assert!(error.starts_with("step 2 (subtract_rubber_band): after it"), "{error}");
}
