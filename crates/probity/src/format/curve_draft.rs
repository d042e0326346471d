//! One record of a curve from the parts that a file states.

use super::noter::Noter;
use super::{Parsed, Provenance, Record, RecordPlace};
use crate::error::{Error, Result};
use crate::spectrum::{Axis, AxisUnit, Curve, CurveAcquisition, CurveKind, Spectrum, ValueUnit};
use crate::substance::{Form, Identity};

/// What a file states of one curve.
pub(crate) struct CurveDraft {
    pub(crate) name: String,
    pub(crate) kind: CurveKind,
    pub(crate) axis: Axis,
    pub(crate) axis_unit: AxisUnit,
    pub(crate) values: Vec<f64>,
    pub(crate) value_unit: ValueUnit,
    pub(crate) acquisition: CurveAcquisition,
    pub(crate) comments: Vec<String>,
    pub(crate) other_fields: Vec<(String, String)>,
}

impl CurveDraft {
    /// Counts the record and makes it. Values that are not finite numbers become missing points, which is
    /// reported at `offset`.
    pub(crate) fn into_record(mut self, offset: usize, noter: &mut Noter) -> Result<Record> {
        let missing: Vec<usize> =
            (0..self.values.len()).filter(|&point| !self.values[point].is_finite()).collect();
        if let Some(first) = missing.first() {
            let message = format!(
                "{} of {} values are not finite numbers, the first that of point {}; they count as missing",
                missing.len(),
                self.values.len(),
                first + 1
            );
            noter.skipped_at(offset, "", message)?;
            missing.iter().for_each(|&point| self.values[point] = 0.0);
        }
        noter.record_read(0)?;
        let curve = Curve::try_new(self.kind, (self.axis, self.axis_unit), (self.values, self.value_unit))
            .and_then(|curve| curve.missing(missing))
            .map_err(|error| error.at(noter.at_offset(offset)))?
            .acquisition(self.acquisition);
        Ok(Record {
            name: self.name,
            identity: Identity::default(),
            form: Form::default(),
            spectrum: Spectrum::Curve(curve),
            provenance: Provenance { comments: self.comments, ..Provenance::default() },
            other_fields: self.other_fields,
            place: RecordPlace { record: noter.record, line: 0 },
        })
    }
}

/// An axis, or `None` and a notice that the record was left out.
pub(crate) fn axis_or_skip(
    axis: Result<Axis>,
    (offset, field): (usize, &str),
    noter: &mut Noter,
) -> Result<Option<Axis>> {
    match axis {
        Ok(axis) => Ok(Some(axis)),
        Err(error) => {
            noter.record_skipped_at(offset, field, error.message())?;
            Ok(None)
        }
    }
}

/// Refuses a curve of more points than the limits allow, before memory is taken for it.
///
/// # Errors
/// `LimitReached` with the offset and the field that states the number.
pub(crate) fn check_points(points: usize, (offset, field): (usize, &str), noter: &Noter) -> Result<()> {
    let limit = noter.options.limits.peaks;
    if points > limit {
        let message = format!("the curve has {points} points, and at most {limit} are allowed");
        return Err(Error::limit(message).at(noter.at_offset(offset).at_field(field)));
    }
    Ok(())
}

/// Whether transmittances or reflectances are in per cent, where the file does not say: fractions do not exceed 2.
pub(crate) fn is_percent(values: &[f64]) -> bool {
    values.iter().any(|&value| value.is_finite() && value > 2.0)
}

/// The records and the report of a file.
///
/// # Errors
/// `Malformed` if no record could be read, with the first reason.
pub(crate) fn finish(records: Vec<Record>, noter: Noter) -> Result<Parsed> {
    if records.is_empty() {
        let reason = noter.report.notices.first().map(|notice| format!(" ({notice})"));
        let message = format!("no curve of the file could be read{}", reason.unwrap_or_default());
        return Err(Error::malformed(message));
    }
    Ok(Parsed { records, report: noter.report })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::format::test_support::strict;
    use crate::format::{Limits, ReadOptions};

    fn draft(values: Vec<f64>) -> CurveDraft {
        CurveDraft {
            name: "a".to_owned(),
            kind: CurveKind::Spectrum,
            axis: Axis::uniform(4_000.0, 400.0, values.len()).unwrap(),
            axis_unit: AxisUnit::Wavenumber,
            values,
            value_unit: ValueUnit::Absorbance,
            acquisition: CurveAcquisition::default(),
            comments: Vec::new(),
            other_fields: Vec::new(),
        }
    }

    #[test]
    fn values_that_are_no_numbers_are_missing_points() {
        let options = ReadOptions::default();
        let mut noter = Noter::new(&options);
        noter.record = 1;
        let record = draft(vec![1.0, f64::NAN, f64::INFINITY]).into_record(512, &mut noter).unwrap();
        let curve = record.spectrum.as_curve().unwrap();
        assert_eq!((curve.values(), curve.missing_points()), (&[1.0, 0.0, 0.0][..], &[1, 2][..]));
        assert_eq!((noter.report.skipped, noter.report.notices[0].offset), (1, Some(512)));
        assert!(draft(vec![1.0, f64::NAN]).into_record(512, &mut Noter::new(&strict())).is_err());
    }

    #[test]
    fn points_have_a_limit() {
        let options = ReadOptions::default().limits(Limits { peaks: 2, ..Limits::default() });
        let noter = Noter::new(&options);
        assert!(check_points(2, (4, "fnpts"), &noter).is_ok());
        let error = check_points(3, (4, "fnpts"), &noter).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitReached);
        assert!(error.to_string().starts_with("byte 4, field fnpts: "), "{error}");
    }

    #[test]
    fn no_record_is_an_error_with_its_reason() {
        let options = ReadOptions::default();
        let mut noter = Noter::new(&options);
        let axis = Axis::uniform(1.0, 1.0, 7);
        assert!(axis_or_skip(axis, (8, "ffirst"), &mut noter).unwrap().is_none());
        assert_eq!(noter.report.records_skipped, 1);
        let error = finish(Vec::new(), noter).unwrap_err();
        assert!(error.message().contains("byte 8, field ffirst: 7 points lie at 1 alone"), "{error}");
    }
}
