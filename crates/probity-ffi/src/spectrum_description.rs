//! What a caller says of a spectrum that it hands in as arrays.

use std::ffi::c_char;
use std::ptr;

use probity::format::{Provenance, Record, RecordPlace};
use probity::spectrum::{Acquisition, CurveAcquisition, Spectrum};
use probity::substance::{Form, Identity};

use crate::error::{Failure, Result, probity_error};
use crate::ffi;
use crate::status::PROBITY_ERROR_NOT_FINITE;
use crate::unit;

/// What is known of a spectrum beside its numbers. Fill it with probity_spectrum_description_init(), then set what is
/// known: nothing has to be. Texts are UTF-8, each with its length in bytes, and are copied.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_spectrum_description {
    /// sizeof (probity_spectrum_description).
    pub struct_size: u32,
    /// How a mass spectrum was made: a PROBITY_TECHNIQUE number.
    pub technique: i32,
    /// The sign of the ions: a PROBITY_POLARITY number.
    pub polarity: i32,
    /// How the sample met the infrared light: a PROBITY_INFRARED number.
    pub infrared_technique: i32,
    /// m/z of the precursor; 0 if not stated.
    pub precursor_mz: f64,
    /// Retention index; 0 if not stated.
    pub retention_index: f64,
    /// Retention time in seconds; 0 if not stated.
    pub retention_time_s: f64,
    /// Lowest m/z of the scan; 0 for both ends if not stated.
    pub scan_low_mz: f64,
    /// Highest m/z of the scan.
    pub scan_high_mz: f64,
    /// Molecular mass in Da, which nist-neutral-loss and nist-hybrid need; 0 if not stated.
    pub molecular_mass_da: f64,
    /// Resolution of an infrared spectrum in cm⁻¹; 0 if not stated.
    pub resolution_cm1: f64,
    /// The name: of a query the laboratory's own, of a reference the substance's.
    pub name: *const c_char,
    /// Bytes of `name`.
    pub name_length: usize,
    /// Molecular formula, of a reference.
    pub formula: *const c_char,
    /// Bytes of `formula`.
    pub formula_length: usize,
    /// InChIKey, of a reference.
    pub inchikey: *const c_char,
    /// Bytes of `inchikey`.
    pub inchikey_length: usize,
    /// CAS number, of a reference.
    pub cas_number: *const c_char,
    /// Bytes of `cas_number`.
    pub cas_number_length: usize,
    /// SMILES, of a reference.
    pub smiles: *const c_char,
    /// Bytes of `smiles`.
    pub smiles_length: usize,
    /// Group of the substance, of a reference.
    pub substance_class: *const c_char,
    /// Bytes of `substance_class`.
    pub substance_class_length: usize,
    /// Number or accession in the source, of a reference.
    pub accession: *const c_char,
    /// Bytes of `accession`.
    pub accession_length: usize,
    /// Collection that it belongs to, of a reference.
    pub source: *const c_char,
    /// Bytes of `source`.
    pub source_length: usize,
    /// Who measured it, of a reference.
    pub contributor: *const c_char,
    /// Bytes of `contributor`.
    pub contributor_length: usize,
    /// Adduct of the precursor, such as "[M+H]+".
    pub precursor_type: *const c_char,
    /// Bytes of `precursor_type`.
    pub precursor_type_length: usize,
    /// Collision energy with its unit, such as "20 eV".
    pub collision_energy: *const c_char,
    /// Bytes of `collision_energy`.
    pub collision_energy_length: usize,
    /// State of the sample of an infrared spectrum, such as "gas" or "KBr pellet".
    pub sample_state: *const c_char,
    /// Bytes of `sample_state`.
    pub sample_state_length: usize,
    /// Any remark.
    pub comment: *const c_char,
    /// Bytes of `comment`.
    pub comment_length: usize,
}

ffi::versioned!(
    probity_spectrum_description,
    Self {
        struct_size: 0,
        technique: unit::PROBITY_TECHNIQUE_NOT_STATED,
        polarity: unit::PROBITY_POLARITY_NOT_STATED,
        infrared_technique: unit::PROBITY_INFRARED_NOT_STATED,
        precursor_mz: 0.0,
        retention_index: 0.0,
        retention_time_s: 0.0,
        scan_low_mz: 0.0,
        scan_high_mz: 0.0,
        molecular_mass_da: 0.0,
        resolution_cm1: 0.0,
        name: ptr::null(),
        name_length: 0,
        formula: ptr::null(),
        formula_length: 0,
        inchikey: ptr::null(),
        inchikey_length: 0,
        cas_number: ptr::null(),
        cas_number_length: 0,
        smiles: ptr::null(),
        smiles_length: 0,
        substance_class: ptr::null(),
        substance_class_length: 0,
        accession: ptr::null(),
        accession_length: 0,
        source: ptr::null(),
        source_length: 0,
        contributor: ptr::null(),
        contributor_length: 0,
        precursor_type: ptr::null(),
        precursor_type_length: 0,
        collision_energy: ptr::null(),
        collision_energy_length: 0,
        sample_state: ptr::null(),
        sample_state_length: 0,
        comment: ptr::null(),
        comment_length: 0,
    }
);

