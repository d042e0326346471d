//! Mirrors of a curve without its points and values.

use bincode::{Decode, Encode};

use crate::error::{Error, Result};
use crate::spectrum::{Axis, AxisUnit, Curve, CurveAcquisition, CurveKind, InfraredTechnique, ValueUnit};

/// All of a curve but its values and the points of a listed axis.
#[derive(Encode, Decode)]
pub(in crate::library) struct CurveData {
    kind: u8,
    points: u64,
    /// First and last point of a uniform axis.
    ends: Option<(f64, f64)>,
    axis_unit: (u8, String),
    value_unit: (u8, String),
    missing: Vec<u64>,
    acquisition: CurveAcquisitionData,
}

#[derive(Encode, Decode)]
struct CurveAcquisitionData {
    technique: Option<u8>,
    resolution_cm1: Option<f64>,
    scans: Option<u32>,
    state: Option<String>,
    sampling: Option<String>,
    instrument: Option<String>,
    measured: Option<String>,
    laser_wavenumber_cm1: Option<f64>,
    block: Option<String>,
}

/// The number under which a unit with a name of its own is stored.
const OTHER: u8 = 255;

const KINDS: [CurveKind; 5] = [
    CurveKind::Spectrum,
    CurveKind::SingleBeam,
    CurveKind::Interferogram,
    CurveKind::Phase,
    CurveKind::Other,
];

const AXIS_UNITS: [AxisUnit; 6] = [
    AxisUnit::Wavenumber,
    AxisUnit::RamanShift,
    AxisUnit::Micrometre,
    AxisUnit::Nanometre,
    AxisUnit::RetardationCm,
    AxisUnit::Point,
];

const VALUE_UNITS: [ValueUnit; 10] = [
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
];

const TECHNIQUES: [InfraredTechnique; 5] = [
    InfraredTechnique::Transmission,
    InfraredTechnique::AttenuatedTotalReflection,
    InfraredTechnique::DiffuseReflection,
    InfraredTechnique::SpecularReflection,
    InfraredTechnique::GasPhase,
];

/// The place of a value in its list, which is the number that is stored.
fn number_of<T: PartialEq>(list: &[T], value: &T) -> Option<u8> {
    list.iter().zip(0..).find_map(|(known, number)| (known == value).then_some(number))
}

fn value_of<T: Clone>(list: &[T], number: u8, what: &str) -> Result<T> {
    list.get(usize::from(number))
        .cloned()
        .ok_or_else(|| Error::damaged(format!("there is no {what} {number}")))
}

impl CurveData {
    pub(in crate::library) fn of(curve: &Curve) -> Result<Self> {
        let unknown = || Error::unsupported("this kind of curve cannot be stored");
        let axis_unit = match curve.axis_unit() {
            AxisUnit::Other(name) => (OTHER, name.clone()),
            unit => (number_of(&AXIS_UNITS, unit).ok_or_else(unknown)?, String::new()),
        };
        let value_unit = match curve.value_unit() {
            ValueUnit::Other(name) => (OTHER, name.clone()),
            unit => (number_of(&VALUE_UNITS, unit).ok_or_else(unknown)?, String::new()),
        };
        Ok(Self {
            kind: number_of(&KINDS, &curve.kind()).ok_or_else(unknown)?,
            points: curve.values().len() as u64,
            ends: curve.axis().uniform_ends(),
            axis_unit,
            value_unit,
            missing: curve.missing_points().iter().map(|&point| point as u64).collect(),
            acquisition: CurveAcquisitionData::of(curve.acquired()),
        })
    }

    /// The number of points.
    pub(in crate::library) fn points(&self) -> u64 {
        self.points
    }

    /// Whether the points of the axis are stored one by one.
    pub(in crate::library) fn is_listed(&self) -> bool {
        self.ends.is_none()
    }

    /// The curve of these metadata, values, and points where they are listed.
    ///
    /// # Errors
    /// `Damaged` for what no curve can have been.
    pub(in crate::library) fn into_curve(self, values: Vec<f64>, listed: Vec<f64>) -> Result<Curve> {
        let damaged = |error: Error| Error::damaged(error.message());
        let axis = match self.ends {
            Some((first, last)) => Axis::uniform(first, last, values.len()),
            None => Axis::listed(listed),
        }
        .map_err(damaged)?;
        let axis_unit = match self.axis_unit {
            (OTHER, name) => AxisUnit::Other(name),
            (number, _) => value_of(&AXIS_UNITS, number, "unit of an axis")?,
        };
        let value_unit = match self.value_unit {
            (OTHER, name) => ValueUnit::Other(name),
            (number, _) => value_of(&VALUE_UNITS, number, "unit of values")?,
        };
        let kind = value_of(&KINDS, self.kind, "kind of curve")?;
        let missing = self.missing.into_iter().map(|point| usize::try_from(point).unwrap_or(usize::MAX));
        let curve = Curve::try_new(kind, (axis, axis_unit), (values, value_unit))
            .and_then(|curve| curve.missing(missing.collect()))
            .map_err(damaged)?;
        Ok(curve.acquisition(self.acquisition.into_acquisition()?))
    }
}

impl CurveAcquisitionData {
    fn of(acquisition: &CurveAcquisition) -> Self {
        let CurveAcquisition {
            technique,
            resolution_cm1,
            scans,
            state,
            sampling,
            instrument,
            measured,
            laser_wavenumber_cm1,
            block,
        } = acquisition.clone();
        let technique = technique.as_ref().and_then(|technique| number_of(&TECHNIQUES, technique));
        Self {
            technique,
            resolution_cm1,
            scans,
            state,
            sampling,
            instrument,
            measured,
            laser_wavenumber_cm1,
            block,
        }
    }

    fn into_acquisition(self) -> Result<CurveAcquisition> {
        let technique = self.technique.map(|number| value_of(&TECHNIQUES, number, "infrared technique"));
        Ok(CurveAcquisition {
            technique: technique.transpose()?,
            resolution_cm1: self.resolution_cm1,
            scans: self.scans,
            state: self.state,
            sampling: self.sampling,
            instrument: self.instrument,
            measured: self.measured,
            laser_wavenumber_cm1: self.laser_wavenumber_cm1,
            block: self.block,
        })
    }
}
