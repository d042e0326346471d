//! Looking after reference libraries: what uses search and similarity to make them better.

pub mod audit;
