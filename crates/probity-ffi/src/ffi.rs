//! Where pointers become references and back. The macros are the only way in: each stands in an exported function,
//! or in what it calls on the same arguments, and relies on the rule of the header that its comment names.
//!
//! * **Rule P (pointers):** a pointer that is not NULL points to what its type and length say, which
//!   nobody else writes to during the call.
//! * **Rule H (handles):** a handle came from this library and was not freed.
//! * **Rule O (outputs):** an output points to writable memory of its type and overlaps no other argument.
//! * **Rule S (structs):** a struct begins with its size in bytes, and that many bytes are readable and, of an
//!   output, writable.
//! * **Rule C (callbacks):** a callback may be called during the call that was given it, with its user data.

use std::ffi::{c_char, c_void};
use std::mem::{MaybeUninit, size_of};
use std::ptr::{self, NonNull};

use crate::error::{Failure, Result, probity_error};
use crate::panic::caught;
use crate::status::{
    PROBITY_ERROR_INVALID_UTF8, PROBITY_ERROR_LENGTH_OVERFLOW, PROBITY_ERROR_MISALIGNED,
    PROBITY_ERROR_NULL_POINTER, PROBITY_ERROR_PANIC, PROBITY_ERROR_STRUCT_SIZE, PROBITY_OK,
};

/// No version's structs are larger; a size beyond it was never set.
const LARGEST_STRUCT: usize = 4_096;

/// Runs an exported function: a panic becomes a status, a failure is handed out with its error.
pub(crate) unsafe fn guarded(error: *mut *mut probity_error, work: impl FnOnce() -> Result<()>) -> i32 {
    let failure = outcome(work).err();
    let status = failure.as_ref().map_or(PROBITY_OK, Failure::status);
    if let Some(error) = NonNull::new(error) {
        // The error is made within the guard too.
        let made = caught(|| failure.map(|failure| Box::into_raw(Box::new(probity_error::from(failure)))));
        // SAFETY: rule O.
        unsafe { error.write(made.ok().flatten().unwrap_or(ptr::null_mut())) };
    }
    status
}

/// What work came to, a panic as a failure.
pub(crate) fn outcome<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    caught(work).unwrap_or_else(|panic| Err(Failure::new(PROBITY_ERROR_PANIC, panic)))
}

fn null(name: &str) -> Failure {
    Failure::new(PROBITY_ERROR_NULL_POINTER, format!("{name} must not be NULL"))
}

/// A pointer that is neither NULL nor between two places where such a value can stand.
fn present<T>(pointer: *const T, name: &str) -> Result<NonNull<T>> {
    let present = NonNull::new(pointer.cast_mut()).ok_or_else(|| null(name))?;
    if present.is_aligned() {
        return Ok(present);
    }
    let message = format!("{name} is not aligned to {} bytes", align_of::<T>());
    Err(Failure::new(PROBITY_ERROR_MISALIGNED, message))
}

pub(crate) unsafe fn borrowed<'a, T>(pointer: *const T, name: &str) -> Result<&'a T> {
    // SAFETY: rules P and H.
    Ok(unsafe { present(pointer, name)?.as_ref() })
}

pub(crate) unsafe fn borrowed_if<'a, T>(pointer: *const T) -> Option<&'a T> {
    // SAFETY: rule H.
    unsafe { pointer.as_ref() }
}

/// A handle's value, or another one without a handle or where a panic was caught.
pub(crate) fn value_of<T, R>(handle: Option<&T>, otherwise: R, get: impl FnOnce(&T) -> R) -> R {
    match handle {
        Some(handle) => caught(|| get(handle)).unwrap_or(otherwise),
        None => otherwise,
    }
}

pub(crate) unsafe fn freed<T>(handle: *mut T) {
    if !handle.is_null() {
        // Nothing is left to be told to whoever frees.
        // SAFETY: rule H: it was made by `Out::write_handle`, and is given back once.
        let _ = caught(|| drop(unsafe { Box::from_raw(handle) }));
    }
}

/// An array; NULL with length 0 is an empty one.
pub(crate) unsafe fn read_array<'a, T>(pointer: *const T, length: usize, name: &str) -> Result<&'a [T]> {
    let bytes = length.checked_mul(size_of::<T>()).filter(|&bytes| isize::try_from(bytes).is_ok());
    if bytes.is_none() {
        let message = format!("{name}: {length} elements are more than any memory can hold");
        return Err(Failure::new(PROBITY_ERROR_LENGTH_OVERFLOW, message));
    }
    if length == 0 {
        return Ok(&[]);
    }
    let first = present(pointer, name)?;
    // SAFETY: rule P; the length in bytes was checked.
    Ok(unsafe { std::slice::from_raw_parts(first.as_ptr(), length) })
}

pub(crate) unsafe fn read_text<'a>(pointer: *const c_char, length: usize, name: &str) -> Result<&'a str> {
    // SAFETY: rule P.
    let bytes = unsafe { read_array(pointer.cast::<u8>(), length, name) }?;
    std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("{name} is not UTF-8: byte {} and what follows", error.valid_up_to());
        Failure::new(PROBITY_ERROR_INVALID_UTF8, message)
    })
}

