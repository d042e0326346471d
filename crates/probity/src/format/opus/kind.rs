//! What the bits of a block's type say.

use crate::spectrum::{AxisUnit, CurveKind, ValueUnit};

/// The type of a block. From the lowest bit: 2 bits of part (1 real, 2 imaginary, 3 amplitude), 2 of source (1 sample,
/// 2 reference, 3 ratioed), 6 of parameters (0 none, 1 the status of values), 7 of values, 2 of derivative, then
/// what OPUS adds to spectra; bit 30 marks a kept original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind(pub(super) u32);

const ORIGINAL: u32 = 1 << 30;
const STATUS: u32 = 1 << 4;
/// The code of values for the directory itself.
const DIRECTORY: u32 = 13;

impl Kind {
    fn part(self) -> u32 {
        self.0 & 3
    }

    fn source(self) -> u32 {
        self.0 >> 2 & 3
    }

    fn parameters(self) -> u32 {
        self.0 >> 4 & 63
    }

    fn values(self) -> u32 {
        self.0 >> 10 & 127
    }

    fn derivative(self) -> u32 {
        self.0 >> 17 & 3
    }

    /// What OPUS adds to spectra, such as reports.
    fn added(self) -> u32 {
        self.0 >> 19 & 0x7ff
    }

    /// Whether the block holds values of a curve.
    pub(super) fn is_values(self) -> bool {
        self.added() == 0 && self.parameters() == 0 && !matches!(self.values(), 0 | DIRECTORY)
    }

    /// Whether the block holds parameters, those of values included.
    pub(super) fn is_parameters(self) -> bool {
        self.added() == 0 && self.parameters() != 0
    }

    /// Whether the block holds the parameters of one block of values.
    pub(super) fn is_status(self) -> bool {
        self.is_parameters() && self.values() != 0
    }

    /// Whether it is of the reference (background).
    pub(super) fn is_reference(self) -> bool {
        self.source() == 2
    }

    /// Whether OPUS keeps it as measured.
    pub(super) fn is_original(self) -> bool {
        self.0 & ORIGINAL != 0
    }

    /// The same type as kept original.
    pub(super) fn original(self) -> Self {
        Self(self.0 | ORIGINAL)
    }

    /// The same type as last processed.
    pub(super) fn processed(self) -> Self {
        Self(self.0 & !ORIGINAL)
    }

    /// The type of the parameters of these values.
    pub(super) fn status(self) -> Self {
        Self(self.0 | STATUS)
    }

    /// Whether the values are those of many spectra, as from a chromatograph.
    pub(super) fn is_series(self) -> bool {
        matches!(self.values(), 8 | 9)
    }

    /// What OPUS calls the block.
    pub(super) fn name(self) -> String {
        let name = match self.values() {
            1 => "Sc",
            2 => "Ig",
            3 => "Ph",
            4 => "AB",
            5 => "TR",
            6 => "KM",
            7 => "Trace",
            8 => "Ig series",
            9 => "series",
            10 => "RAM",
            11 => "EMI",
            12 => "RFL",
            14 => "POW",
            15 => "LRF",
            16 => "ATR",
            17 => "PAS",
            code => return format!("type {code}{}", self.source_name()),
        };
        let derivative = ["", ", first derivative", ", second derivative", ", derivative"];
        format!("{name}{}{}", self.source_name(), derivative[self.derivative() as usize])
    }

    fn source_name(self) -> &'static str {
        ["", "Sm", "Rf", ""][self.source() as usize]
    }

    /// What the values show; neither derivatives nor imaginary parts are spectra to search for.
    pub(super) fn curve_kind(self) -> CurveKind {
        match self.values() {
            1 => CurveKind::SingleBeam,
            2 => CurveKind::Interferogram,
            3 => CurveKind::Phase,
            4..=6 | 10..=12 | 15..=17 if self.derivative() == 0 && self.part() != 2 => CurveKind::Spectrum,
            _ => CurveKind::Other,
        }
    }

    /// The unit of the values; whether ratios are in per cent, `percent` says.
    pub(super) fn value_unit(self, percent: bool) -> ValueUnit {
        match self.values() {
            _ if self.derivative() != 0 => ValueUnit::Other(self.name()),
            1 | 2 => ValueUnit::Arbitrary,
            3 => ValueUnit::Other("phase".to_owned()),
            // ATR spectra are absorbances, not corrected for the depth of penetration.
            4 | 16 => ValueUnit::Absorbance,
            5 if percent => ValueUnit::PercentTransmittance,
            5 => ValueUnit::Transmittance,
            6 => ValueUnit::KubelkaMunk,
            10 => ValueUnit::RamanIntensity,
            12 if percent => ValueUnit::PercentReflectance,
            12 => ValueUnit::Reflectance,
            15 => ValueUnit::LogInverseReflectance,
            _ => ValueUnit::Other(self.name()),
        }
    }

    /// Whether the values are ratios that may be in per cent.
    pub(super) fn is_ratio(self) -> bool {
        matches!(self.values(), 5 | 12)
    }

    pub(super) fn is_atr(self) -> bool {
        self.values() == 16
    }

    /// The unit of x by its name in the parameters.
    pub(super) fn axis_unit(self, name: &str) -> AxisUnit {
        match name {
            "WN" if self.values() == 10 => AxisUnit::RamanShift,
            "WN" => AxisUnit::Wavenumber,
            "MI" => AxisUnit::Micrometre,
            "NM" => AxisUnit::Nanometre,
            "PNT" => AxisUnit::Point,
            // Older files leave it out.
            "" if self.values() == 2 => AxisUnit::Point,
            "" => AxisUnit::Wavenumber,
            name => AxisUnit::Other(name.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_real_files() {
        for (kind, name, curve) in [
            (0x0000_100f, "AB", CurveKind::Spectrum),
            (0x0000_0407, "ScSm", CurveKind::SingleBeam),
            (0x4000_040b, "ScRf", CurveKind::SingleBeam),
            (0x0000_0807, "IgSm", CurveKind::Interferogram),
            (0x0000_0c07, "PhSm", CurveKind::Phase),
            (0x4000_300f, "RFL", CurveKind::Spectrum),
            (0x0000_580f, "type 22", CurveKind::Other),
            (0x0002_100f, "AB, first derivative", CurveKind::Other),
        ] {
            let kind = Kind(kind);
            assert!(kind.is_values() && kind.status().is_status() && !kind.status().is_values());
            assert_eq!((kind.name().as_str(), kind.curve_kind()), (name, curve));
        }
        // The directory, parameters of the instrument, and what OPUS adds to spectra.
        for kind in [0x3400, 0x20, 0x4068_0000, 0x0070_100f, 0] {
            assert!(!Kind(kind).is_values(), "{kind:x}");
        }
        assert!(Kind(0x4000_0060).is_parameters() && !Kind(0x60).is_status());
    }
}
