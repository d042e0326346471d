//! What a spectrum is said to be of: a substance and the form in which it was measured.

mod form;
mod identity;
mod key;
pub mod registry;

pub use form::Form;
pub use identity::Identity;
pub use key::SubstanceKey;
