//! How a library is opened.

use std::ffi::{c_char, c_void};
use std::ptr;

use probity::format::{ReadOptions, Strictness};
use probity::library::storage::Access;
use probity::library::{OpenOptions, StateSelector};

use crate::callback::{Log, Progress, probity_log_callback, probity_progress_callback};
use crate::error::{Failure, Result, probity_error};
use crate::ffi;
use crate::status::PROBITY_ERROR_INVALID_OPTION;

/// Files are read into memory and checked whole. What happens to them afterwards does not matter.
pub const PROBITY_ACCESS_OWNED: i32 = 0;
/// Files are mapped: a library opens in milliseconds, and each part is checked when it is first read. Another
/// process that shortens a file meanwhile kills this one.
pub const PROBITY_ACCESS_MAPPED: i32 = 1;

/// How a library is opened. Fill it with probity_open_options_init().
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_open_options {
    /// sizeof (probity_open_options).
    pub struct_size: u32,
    /// PROBITY_ACCESS_OWNED (default) or PROBITY_ACCESS_MAPPED; of library folders only.
    pub access: i32,
    /// Which state of a library folder: its number, or eleven or more of the first digits of its digest. NULL
    /// (default) for the newest.
    pub state: *const c_char,
    /// Bytes of `state`.
    pub state_length: usize,
    /// Called with what was repaired, ignored, skipped or passed over; NULL (default) for nobody.
    pub log: probity_log_callback,
    /// Handed to `log`.
    pub log_user_data: *mut c_void,
    /// 0 (default): repair in spectrum files what can be understood. 1: the first case is an error.
    pub strict: i32,
    /// 0.
    pub reserved: i32,
    /// Told how many bytes of a library folder's files are read and checked, or how many spectrum files are read of
    /// those found so far, and asked whether to go on; NULL (default) for nobody. It is asked before each file, and while
    /// a file of a folder that is opened owned is checked.
    pub progress: probity_progress_callback,
    /// Handed to `progress`.
    pub progress_user_data: *mut c_void,
}

ffi::versioned!(
    probity_open_options,
    Self {
        struct_size: 0,
        access: PROBITY_ACCESS_OWNED,
        state: ptr::null(),
        state_length: 0,
        log: None,
        log_user_data: ptr::null_mut(),
        strict: 0,
        reserved: 0,
        progress: None,
        progress_user_data: ptr::null_mut(),
    }
);

impl probity_open_options {
    pub(crate) fn open_options(&self) -> Result<OpenOptions> {
        if self.reserved != 0 {
            return Err(Failure::new(PROBITY_ERROR_INVALID_OPTION, "reserved must be 0"));
        }
        let strictness = if self.strict == 0 { Strictness::Tolerant } else { Strictness::Strict };
        Ok(OpenOptions::default()
            .read(ReadOptions::default().strictness(strictness))
            .access(self.access()?)
            .state(self.state()?))
    }

    pub(crate) fn access(&self) -> Result<Access> {
        match self.access {
            PROBITY_ACCESS_OWNED => Ok(Access::Owned),
            PROBITY_ACCESS_MAPPED => Ok(Access::Mapped),
            other => {
                let message = format!("access is neither owned nor mapped, but {other}");
                Err(Failure::new(PROBITY_ERROR_INVALID_OPTION, message))
            }
        }
    }

    pub(crate) fn state(&self) -> Result<StateSelector> {
        match ffi::text!(self.state, self.state_length, "state")? {
            "" => Ok(StateSelector::Latest),
            state => Ok(state.parse()?),
        }
    }

    pub(crate) fn progress(&self) -> Progress {
        Progress { callback: self.progress, user_data: self.progress_user_data }
    }

    pub(crate) fn log(&self) -> Log {
        Log { callback: self.log, user_data: self.log_user_data }
    }
}

/// ---- Libraries ----
///
/// Fills options for opening with the defaults. `size` is sizeof (probity_open_options).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_open_options_init(
    options: *mut probity_open_options,
    size: usize,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::init!(options, size, error)
}
