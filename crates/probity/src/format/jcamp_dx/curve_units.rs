//! What the units and kinds of curves are called in JCAMP-DX files.

use crate::format::curve_draft::is_percent;
use crate::spectrum::{AxisUnit, CurveKind, InfraredTechnique, ValueUnit};

/// A text in capitals without blanks and signs.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric() || *c == '%').flat_map(char::to_uppercase).collect()
}

/// What a curve shows, by its data type.
pub(super) fn curve_kind(data_type: &str) -> CurveKind {
    let data_type = letters(data_type);
    let says = |words: &[&str]| words.iter().any(|word| data_type.contains(word));
    if says(&["INTERFEROGRAM"]) {
        CurveKind::Interferogram
    } else if says(&["SINGLEBEAM", "BACKGROUND"]) {
        CurveKind::SingleBeam
    } else if says(&["PEAKTABLE", "PEAKASSIGNMENT", "NMR", "FID", "CHROMATOGRAM", "ESR", "EPR"]) {
        CurveKind::Other
    } else if says(&["PHASE"]) {
        CurveKind::Phase
    } else if says(&["SPECTRUM", "SPECTRA", "INFRARED", "RAMAN"]) || data_type.is_empty() {
        CurveKind::Spectrum
    } else {
        CurveKind::Other
    }
}

/// The unit of an axis. Wavenumbers of a Raman spectrum count from the exciting line, and centimetres of an
/// interferogram its retardation.
pub(super) fn axis_unit(text: &str, data_type: &str) -> AxisUnit {
    let data_type = letters(data_type);
    match letters(text).as_str() {
        "CM" if data_type.contains("INTERFEROGRAM") => AxisUnit::RetardationCm,
        "POINT" => AxisUnit::Point,
        "RAMANSHIFT" | "RAMANSHIFTCM1" => AxisUnit::RamanShift,
        "1CM" | "CM1" | "CMSUP1" if data_type.contains("RAMAN") => AxisUnit::RamanShift,
        "1CM" | "CM1" | "CMSUP1" | "WAVENUMBER" | "WAVENUMBERS" | "WAVENUMBERCM1" | "WAVENUMBERSCM1" => {
            AxisUnit::Wavenumber
        }
        "MICROMETERS" | "MICROMETER" | "MICROMETRES" | "MICRONS" | "UM" | "ΜM" => AxisUnit::Micrometre,
        "NANOMETERS" | "NANOMETER" | "NANOMETRES" | "NM" => AxisUnit::Nanometre,
        _ => AxisUnit::Other(text.to_owned()),
    }
}

/// The unit of some values, and how it was decided if the file does not say it as it is.
pub(super) fn value_unit(text: &str, values: &[f64]) -> (ValueUnit, Option<String>) {
    let is_percent = is_percent(values);
    let letters = letters(text);
    let says_percent = letters.starts_with('%') || letters.starts_with("PERCENT") || letters.ends_with('%');
    let name = letters.trim_start_matches('%').trim_start_matches("PERCENT").trim_end_matches('%');
    let fractions = match name {
        "TRANSMITTANCE" | "TRANSMISSION" | "T" | "TRANS" => {
            [ValueUnit::Transmittance, ValueUnit::PercentTransmittance]
        }
        "REFLECTANCE" | "R" => [ValueUnit::Reflectance, ValueUnit::PercentReflectance],
        _ => {
            let unit = match name {
                "ABSORBANCE" | "ABS" | "A" | "ABSORBANCEUNITS" => ValueUnit::Absorbance,
                "LOG1R" => ValueUnit::LogInverseReflectance,
                "KUBELKAMUNK" | "KM" => ValueUnit::KubelkaMunk,
                "RAMANINTENSITY" => ValueUnit::RamanIntensity,
                "ARBITRARYUNITS" | "ARBITRARY" | "RELATIVEINTENSITY" | "RELATIVEABUNDANCE" => {
                    ValueUnit::Arbitrary
                }
                "VOLTS" | "VOLT" | "V" => ValueUnit::Volt,
                _ => ValueUnit::Other(text.to_owned()),
            };
            return (unit, None);
        }
    };
    let [fraction, percent] = fractions;
    match (says_percent, is_percent) {
        (true, _) => (percent, None),
        (false, false) => (fraction, None),
        (false, true) => {
            let message = format!("values above 2 count per cent, though \"{text}\" does not say so");
            (percent, Some(message))
        }
    }
}