/// A text that was stated.
macro_rules! stated {
    ($description:ident, $field:ident, $length:ident) => {
        stated(
            ffi::text!($description.$field, $description.$length, "a text of the description"),
            stringify!($field),
        )
    };
}

fn stated(text: Result<&str>, field: &str) -> Result<Option<String>> {
    let text = text.map_err(|failure| {
        Failure::new(failure.status(), failure.message().replace("a text of the description", field))
    })?;
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// A number that was stated.
fn number(value: f64, field: &str) -> Result<Option<f64>> {
    if !value.is_finite() || value < 0.0 {
        let message =
            format!("{field} is {value}; it must be finite and not negative, and 0 if it is not known");
        return Err(Failure::new(PROBITY_ERROR_NOT_FINITE, message));
    }
    Ok((value > 0.0).then_some(value))
}

impl probity_spectrum_description {
    /// How a mass spectrum was acquired.
    pub(crate) fn acquisition(&self) -> Result<Acquisition> {
        let (low, high) =
            (number(self.scan_low_mz, "scan_low_mz")?, number(self.scan_high_mz, "scan_high_mz")?);
        let scan_range_mz = high.map(|high| (low.unwrap_or(0.0), high));
        if low.is_some() && high.is_none() || scan_range_mz.is_some_and(|(low, high)| low > high) {
            let message = format!("{} to {} is no range of m/z", self.scan_low_mz, self.scan_high_mz);
            return Err(Failure::from(probity::Error::invalid_option(message)));
        }
        Ok(Acquisition {
            technique: unit::technique(self.technique)?,
            polarity: unit::polarity(self.polarity)?,
            precursor_mz: number(self.precursor_mz, "precursor_mz")?,
            retention_index: number(self.retention_index, "retention_index")?,
            retention_time_s: number(self.retention_time_s, "retention_time_s")?,
            precursor_type: stated!(self, precursor_type, precursor_type_length)?,
            collision_energy: stated!(self, collision_energy, collision_energy_length)?,
            scan_range_mz,
            ..Acquisition::default()
        })
    }

    /// How a curve was acquired.
    pub(crate) fn curve_acquisition(&self) -> Result<CurveAcquisition> {
        Ok(CurveAcquisition {
            technique: unit::infrared_technique(self.infrared_technique)?,
            resolution_cm1: number(self.resolution_cm1, "resolution_cm1")?,
            state: stated!(self, sample_state, sample_state_length)?,
            ..CurveAcquisition::default()
        })
    }

    /// The spectrum with what is said of it.
    pub(crate) fn record(&self, spectrum: Spectrum) -> Result<Record> {
        Ok(Record {
            name: stated!(self, name, name_length)?.unwrap_or_default(),
            identity: Identity {
                formula: stated!(self, formula, formula_length)?,
                inchikey: stated!(self, inchikey, inchikey_length)?,
                smiles: stated!(self, smiles, smiles_length)?,
                cas_numbers: stated!(self, cas_number, cas_number_length)?.into_iter().collect(),
                molecular_mass: number(self.molecular_mass_da, "molecular_mass_da")?,
                class: stated!(self, substance_class, substance_class_length)?,
                ..Identity::default()
            },
            form: Form::default(),
            spectrum,
            provenance: Provenance {
                accession: stated!(self, accession, accession_length)?,
                source: stated!(self, source, source_length)?,
                contributor: stated!(self, contributor, contributor_length)?,
                comments: stated!(self, comment, comment_length)?.into_iter().collect(),
                ..Provenance::default()
            },
            other_fields: Vec::new(),
            place: RecordPlace::default(),
        })
    }
}

/// ---- Spectra ----
///
/// Fills a description with the defaults: nothing is stated. `size` is sizeof (probity_spectrum_description).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_spectrum_description_init(
    description: *mut probity_spectrum_description,
    size: usize,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::init!(description, size, error)
}
