//! Preprocessing: one verb a file, recipes as data.

pub mod ir;
pub mod ms;
mod recipe;
mod step;

pub use recipe::{Preprocessed, Recipe};
pub use step::Step;
