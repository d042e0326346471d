//! A number with its name, range and direction.

use std::ffi::c_char;
use std::ptr;

use probity::search::MeasureInfo;
use probity::similarity::infrared::Better;

use crate::ffi;
use crate::text::Text;

/// A measure of likeness: what it is, and of a hit, its value. An output: set struct_size, the call fills the rest.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_measure {
    /// sizeof (probity_measure).
    pub struct_size: u32,
    /// 1 where the higher of two values tells of more likeness, 0 where the lower one does.
    pub higher_is_better: i32,
    /// The value of a hit; NaN where the measure is described alone.
    pub value: f64,
    /// The lowest value that can occur.
    pub minimum: f64,
    /// The highest value that can occur.
    pub maximum: f64,
    /// The name, such as "match_factor". It lives as long as the handle that was asked.
    pub name: *const c_char,
    /// What it is, in words. It lives as long as the handle that was asked.
    pub description: *const c_char,
}

ffi::versioned!(
    probity_measure,
    Self {
        struct_size: 0,
        higher_is_better: 1,
        value: f64::NAN,
        minimum: f64::NAN,
        maximum: f64::NAN,
        name: ptr::null(),
        description: ptr::null(),
    }
);

/// A measure with its texts.
#[derive(Debug)]
pub(crate) struct Measure {
    info: MeasureInfo,
    name: Text,
    description: Text,
}

impl Measure {
    pub(crate) fn new(info: MeasureInfo) -> Self {
        Self { info, name: Text::new(info.name), description: Text::new(info.description) }
    }

    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.info.name == name
    }

    pub(crate) fn with_value(&self, value: f64) -> probity_measure {
        probity_measure {
            struct_size: 0,
            higher_is_better: i32::from(self.info.better == Better::Higher),
            value,
            minimum: self.info.minimum,
            maximum: self.info.maximum,
            name: self.name.pointer(),
            description: self.description.pointer(),
        }
    }
}
