//! Making libraries and keeping them: building, adding, withdrawing, compacting.
//!
//! Each change is one commit: when a function returns, the change is durable; if it fails, the library
//! is as it was.

mod add;
mod addition;
mod build;
mod compact;
mod withdraw;

pub use add::{Added, add};
pub use addition::Addition;
pub use build::{NewLibrary, build};
pub use compact::compact;
pub use withdraw::withdraw;
