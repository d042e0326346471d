//! The record's title, `name; instrument type; level; collision energy; precursor type`.

use crate::format::Record;

/// The title that follows from the other fields (section 2.1.2 of the format); a title that says no
/// more than this is not kept when read.
pub(super) fn composed(record: &Record) -> String {
    let mut parts = vec![record.name.clone()];
    if let Some(spectrum) = record.spectrum.as_mass() {
        let acquisition = &spectrum.acquisition;
        parts.extend(acquisition.instrument_type.clone());
        parts.extend(acquisition.ms_level.map(level_text));
        parts.extend(acquisition.collision_energy.as_ref().map(|energy| format!("CE: {energy}")));
        parts.extend(acquisition.precursor_type.clone());
    }
    parts.join("; ")
}

/// `MS` for a survey spectrum, `MS2` for product ions, and so on.
pub(super) fn level_text(level: u8) -> String {
    if level == 1 { "MS".to_owned() } else { format!("MS{level}") }
}
