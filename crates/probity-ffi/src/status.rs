//! What functions return.

use probity::ErrorKind;

/// The call did what it was asked for.
pub const PROBITY_OK: i32 = 0;

/// An option or argument makes no sense; the message says which.
pub const PROBITY_ERROR_INVALID_OPTION: i32 = 10;
/// A pointer that must not be NULL is NULL; the message names it.
pub const PROBITY_ERROR_NULL_POINTER: i32 = 11;
/// The struct_size of a struct is 0, is no size of such a struct, or is that of a newer version's struct in which
/// something is set that this version does not know.
pub const PROBITY_ERROR_STRUCT_SIZE: i32 = 12;
/// A text is not UTF-8.
pub const PROBITY_ERROR_INVALID_UTF8: i32 = 13;
/// There is no element of this number.
pub const PROBITY_ERROR_INDEX_OUT_OF_RANGE: i32 = 14;
/// A length is more than any memory can hold.
pub const PROBITY_ERROR_LENGTH_OVERFLOW: i32 = 15;
/// There is nothing of this name or number.
pub const PROBITY_ERROR_NOT_FOUND: i32 = 16;
/// The buffer is too small for the whole text; nothing was written to it.
pub const PROBITY_ERROR_BUFFER_TOO_SMALL: i32 = 17;
/// A pointer is not aligned as its type asks for: 8 bytes for numbers of 8 bytes and for structs.
pub const PROBITY_ERROR_MISALIGNED: i32 = 18;

/// The operating system refused an operation on a file, or threads; trying again or elsewhere may help.
pub const PROBITY_ERROR_IO: i32 = 20;

/// The input breaks the rules of its format; the input must be mended.
pub const PROBITY_ERROR_MALFORMED: i32 = 30;
/// A number in an array is NaN or infinite; the message names it, counted from 0.
pub const PROBITY_ERROR_NOT_FINITE: i32 = 31;

/// The input is legal but of a kind that this version does not read, or that the method does not compare.
pub const PROBITY_ERROR_UNSUPPORTED: i32 = 40;

/// A limit was reached before the input ended.
pub const PROBITY_ERROR_LIMIT_REACHED: i32 = 50;

/// The library was made by a version that this one cannot read.
pub const PROBITY_ERROR_INCOMPATIBLE_VERSION: i32 = 60;

/// Stored data are not what was stored; another copy or an earlier state may be sound.
pub const PROBITY_ERROR_DAMAGED: i32 = 70;

/// Another program is writing to the library; trying again later may help.
pub const PROBITY_ERROR_BUSY: i32 = 80;

/// A callback asked to stop.
pub const PROBITY_ERROR_CANCELLED: i32 = 90;

/// The library failed in a way that this header has no number for.
pub const PROBITY_ERROR_INTERNAL: i32 = 100;
/// A defect of the library stopped the call. The message says where; please report it. The host can go on, and all
/// handles remain usable.
pub const PROBITY_ERROR_PANIC: i32 = 101;

/// The status of an error of the core.
pub(crate) fn status_of(kind: ErrorKind) -> i32 {
    match kind {
        ErrorKind::InvalidOption => PROBITY_ERROR_INVALID_OPTION,
        ErrorKind::Io => PROBITY_ERROR_IO,
        ErrorKind::Malformed => PROBITY_ERROR_MALFORMED,
        ErrorKind::Unsupported => PROBITY_ERROR_UNSUPPORTED,
        ErrorKind::LimitReached => PROBITY_ERROR_LIMIT_REACHED,
        ErrorKind::IncompatibleVersion => PROBITY_ERROR_INCOMPATIBLE_VERSION,
        ErrorKind::Damaged => PROBITY_ERROR_DAMAGED,
        ErrorKind::Busy => PROBITY_ERROR_BUSY,
        ErrorKind::Cancelled => PROBITY_ERROR_CANCELLED,
        _ => PROBITY_ERROR_INTERNAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_core_has_a_status_of_its_own() {
        use ErrorKind::{
            Busy, Cancelled, Damaged, IncompatibleVersion, InvalidOption, Io, LimitReached, Malformed,
            Unsupported,
        };
        let kinds = [
            InvalidOption,
            Io,
            Malformed,
            Unsupported,
            LimitReached,
            IncompatibleVersion,
            Damaged,
            Busy,
            Cancelled,
        ];
        let mut statuses: Vec<i32> = kinds.into_iter().map(status_of).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [10, 20, 30, 40, 50, 60, 70, 80, 90]);
    }
}
