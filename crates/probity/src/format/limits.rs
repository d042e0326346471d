//! How much a reader may take, and how forgiving it is.

use serde::{Deserialize, Serialize};

/// What a reader does with input that breaks the rules of its format but can be understood.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strictness {
    /// Repair, ignore or skip it, and report each case.
    #[default]
    Tolerant,
    /// Refuse it: the first case is an error with its place.
    Strict,
}

/// Upper bounds of what a reader accepts. Reaching one is an error of kind `LimitReached`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one input after decompression.
    pub input_bytes: u64,
    /// Bytes of one line.
    pub line_bytes: usize,
    /// Records in one input.
    pub records: usize,
    /// Peaks in one spectrum.
    pub peaks: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { input_bytes: 4 << 30, line_bytes: 1 << 20, records: 10_000_000, peaks: 10_000_000 }
    }
}

/// How to read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ReadOptions {
    /// What happens with input that breaks the rules.
    pub strictness: Strictness,
    /// How much is accepted.
    pub limits: Limits,
}

impl ReadOptions {
    /// The same options with the given strictness.
    #[must_use]
    pub fn strictness(mut self, strictness: Strictness) -> Self {
        self.strictness = strictness;
        self
    }

    /// The same options with the given limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}
