//! A curve: values over an axis, such as an infrared spectrum, a single beam or an interferogram.

use serde::{Deserialize, Serialize};

use super::{Axis, AxisUnit, CurveAcquisition, ValueUnit};
use crate::error::{Error, Result};

/// What a curve shows. Only a spectrum can be searched for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CurveKind {
    /// A spectrum: what the sample did to the light.
    #[default]
    Spectrum,
    /// A single beam: sample and instrument together.
    SingleBeam,
    /// An interferogram, before its Fourier transform.
    Interferogram,
    /// The phase of a spectrum.
    Phase,
    /// Anything else, such as a curve of another technique in the same file.
    Other,
}

impl CurveKind {
    /// What such a curve is, in words with their article, as sentences need them: `a single beam`.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::Spectrum => "a spectrum",
            Self::SingleBeam => "a single beam",
            Self::Interferogram => "an interferogram",
            Self::Phase => "a phase",
            Self::Other => "a curve of another kind",
        }
    }
}

/// Values over an axis, as published: in the order of the file, in its units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawCurve")]
pub struct Curve {
    /// Not `kind`: that key says what kind of spectrum a record has.
    #[serde(rename = "shows")]
    kind: CurveKind,
    axis: Axis,
    axis_unit: AxisUnit,
    values: Vec<f64>,
    value_unit: ValueUnit,
    /// Positions of points that the source marks as missing, ascending; their values are 0.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<usize>,
    acquisition: CurveAcquisition,
}

/// What is deserialized, before it is checked.
#[derive(Deserialize)]
struct RawCurve {
    #[serde(rename = "shows")]
    kind: CurveKind,
    axis: Axis,
    axis_unit: AxisUnit,
    values: Vec<f64>,
    value_unit: ValueUnit,
    #[serde(default)]
    missing: Vec<usize>,
    #[serde(default)]
    acquisition: CurveAcquisition,
}

impl TryFrom<RawCurve> for Curve {
    type Error = Error;

    fn try_from(raw: RawCurve) -> Result<Self> {
        let curve = Self::try_new(raw.kind, (raw.axis, raw.axis_unit), (raw.values, raw.value_unit))?;
        Ok(curve.missing(raw.missing)?.acquisition(raw.acquisition))
    }
}

impl Curve {
    /// A curve of values over an axis, each with its unit.
    ///
    /// # Errors
    /// `Malformed` if there are not as many values as points of the axis, or one is not a finite number; the message
    /// names the point, from 1.
    pub fn try_new(
        kind: CurveKind,
        (axis, axis_unit): (Axis, AxisUnit),
        (values, value_unit): (Vec<f64>, ValueUnit),
    ) -> Result<Self> {
        if axis.len() != values.len() {
            let message = format!("{} values over an axis of {} points", values.len(), axis.len());
            return Err(Error::malformed(message));
        }
        if let Some(point) = values.iter().position(|value| !value.is_finite()) {
            let message = format!("point {}: {} is not a finite number", point + 1, values[point]);
            return Err(Error::malformed(message));
        }
        let acquisition = CurveAcquisition::default();
        Ok(Self { kind, axis, axis_unit, values, value_unit, missing: Vec::new(), acquisition })
    }

    /// The same curve with points marked as missing; their values become 0.
    ///
    /// # Errors
    /// `Malformed` if the positions, from 0, do not ascend or lie beyond the last point.
    pub fn missing(mut self, missing: Vec<usize>) -> Result<Self> {
        let ascend = missing.windows(2).all(|pair| pair[0] < pair[1]);
        if !ascend || missing.last().is_some_and(|&last| last >= self.values.len()) {
            return Err(Error::malformed("the positions of missing points do not ascend within the curve"));
        }
        missing.iter().for_each(|&position| self.values[position] = 0.0);
        self.missing = missing;
        Ok(self)
    }

