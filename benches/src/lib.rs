//! Seeded workloads shared by the benches.

pub mod model;
