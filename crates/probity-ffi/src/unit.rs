//! What the numbers of a curve count, and what was measured how.

use probity::spectrum::{AxisUnit, CurveKind, InfraredTechnique, Polarity, Spectrum, Technique, ValueUnit};

use crate::error::{Failure, Result};
use crate::status::PROBITY_ERROR_INVALID_OPTION;

/// The axis is in wavenumbers, cm⁻¹.
pub const PROBITY_AXIS_WAVENUMBER: i32 = 1;
/// The axis is a Raman shift, cm⁻¹.
pub const PROBITY_AXIS_RAMAN_SHIFT: i32 = 2;
/// The axis is in wavelengths, µm.
pub const PROBITY_AXIS_MICROMETRE: i32 = 3;
/// The axis is in wavelengths, nm.
pub const PROBITY_AXIS_NANOMETRE: i32 = 4;
/// The axis is in another unit; only of spectra that were read.
pub const PROBITY_AXIS_OTHER: i32 = 100;

/// The values are absorbances: minus the decadic logarithm of the transmittance.
pub const PROBITY_VALUE_ABSORBANCE: i32 = 1;
/// The values are transmittances as fractions, usually 0 to 1.
pub const PROBITY_VALUE_TRANSMITTANCE: i32 = 2;
/// The values are transmittances in per cent.
pub const PROBITY_VALUE_PERCENT_TRANSMITTANCE: i32 = 3;
/// The values are reflectances as fractions.
pub const PROBITY_VALUE_REFLECTANCE: i32 = 4;
/// The values are reflectances in per cent.
pub const PROBITY_VALUE_PERCENT_REFLECTANCE: i32 = 5;
/// The values are minus the decadic logarithm of the reflectance.
pub const PROBITY_VALUE_LOG_INVERSE_REFLECTANCE: i32 = 6;
/// The values are Kubelka-Munk units.
pub const PROBITY_VALUE_KUBELKA_MUNK: i32 = 7;
/// The values are intensities of a Raman spectrum.
pub const PROBITY_VALUE_RAMAN_INTENSITY: i32 = 8;
/// The values are in another unit; only of spectra that were read.
pub const PROBITY_VALUE_OTHER: i32 = 100;

/// Nothing is said of the technique.
pub const PROBITY_TECHNIQUE_NOT_STATED: i32 = 0;
/// Electron ionization, as in most GC-MS.
pub const PROBITY_TECHNIQUE_ELECTRON_IONIZATION: i32 = 1;
/// Product ions of a selected precursor (MS/MS).
pub const PROBITY_TECHNIQUE_TANDEM_MASS_SPECTROMETRY: i32 = 2;
/// Fragments made in the source without selection of a precursor (DART-MS).
pub const PROBITY_TECHNIQUE_IN_SOURCE_CID: i32 = 3;
/// A mass spectrum of another kind.
pub const PROBITY_TECHNIQUE_OTHER_MASS_SPECTROMETRY: i32 = 4;
/// Infrared spectroscopy.
pub const PROBITY_TECHNIQUE_INFRARED: i32 = 5;
/// A technique that this header has no number for.
pub const PROBITY_TECHNIQUE_OTHER: i32 = 100;

/// Nothing is said of the sign of the ions.
pub const PROBITY_POLARITY_NOT_STATED: i32 = 0;
/// Positive ions.
pub const PROBITY_POLARITY_POSITIVE: i32 = 1;
/// Negative ions.
pub const PROBITY_POLARITY_NEGATIVE: i32 = 2;

/// Nothing is said of how the sample met the light.
pub const PROBITY_INFRARED_NOT_STATED: i32 = 0;
/// Through the sample: a pellet, a film, a mull, a cell.
pub const PROBITY_INFRARED_TRANSMISSION: i32 = 1;
/// Attenuated total reflection.
pub const PROBITY_INFRARED_ATTENUATED_TOTAL_REFLECTION: i32 = 2;
/// Diffuse reflection (DRIFTS).
pub const PROBITY_INFRARED_DIFFUSE_REFLECTION: i32 = 3;
/// Specular reflection or reflection-absorption.
pub const PROBITY_INFRARED_SPECULAR_REFLECTION: i32 = 4;
/// Through a gas.
pub const PROBITY_INFRARED_GAS_PHASE: i32 = 5;

