//! What C programs write for themselves.

use std::ffi::{CStr, c_char};
use std::path::{Path, PathBuf};
use std::ptr;

use probity_ffi::*;

/// What a fallible call returned, its error read and freed.
#[derive(Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) status: i32,
    pub(crate) text: Option<String>,
}

impl Outcome {
    pub(crate) fn of(status: i32, error: *mut probity_error) -> Self {
        assert_eq!(status != PROBITY_OK, !error.is_null(), "an error comes with a failure and only then");
        let text = string(unsafe { probity_error_text(error) });
        assert_eq!(unsafe { probity_error_status(error) }, status);
        unsafe { probity_error_free(error) };
        Self { status, text }
    }

    #[track_caller]
    pub(crate) fn ok(self) {
        assert_eq!(self.status, PROBITY_OK, "{:?}", self.text);
    }

    /// That the call failed with a status and a sentence that holds these words.
    #[track_caller]
    pub(crate) fn failed(self, status: i32, words: &str) {
        assert_eq!(self.status, status, "{:?}", self.text);
        let text = self.text.unwrap();
        assert!(text.contains(words), "{text}");
    }
}

/// Calls a function whose last parameter is an error.
macro_rules! call {
    ($function:ident($($argument:expr),* $(,)?)) => {{
        let mut error = std::ptr::null_mut();
        #[allow(unused_unsafe, reason = "arguments may be calls too")]
        let status = unsafe { $function($($argument,)* &mut error) };
        $crate::support::Outcome::of(status, error)
    }};
}
pub(crate) use call;

/// A handle that is freed at the end.
#[derive(Debug)]
pub(crate) struct Owned<T>(pub(crate) *mut T, unsafe extern "C" fn(*mut T));

unsafe impl<T> Sync for Owned<T> {}

impl<T> Owned<T> {
    /// The handle, from any thread.
    pub(crate) fn pointer(&self) -> *mut T {
        self.0
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        unsafe { self.1(self.0) };
    }
}

/// A text that C shows; `None` for NULL.
pub(crate) fn string(text: *const c_char) -> Option<String> {
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_str().unwrap().to_owned())
}

pub(crate) fn chars(text: &str) -> *const c_char {
    text.as_ptr().cast()
}

macro_rules! make {
    ($function:ident($($argument:expr),* $(,)?), $free:ident) => {{
        let mut handle = std::ptr::null_mut();
        $crate::support::call!($function($($argument,)* &mut handle)).ok();
        assert!(!handle.is_null());
        $crate::support::owned(handle, $free)
    }};
}
pub(crate) use make;

pub(crate) fn owned<T>(handle: *mut T, free: unsafe extern "C" fn(*mut T)) -> Owned<T> {
    Owned(handle, free)
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

pub(crate) fn starter() -> Owned<probity_library> {
    make!(probity_library_open_starter(), probity_library_free)
}

pub(crate) fn method(name: &str) -> Owned<probity_method> {
    make!(probity_method_named(chars(name), name.len()), probity_method_free)
}

pub(crate) fn open(path: &Path, options: *const probity_open_options) -> Owned<probity_library> {
    let path = path.to_str().unwrap();
    make!(probity_library_open(chars(path), path.len(), options), probity_library_free)
}

pub(crate) fn searcher(
    library: &Owned<probity_library>,
    name: &str,
    threads: u32,
) -> Owned<probity_searcher> {
    let (method, mut options) = (method(name), searcher_options());
    options.threads = threads;
    make!(probity_searcher_new(library.0, method.0, &options), probity_searcher_free)
}

pub(crate) fn searcher_options() -> probity_searcher_options {
    let mut options = std::mem::MaybeUninit::uninit();
    let size = size_of::<probity_searcher_options>();
    call!(probity_searcher_options_init(options.as_mut_ptr(), size)).ok();
    unsafe { options.assume_init() }
}

pub(crate) fn file(path: &Path) -> Owned<probity_query_list> {
    let path = path.to_str().unwrap();
    make!(probity_query_list_from_file(chars(path), path.len(), ptr::null()), probity_query_list_free)
}

pub(crate) fn peaks(mz: &[f64], intensity: &[f64]) -> Owned<probity_query> {
    make!(
        probity_query_from_peaks(mz.as_ptr(), intensity.as_ptr(), mz.len(), ptr::null()),
        probity_query_free
    )
}

/// The principal ions of cocaine.
pub(crate) const MZ: [f64; 6] = [82.0, 94.0, 105.0, 122.0, 182.0, 303.0];
pub(crate) const INTENSITY: [f64; 6] = [999.0, 300.0, 250.0, 120.0, 800.0, 200.0];

/// An output struct that knows its size.
macro_rules! sized {
    ($name:ident) => {{
        let mut value = unsafe { std::mem::zeroed::<$name>() };
        value.struct_size = size_of::<$name>() as u32;
        value
    }};
}
pub(crate) use sized;

pub(crate) fn identify(
    searcher: &Owned<probity_searcher>,
    query: *const probity_query,
    options: *const probity_search_options,
) -> Owned<probity_finding> {
    make!(probity_searcher_identify(searcher.0, query, options), probity_finding_free)
}

pub(crate) fn json(finding: &Owned<probity_finding>) -> String {
    let (mut json, mut length) = (ptr::null(), 0);
    call!(probity_finding_json(finding.0, &mut json, &mut length)).ok();
    let text = string(json).unwrap();
    assert_eq!(text.len(), length);
    text
}