    /// The same curve with how it was acquired.
    #[must_use]
    pub fn acquisition(mut self, acquisition: CurveAcquisition) -> Self {
        self.acquisition = acquisition;
        self
    }

    /// What the curve shows.
    #[must_use]
    pub fn kind(&self) -> CurveKind {
        self.kind
    }

    /// The axis.
    #[must_use]
    pub fn axis(&self) -> &Axis {
        &self.axis
    }

    /// The unit of the axis.
    #[must_use]
    pub fn axis_unit(&self) -> &AxisUnit {
        &self.axis_unit
    }

    /// The values, one for each point of the axis; 0 where [missing](Self::missing_points).
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The unit of the values.
    #[must_use]
    pub fn value_unit(&self) -> &ValueUnit {
        &self.value_unit
    }

    /// The positions of missing points, from 0, ascending.
    #[must_use]
    pub fn missing_points(&self) -> &[usize] {
        &self.missing
    }

    /// Lowest and highest wavenumber, in cm⁻¹, of a spectrum over wavenumbers or wavelengths; `None` for anything else and for
    /// a spectrum without extent.
    #[must_use]
    pub fn range_cm1(&self) -> Option<(f64, f64)> {
        let points = self.axis.points();
        let low = points.iter().copied().fold(f64::INFINITY, f64::min);
        let high = points.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let range = match (self.kind, &self.axis_unit) {
            (CurveKind::Spectrum, AxisUnit::Wavenumber) => (low, high),
            (CurveKind::Spectrum, AxisUnit::Micrometre) if low > 0.0 => (1e4 / high, 1e4 / low),
            (CurveKind::Spectrum, AxisUnit::Nanometre) if low > 0.0 => (1e7 / high, 1e7 / low),
            _ => return None,
        };
        (range.0 < range.1).then_some(range)
    }

    /// How the curve was acquired, as far as it is stated.
    #[must_use]
    pub fn acquired(&self) -> &CurveAcquisition {
        &self.acquisition
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(values: Vec<f64>) -> Result<Curve> {
        let axis = Axis::uniform(4_000.0, 400.0, 3)?;
        Curve::try_new(CurveKind::Spectrum, (axis, AxisUnit::Wavenumber), (values, ValueUnit::Absorbance))
    }

    #[test]
    fn points_and_values_must_agree_and_be_numbers() {
        assert_eq!(curve(vec![0.1; 2]).unwrap_err().to_string(), "2 values over an axis of 3 points");
        let error = curve(vec![0.1, f64::NAN, 0.2]).unwrap_err();
        assert_eq!(error.to_string(), "point 2: NaN is not a finite number");
    }

    #[test]
    fn missing_points_ascend_within_the_curve() {
        let some = curve(vec![0.1, 0.2, 0.3]).unwrap();
        let missing = some.clone().missing(vec![1]).unwrap();
        assert_eq!((missing.values(), missing.missing_points()), (&[0.1, 0.0, 0.3][..], &[1][..]));
        for wrong in [vec![3], vec![1, 1], vec![2, 0]] {
            assert!(some.clone().missing(wrong).is_err());
        }
    }

    #[test]
    fn a_spectrum_says_once_which_kind_it_is_of() {
        let spectrum = crate::spectrum::Spectrum::Curve(curve(vec![0.1, 0.2, 0.3]).unwrap());
        let text = serde_json::to_string(&spectrum).unwrap();
        assert_eq!(text.matches("\"kind\"").count(), 1, "{text}");
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&value["kind"], &value["shows"]), (&"curve".into(), &"spectrum".into()));
    }

    #[test]
    fn json_is_checked_too() {
        let some = curve(vec![0.1, 0.2, 0.3]).unwrap().missing(vec![2]).unwrap();
        let text = serde_json::to_string(&some).unwrap();
        assert_eq!(serde_json::from_str::<Curve>(&text).unwrap(), some);
        assert!(serde_json::from_str::<Curve>(&text.replace("[2]", "[7]")).is_err());
    }
}
