//! Units of curves from the labels that people and instruments write.

use crate::spectrum::{AxisUnit, ValueUnit};

/// The unit that the label of an axis names.
pub(crate) fn axis_unit(label: &str) -> AxisUnit {
    let lower = label.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let is = |words: &[&str]| words.contains(&lower.trim());
    if has(&["raman shift"]) {
        AxisUnit::RamanShift
    } else if has(&["wavenumber", "cm-1", "cm^-1", "1/cm", "cm\u{207b}\u{b9}"]) {
        AxisUnit::Wavenumber
    } else if has(&["nanomet", "(nm)"]) || is(&["nm"]) {
        AxisUnit::Nanometre
    } else if has(&["micromet", "micron", "(um)", "(\u{b5}m)"]) || is(&["um", "\u{b5}m"]) {
        AxisUnit::Micrometre
    } else if has(&["retardation (cm)"]) {
        AxisUnit::RetardationCm
    } else if is(&["point"]) {
        AxisUnit::Point
    } else {
        AxisUnit::Other(label.trim().to_owned())
    }
}

/// The unit that the label of values names.
pub(crate) fn value_unit(label: &str) -> ValueUnit {
    let lower = label.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let is = |words: &[&str]| words.contains(&lower.trim());
    let percent = lower.contains('%') || lower.contains("percent");
    if has(&["raman intensity"]) {
        ValueUnit::RamanIntensity
    } else if has(&["absorbance"]) || is(&["a", "abs"]) {
        ValueUnit::Absorbance
    } else if has(&["kubelka"]) {
        ValueUnit::KubelkaMunk
    } else if has(&["log(1/r)", "log 1/r"]) {
        ValueUnit::LogInverseReflectance
    } else if has(&["transmi"]) || is(&["t", "%t"]) {
        if percent { ValueUnit::PercentTransmittance } else { ValueUnit::Transmittance }
    } else if has(&["reflect"]) || is(&["r", "%r"]) {
        if percent { ValueUnit::PercentReflectance } else { ValueUnit::Reflectance }
    } else if has(&["arb"]) {
        ValueUnit::Arbitrary
    } else if is(&["volt", "volts", "v"]) {
        ValueUnit::Volt
    } else {
        ValueUnit::Other(label.trim().to_owned())
    }
}

/// A label that [`axis_unit`] reads as the unit, if that can be.
pub(crate) fn axis_label(unit: &AxisUnit) -> &str {
    match unit {
        AxisUnit::Wavenumber => "wavenumber (cm-1)",
        AxisUnit::RamanShift => "Raman shift (cm-1)",
        AxisUnit::Micrometre => "wavelength (um)",
        AxisUnit::Nanometre => "wavelength (nm)",
        AxisUnit::RetardationCm => "retardation (cm)",
        AxisUnit::Point => "point",
        AxisUnit::Other(label) => label,
    }
}

/// A label that [`value_unit`] reads as the unit, if that can be.
pub(crate) fn value_label(unit: &ValueUnit) -> &str {
    match unit {
        ValueUnit::Absorbance => "absorbance",
        ValueUnit::Transmittance => "transmittance",
        ValueUnit::PercentTransmittance => "transmittance (%)",
        ValueUnit::Reflectance => "reflectance",
        ValueUnit::PercentReflectance => "reflectance (%)",
        ValueUnit::LogInverseReflectance => "log(1/R)",
        ValueUnit::KubelkaMunk => "Kubelka-Munk",
        ValueUnit::RamanIntensity => "Raman intensity",
        ValueUnit::Volt => "volt",
        ValueUnit::Arbitrary => "arbitrary units",
        ValueUnit::Other(label) => label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_real_files() {
        for (label, unit) in [
            ("Wavenumber (cm-1)", AxisUnit::Wavenumber),
            ("cm-1", AxisUnit::Wavenumber),
            ("Raman shift / cm-1", AxisUnit::RamanShift),
            ("Wavelength (nm)", AxisUnit::Nanometre),
            ("nm", AxisUnit::Nanometre),
            ("Micrometers", AxisUnit::Micrometre),
            ("Mass (M/z)", AxisUnit::Other("Mass (M/z)".to_owned())),
        ] {
            assert_eq!(axis_unit(label), unit, "{label}");
        }
        for (label, unit) in [
            ("Raman Intensity", ValueUnit::RamanIntensity),
            ("A", ValueUnit::Absorbance),
            ("%T", ValueUnit::PercentTransmittance),
            ("T", ValueUnit::Transmittance),
            ("% Reflectance", ValueUnit::PercentReflectance),
            ("Log(1/R)", ValueUnit::LogInverseReflectance),
            ("Kubelka-Munk", ValueUnit::KubelkaMunk),
            ("(arb)", ValueUnit::Arbitrary),
            ("Volts", ValueUnit::Volt),
            ("Abundance", ValueUnit::Other("Abundance".to_owned())),
        ] {
            assert_eq!(value_unit(label), unit, "{label}");
        }
    }

    #[test]
    fn labels_read_back_as_their_units() {
        use AxisUnit::{Micrometre, Nanometre, Point, RamanShift, RetardationCm, Wavenumber};
        let other = AxisUnit::Other("HZ".to_owned());
        for unit in [Wavenumber, RamanShift, Micrometre, Nanometre, RetardationCm, Point, other] {
            assert_eq!(axis_unit(axis_label(&unit)), unit);
        }
        for unit in [
            ValueUnit::Absorbance,
            ValueUnit::Transmittance,
            ValueUnit::PercentTransmittance,
            ValueUnit::Reflectance,
            ValueUnit::PercentReflectance,
            ValueUnit::LogInverseReflectance,
            ValueUnit::KubelkaMunk,
            ValueUnit::RamanIntensity,
            ValueUnit::Volt,
            ValueUnit::Arbitrary,
            ValueUnit::Other("counts".to_owned()),
        ] {
            assert_eq!(value_unit(value_label(&unit)), unit);
        }
    }
}
