//! Texts that C can read.

use std::ffi::{CString, c_char};
use std::ptr;

/// A text with a NUL behind it. A NUL inside, which would cut it short in C, stands as U+2400, the symbol for it.
#[derive(Debug, Clone)]
pub(crate) struct Text(CString);

impl Text {
    pub(crate) fn new(text: impl Into<Vec<u8>>) -> Self {
        Self(CString::new(text).unwrap_or_else(|error| {
            let shown = String::from_utf8_lossy(&error.into_vec()).replace('\0', "\u{2400}");
            CString::new(shown).unwrap_or_default()
        }))
    }

    pub(crate) fn pointer(&self) -> *const c_char {
        self.0.as_ptr()
    }

    /// The number of bytes before the NUL.
    pub(crate) fn length(&self) -> usize {
        self.0.as_bytes().len()
    }
}

/// The text, or NULL for none.
pub(crate) fn pointer(text: Option<&Text>) -> *const c_char {
    text.map_or(ptr::null(), Text::pointer)
}

/// A text that may be missing.
pub(crate) fn optional(text: Option<&str>) -> Option<Text> {
    text.map(Text::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_inside_is_shown() {
        assert_eq!(Text::new("a\0b").0.to_str().unwrap(), "a\u{2400}b");
        assert_eq!(Text::new("µm").length(), 3);
    }
}
