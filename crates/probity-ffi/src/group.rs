//! Hits of one substance.

use std::ffi::c_char;
use std::ptr;

use probity::finding::SubstanceGroup;

use crate::ffi;
use crate::text::{self, Text};

/// All hits of one substance in one form. Mass spectrometry does not choose between stereoisomers: they are one group.
/// An output: set struct_size, the call fills the rest. Pointers live as long as the finding; a text that is not stated
/// is NULL.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_group {
    /// sizeof (probity_group).
    pub struct_size: u32,
    /// 1 if these are spectra of a derivative filed under its parent's key and formula, else 0.
    pub keyed_as_parent: i32,
    /// The place among the substances, from 1.
    pub place: u64,
    /// The first measure of the best hit.
    pub best_first_measure: f64,
    /// The entries, best first.
    pub entry_ids: *const u64,
    /// The number of entries.
    pub entry_count: usize,
    /// The number of stereoforms that the library holds under this key, whether among the hits or not.
    pub stereoform_count: usize,
    /// The name of the best hit.
    pub name: *const c_char,
    /// The formula of the best hit.
    pub formula: *const c_char,
    /// The substance's key.
    pub substance_key: *const c_char,
    /// The derivative, such as "TMS", of a derivative's spectra.
    pub derivative: *const c_char,
}

ffi::versioned!(
    probity_group,
    Self {
        struct_size: 0,
        keyed_as_parent: 0,
        place: 0,
        best_first_measure: f64::NAN,
        entry_ids: ptr::null(),
        entry_count: 0,
        stereoform_count: 0,
        name: ptr::null(),
        formula: ptr::null(),
        substance_key: ptr::null(),
        derivative: ptr::null(),
    }
);

/// A group as C sees it.
#[derive(Debug)]
pub(crate) struct Group {
    keyed_as_parent: bool,
    place: usize,
    best_first_measure: f64,
    entry_ids: Vec<u64>,
    stereoforms: usize,
    name: Text,
    formula: Option<Text>,
    substance_key: Option<Text>,
    derivative: Option<Text>,
}

impl Group {
    pub(crate) fn of(group: &SubstanceGroup) -> Self {
        Self {
            keyed_as_parent: group.keyed_as_parent,
            place: group.place,
            best_first_measure: group.best_first_measure,
            entry_ids: group.entry_ids.iter().map(|id| id.0).collect(),
            stereoforms: group.stereoforms.len(),
            name: Text::new(group.name.as_str()),
            formula: text::optional(group.formula.as_deref()),
            substance_key: group.substance_key.as_ref().map(|key| Text::new(key.as_str())),
            derivative: text::optional(group.form.derivative.as_deref()),
        }
    }

    pub(crate) fn shown(&self) -> probity_group {
        probity_group {
            struct_size: 0,
            keyed_as_parent: self.keyed_as_parent.into(),
            place: self.place as u64,
            best_first_measure: self.best_first_measure,
            entry_ids: self.entry_ids.as_ptr(),
            entry_count: self.entry_ids.len(),
            stereoform_count: self.stereoforms,
            name: self.name.pointer(),
            formula: text::pointer(self.formula.as_ref()),
            substance_key: text::pointer(self.substance_key.as_ref()),
            derivative: text::pointer(self.derivative.as_ref()),
        }
    }
}
