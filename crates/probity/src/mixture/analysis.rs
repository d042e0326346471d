//! The whole answer for one sample: components, shares, what speaks against them, and what would not have been
//! seen.

use serde::{Deserialize, Serialize};

use super::background::polynomial_background;
use super::detection_limit::{TargetVerdict, verdict};
use super::nnls::{NnlsOptions, NonNegativeFit, non_negative_least_squares};
use super::projection::Projection;
use super::residual_bands::{
    Residual, ResidualBand, ResidualBandOptions, residual_bands, robust_standard_deviation,
};
use super::shares::shares;
use super::sparse::{ComponentSet, SparseFit, SparseOptions, search};
use crate::error::{Error, Result};

/// A sample's curve and what is known of its noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MixtureSample<'a> {
    /// Where its points lie, in cm⁻¹.
    pub wavenumber_cm1: &'a [f64],
    /// The values, which must be a quantity that adds up: absorbance, not transmittance.
    pub values: &'a [f64],
    /// `true` where the sample and all references were measured and nothing is to be left out; `None` is
    /// everywhere.
    pub mask: Option<&'a [bool]>,
    /// The noise of one point (root mean square), measured where the sample shows nothing, in the unit of the
    /// values.
    pub noise_rms: Option<f64>,
}

/// What a sample is explained with, on the sample's axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MixtureReferences<'a> {
    /// Spectra of substances; none can be in the sample less than not at all.
    pub library: &'a [&'a [f64]],
    /// Spectra of what may be over- or under-corrected, such as carbon dioxide and water vapour: of either
    /// sign.
    pub interferents: &'a [&'a [f64]],
    /// Positions in the library of substances of which the answer must say what would have been seen.
    pub targets: &'a [usize],
}

/// How a mixture is analysed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MixtureOptions {
    /// How components are chosen.
    pub selection: SparseOptions,
    /// The order of the polynomial that stands for the baseline, 0 to 6; the default is 1, offset and slope.
    pub background_order: usize,
    /// Which stretches of the residual are named.
    pub residual_bands: ResidualBandOptions,
}

impl Default for MixtureOptions {
    fn default() -> Self {
        Self {
            selection: SparseOptions::default(),
            background_order: 1,
            residual_bands: ResidualBandOptions::default(),
        }
    }
}

/// A substance found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MixtureComponent {
    /// Its position in the library.
    pub library_position: usize,
    /// How many times its reference is in the sample.
    pub coefficient: f64,
    /// The standard error of the coefficient.
    pub coefficient_standard_error: f64,
    /// Its share of the signal of all components, 0 to 1: of spectra, not of masses.
    pub share_of_signal: f64,
    /// The lower end of the 95 % interval of the share, given that the set is right.
    pub share_of_signal_low: f64,
    /// The upper end of that interval.
    pub share_of_signal_high: f64,
    /// By how much the criterion of the best set without this component is worse; above 10 is very strong
    /// evidence for it (R. E. Kass and A. E. Raftery, J. Am. Stat. Assoc. 1995, 90, 773), about 0 means that
    /// another set does as well.
    pub criterion_rise_without: f64,
    /// The best set without it, as positions in the library: what else the sample could be.
    pub best_set_without: Vec<usize>,
}

/// What can be said of a target.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MixtureTarget {
    /// Its position in the library.
    pub library_position: usize,
    /// What can be said.
    #[serde(flatten)]
    pub verdict: TargetVerdict,
}

/// A sample as a sum of components, background and residual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mixture {
    /// The components, the largest share first.
    pub components: Vec<MixtureComponent>,
    /// Coefficients of the powers of the scaled axis, from 0, then of the interferents.
    pub background_coefficients: Vec<f64>,
    /// How many points were compared.
    pub compared_points: usize,
    /// The share of the sample's sum of squares, without what background explains, that the components explain,
    /// 0 to 1.
    pub explained_share: f64,
    /// Root mean square of the residual, in the unit of the values.
    pub residual_rms: f64,
    /// The same in multiples of the measured noise; near 1 where nothing is left to explain.
    pub residual_rms_over_noise: Option<f64>,
    /// Bands that are unexplained, and bands that are missing: evidence against.
    pub residual_bands: Vec<ResidualBand>,
    /// What would have been seen of each target.
    pub targets: Vec<MixtureTarget>,
    /// The best sets of each number of components, with the criterion that chose among them.
    pub selection: SparseFit,
}

/// Takes a sample apart.
///
/// The noise that intervals and detection limits rest on is the larger of the residual's (which holds all
/// misfit) and the measured one.
///
/// # Errors
/// `InvalidOption` for options outside their ranges, too few points, columns of different lengths, compared
/// numbers that are not finite or above 10¹⁰⁰ in size, noise that is not above 0, or a target that is not in
/// the library.
pub fn analyse_mixture(
    sample: &MixtureSample<'_>,
    references: &MixtureReferences<'_>,
    options: &MixtureOptions,
) -> Result<Mixture> {
    let columns = Compared::of(sample, references, options.background_order)?;
    let (library, background) = (views(&columns.library), views(&columns.background));
    let projection = Projection::try_new(&library, &background, &columns.values)?;
    let selection = search(&projection, &vec![true; library.len()], &options.selection)?;
    let best = selection.best();
    let deviation = standard_deviation(&projection, best, sample.noise_rms, &options.selection);
    let inside: Vec<&[f64]> = best.components.iter().map(|&component| library[component]).collect();
    let fit = non_negative_least_squares(&inside, &background, &columns.values, &NnlsOptions::default())?;
    let residual_rms = fit.residual_norm / (columns.values.len() as f64).sqrt();
    let targets = references.targets.iter().map(|&target| MixtureTarget {
        library_position: target,
        verdict: verdict(&projection, best, target, deviation, &options.selection),
    });
    let whole = projection.values_norm * projection.values_norm;
    Ok(Mixture {
        components: components(&projection, best, deviation, &options.selection)?,
        compared_points: columns.values.len(),
        explained_share: if whole > 0.0 {
            (1.0 - best.residual_sum_of_squares / whole).max(0.0)
        } else {
            0.0
        },
        residual_rms,
        residual_rms_over_noise: sample.noise_rms.map(|noise| residual_rms / noise),
        residual_bands: columns.residual_bands(sample, best, &fit, &options.residual_bands)?,
        background_coefficients: fit.background_coefficients,
        targets: targets.collect(),
        selection,
    })
}

