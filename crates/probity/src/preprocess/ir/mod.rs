//! Verbs that prepare infrared curves: one file each, plain functions of columns.
//!
//! `measured` says which points were measured (`None`: all). Values of other points are not read, and stand as 0 in
//! what is returned. Values of measured points must be finite. [`Resample`] takes whole curves.

mod apodization;
mod atmosphere;
mod atr_correction;
mod atr_correction_advanced;
mod baseline;
mod baseline_passes;
mod baseline_weights;
mod columns;
mod convolution;
mod extended_msc;
pub(crate) mod fourier;
mod fourier_filter;
mod fourier_resample;
mod fresnel;
mod hermite;
mod interferogram;
mod kramers_kronig;
mod lanes;
mod least_squares;
mod low_pass;
mod multiplicative_scatter_correction;
mod noise;
mod normalize;
mod norris_williams;
mod ordinate;
mod orthogonal_polynomials;
mod penalized_solver;
mod pick_peaks;
mod polynomial_baseline;
mod resample;
mod resample_grid;
mod rubber_band;
mod saturation;
mod savitzky_golay;
mod self_deconvolution;
mod shift;
mod snip;
mod standard_normal_variate;
mod whittaker;

pub use apodization::Apodization;
pub use atmosphere::{
    AtmosphereCorrected, AtmosphereOptions, Bridged, WaterVapour, bridge_range, correct_atmosphere,
    subtract_on_first_differences,
};
pub use atr_correction::{AtrOptions, AtrScale, atr_correction, penetration_depth_um};
pub use atr_correction_advanced::{AdvancedAtrOptions, AtrCorrected, atr_correction_advanced};
pub use baseline::{Baseline, BaselineOptions, BaselineWeights, baseline, baselines};
pub use extended_msc::{ExtendedMsc, ExtendedMscOptions, ScatterModel, extended_msc};
pub use fourier_filter::{Extension, FourierFilterOptions, FourierWindow, fourier_filter};
pub use fourier_resample::fourier_resample;
pub use fresnel::{Polarization, ReflectionGeometry};
pub use interferogram::{InterferogramOptions, SingleBeam, interferogram_to_single_beam};
pub use kramers_kronig::kramers_kronig;
pub use multiplicative_scatter_correction::{ScatterCorrected, multiplicative_scatter_correction};
pub use noise::{Noise, NoiseOptions, noise};
pub use normalize::{CurveNorm, NormalizedCurve, normalize};
pub use norris_williams::{NorrisWilliamsOptions, norris_williams};
pub use ordinate::{ConvertedOrdinate, Ordinate, OrdinateOptions, convert_ordinate};
pub use pick_peaks::{CurvePeak, PeakOptions, pick_peaks};
pub use polynomial_baseline::{PolynomialBaselineOptions, PolynomialClipping, polynomial_baseline};
pub use resample::{Resample, ResampleMethod, ResampleOptions, Resampled, resample, resample_curve};
pub use resample_grid::ResampleGrid;
pub use rubber_band::{RubberBand, rubber_band, rubber_band_in_segments};
pub use saturation::{Saturation, SaturationOptions, saturation};
pub use savitzky_golay::{
    SavitzkyGolayEnds, SavitzkyGolayOptions, savitzky_golay, savitzky_golay_of_many, savitzky_golay_weights,
};
pub use self_deconvolution::{SelfDeconvolutionOptions, self_deconvolution};
pub use shift::{Shift, ShiftOptions, shift};
pub use snip::{SnipOptions, snip};
pub use standard_normal_variate::{
    NormalVariate, RobustOptions, SnvOptions, robust_normal_variate, standard_normal_variate,
};
pub use whittaker::{WhittakerOptions, whittaker};

#[cfg(test)]
mod golden;
