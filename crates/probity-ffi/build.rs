//! The name under which programs find the shared library, and what the library says of its build.

#[path = "src/abi.rs"]
#[allow(unreachable_pub, reason = "the number is stated once, where C reads it")]
mod abi;

use abi::PROBITY_ABI_VERSION;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/abi.rs");
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    if variable("CARGO_CFG_TARGET_OS") == "linux" {
        // Cargo names none. The ABI's number is in it, so that a program never meets another ABI than its own.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libprobity.so.{PROBITY_ABI_VERSION}");
        // A thread of a pool that was just freed may still be at its last instructions when a host unloads the library.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
    println!("cargo:rustc-env=PROBITY_TARGET={}", variable("TARGET"));
    println!("cargo:rustc-env=PROBITY_PROFILE={}", variable("PROFILE"));
}
