//! Spectra of more than one substance: which components, how much of each, and what would have been seen.
//!
//! [`analyse_mixture`] gives the whole answer for a curve; its parts are functions of their own. All is linear:
//! absorbances add, as far as the law of Beer and Lambert holds. Shares are shares of the *signal*: without
//! calibration they say nothing of masses. [`lasso`](lasso::lasso),
//! [`orthogonal_matching_pursuit`](orthogonal_matching_pursuit::orthogonal_matching_pursuit) and
//! [`target_factor_analysis`](target_factor_analysis::target_factor_analysis) are second opinions.

mod analysis;
pub mod background;
mod basis;
pub mod detection_limit;
pub mod lasso;
pub mod nnls;
pub mod orthogonal_matching_pursuit;
mod projection;
pub mod residual_bands;
mod shares;
pub mod sparse;
pub mod target_factor_analysis;
mod vector;

pub use analysis::{
    Mixture, MixtureComponent, MixtureOptions, MixtureReferences, MixtureSample, MixtureTarget,
    analyse_mixture,
};

#[cfg(test)]
mod test_support;
