use super::*;
use crate::mixture::residual_bands::ResidualSide;

/// A band of Lorentzian shape on an axis of 300 points from 1,800 to 602 cm⁻¹.
fn band(at_cm1: f64, width_cm1: f64) -> Vec<f64> {
    axis().iter().map(|x| 1.0 / (1.0 + ((x - at_cm1) / width_cm1) * ((x - at_cm1) / width_cm1))).collect()
}

fn axis() -> Vec<f64> {
    (0..300).map(|i| 1_800.0 - 4.0 * f64::from(i)).collect()
}

fn sum(parts: &[(f64, &[f64])]) -> Vec<f64> {
    (0..300).map(|i| parts.iter().map(|(factor, column)| factor * column[i]).sum()).collect()
}

/// Alternating in a way that no band follows, of root mean square 0.001.
fn noise() -> Vec<f64> {
    (0_u32..300).map(|i| if i.wrapping_mul(2_654_435_761) >> 31 == 0 { 0.001 } else { -0.001 }).collect()
}

fn library() -> Vec<Vec<f64>> {
    let of = |bands: &[(f64, f64)]| {
        let bands: Vec<(f64, Vec<f64>)> = bands.iter().map(|&(at, height)| (height, band(at, 8.0))).collect();
        sum(&bands.iter().map(|(height, band)| (*height, band.as_slice())).collect::<Vec<_>>())
    };
    vec![
        of(&[(1_710.0, 1.0), (1_270.0, 0.8), (730.0, 0.5)]),
        of(&[(1_650.0, 1.0), (1_550.0, 0.4), (745.0, 0.7)]),
        of(&[(1_030.0, 1.0), (1_080.0, 0.9), (890.0, 0.3)]),
        of(&[(1_600.0, 1.0), (1_490.0, 0.6), (700.0, 0.9)]),
        of(&[(1_400.0, 1.0), (870.0, 0.5)]),
    ]
}

fn analyse(values: &[f64], targets: &[usize], noise_rms: Option<f64>) -> Result<Mixture> {
    let (axis, library) = (axis(), library());
    let sample = MixtureSample { wavenumber_cm1: &axis, values, mask: None, noise_rms };
    let references = MixtureReferences { library: &views(&library), interferents: &[], targets };
    analyse_mixture(&sample, &references, &MixtureOptions::default())
}

#[test]
fn components_shares_and_limits_of_a_mixture() {
    let (library, noise, ones) = (library(), noise(), vec![1.0; 300]);
    let values = sum(&[(0.3, &library[0]), (0.1, &library[2]), (1.0, &noise), (0.05, &ones)]);
    let mixture = analyse(&values, &[0, 3], Some(0.001)).unwrap();
    let found: Vec<usize> = mixture.components.iter().map(|component| component.library_position).collect();
    assert_eq!(found, [0, 2]);
    for (component, coefficient) in mixture.components.iter().zip([0.3, 0.1]) {
        assert!((component.coefficient - coefficient).abs() < 4.0 * component.coefficient_standard_error);
        assert!(component.share_of_signal_low < component.share_of_signal);
        assert!(component.share_of_signal < component.share_of_signal_high);
        assert!(component.criterion_rise_without > 10.0);
        assert!(!component.best_set_without.contains(&component.library_position));
    }
    let shares: f64 = mixture.components.iter().map(|component| component.share_of_signal).sum();
    assert!((shares - 1.0).abs() < 1e-12);
    assert!((mixture.background_coefficients[0] - 0.05).abs() < 0.001);
    assert!((0.8..1.2).contains(&mixture.residual_rms_over_noise.unwrap()));
    assert!(mixture.residual_bands.is_empty() && mixture.explained_share > 0.99);
    assert_eq!(mixture.targets[0].verdict, TargetVerdict::Detected);
    let TargetVerdict::NotDetectedAbove { share_of_signal: Some(limit), .. } = mixture.targets[1].verdict
    else {
        panic!("{:?}", mixture.targets[1]);
    };
    assert!((0.0005..0.03).contains(&limit), "{limit}");
}

