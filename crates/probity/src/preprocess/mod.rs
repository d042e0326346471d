//! Preprocessing: one verb a file, recipes as data.

mod curve_step;
pub mod ir;
pub mod ms;
mod prepared_curve;
mod recipe;
mod step;

pub use prepared_curve::PreparedCurve;
pub use recipe::{Preprocessed, Recipe};
pub use step::Step;
