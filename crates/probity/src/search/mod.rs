//! Searching a library: every candidate is scored by a reference scorer, exactly and in the same
//! order for any number of threads.

mod executor;
mod filter;
mod hit;
mod measure;
mod method;
mod query;
mod retention;
mod searcher;
mod top;

pub use executor::Executor;
pub use filter::Filter;
pub use hit::{Hit, HitList, SearchCounts};
pub use measure::{Alignment, Measure, MeasureInfo, MeasureValue};
pub use method::Method;
pub use query::{Query, QuerySource};
pub use retention::{RetentionPenalty, RetentionWindow};
pub use searcher::{SearchOptions, Searcher};
