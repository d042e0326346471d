//! The C ABI of Probity. `include/probity.h` is its manual, made from the comments of this crate.
//!
//! Types and functions have the names that C sees. Nearly all work with pointers is in `ffi.rs`; the other files
//! have one noun each and read like safe code.
#![allow(unsafe_code, reason = "the other side of these functions is C")]
#![allow(non_camel_case_types, reason = "the names are those that C sees")]
#![allow(clippy::missing_safety_doc, reason = "what a caller owes stands once, at the head of the header")]

#[cfg(not(panic = "unwind"))]
compile_error!("a panic must be caught before it reaches C: build with panic = \"unwind\"");

// In the order of the header's chapters.
mod abi;

mod version;

mod status;

mod error;

mod callback;

mod unit;

mod spectrum_description;

mod query;

mod read_options;

mod query_list;

mod open_options;

mod library;

mod change;

mod work_options;

mod json;

mod upkeep;

mod verification;

mod measure;

mod method;

mod search_options;

mod searcher;

mod batch;

mod hit_list;

mod group;

mod evidence;

mod finding;

mod finding_batch;

mod explanation;

mod mixture;

mod flat;

mod substance;

mod ffi;
mod notices;
mod panic;
#[cfg(feature = "test-hooks")]
mod test_hook;
mod text;

/// What the header promises: all handles but errors may be shared by threads, and all may be freed by any.
const _: () = {
    const fn shared<T: Send + Sync>() {}
    const fn sent<T: Send>() {}
    sent::<probity_error>();
    shared::<probity_library>();
    shared::<probity_method>();
    shared::<probity_searcher>();
    shared::<probity_query>();
    shared::<probity_query_list>();
    shared::<probity_hit_list>();
    shared::<probity_batch>();
    shared::<probity_finding>();
    shared::<probity_finding_batch>();
    shared::<probity_json>();
    shared::<probity_substance_answer>();
    shared::<probity_verification>();
};

pub use abi::*;
pub use batch::*;
pub use callback::*;
pub use change::*;
pub use error::*;
pub use evidence::*;
pub use explanation::*;
pub use finding::*;
pub use finding_batch::*;
pub use flat::*;
pub use group::*;
pub use hit_list::*;
pub use json::*;
pub use library::*;
pub use measure::*;
pub use method::*;
pub use mixture::*;
pub use open_options::*;
pub use query::*;
pub use query_list::*;
pub use read_options::*;
pub use search_options::*;
pub use searcher::*;
pub use spectrum_description::*;
pub use status::*;
pub use substance::*;
#[cfg(feature = "test-hooks")]
pub use test_hook::*;
pub use unit::*;
pub use upkeep::*;
pub use verification::*;
pub use version::*;
pub use work_options::*;