/// A mass spectrum: a list of peaks.
pub const PROBITY_KIND_MASS_SPECTRUM: i32 = 1;
/// A curve that is a spectrum, such as an infrared one.
pub const PROBITY_KIND_CURVE: i32 = 2;
/// A single beam: sample and instrument together. It cannot be searched.
pub const PROBITY_KIND_SINGLE_BEAM: i32 = 3;
/// An interferogram. It cannot be searched.
pub const PROBITY_KIND_INTERFEROGRAM: i32 = 4;
/// A phase. It cannot be searched.
pub const PROBITY_KIND_PHASE: i32 = 5;
/// A curve of another kind. It cannot be searched.
pub const PROBITY_KIND_OTHER: i32 = 100;

fn unknown<T>(what: &str, number: i32) -> Result<T> {
    Err(Failure::new(PROBITY_ERROR_INVALID_OPTION, format!("there is no {what} {number}")))
}

pub(crate) fn axis_unit(number: i32) -> Result<AxisUnit> {
    match number {
        PROBITY_AXIS_WAVENUMBER => Ok(AxisUnit::Wavenumber),
        PROBITY_AXIS_RAMAN_SHIFT => Ok(AxisUnit::RamanShift),
        PROBITY_AXIS_MICROMETRE => Ok(AxisUnit::Micrometre),
        PROBITY_AXIS_NANOMETRE => Ok(AxisUnit::Nanometre),
        other => unknown("axis unit", other),
    }
}

pub(crate) fn axis_number(unit: &AxisUnit) -> i32 {
    match unit {
        AxisUnit::Wavenumber => PROBITY_AXIS_WAVENUMBER,
        AxisUnit::RamanShift => PROBITY_AXIS_RAMAN_SHIFT,
        AxisUnit::Micrometre => PROBITY_AXIS_MICROMETRE,
        AxisUnit::Nanometre => PROBITY_AXIS_NANOMETRE,
        _ => PROBITY_AXIS_OTHER,
    }
}

pub(crate) fn value_unit(number: i32) -> Result<ValueUnit> {
    match number {
        PROBITY_VALUE_ABSORBANCE => Ok(ValueUnit::Absorbance),
        PROBITY_VALUE_TRANSMITTANCE => Ok(ValueUnit::Transmittance),
        PROBITY_VALUE_PERCENT_TRANSMITTANCE => Ok(ValueUnit::PercentTransmittance),
        PROBITY_VALUE_REFLECTANCE => Ok(ValueUnit::Reflectance),
        PROBITY_VALUE_PERCENT_REFLECTANCE => Ok(ValueUnit::PercentReflectance),
        PROBITY_VALUE_LOG_INVERSE_REFLECTANCE => Ok(ValueUnit::LogInverseReflectance),
        PROBITY_VALUE_KUBELKA_MUNK => Ok(ValueUnit::KubelkaMunk),
        PROBITY_VALUE_RAMAN_INTENSITY => Ok(ValueUnit::RamanIntensity),
        other => unknown("value unit", other),
    }
}

pub(crate) fn value_number(unit: &ValueUnit) -> i32 {
    match unit {
        ValueUnit::Absorbance => PROBITY_VALUE_ABSORBANCE,
        ValueUnit::Transmittance => PROBITY_VALUE_TRANSMITTANCE,
        ValueUnit::PercentTransmittance => PROBITY_VALUE_PERCENT_TRANSMITTANCE,
        ValueUnit::Reflectance => PROBITY_VALUE_REFLECTANCE,
        ValueUnit::PercentReflectance => PROBITY_VALUE_PERCENT_REFLECTANCE,
        ValueUnit::LogInverseReflectance => PROBITY_VALUE_LOG_INVERSE_REFLECTANCE,
        ValueUnit::KubelkaMunk => PROBITY_VALUE_KUBELKA_MUNK,
        ValueUnit::RamanIntensity => PROBITY_VALUE_RAMAN_INTENSITY,
        _ => PROBITY_VALUE_OTHER,
    }
}

