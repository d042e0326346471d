//! The header of a spectrum: section 2.

use super::super::bytes::Bytes;
use super::section::Section;
use crate::error::Result;
use crate::spectrum::{Axis, AxisUnit, CurveKind, ValueUnit};

/// What the header states.
#[derive(Clone)]
pub(super) struct Header {
    pub(super) offset: usize,
    pub(super) points: usize,
    x_unit: u32,
    y_unit: u32,
    first: f64,
    last: f64,
    /// The position of the interferogram's central peak, from 0.
    pub(super) peak: f64,
    scans: u32,
    /// Wavenumber of the laser in cm⁻¹.
    laser: f64,
    /// Points lie this many half wavelengths of the laser apart.
    spacing: f64,
}

impl Header {
    pub(super) fn read(bytes: Bytes<'_>, section: Section) -> Result<Self> {
        let at = section.offset;
        Ok(Self {
            offset: at,
            points: bytes.size(at + 4, "points")?,
            x_unit: bytes.u32(at + 8, "x unit")?,
            y_unit: bytes.u32(at + 12, "y unit")?,
            first: f64::from(bytes.f32(at + 16, "first x")?),
            last: f64::from(bytes.f32(at + 20, "last x")?),
            peak: f64::from(bytes.u32(at + 32, "central peak")?),
            scans: bytes.u32(at + 36, "scans")?,
            laser: f64::from(bytes.f32(at + 80, "laser")?),
            spacing: f64::from(bytes.f32(at + 84, "sample spacing")?),
        })
    }

    pub(super) fn axis(&self, points: usize) -> Result<Axis> {
        Axis::uniform(self.first, self.last, points)
    }

    pub(super) fn axis_unit(&self) -> AxisUnit {
        match self.x_unit {
            1 => AxisUnit::Wavenumber,
            2 => AxisUnit::Point,
            3 => AxisUnit::Nanometre,
            4 => AxisUnit::Micrometre,
            32 => AxisUnit::RamanShift,
            code => AxisUnit::Other(format!("code {code}")),
        }
    }

    pub(super) fn value_unit(&self) -> ValueUnit {
        match self.y_unit {
            11 => ValueUnit::PercentReflectance,
            12 => ValueUnit::LogInverseReflectance,
            15 => ValueUnit::Other("single beam".to_owned()),
            16 => ValueUnit::PercentTransmittance,
            17 => ValueUnit::Absorbance,
            20 => ValueUnit::KubelkaMunk,
            21 => ValueUnit::Reflectance,
            22 => ValueUnit::Volt,
            26 => ValueUnit::Other("photoacoustic".to_owned()),
            31 => ValueUnit::RamanIntensity,
            code => ValueUnit::Other(format!("code {code}")),
        }
    }

    /// Volts over points are an interferogram, over wavenumbers a single beam.
    pub(super) fn kind(&self) -> CurveKind {
        match (self.x_unit, self.y_unit) {
            (2, _) => CurveKind::Interferogram,
            (_, 15 | 22) => CurveKind::SingleBeam,
            (1 | 3 | 4 | 32, _) => CurveKind::Spectrum,
            _ => CurveKind::Other,
        }
    }

    pub(super) fn laser(&self) -> Option<f64> {
        (self.laser.is_finite() && self.laser > 0.0).then_some(self.laser)
    }

    pub(super) fn scans(&self) -> Option<u32> {
        (self.scans > 0).then_some(self.scans)
    }

    /// The axis of an interferogram in cm of optical retardation from its central peak; `None` without a laser or
    /// spacing, by which points would be counted.
    pub(super) fn retardation(&self, peak: f64, points: usize) -> Option<Result<Axis>> {
        let (laser, spacing) =
            (self.laser()?, Some(self.spacing).filter(|spacing| spacing.is_finite() && *spacing > 0.0)?);
        let step = spacing / (2.0 * laser);
        Some(Axis::uniform(-peak * step, (points as f64 - 1.0 - peak) * step, points))
    }
}
