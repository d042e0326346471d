//! What the library calls back.

use std::ffi::{c_char, c_void};
use std::ops::ControlFlow;

use crate::ffi;
use crate::text::Text;

/// Something to know that is no error: a repair, an assumption, a slower way that was taken.
pub const PROBITY_LOG_NOTICE: i32 = 1;
/// Something was left out, or does not agree.
pub const PROBITY_LOG_WARNING: i32 = 2;

/// Receives what happens beside a result, one sentence at a time: what readers repaired, ignored or skipped, files
/// that were passed over, entries that had to be prepared at once. `user_data` is what stands beside the callback in
/// the options; `level` is PROBITY_LOG_NOTICE or PROBITY_LOG_WARNING; `message` is UTF-8, `length` bytes and a NUL,
/// valid during the callback. It is called on the thread that made the call, within the call. It must return, must
/// not throw, and must not use handles that the call uses.
pub type probity_log_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, level: i32, message: *const c_char, length: usize)>;

/// Is told how far a long call is, and stops it by returning anything but 0: the call then returns
/// PROBITY_ERROR_CANCELLED. What `done` and `total` count stands with each call; `done` never falls. `user_data` is what
/// stands beside the callback in the options. It is called on the thread that made the call, within the call. It must
/// return, must not throw, and must not use handles that the call uses.
pub type probity_progress_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, done: u64, total: u64) -> i32>;

/// Where to tell what happens, during one call.
#[derive(Clone, Copy)]
pub(crate) struct Log {
    pub(crate) callback: probity_log_callback,
    pub(crate) user_data: *mut c_void,
}

impl Log {
    pub(crate) fn tell(self, level: i32, message: &str) {
        if let Some(callback) = self.callback {
            ffi::tell(callback, self.user_data, level, &Text::new(message));
        }
    }
}

/// Whom to tell how far a call is, during that call.
#[derive(Clone, Copy)]
pub(crate) struct Progress {
    pub(crate) callback: probity_progress_callback,
    pub(crate) user_data: *mut c_void,
}

impl Progress {
    pub(crate) fn tell(self, progress: probity::Progress) -> ControlFlow<()> {
        let Some(callback) = self.callback else { return ControlFlow::Continue(()) };
        match ffi::ask(callback, self.user_data, progress.done, progress.total) {
            0 => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        }
    }
}
