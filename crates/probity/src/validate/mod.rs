//! Studies: how often a method is right on labelled spectra. They replay the path of an ordinary
//! search and report counts with exact 95 % intervals.

mod interval;
mod markdown;
mod rank_study;
mod reference_study;
mod truth;

pub use interval::{Proportion, clopper_pearson};
pub use markdown::markdown_table;
pub use rank_study::{
    AbsentScores, RankCounts, RankRow, RankStudy, leave_contributors_out, study_labelled_queries,
};
pub use reference_study::{ReferenceQuery, ReferenceRow, study_references};
pub use truth::{QueryKind, Truth, read_truth};