/// Where an output goes. It is written last, so that a failure leaves all outputs as they were.
pub(crate) struct Out<T>(NonNull<T>);

impl<T> Out<T> {
    pub(crate) unsafe fn of(pointer: *mut T, name: &str) -> Result<Self> {
        present(pointer, name).map(Self)
    }

    pub(crate) fn write(self, value: T) {
        // SAFETY: rule O; `of` was given it by the caller of this call.
        unsafe { self.0.write(value) };
    }
}

/// Writes an output that may be missing.
pub(crate) fn write_if<T>(out: Option<Out<T>>, value: T) {
    if let Some(out) = out {
        out.write(value);
    }
}

impl<T> Out<*mut T> {
    pub(crate) fn write_handle(self, handle: T) {
        self.write(Box::into_raw(Box::new(handle)));
    }
}

/// A struct that begins with its size as the caller knows it.
///
/// # Safety
/// `repr(C)`, the field `struct_size: u32` first, no padding, and any bytes are a value.
pub(crate) unsafe trait Versioned: Copy {
    const NAME: &'static str;

    fn defaults() -> Self;

    fn struct_size(&mut self) -> &mut u32;
}

fn checked_size<T: Versioned>(size: usize) -> Result<usize> {
    if size < 2 * size_of::<u32>() || size > LARGEST_STRUCT || !size.is_multiple_of(align_of::<T>()) {
        let message = format!("the struct_size of {} is {size}, which is none; set it to sizeof", T::NAME);
        return Err(Failure::new(PROBITY_ERROR_STRUCT_SIZE, message));
    }
    Ok(size)
}

/// The size that a struct says it has.
unsafe fn stated_size<T: Versioned>(pointer: NonNull<T>) -> Result<usize> {
    // SAFETY: rule S: every struct begins with its size.
    checked_size::<T>(unsafe { pointer.cast::<u32>().read() } as usize)
}

/// Checks the size of a struct, if there is one.
pub(crate) unsafe fn sized<T: Versioned>(pointer: *mut T) -> Result<()> {
    if pointer.is_null() {
        return Ok(());
    }
    // SAFETY: rule S.
    unsafe { stated_size(present(pointer, T::NAME)?) }.map(|_| ())
}

/// Fills a caller's struct with defaults; what only the caller's version has becomes 0.
pub(crate) unsafe fn initialized<T: Versioned>(pointer: *mut T, size: usize, name: &str) -> Result<()> {
    let target = present(pointer, name)?;
    // SAFETY: rules O and S.
    unsafe { put_struct(target, T::defaults(), checked_size::<T>(size)?) };
    Ok(())
}

/// Fills a caller's output struct as far as the caller knows it.
pub(crate) unsafe fn fill_struct<T: Versioned>(pointer: *mut T, value: T, name: &str) -> Result<()> {
    let target = present(pointer, name)?;
    // SAFETY: rules O and S.
    unsafe { put_struct(target, value, stated_size(target)?) };
    Ok(())
}

unsafe fn put_struct<T: Versioned>(target: NonNull<T>, mut value: T, size: usize) {
    *value.struct_size() = u32::try_from(size).unwrap_or(0);
    let known = size.min(size_of::<T>());
    let (target, value) = (target.cast::<u8>(), NonNull::from(&value).cast::<u8>());
    // SAFETY: rule S: `size` bytes are writable, of which `known` are ours to copy; a struct has no padding.
    unsafe {
        target.copy_from_nonoverlapping(value, known);
        target.add(known).write_bytes(0, size - known);
    }
}

/// What a caller set; NULL, and what an earlier version's struct lacks, gives the defaults.
pub(crate) unsafe fn read_options<T: Versioned>(pointer: *const T) -> Result<T> {
    if pointer.is_null() {
        return Ok(T::defaults());
    }
    let source = present(pointer, T::NAME)?;
    // SAFETY: rule S.
    let size = unsafe { stated_size(source) }?;
    let known = size.min(size_of::<T>());
    let mut options = MaybeUninit::new(T::defaults());
    // SAFETY: rule S: `size` bytes are readable, and any bytes are a value of `T`.
    let (mut options, unknown) = unsafe {
        options.as_mut_ptr().cast::<u8>().copy_from_nonoverlapping(source.as_ptr().cast(), known);
        let unknown = std::slice::from_raw_parts(source.cast::<u8>().add(known).as_ptr(), size - known);
        (options.assume_init(), unknown)
    };
    if unknown.iter().any(|&byte| byte != 0) {
        let message = format!(
            "{} is that of a newer version, and something is set that this one does not know",
            T::NAME
        );
        return Err(Failure::new(PROBITY_ERROR_STRUCT_SIZE, message));
    }
    *options.struct_size() = size_of::<T>() as u32;
    Ok(options)
}

