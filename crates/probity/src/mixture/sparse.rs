//! Which few components explain a sample: forward selection with exchanges, and a rule for how many.
//!
//! For each number k of components: the best set of k − 1, the one component more that lowers the residual
//! most, then exchanges of one component for another, as long as one lowers it. Every set is fitted by
//! non-negative least squares with a sign-free background. An unconstrained fit, which cannot be worse, bounds
//! each candidate, so that each step finds the best candidate while it fits only a few. The result is optimal
//! against any single exchange; against all sets it need not be, which the tests compare.
//!
//! How many: the lowest BIC = n ln(RSS/n) + k ln n (G. Schwarz, Ann. Stat. 1978, 6, 461), with k the number of
//! components and n that of independent points, extended by 2γ ln (N over k), as k were picked from N (J. Chen
//! and Z. Chen, Biometrika 2008, 95, 759). The larger the library, the better the chance that noise resembles
//! one of its spectra.

use serde::{Deserialize, Serialize};

use super::basis::Basis;
use super::nnls::{NnlsOptions, solve};
use super::projection::Projection;
use super::vector::{dot, norm};
use crate::error::{Error, Result};
use crate::math;

/// A residual smaller than this share of the sample is rounding, and so is a gain smaller than its square.
const ROUNDING: f64 = 1e-12;
/// Rounds of exchanges at most; some two are usual.
const MAXIMUM_ROUNDS: usize = 50;

/// How components are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SparseOptions {
    /// The most components, 1 to 10; the default is 4.
    pub maximum_components: usize,
    /// How many neighbouring points share one independent piece of noise, from 1 (the default): resolution over
    /// step, where a spectrum is finer sampled than resolved. Too low a number finds too many components.
    pub points_per_independent_point: f64,
    /// γ, how much the size of the library counts against one component more, 0 (not at all: the plain BIC) to
    /// 1 (the default).
    pub library_size_penalty: f64,
}

impl Default for SparseOptions {
    fn default() -> Self {
        Self { maximum_components: 4, points_per_independent_point: 1.0, library_size_penalty: 1.0 }
    }
}

impl SparseOptions {
    /// Checks the options.
    ///
    /// # Errors
    /// `InvalidOption` for a number outside its range.
    pub fn checked(self) -> Result<Self> {
        let sharing = self.points_per_independent_point;
        let sharing_is_sound = sharing.is_finite() && sharing >= 1.0;
        let penalty = (0.0..=1.0).contains(&self.library_size_penalty);
        if (1..=10).contains(&self.maximum_components) && sharing_is_sound && penalty {
            return Ok(self);
        }
        let message = format!(
            "maximum_components must lie from 1 to 10, points_per_independent_point at 1 or above, \
             library_size_penalty from 0 to 1, \
             not {}, {sharing} and {}",
            self.maximum_components, self.library_size_penalty
        );
        Err(Error::invalid_option(message))
    }
}

/// A set of components and how well it explains the sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComponentSet {
    /// Positions in the library, ascending.
    pub components: Vec<usize>,
    /// How many times each is in the sample, above 0.
    pub coefficients: Vec<f64>,
    /// Sum of squares of what the set and the background leave, in the sample's unit squared.
    pub residual_sum_of_squares: f64,
    /// The extended Bayesian information criterion; lower is better, differences above 10 are very strong
    /// evidence.
    pub information_criterion: f64,
}

/// The best sets that were found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SparseFit {
    /// The best set of 0 components (background alone), 1, 2 and so on, up to where no component helps.
    pub by_number_of_components: Vec<ComponentSet>,
    /// How many components the criterion asks for: a position in the list.
    pub chosen: usize,
}

impl SparseFit {
    /// The set that the criterion asks for.
    #[must_use]
    pub fn best(&self) -> &ComponentSet {
        &self.by_number_of_components[self.chosen]
    }
}

/// Finds few components that explain a sample. Of equally good sets the one found first counts, from the
/// beginning of the library; of equal criteria the one with fewer components.
///
/// # Errors
/// `InvalidOption` for options as by [`SparseOptions::checked`], fewer points than components and background
/// columns need, columns of different lengths, or numbers that are not finite or above 10¹⁰⁰ in size.
pub fn fit_few_components(
    components: &[&[f64]],
    background: &[&[f64]],
    values: &[f64],
    options: &SparseOptions,
) -> Result<SparseFit> {
    let projection = Projection::try_new(components, background, values)?;
    search(&projection, &vec![true; components.len()], options)
}

/// The search among the components that are allowed.
pub(super) fn search(
    projection: &Projection,
    allowed: &[bool],
    options: &SparseOptions,
) -> Result<SparseFit> {
    let options = options.checked()?;
    let points = projection.values.len();
    // Counts are exact as f64.
    let fitted = (projection.background_rank + options.maximum_components) as f64;
    if points as f64 / options.points_per_independent_point <= fitted {
        let message = format!(
            "{points} points are too few, or too few of them independent, for {} components and {} background columns",
            options.maximum_components, projection.background_rank
        );
        return Err(Error::invalid_option(message));
    }
    let mut set = Set::of(projection, &[])?;
    let mut by_number_of_components = vec![set.report(projection, &options)];
    while set.components.len() < options.maximum_components {
        let Some(larger) = set.best_addition(projection, allowed)? else { break };
        set = larger.exchanged(projection, allowed)?;
        by_number_of_components.push(set.report(projection, &options));
    }
    let mut chosen = 0;
    for (number, candidate) in by_number_of_components.iter().enumerate() {
        let best: &ComponentSet = &by_number_of_components[chosen];
        if candidate.information_criterion < best.information_criterion {
            chosen = number;
        }
    }
    Ok(SparseFit { by_number_of_components, chosen })
}

