//! Searching a library: every candidate is scored by a reference scorer, exactly and in the same
//! order for any number of threads.

mod admission;
mod alignment;
mod chunks;
mod comparison;
mod curve_points;
mod entry_facts;
mod executor;
mod explain;
mod filter;
mod first_choice;
mod fragment_best;
mod fragment_blocks;
mod hit;
mod input_queries;
mod library_index;
mod measure;
mod measure_value;
mod method;
mod part_rows;
mod parts;
mod prepared;
mod query;
mod ranking;
mod relative_probability;
mod retention;
mod search_many;
mod search_options;
mod searcher;
mod stored_part;
mod top;
mod top_judge;

pub use alignment::Alignment;
pub(crate) use comparison::Comparison;
pub use executor::Executor;
pub use filter::Filter;
pub use hit::{Hit, HitList, NearPair, SearchCounts};
pub use input_queries::{InputQueries, PassedOver};
pub use measure::{Assignment, Measure};
pub use measure_value::{MeasureInfo, MeasureValue};
pub use method::Method;
pub use query::{Query, QuerySource};
pub use retention::{RetentionPenalty, RetentionWindow};
pub use search_options::SearchOptions;
pub use searcher::Searcher;
pub(crate) use stored_part::index_content;
