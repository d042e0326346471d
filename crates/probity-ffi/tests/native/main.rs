//! The built library and its header, as C compilers and linkers see them. Needs cc, c++ and nm.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

mod abi;
mod client;
mod tools;
