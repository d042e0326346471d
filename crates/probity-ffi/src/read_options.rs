//! How spectrum files are read.

use std::ffi::c_void;
use std::ptr;

use probity::format::{ReadOptions, Strictness};

use crate::callback::{Log, probity_log_callback};
use crate::error::probity_error;
use crate::ffi;

/// How spectrum files are read. Fill it with probity_read_options_init().
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_read_options {
    /// sizeof (probity_read_options).
    pub struct_size: u32,
    /// 0 (default): repair what can be understood, and report it. 1: the first case is an error.
    pub strict: i32,
    /// Called with what was repaired, ignored or skipped; NULL (default) for nobody.
    pub log: probity_log_callback,
    /// Handed to `log`.
    pub log_user_data: *mut c_void,
}

ffi::versioned!(
    probity_read_options,
    Self { struct_size: 0, strict: 0, log: None, log_user_data: ptr::null_mut() }
);

impl probity_read_options {
    pub(crate) fn read_options(&self) -> ReadOptions {
        let strictness = if self.strict == 0 { Strictness::Tolerant } else { Strictness::Strict };
        ReadOptions::default().strictness(strictness)
    }

    pub(crate) fn log(&self) -> Log {
        Log { callback: self.log, user_data: self.log_user_data }
    }
}

/// Fills options for reading with the defaults. `size` is sizeof (probity_read_options).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_read_options_init(
    options: *mut probity_read_options,
    size: usize,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::init!(options, size, error)
}