pub(crate) fn technique(number: i32) -> Result<Option<Technique>> {
    match number {
        PROBITY_TECHNIQUE_NOT_STATED => Ok(None),
        PROBITY_TECHNIQUE_ELECTRON_IONIZATION => Ok(Some(Technique::ElectronIonization)),
        PROBITY_TECHNIQUE_TANDEM_MASS_SPECTROMETRY => Ok(Some(Technique::TandemMassSpectrometry)),
        PROBITY_TECHNIQUE_IN_SOURCE_CID => Ok(Some(Technique::InSourceCid)),
        PROBITY_TECHNIQUE_OTHER_MASS_SPECTROMETRY => Ok(Some(Technique::OtherMassSpectrometry)),
        PROBITY_TECHNIQUE_INFRARED => Ok(Some(Technique::Infrared)),
        other => unknown("technique", other),
    }
}

pub(crate) fn technique_number(technique: Technique) -> i32 {
    match technique {
        Technique::ElectronIonization => PROBITY_TECHNIQUE_ELECTRON_IONIZATION,
        Technique::TandemMassSpectrometry => PROBITY_TECHNIQUE_TANDEM_MASS_SPECTROMETRY,
        Technique::InSourceCid => PROBITY_TECHNIQUE_IN_SOURCE_CID,
        Technique::OtherMassSpectrometry => PROBITY_TECHNIQUE_OTHER_MASS_SPECTROMETRY,
        Technique::Infrared => PROBITY_TECHNIQUE_INFRARED,
        _ => PROBITY_TECHNIQUE_OTHER,
    }
}

pub(crate) fn polarity(number: i32) -> Result<Option<Polarity>> {
    match number {
        PROBITY_POLARITY_NOT_STATED => Ok(None),
        PROBITY_POLARITY_POSITIVE => Ok(Some(Polarity::Positive)),
        PROBITY_POLARITY_NEGATIVE => Ok(Some(Polarity::Negative)),
        other => unknown("polarity", other),
    }
}

pub(crate) fn infrared_technique(number: i32) -> Result<Option<InfraredTechnique>> {
    match number {
        PROBITY_INFRARED_NOT_STATED => Ok(None),
        PROBITY_INFRARED_TRANSMISSION => Ok(Some(InfraredTechnique::Transmission)),
        PROBITY_INFRARED_ATTENUATED_TOTAL_REFLECTION => {
            Ok(Some(InfraredTechnique::AttenuatedTotalReflection))
        }
        PROBITY_INFRARED_DIFFUSE_REFLECTION => Ok(Some(InfraredTechnique::DiffuseReflection)),
        PROBITY_INFRARED_SPECULAR_REFLECTION => Ok(Some(InfraredTechnique::SpecularReflection)),
        PROBITY_INFRARED_GAS_PHASE => Ok(Some(InfraredTechnique::GasPhase)),
        other => unknown("infrared technique", other),
    }
}

pub(crate) fn kind(spectrum: &Spectrum) -> i32 {
    match spectrum {
        Spectrum::Mass(_) => PROBITY_KIND_MASS_SPECTRUM,
        Spectrum::Curve(curve) => match curve.kind() {
            CurveKind::Spectrum => PROBITY_KIND_CURVE,
            CurveKind::SingleBeam => PROBITY_KIND_SINGLE_BEAM,
            CurveKind::Interferogram => PROBITY_KIND_INTERFEROGRAM,
            CurveKind::Phase => PROBITY_KIND_PHASE,
            _ => PROBITY_KIND_OTHER,
        },
        _ => PROBITY_KIND_OTHER,
    }
}
