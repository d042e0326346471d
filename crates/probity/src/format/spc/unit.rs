//! Codes of units, as `SPC.H` numbers them; other formats took them over.

use crate::format::unit_label;
use crate::spectrum::{AxisUnit, CurveKind, ValueUnit};

/// The code of an axis without a unit; then its label counts.
const ARBITRARY: u8 = 0;
/// The code of an axis that only its label describes.
const LABELLED: u8 = 15;
/// The x code of a double interferogram.
const DOUBLE_INTERFEROGRAM: u8 = 255;

/// The name of the unit of an x or z axis, if it is not one of [`AxisUnit`]'s own.
fn axis_name(code: u8) -> &'static str {
    match code {
        4 => "s",
        5 => "min",
        6 => "Hz",
        7 => "kHz",
        8 => "MHz",
        9 => "m/z",
        10 => "ppm",
        11 => "days",
        12 => "years",
        14 => "eV",
        16 => "diode number",
        17 => "channel",
        18 => "degrees",
        19 => "\u{b0}F",
        20 => "\u{b0}C",
        21 => "K",
        23 => "ms",
        24 => "\u{b5}s",
        25 => "ns",
        26 => "GHz",
        27 => "cm",
        28 => "m",
        29 => "mm",
        30 => "h",
        DOUBLE_INTERFEROGRAM => "double interferogram",
        _ => "",
    }
}

/// The unit of the x axis by its code and label.
pub(in crate::format) fn axis_unit(code: u8, label: &str) -> AxisUnit {
    match code {
        1 => AxisUnit::Wavenumber,
        2 => AxisUnit::Micrometre,
        3 => AxisUnit::Nanometre,
        13 => AxisUnit::RamanShift,
        22 => AxisUnit::Point,
        ARBITRARY | LABELLED if !label.is_empty() => unit_label::axis_unit(label),
        ARBITRARY | LABELLED => AxisUnit::Other("arbitrary".to_owned()),
        _ if axis_name(code).is_empty() => AxisUnit::Other(format!("code {code}")),
        _ => AxisUnit::Other(axis_name(code).to_owned()),
    }
}

/// The name of the unit of z, or nothing.
pub(super) fn z_name(code: u8, label: &str) -> String {
    match axis_unit(code, label) {
        AxisUnit::Wavenumber | AxisUnit::RamanShift => "cm-1".to_owned(),
        AxisUnit::Micrometre => "\u{b5}m".to_owned(),
        AxisUnit::Nanometre => "nm".to_owned(),
        AxisUnit::Other(name) if name != "arbitrary" => name,
        _ => String::new(),
    }
}

/// The unit of the values by its code and label. The codes do not say whether transmittance and reflectance are
/// fractions or in per cent: `percent` does.
pub(in crate::format) fn value_unit(code: u8, label: &str, percent: bool) -> ValueUnit {
    match code {
        2 => ValueUnit::Absorbance,
        3 => ValueUnit::KubelkaMunk,
        5 => ValueUnit::Volt,
        10 => ValueUnit::LogInverseReflectance,
        128 if percent => ValueUnit::PercentTransmittance,
        128 => ValueUnit::Transmittance,
        129 if percent => ValueUnit::PercentReflectance,
        129 => ValueUnit::Reflectance,
        ARBITRARY if !label.is_empty() => unit_label::value_unit(label),
        ARBITRARY => ValueUnit::Arbitrary,
        1 => ValueUnit::Other("interferogram".to_owned()),
        4 => ValueUnit::Other("counts".to_owned()),
        6 => ValueUnit::Other("degrees".to_owned()),
        7 => ValueUnit::Other("mA".to_owned()),
        8 => ValueUnit::Other("mm".to_owned()),
        9 => ValueUnit::Other("mV".to_owned()),
        11 => ValueUnit::Other("per cent".to_owned()),
        12 => ValueUnit::Other("intensity".to_owned()),
        13 => ValueUnit::Other("relative intensity".to_owned()),
        14 => ValueUnit::Other("energy".to_owned()),
        16 => ValueUnit::Other("dB".to_owned()),
        19..=21 => ValueUnit::Other(axis_name(code).to_owned()),
        22 => ValueUnit::Other("index of refraction".to_owned()),
        23 => ValueUnit::Other("extinction coefficient".to_owned()),
        24 => ValueUnit::Other("real part".to_owned()),
        25 => ValueUnit::Other("imaginary part".to_owned()),
        26 => ValueUnit::Other("complex".to_owned()),
        130 => ValueUnit::Other("arbitrary, or a single beam with valleys".to_owned()),
        131 => ValueUnit::Other("emission".to_owned()),
        _ => ValueUnit::Other(format!("code {code}")),
    }
}

/// What the curve shows, by both codes: only curves over wavenumber, wavelength or Raman shift are spectra.
pub(in crate::format) fn kind(x_type: u8, axis: &AxisUnit, y_type: u8) -> CurveKind {
    let optical = matches!(
        axis,
        AxisUnit::Wavenumber | AxisUnit::RamanShift | AxisUnit::Micrometre | AxisUnit::Nanometre
    );
    match y_type {
        1 => CurveKind::Interferogram,
        _ if x_type == DOUBLE_INTERFEROGRAM => CurveKind::Interferogram,
        130 if optical => CurveKind::SingleBeam,
        24..=26 => CurveKind::Other,
        _ if optical => CurveKind::Spectrum,
        _ => CurveKind::Other,
    }
}

/// The name of the technique that the header states.
pub(super) fn experiment(code: u8) -> &'static str {
    match code {
        1 => "gas chromatography",
        2 => "chromatography",
        3 => "liquid chromatography",
        4 => "Fourier transform infrared, near infrared or Raman",
        5 => "near infrared",
        7 => "ultraviolet and visible",
        8 => "X-ray diffraction",
        9 => "mass spectrometry",
        10 => "nuclear magnetic resonance",
        11 => "Raman",
        12 => "fluorescence",
        13 => "atomic spectroscopy",
        14 => "chromatography with a diode array",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_counts_only_without_a_unit() {
        assert_eq!(axis_unit(1, "Mass (M/z)"), AxisUnit::Wavenumber);
        assert_eq!(axis_unit(0, "Wavenumber (cm-1)"), AxisUnit::Wavenumber);
        assert_eq!(axis_unit(9, ""), AxisUnit::Other("m/z".to_owned()));
        assert_eq!(axis_unit(99, ""), AxisUnit::Other("code 99".to_owned()));
        assert_eq!(value_unit(0, "Raman Intensity", false), ValueUnit::RamanIntensity);
        assert_eq!(value_unit(0, "", false), ValueUnit::Arbitrary);
        assert_eq!(value_unit(128, "", true), ValueUnit::PercentTransmittance);
        assert_eq!(z_name(5, ""), "min");
        assert_eq!((z_name(0, "Minutes"), z_name(0, "")), ("Minutes".to_owned(), String::new()));
    }

    #[test]
    fn only_optical_axes_hold_spectra() {
        for (x, y, expected) in [
            (1, 2, CurveKind::Spectrum),
            (13, 0, CurveKind::Spectrum),
            (1, 1, CurveKind::Interferogram),
            (255, 0, CurveKind::Interferogram),
            (1, 130, CurveKind::SingleBeam),
            (9, 0, CurveKind::Other),
            (4, 2, CurveKind::Other),
            (1, 24, CurveKind::Other),
        ] {
            assert_eq!(kind(x, &axis_unit(x, ""), y), expected, "{x} {y}");
        }
    }
}
