//! How long work runs, and who watches it.

use std::ffi::c_void;
use std::ptr;

use probity::search::Executor;

use crate::callback::{Progress, probity_progress_callback};
use crate::error::{Result, probity_error};
use crate::ffi;

/// How long work on a library runs, and who watches it. Fill it with probity_work_options_init().
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_work_options {
    /// sizeof (probity_work_options).
    pub struct_size: u32,
    /// Threads that work: 0 (default) for as many as there are processors. The result does not depend on it.
    pub threads: u32,
    /// Told how far the work is, and asked whether to go on; NULL (default) for nobody. What it counts stands with the
    /// function.
    pub progress: probity_progress_callback,
    /// Handed to `progress`.
    pub progress_user_data: *mut c_void,
}

ffi::versioned!(
    probity_work_options,
    Self { struct_size: 0, threads: 0, progress: None, progress_user_data: ptr::null_mut() }
);

impl probity_work_options {
    pub(crate) fn executor(&self) -> Result<Executor> {
        Ok(Executor::new(self.threads as usize)?)
    }

    pub(crate) fn progress(&self) -> Progress {
        Progress { callback: self.progress, user_data: self.progress_user_data }
    }
}

/// ---- Work that is watched, and answers that are JSON ----
///
/// Fills options for work with the defaults. `size` is sizeof (probity_work_options).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_work_options_init(
    options: *mut probity_work_options,
    size: usize,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::init!(options, size, error)
}
