//! Preprocessing: one verb a file, recipes as data.

pub mod ms;