/// Writes a text and its NUL into a caller's buffer, if they fit; whether they did.
pub(crate) unsafe fn copied(text: &str, buffer: *mut c_char, capacity: usize) -> bool {
    let fits = !buffer.is_null() && text.len() < capacity;
    if fits {
        // SAFETY: rule O: `capacity` bytes are writable, of which the text and its NUL are fewer or as many.
        unsafe {
            ptr::copy_nonoverlapping(text.as_ptr(), buffer.cast(), text.len());
            buffer.add(text.len()).write(0);
        }
    }
    fits
}

pub(crate) fn tell(callback: LogFunction, user_data: *mut c_void, level: i32, message: &crate::text::Text) {
    // SAFETY: rule C; only options of the present call hold it.
    unsafe { callback(user_data, level, message.pointer(), message.length()) };
}

pub(crate) fn ask(callback: ProgressFunction, user_data: *mut c_void, done: u64, total: u64) -> i32 {
    // SAFETY: rule C; only options of the present call hold it.
    unsafe { callback(user_data, done, total) }
}

pub(crate) type LogFunction = unsafe extern "C" fn(*mut c_void, i32, *const c_char, usize);
pub(crate) type ProgressFunction = unsafe extern "C" fn(*mut c_void, u64, u64) -> i32;

/// The body of a fallible function.
macro_rules! guard {
    ($error:expr, $work:expr) => {{
        let work = $work;
        // SAFETY: rule O for the error; the body states its own.
        unsafe { $crate::ffi::guarded($error, work) }
    }};
}

/// A value of a handle, of a function that cannot fail.
macro_rules! get {
    ($handle:expr, $otherwise:expr, $get:expr) => {{
        // SAFETY: rule H.
        let handle = unsafe { $crate::ffi::borrowed_if($handle) };
        $crate::ffi::value_of(handle, $otherwise, $get)
    }};
}

/// Ends a handle.
macro_rules! free {
    ($handle:expr) => {{
        // SAFETY: rule H.
        unsafe { $crate::ffi::freed($handle) }
    }};
}

/// A handle that is there.
macro_rules! borrow {
    ($handle:ident) => {{
        // SAFETY: rule H.
        unsafe { $crate::ffi::borrowed($handle, stringify!($handle)) }
    }};
}

/// An array of the caller.
macro_rules! array {
    ($pointer:expr, $length:expr, $name:literal) => {{
        // SAFETY: rule P.
        unsafe { $crate::ffi::read_array($pointer, $length, $name) }
    }};
}

/// A text of the caller.
macro_rules! text {
    ($pointer:expr, $length:expr, $name:literal) => {{
        // SAFETY: rule P.
        unsafe { $crate::ffi::read_text($pointer, $length, $name) }
    }};
}

/// An output that must be there.
macro_rules! out {
    ($pointer:ident) => {{
        // SAFETY: rule O.
        unsafe { $crate::ffi::Out::of($pointer, stringify!($pointer)) }
    }};
}

/// An output that may be NULL.
macro_rules! optional {
    ($pointer:ident) => {
        if $pointer.is_null() { Ok(None) } else { $crate::ffi::out!($pointer).map(Some) }
    };
}

/// An output struct, filled.
macro_rules! fill {
    ($pointer:ident, $value:expr) => {{
        let value = $value;
        // SAFETY: rules O and S.
        unsafe { $crate::ffi::fill_struct($pointer, value, stringify!($pointer)) }
    }};
}

/// An output struct that may be NULL, filled if it is there.
macro_rules! fill_if {
    ($pointer:ident, $value:expr) => {
        if $pointer.is_null() { Ok(()) } else { $crate::ffi::fill!($pointer, $value) }
    };
}

/// That an output struct states its size, before anything is done that cannot be undone.
macro_rules! check_size {
    ($pointer:ident) => {{
        // SAFETY: rule S.
        unsafe { $crate::ffi::sized($pointer) }
    }};
}

/// A struct of options, by value.
macro_rules! options {
    ($pointer:expr) => {{
        // SAFETY: rule S.
        unsafe { $crate::ffi::read_options($pointer) }
    }};
}

/// The body of an `_init` function.
macro_rules! init {
    ($pointer:ident, $size:expr, $error:expr) => {
        $crate::ffi::guard!($error, || {
            // SAFETY: rules O and S.
            unsafe { $crate::ffi::initialized($pointer, $size, stringify!($pointer)) }
        })
    };
}

/// Declares that a struct begins with its size, and what it holds by default.
macro_rules! versioned {
    ($name:ident, $defaults:expr) => {
        const _: () = assert!(std::mem::offset_of!($name, struct_size) == 0);
        // SAFETY: it is repr(C), begins with its size, and holds numbers, pointers and optional functions, of which any
        // bytes are a value; that there is no padding a test of the layouts sees.
        unsafe impl $crate::ffi::Versioned for $name {
            const NAME: &'static str = stringify!($name);

            fn defaults() -> Self {
                $defaults
            }

            fn struct_size(&mut self) -> &mut u32 {
                &mut self.struct_size
            }
        }
    };
}

pub(crate) use {
    array, borrow, check_size, fill, fill_if, free, get, guard, init, optional, options, out, text, versioned,
};
