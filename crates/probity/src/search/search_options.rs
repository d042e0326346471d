//! What one search asks for.

use super::filter::Filter;
use crate::error::{Error, Result};

/// What one search asks for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SearchOptions {
    /// The most hits to return.
    pub top: usize,
    /// What the first measure of a hit must reach, in its own unit and before any retention index penalty; `None`
    /// asks nothing. All hits of at least this are found with `top` as large as the library.
    pub minimum: Option<f64>,
    /// Whether the hits of a NIST Identity search carry NIST's relative probability. It is shared by the hundred best,
    /// so that all of them are looked for; without it the same hits are found sooner.
    pub relative_probability: bool,
    /// Conditions on top of the method's own.
    pub filter: Filter,
    /// How many hits carry all measures; those after them carry the first alone. Where hits are only counted or compared with
    /// the best, this spares most of the work.
    pub(crate) with_all_measures: usize,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self {
            top: 10,
            minimum: None,
            relative_probability: true,
            filter: Filter::default(),
            with_all_measures: usize::MAX,
        }
    }
}

impl SearchOptions {
    /// The same options with the given number of hits.
    #[must_use]
    pub fn top(mut self, top: usize) -> Self {
        self.top = top;
        self
    }

    /// The same options with a minimum of the first measure.
    ///
    /// # Errors
    /// `InvalidOption` if it is not a number.
    pub fn minimum(mut self, minimum: f64) -> Result<Self> {
        if minimum.is_nan() {
            return Err(Error::invalid_option("the minimum of the first measure is not a number"));
        }
        self.minimum = Some(minimum);
        Ok(self)
    }

    /// The same options with or without NIST's relative probability.
    #[must_use]
    pub fn relative_probability(mut self, relative_probability: bool) -> Self {
        self.relative_probability = relative_probability;
        self
    }

    /// The same options with the given conditions.
    ///
    /// # Errors
    /// As [`Filter::checked`].
    pub fn filter(mut self, filter: Filter) -> Result<Self> {
        self.filter = filter.checked()?;
        Ok(self)
    }
}
