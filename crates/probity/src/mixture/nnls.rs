//! Non-negative least squares: how much of each component a sample needs, none of them less than nothing.
//!
//! Minimises ‖Σ cⱼ aⱼ + background − y‖ over cⱼ ≥ 0, with background columns whose coefficients may have either
//! sign, by the active-set method of C. L. Lawson and R. J. Hanson, *Solving Least Squares Problems*, 1974,
//! chapter 23; each inner problem is solved by QR, not by normal equations.

use serde::{Deserialize, Serialize};

use super::basis::Basis;
use super::projection::Projection;
use super::vector::{dot, norm, subtract};
use crate::error::{Error, Result};

/// When the search for the optimum ends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NnlsOptions {
    /// A component enters only if its cosine with what is left, times the share that is left of the sample's
    /// length, is above this, 0 to 1; the default is 10⁻¹².
    pub tolerance: f64,
    /// How often a component may enter, as a multiple of the number of components, from 1; the default is 10.
    pub maximum_entries_per_component: usize,
}

impl Default for NnlsOptions {
    fn default() -> Self {
        Self { tolerance: 1e-12, maximum_entries_per_component: 10 }
    }
}

impl NnlsOptions {
    /// Checks the options.
    ///
    /// # Errors
    /// `InvalidOption` for a number outside its range.
    pub fn checked(self) -> Result<Self> {
        if (0.0..=1.0).contains(&self.tolerance) && self.maximum_entries_per_component > 0 {
            return Ok(self);
        }
        Err(Error::invalid_option("tolerance must lie from 0 to 1, maximum_entries_per_component above 0"))
    }
}

/// The optimum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NonNegativeFit {
    /// How many times each component is in the sample, 0 or more.
    pub coefficients: Vec<f64>,
    /// The coefficient of each background column, of either sign; 0 for one that depends on those before it.
    pub background_coefficients: Vec<f64>,
    /// The sample less the fit, point by point, in the sample's unit.
    pub residual: Vec<f64>,
    /// The square root of the sum of its squares.
    pub residual_norm: f64,
    /// How often a component entered.
    pub entries: usize,
}

/// Fits a sample with components that cannot be negative and background columns that can.
///
/// A component that the background explains, or that depends on others that are in, gets 0. Where several sets
/// of coefficients fit equally well (a component given twice), the one is returned that the order of entries
/// leads to.
///
/// # Errors
/// `InvalidOption` for options as by [`NnlsOptions::checked`], columns of different lengths, or numbers that
/// are not finite or above 10¹⁰⁰ in size; `LimitReached` if components enter too often.
pub fn non_negative_least_squares(
    components: &[&[f64]],
    background: &[&[f64]],
    values: &[f64],
    options: &NnlsOptions,
) -> Result<NonNegativeFit> {
    let projection = Projection::try_new(components, background, values)?;
    let all: Vec<usize> = (0..components.len()).collect();
    let solution = solve(&projection.columns(&all), &projection.values, options)?;
    let mut rest = values.to_vec();
    for (component, &coefficient) in components.iter().zip(&solution.coefficients) {
        if coefficient > 0.0 {
            subtract(&mut rest, coefficient, component);
        }
    }
    let (basis, added) = Basis::of(background);
    let mut background_coefficients = vec![0.0; background.len()];
    for (position, coefficient) in added.into_iter().zip(basis.coefficients(&rest)) {
        background_coefficients[position] = coefficient;
    }
    let residual = basis.reject(&rest);
    Ok(NonNegativeFit {
        coefficients: solution.coefficients,
        background_coefficients,
        residual_norm: norm(&residual),
        residual,
        entries: solution.entries,
    })
}

/// The optimum without background.
#[derive(Debug)]
pub(super) struct Solution {
    pub(super) coefficients: Vec<f64>,
    pub(super) residual: Vec<f64>,
    pub(super) entries: usize,
}

/// The components that are in, in the order in which they entered.
struct Passive<'a> {
    columns: &'a [&'a [f64]],
    values: &'a [f64],
    inside: Vec<usize>,
    basis: Basis,
}

/// Lawson and Hanson's method on checked columns of one length.
pub(super) fn solve(columns: &[&[f64]], values: &[f64], options: &NnlsOptions) -> Result<Solution> {
    let options = options.checked()?;
    let least = options.tolerance * norm(values);
    let norms: Vec<f64> = columns.iter().map(|column| norm(column)).collect();
    let mut passive = Passive { columns, values, inside: Vec::new(), basis: Basis::default() };
    let mut coefficients = vec![0.0; columns.len()];
    let mut residual = values.to_vec();
    // Components that cannot enter the present set, for rounding or dependence.
    let mut barred = vec![false; columns.len()];
    let mut entries = 0;
    loop {
        let mut best: Option<(usize, f64)> = None;
        for (j, column) in columns.iter().enumerate() {
            if norms[j] > 0.0 && !barred[j] && !passive.inside.contains(&j) {
                let gradient = dot(column, &residual) / norms[j];
                if gradient > best.map_or(least, |(_, largest)| largest) {
                    best = Some((j, gradient));
                }
            }
        }
        let Some((entering, _)) = best else { break };
        if !passive.enter(entering) {
            barred[entering] = true;
            continue;
        }
        entries += 1;
        if entries > options.maximum_entries_per_component.saturating_mul(columns.len()) {
            return Err(Error::limit("components enter and leave too often for a non-negative fit"));
        }
        passive.settle(&mut coefficients);
        residual = passive.basis.reject(values);
        barred.fill(false);
    }
    Ok(Solution { coefficients, residual, entries })
}

impl Passive<'_> {
    /// Takes a component in; `false` if it depends on those inside or would not be positive.
    fn enter(&mut self, entering: usize) -> bool {
        if !self.basis.push(self.columns[entering]) {
            return false;
        }
        if self.basis.coefficients(self.values).last().is_some_and(|&last| last > 0.0) {
            self.inside.push(entering);
            return true;
        }
        self.basis.pop();
        false
    }

    /// Moves the coefficients towards the unconstrained optimum of those inside, and lets go those that reach
    /// 0, until it is reached.
    fn settle(&mut self, coefficients: &mut [f64]) {
        loop {
            let optimum = self.basis.coefficients(self.values);
            let step = |(&j, &goal): (&usize, &f64)| coefficients[j] / (coefficients[j] - goal);
            let blocking = self.inside.iter().zip(&optimum).filter(|&(_, &goal)| goal <= 0.0);
            let Some((first, step)) =
                blocking.map(|pair| (*pair.0, step(pair))).min_by(|(_, a), (_, b)| a.total_cmp(b))
            else {
                self.inside.iter().zip(&optimum).for_each(|(&j, &goal)| coefficients[j] = goal);
                return;
            };
            for (&j, goal) in self.inside.iter().zip(&optimum) {
                coefficients[j] += step * (goal - coefficients[j]);
            }
            // The one that stops the move is at 0 but for rounding.
            coefficients[first] = 0.0;
            self.inside.retain(|&j| coefficients[j] > 0.0);
            self.rebuild(coefficients);
        }
    }

    /// A new basis of those inside.
    fn rebuild(&mut self, coefficients: &mut [f64]) {
        let columns: Vec<&[f64]> = self.inside.iter().map(|&j| self.columns[j]).collect();
        let (basis, added) = Basis::of(&columns);
        self.basis = basis;
        let kept: Vec<usize> = added.iter().map(|&position| self.inside[position]).collect();
        self.inside.iter().filter(|j| !kept.contains(j)).for_each(|&j| coefficients[j] = 0.0);
        self.inside = kept;
    }
}

#[cfg(test)]
mod tests;