/// How the sample met the light, by its state and the sampling procedure.
pub(super) fn technique(state: &str, sampling: &str) -> Option<InfraredTechnique> {
    let (state, sampling) = (state.to_uppercase(), sampling.to_uppercase());
    let says = |words: &[&str]| words.iter().any(|word| sampling.contains(word) || state.contains(word));
    if says(&["ATR", "ATTENUATED TOTAL"]) {
        Some(InfraredTechnique::AttenuatedTotalReflection)
    } else if says(&["DRIFT", "DIFFUSE"]) {
        Some(InfraredTechnique::DiffuseReflection)
    } else if state.contains("GAS") || state.contains("VAPO") {
        Some(InfraredTechnique::GasPhase)
    } else if says(&["TRANSMISSION", "KBR", "NUJOL", "MULL", "PELLET", "SOLUTION", "LIQUID FILM"]) {
        Some(InfraredTechnique::Transmission)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_seen_in_files() {
        for text in ["1/CM", "cm-1", "1/cm", "Wavenumber", "cm^-1", "Wavenumbers (cm-1)"] {
            assert_eq!(axis_unit(text, "INFRARED SPECTRUM"), AxisUnit::Wavenumber, "{text}");
        }
        assert_eq!(axis_unit("MICROMETERS", "INFRARED SPECTRUM"), AxisUnit::Micrometre);
        assert_eq!(axis_unit("1/CM", "RAMAN SPECTRUM"), AxisUnit::RamanShift);
        assert_eq!(axis_unit("CM", "INFRARED INTERFEROGRAM"), AxisUnit::RetardationCm);
        assert_eq!(axis_unit("CM", ""), AxisUnit::Other("CM".to_owned()));
        assert_eq!(axis_unit("HZ", "NMR SPECTRUM"), AxisUnit::Other("HZ".to_owned()));
        for (text, largest, unit, decided) in [
            ("TRANSMITTANCE", 0.98, ValueUnit::Transmittance, false),
            ("TRANSMITTANCE", 103.8, ValueUnit::PercentTransmittance, true),
            ("%Transmittance", 1.5, ValueUnit::PercentTransmittance, false),
            ("% T", 99.0, ValueUnit::PercentTransmittance, false),
            ("A", 3.0, ValueUnit::Absorbance, false),
            ("Reflectance", 0.5, ValueUnit::Reflectance, false),
            ("Log(1/R)", 0.5, ValueUnit::LogInverseReflectance, false),
            ("KUBELKA-MUNK", 0.5, ValueUnit::KubelkaMunk, false),
            ("counts", 5.0, ValueUnit::Other("counts".to_owned()), false),
        ] {
            let (found, note) = value_unit(text, &[0.1, largest]);
            assert_eq!((found, note.is_some()), (unit, decided), "{text}");
        }
    }

    #[test]
    fn kinds_and_techniques() {
        assert_eq!(curve_kind("INFRARED SPECTRUM"), CurveKind::Spectrum);
        assert_eq!(curve_kind("INFRARED INTERFEROGRAM"), CurveKind::Interferogram);
        assert_eq!(curve_kind("NMR FID"), CurveKind::Other);
        assert_eq!(curve_kind("INFRARED PEAK TABLE"), CurveKind::Other);
        assert_eq!(curve_kind("Infrared Spectrum"), CurveKind::Spectrum);
        assert_eq!(technique("solid", "diamond ATR"), Some(InfraredTechnique::AttenuatedTotalReflection));
        assert_eq!(technique("gas", ""), Some(InfraredTechnique::GasPhase));
        assert_eq!(technique("SOLID (KBr pellet)", ""), Some(InfraredTechnique::Transmission));
        assert_eq!(technique("solid", ""), None);
    }
}
