//! Isotope patterns.
//!
//! Two views of the same distribution: [`CoarsePattern`] sums isotopologues of the same nominal mass,
//! as an instrument of unit resolution sees them; [`FinePattern`] lists single isotopologues. Labelled
//! atoms are taken as 100 % that isotope. Masses are those of the neutral atoms.

mod coarse;
mod fine;
mod multinomial;

pub use coarse::{CARBON_13_SPACING, CoarsePattern, CoarsePeak};
pub use fine::{FineOptions, FinePattern, FinePeak, FineThreshold};
