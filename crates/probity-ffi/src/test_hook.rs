//! A panic to order, for tests.

use crate::error::probity_error;
use crate::ffi;

/// Panics, on a thread of an executor if `threads` is not 1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_test_panic(threads: u32, error: *mut *mut probity_error) -> i32 {
    ffi::guard!(error, || {
        let executor = probity::search::Executor::new(threads as usize)?;
        executor.map(&[()], |()| panic!("asked for by a test"));
        Ok(())
    })
}