#[test]
fn a_band_that_is_missing_or_unexplained_is_named() {
    let (library, noise) = (library(), noise());
    let (taken, added) = (band(730.0, 8.0), band(1_150.0, 10.0));
    let values = sum(&[(0.3, &library[0]), (-0.15, &taken), (0.2, &added), (1.0, &noise)]);
    let mixture = analyse(&values, &[], Some(0.001)).unwrap();
    let missing: Vec<&ResidualBand> =
        mixture.residual_bands.iter().filter(|band| band.side == ResidualSide::Missing).collect();
    assert!(missing.iter().any(|band| band.extreme_cm1 == 732.0 || band.extreme_cm1 == 728.0));
    assert!(missing.iter().all(|band| band.strongest_component == Some(0)));
    let strongest = mixture.residual_bands.iter().filter(|band| band.side == ResidualSide::Unexplained);
    let unexplained = strongest.max_by(|a, b| a.extreme.total_cmp(&b.extreme)).unwrap();
    assert!((unexplained.extreme_cm1 - 1_150.0).abs() <= 4.0);
    assert!(mixture.residual_rms_over_noise.unwrap() > 10.0);
}

#[test]
fn points_that_are_left_out_never_matter() {
    let (axis, mut library, noise) = (axis(), library(), noise());
    let mut values = sum(&[(0.3, &library[0]), (0.1, &library[2]), (1.0, &noise)]);
    let mask: Vec<bool> = (0..300).map(|i| !(100..140).contains(&i)).collect();
    let of = |values: &[f64], library: &[Vec<f64>]| {
        let sample = MixtureSample { wavenumber_cm1: &axis, values, mask: Some(&mask), noise_rms: None };
        let references = MixtureReferences { library: &views(library), interferents: &[], targets: &[3] };
        analyse_mixture(&sample, &references, &MixtureOptions::default()).unwrap()
    };
    let before = of(&values, &library);
    values[120] = f64::NAN;
    library[1][110] = 1e9;
    assert_eq!(of(&values, &library), before);
    assert_eq!(before.compared_points, 260);
}

#[test]
fn an_interferent_may_be_negative_and_is_no_component() {
    let (axis, mut library, noise) = (axis(), library(), noise());
    let vapour = library.pop().unwrap();
    let values = sum(&[(0.3, &library[0]), (-0.2, &vapour), (1.0, &noise)]);
    let sample = MixtureSample { wavenumber_cm1: &axis, values: &values, mask: None, noise_rms: Some(0.001) };
    let references = MixtureReferences { library: &views(&library), interferents: &[&vapour], targets: &[] };
    let mixture = analyse_mixture(&sample, &references, &MixtureOptions::default()).unwrap();
    assert_eq!(mixture.components.len(), 1);
    assert!((mixture.background_coefficients[2] + 0.2).abs() < 0.002);
    assert!(mixture.residual_bands.is_empty());
}

#[test]
fn a_sample_without_signal_has_no_component_and_limits_without_a_share() {
    let mixture = analyse(&noise(), &[0], Some(0.001)).unwrap();
    assert!(mixture.components.is_empty());
    let verdict = mixture.targets[0].verdict;
    assert!(
        matches!(verdict, TargetVerdict::NotDetectedAbove { share_of_signal: None, coefficient } if coefficient < 0.01)
    );
    let flat = analyse(&[0.0; 300], &[0], None).unwrap();
    assert!(flat.components.is_empty() && flat.residual_bands.is_empty());
    assert_eq!(flat.explained_share, 0.0);
}

#[test]
fn the_answer_survives_json() {
    let library = library();
    let mixture = analyse(&sum(&[(0.3, &library[1]), (1.0, &noise())]), &[0, 1], None).unwrap();
    let text = serde_json::to_string(&mixture).unwrap();
    assert!(text.contains(r#""verdict":"not_detected_above""#) && text.contains(r#""verdict":"detected""#));
    let back: Mixture = serde_json::from_str(&text).unwrap();
    assert_eq!(back.targets.len(), 2);
    assert_eq!(back.components[0].library_position, 1);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let refused =
        |values: &[f64], targets: &[usize], noise| analyse(values, targets, noise).unwrap_err().to_string();
    assert!(refused(&[0.0; 299], &[], None).contains("as many points"));
    assert!(refused(&[0.0; 300], &[5], None).starts_with("target 5"));
    assert!(refused(&[0.0; 300], &[], Some(0.0)).starts_with("noise_rms"));
    assert!(refused(&[f64::NAN; 300], &[], None).starts_with("the sample, point 1"));
}
