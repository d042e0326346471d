//! The exported functions themselves: what they answer, and what they answer to mistakes.
#![allow(unsafe_code, reason = "these tests stand where C stands")]
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    reason = "each call hands in what the header asks for, or breaks a rule that the header says is checked"
)]

mod answers;
mod any_order;
mod arguments;
mod c_calls;
mod infrared;
mod library;
mod search;
mod structs;
mod support;
mod upkeep;
mod watching;
