//! Probity tells a forensic laboratory which substance of a reference library a spectrum fits,
//! what speaks for and against it, and what it cannot tell apart.
//!
//! Data flows one way: bytes → [`mod@format`] → [`spectrum`] → [`preprocess`] → [`search`]
//! (the reference scorers of [`similarity`]) over a [`library`] → [`finding`] → [`report`].
//! Each module uses only those above it in the list below.
#![forbid(unsafe_code)]

mod canonical;
pub mod error;
pub mod math;
mod progress;
mod stored;
pub mod units;

pub mod chem;

pub mod spectrum;

pub mod substance;

pub mod format;

pub mod preprocess;

pub mod similarity;

mod index;

pub mod library;

pub mod search;

pub mod curate;

pub mod mixture;

pub mod finding;

pub mod validate;

pub mod report;

pub use error::{Error, ErrorKind, Location, Result};
pub use progress::{Progress, Watch};
