//! The verbs and measures of infrared curves give the same numbers, bit for bit, on processors without fused multiply-add
//! and AVX2 (design law 2).
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::fmt::Debug;

use probity::math::{cos, exp};
use probity::preprocess::ir::*;
use probity::similarity::infrared::{ComparedPoints, CurvePair, InfraredMeasure};
use probity_tests::{Seeded, lines_of_masked_process};

/// A name with the digest of everything in a result; the shortest text of a number names its bits.
fn line(name: &str, result: &impl Debug) -> String {
    let text = format!("{result:?}");
    assert!(!text.contains("Err("), "{name}: {text}");
    format!("{name} {}", blake3::hash(text.as_bytes()).to_hex())
}

/// Bands on a slow baseline, with noise.
fn curve(seed: u64, axis: &[f64]) -> Vec<f64> {
    let mut random = Seeded::new(seed);
    let mut uniform = || random.below(1 << 53) as f64 / (1_u64 << 53) as f64;
    let bands: Vec<[f64; 3]> =
        (0..20).map(|_| [axis[0] + 1_200.0 * uniform(), 5.0 + 20.0 * uniform(), uniform()]).collect();
    let value = |&x: &f64| {
        let band = |[centre, width, height]: &[f64; 3]| height * exp(-((x - centre) / width).abs());
        0.2 + 0.1 * cos(x / 700.0) + bands.iter().map(band).sum::<f64>() + 0.002 * uniform()
    };
    axis.iter().map(value).collect()
}

fn baselines_and_smoothing(axis: &[f64], a: &[f64], b: &[f64]) -> Vec<String> {
    let curves: Vec<&[f64]> = std::iter::repeat_n([a, b], 6).flatten().collect();
    let mut lines = Vec::new();
    for weights in [
        BaselineWeights::Asymmetric { asymmetry: 0.01 },
        BaselineWeights::AsymmetricallyReweighted,
        BaselineWeights::AdaptiveIterativelyReweighted,
    ] {
        let options = BaselineOptions::default().weights(weights);
        lines.push(line("baselines", &baselines(&curves, &options)));
    }
    for options in [PolynomialBaselineOptions::modified(4), PolynomialBaselineOptions::improved(5)] {
        lines.push(line("polynomial", &polynomial_baseline(axis, a, None, &options)));
    }
    lines.push(line("rubber band", &rubber_band_in_segments(axis, a, 3)));
    lines.push(line("snip", &snip(a, &SnipOptions::default())));
    lines.push(line("whittaker", &whittaker(a, None, &WhittakerOptions::default())));
    let mut derivative = SavitzkyGolayOptions::default();
    derivative.derivative = 1;
    lines.push(line("savitzky-golay", &savitzky_golay_of_many(&curves, &derivative)));
    lines.push(line("norris-williams", &norris_williams(a, &NorrisWilliamsOptions::default())));
    lines.push(line("fourier filter", &fourier_filter(a, &FourierFilterOptions::default())));
    lines
        .push(line("self-deconvolution", &self_deconvolution(axis, a, &SelfDeconvolutionOptions::default())));
    lines.push(line("interferogram", &interferogram_to_single_beam(a, &InterferogramOptions::default())));
    lines
}

fn the_rest(axis: &[f64], a: &[f64], b: &[f64]) -> Vec<String> {
    let grid = ResampleGrid::new(1_700.0, 500.0, 5.0).axis().unwrap().points();
    let mut lines = Vec::new();
    for method in
        [ResampleMethod::Linear, ResampleMethod::Cubic, ResampleMethod::Pchip, ResampleMethod::Akima]
    {
        let options = ResampleOptions::default().method(method);
        lines.push(line("resample", &resample(axis, a, None, &grid, &options)));
    }
    lines.push(line("fourier resample", &fourier_resample(a, 500)));
    lines.push(line("shift", &shift(axis, a, b, None, &ShiftOptions::default())));
    lines.push(line("peaks", &pick_peaks(axis, a, None, &PeakOptions::default())));
    lines.push(line("noise", &noise(axis, a, None, &noise_in(axis))));
    lines.push(line("air", &correct_atmosphere(axis, a, None, None, &AtmosphereOptions::default())));
    lines.push(line("ATR", &atr_correction(axis, a, None, &AtrOptions::default())));
    lines.push(line("advanced ATR", &atr_correction_advanced(axis, a, &AdvancedAtrOptions::default())));
    lines.push(line("Kramers-Kronig", &kramers_kronig(axis, a, 1.5)));
    lines.push(line("SNV", &standard_normal_variate(a, None, &SnvOptions::default())));
    lines.push(line("RNV", &robust_normal_variate(a, None, &RobustOptions::default())));
    let model = ScatterModel { wavenumber: axis, reference: b, interferents: &[] };
    lines.push(line("EMSC", &extended_msc(a, None, &model, &ExtendedMscOptions::default())));
    for norm in [CurveNorm::MinMax, CurveNorm::EuclideanLength, CurveNorm::Area] {
        lines.push(line("norm", &normalize(axis, a, None, norm)));
    }
    lines.push(line("MSC", &multiplicative_scatter_correction(a, b, None)));
    let ordinates = (Ordinate::Absorbance, Ordinate::Transmittance);
    lines.push(line("ordinate", &convert_ordinate(a, None, ordinates, &OrdinateOptions::default())));
    let pair = CurvePair::try_new(a, b, ComparedPoints::default()).unwrap();
    for measure in InfraredMeasure::ALL {
        lines.push(line(measure.description().name, &measure.compare(&pair)));
    }
    lines
}

/// Noise is looked for in a part of this axis.
fn noise_in(axis: &[f64]) -> NoiseOptions {
    let mut options = NoiseOptions::default();
    options.window_cm1 = (axis[200], axis[400]);
    options
}

fn all_lines() -> Vec<String> {
    let axis: Vec<f64> = (0..601).map(|point| 500.0 + 2.0 * f64::from(point)).collect();
    let (a, b) = (curve(1, &axis), curve(2, &axis));
    let mut lines = baselines_and_smoothing(&axis, &a, &b);
    lines.extend(the_rest(&axis, &a, &b));
    lines
}

#[test]
fn infrared_verbs_have_the_same_bits_without_fma_and_avx2() {
    let here = all_lines();
    if let Some(there) =
        lines_of_masked_process("infrared_verbs_have_the_same_bits_without_fma_and_avx2", &here)
    {
        assert_eq!(here, there);
    }
}