/// The components of a set, the largest share first.
fn components(
    projection: &Projection,
    set: &ComponentSet,
    deviation: f64,
    options: &SparseOptions,
) -> Result<Vec<MixtureComponent>> {
    let mut components = Vec::with_capacity(set.components.len());
    for (position, share) in shares(projection, set, deviation).into_iter().enumerate() {
        let library_position = set.components[position];
        let mut allowed = vec![true; projection.components.len()];
        allowed[library_position] = false;
        let without = search(projection, &allowed, options)?;
        let rival = without.best();
        components.push(MixtureComponent {
            library_position,
            coefficient: set.coefficients[position],
            coefficient_standard_error: share.coefficient_standard_error,
            share_of_signal: share.share,
            share_of_signal_low: share.low,
            share_of_signal_high: share.high,
            criterion_rise_without: rival.information_criterion - set.information_criterion,
            best_set_without: rival.components.clone(),
        });
    }
    components.sort_by(|a, b| b.share_of_signal.total_cmp(&a.share_of_signal));
    Ok(components)
}

/// The standard deviation of one independent point: where noise is shared by neighbours, fewer points tell as
/// much.
fn standard_deviation(
    projection: &Projection,
    set: &ComponentSet,
    noise_rms: Option<f64>,
    options: &SparseOptions,
) -> f64 {
    let fitted = projection.background_rank + set.components.len();
    let free = projection.values.len().saturating_sub(fitted).max(1) as f64;
    let residual = (set.residual_sum_of_squares / free).sqrt();
    residual.max(noise_rms.unwrap_or(0.0)) * options.points_per_independent_point.sqrt()
}

/// The points that are compared, of everything.
struct Compared {
    positions: Vec<usize>,
    wavenumber_cm1: Vec<f64>,
    values: Vec<f64>,
    library: Vec<Vec<f64>>,
    background: Vec<Vec<f64>>,
}

impl Compared {
    fn of(sample: &MixtureSample<'_>, references: &MixtureReferences<'_>, order: usize) -> Result<Self> {
        check(sample, references)?;
        let counts = |&point: &usize| sample.mask.is_none_or(|mask| mask[point]);
        let positions: Vec<usize> = (0..sample.values.len()).filter(counts).collect();
        let take = |column: &[f64]| positions.iter().map(|&point| column[point]).collect::<Vec<f64>>();
        let wavenumber_cm1 = take(sample.wavenumber_cm1);
        let mut background = polynomial_background(&wavenumber_cm1, order)?;
        background.extend(references.interferents.iter().map(|column| take(column)));
        Ok(Self {
            values: take(sample.values),
            library: references.library.iter().map(|column| take(column)).collect(),
            wavenumber_cm1,
            background,
            positions,
        })
    }

    fn residual_bands(
        &self,
        sample: &MixtureSample<'_>,
        set: &ComponentSet,
        fit: &NonNegativeFit,
        options: &ResidualBandOptions,
    ) -> Result<Vec<ResidualBand>> {
        let both = set.components.iter().zip(&fit.coefficients);
        let components: Vec<(usize, f64, &[f64])> = both
            .map(|(&component, &coefficient)| (component, coefficient, self.library[component].as_slice()))
            .collect();
        let residual = Residual {
            wavenumber_cm1: &self.wavenumber_cm1,
            positions: &self.positions,
            residual: &fit.residual,
            components: &components,
        };
        let largest = self.values.iter().fold(0.0, |largest, value| f64::max(largest, value.abs()));
        // A residual of rounding alone has no bands.
        let noise = sample.noise_rms.unwrap_or_else(|| robust_standard_deviation(&fit.residual));
        residual_bands(&residual, noise.max(1e-12 * largest).max(f64::MIN_POSITIVE), options)
    }
}

fn check(sample: &MixtureSample<'_>, references: &MixtureReferences<'_>) -> Result<()> {
    let points = sample.values.len();
    let own = [Some(sample.wavenumber_cm1.len()), sample.mask.map(<[_]>::len)];
    let others = references.library.iter().chain(references.interferents).map(|column| column.len());
    if own.into_iter().flatten().chain(others).any(|length| length != points) {
        let message = format!("axis, mask and references must have as many points as the sample, {points}");
        return Err(Error::invalid_option(message));
    }
    if let Some(noise) = sample.noise_rms.filter(|noise| !(noise.is_finite() && *noise > 0.0)) {
        return Err(Error::invalid_option(format!("noise_rms must be above 0 and finite, not {noise}")));
    }
    if let Some(target) = references.targets.iter().find(|&&target| target >= references.library.len()) {
        let message = format!("target {target} is not in a library of {}", references.library.len());
        return Err(Error::invalid_option(message));
    }
    Ok(())
}

fn views(columns: &[Vec<f64>]) -> Vec<&[f64]> {
    columns.iter().map(Vec::as_slice).collect()
}

#[cfg(test)]
mod data_test;
#[cfg(test)]
mod tests;
