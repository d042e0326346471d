//! The curve of a JSON record: its points and values as arrays of equal length, each with its unit, in the order in
//! which they were read.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::spectrum::{Axis, AxisUnit, Curve, CurveAcquisition, CurveKind, ValueUnit};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JsonCurve {
    shows: CurveKind,
    axis_unit: AxisUnit,
    axis: Vec<f64>,
    value_unit: ValueUnit,
    values: Vec<f64>,
    /// Positions of missing points, from 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    missing: Vec<usize>,
    #[serde(default)]
    acquisition: CurveAcquisition,
}

impl JsonCurve {
    pub(super) fn of(curve: &Curve) -> Self {
        Self {
            shows: curve.kind(),
            axis_unit: curve.axis_unit().clone(),
            axis: curve.axis().points(),
            value_unit: curve.value_unit().clone(),
            values: curve.values().to_vec(),
            missing: curve.missing_points().to_vec(),
            acquisition: curve.acquired().clone(),
        }
    }

    /// The curve; its axis is uniform if equal distances give the same numbers.
    ///
    /// # Errors
    /// As [`Curve::try_new`] and [`Curve::missing`].
    pub(super) fn into_curve(self) -> Result<Curve> {
        let axis = Axis::of_points(self.axis)?;
        let curve = Curve::try_new(self.shows, (axis, self.axis_unit), (self.values, self.value_unit))?;
        Ok(curve.missing(self.missing)?.acquisition(self.acquisition))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{read_json, write_json};
    use super::*;
    use crate::error::ErrorKind;
    use crate::format::{Provenance, ReadOptions, Record, RecordPlace};
    use crate::spectrum::Spectrum;
    use crate::substance::{Form, Identity};

    fn record(curve: Curve) -> Record {
        Record {
            name: "a film".to_owned(),
            identity: Identity::default(),
            form: Form::default(),
            spectrum: Spectrum::Curve(curve),
            provenance: Provenance::default(),
            other_fields: vec![("YLABEL".to_owned(), "Absorbance".to_owned())],
            place: RecordPlace { record: 1, line: 0 },
        }
    }

    fn written(record: &Record) -> Vec<u8> {
        let mut bytes = Vec::new();
        let report = write_json(std::slice::from_ref(record), &mut bytes).unwrap();
        assert_eq!(report.records_written, 1);
        bytes
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_in_its_order(
            values in prop::collection::vec(-1e6_f64..1e6, 0..40),
            ends in (-1e4_f64..1e4, -1e4_f64..1e4),
            listed: bool,
        ) {
            prop_assume!(ends.0 != ends.1);
            let mut axis = Axis::uniform(ends.0, ends.1, values.len()).unwrap();
            if listed {
                axis = Axis::listed(axis.points().iter().map(|point| point * point).collect()).unwrap();
            }
            let points = axis.points();
            let missing = if values.len() > 3 { vec![1, 3] } else { Vec::new() };
            let curve = Curve::try_new(
                CurveKind::Interferogram,
                (axis, AxisUnit::RetardationCm),
                (values, ValueUnit::Other("counts".to_owned())),
            ).unwrap().missing(missing).unwrap();
            let record = record(curve);
            let read = read_json(&written(&record), &ReadOptions::default()).unwrap();
            let [back] = &read.records[..] else { panic!("one record was written") };
            let curve = back.spectrum.as_curve().unwrap();
            prop_assert_eq!(curve.axis().points(), points);
            prop_assert_eq!(curve.values(), record.spectrum.as_curve().unwrap().values());
            prop_assert_eq!(curve.missing_points(), record.spectrum.as_curve().unwrap().missing_points());
            prop_assert_eq!(written(back), written(&record));
        }
    }

    #[test]
    fn a_curve_with_peaks_or_without_a_value_is_an_error_that_names_the_field() {
        let text = |curve: &str| format!(r#"[{{"kind":"curve","name":"x",{curve}}}]"#).into_bytes();
        let curve = r#""curve":{"shows":"spectrum","axis_unit":"wavenumber","axis":[3.0,2.0,1.0],"value_unit":"absorbance","values":[0.1,0.2,0.3]}"#;
        let good = read_json(&text(curve), &ReadOptions::default()).unwrap();
        assert_eq!(good.records[0].spectrum.as_curve().unwrap().axis().points(), [3.0, 2.0, 1.0]);
        for wrong in [
            curve.replace("0.1,", ""),
            format!("{curve},\"mz\":[1.0]"),
            r#""mz":[1.0],"intensity":[1.0]"#.to_owned(),
            format!(r#"{curve},"annotations":[{{"peak":0,"text":"x"}}]"#),
            format!(r#"{curve},"acquisition":{{}}"#),
            curve.replace(r#"[0.1,0.2,0.3]"#, r#"[0.1,0.2,0.3],"missing":[3]"#),
        ] {
            let error = read_json(&text(&wrong), &ReadOptions::default()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed, "{wrong}");
            assert!(error.to_string().contains("curve"), "{error}");
        }
    }
}
