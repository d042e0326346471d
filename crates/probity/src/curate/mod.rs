//! Making libraries and looking after them: building, adding, withdrawing, compacting, indexing,
//! auditing.
//!
//! Each change is one commit: when a function returns, the change is durable; if it fails, the library
//! is as it was. An audit changes nothing, and an index no answer.

mod add;
mod addition;
pub mod audit;
mod build;
mod compact;
mod index;
mod withdraw;

pub use add::{Added, add};
pub use addition::Addition;
pub use build::{NewLibrary, build};
pub use compact::compact;
pub use index::{Indexed, index, index_watched};
pub use withdraw::withdraw;