/// The criterion of a set; a residual that is no more than rounding counts as rounding.
fn information_criterion(
    projection: &Projection,
    residual_sum_of_squares: f64,
    components: usize,
    options: &SparseOptions,
) -> f64 {
    // Counts are exact as f64.
    let points = projection.values.len() as f64;
    let rounding = ROUNDING * projection.values_norm;
    let mean_square = residual_sum_of_squares.max(rounding * rounding).max(f64::MIN_POSITIVE) / points;
    let penalty: f64 = (0..components).map(|inside| price_of_one_more(projection, inside, options)).sum();
    points / options.points_per_independent_point * math::ln(mean_square) + penalty
}

/// By how much one component more must lower the first term of the criterion: ln n + 2γ ln((N − k)/(k + 1)),
/// the last from the ratio of the binomial coefficients; never less than ln n.
pub(super) fn price_of_one_more(projection: &Projection, inside: usize, options: &SparseOptions) -> f64 {
    let independent = projection.values.len() as f64 / options.points_per_independent_point;
    let library = projection.norms.iter().filter(|&&norm| norm > 0.0).count();
    let choices = library.saturating_sub(inside) as f64 / (inside + 1) as f64;
    math::ln(independent) + 2.0 * options.library_size_penalty * math::ln(choices.max(1.0))
}

/// A fitted set. All its coefficients are above 0.
struct Set {
    components: Vec<usize>,
    coefficients: Vec<f64>,
    residual: Vec<f64>,
    sum_of_squares: f64,
}

impl Set {
    fn of(projection: &Projection, components: &[usize]) -> Result<Self> {
        let solution = solve(&projection.columns(components), &projection.values, &NnlsOptions::default())?;
        let inside =
            components.iter().zip(&solution.coefficients).filter(|(_, coefficient)| **coefficient > 0.0);
        let (components, coefficients) =
            inside.map(|(component, coefficient)| (*component, *coefficient)).unzip();
        let sum_of_squares = dot(&solution.residual, &solution.residual);
        Ok(Self { components, coefficients, residual: solution.residual, sum_of_squares })
    }

    fn report(&self, projection: &Projection, options: &SparseOptions) -> ComponentSet {
        let mut order: Vec<usize> = (0..self.components.len()).collect();
        order.sort_unstable_by_key(|&position| self.components[position]);
        ComponentSet {
            components: order.iter().map(|&position| self.components[position]).collect(),
            coefficients: order.iter().map(|&position| self.coefficients[position]).collect(),
            residual_sum_of_squares: self.sum_of_squares,
            information_criterion: information_criterion(
                projection,
                self.sum_of_squares,
                self.components.len(),
                options,
            ),
        }
    }

    /// The best set with one component more, if there is one that lowers the residual by more than rounding and
    /// in which all coefficients are above 0.
    fn best_addition(&self, projection: &Projection, allowed: &[bool]) -> Result<Option<Self>> {
        let mut best: Option<Self> = None;
        let rounding = ROUNDING * projection.values_norm * projection.values_norm;
        for (candidate, bound) in self.bounds(projection, allowed) {
            let ceiling = best.as_ref().map_or(self.sum_of_squares, |best| best.sum_of_squares);
            if bound >= ceiling - rounding {
                break;
            }
            let mut components = self.components.clone();
            components.push(candidate);
            let set = Self::of(projection, &components)?;
            if set.components.len() == components.len() && set.sum_of_squares < ceiling - rounding {
                best = Some(set);
            }
        }
        Ok(best)
    }

    /// Each component that can lower the residual, with a bound below which the sum of squares cannot fall:
    /// that of the fit in which coefficients may be negative. Lowest bound first.
    fn bounds(&self, projection: &Projection, allowed: &[bool]) -> Vec<(usize, f64)> {
        let (basis, _) = Basis::of(&projection.columns(&self.components));
        let least = ROUNDING * projection.values_norm;
        let mut bounds = Vec::new();
        for (candidate, column) in projection.components.iter().enumerate() {
            let length = projection.norms[candidate];
            if !allowed[candidate] || length == 0.0 || self.components.contains(&candidate) {
                continue;
            }
            // A component along which nothing is left would get nothing (Karush, Kuhn and Tucker).
            if dot(column, &self.residual) <= least * length {
                continue;
            }
            let own = basis.reject_or_zero(column);
            let (own_length, along) = (norm(&own), dot(&own, &self.residual));
            if own_length > 0.0 {
                let gain = along / own_length;
                bounds.push((candidate, self.sum_of_squares - gain * gain));
            }
        }
        bounds.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        bounds
    }

    /// Exchanges single components as long as that lowers the residual by more than rounding.
    fn exchanged(mut self, projection: &Projection, allowed: &[bool]) -> Result<Self> {
        let rounding = ROUNDING * projection.values_norm * projection.values_norm;
        for _ in 0..MAXIMUM_ROUNDS {
            let mut best: Option<Self> = None;
            for out in 0..self.components.len() {
                let mut components = self.components.clone();
                components.remove(out);
                let rest = Self::of(projection, &components)?;
                if rest.components.len() < components.len() {
                    continue;
                }
                let ceiling = best.as_ref().unwrap_or(&self).sum_of_squares;
                let exchanged = rest.best_addition(projection, allowed)?;
                if let Some(set) = exchanged.filter(|set| set.sum_of_squares < ceiling - rounding) {
                    best = Some(set);
                }
            }
            let Some(better) = best else { break };
            self = better;
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests;
