//! The published form of a finding, and the forms in which NIST's programs give their hits.

pub mod nist_search;

/// The JSON schema (draft 2020-12) of a finding, as `crates/probity/schema/finding.schema.json`.
pub const FINDING_SCHEMA: &str = include_str!("../../schema/finding.schema.json");

/// The JSON schema (draft 2020-12) of a mixture's finding, as `crates/probity/schema/mixture_finding.schema.json`.
pub const MIXTURE_FINDING_SCHEMA: &str = include_str!("../../schema/mixture_finding.schema.json");
