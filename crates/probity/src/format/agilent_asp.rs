//! Agilent (MicroLab, ResPro) ASP: text of one number a line, six of a heading and then the values.
//!
//! The heading is the number of points, the first and the last x value, and three whole numbers. No description was
//! found; in the files that were seen they are 1, 2 and 4, which as codes of `SPC.H` are wavenumber, absorbance and
//! infrared, and fit the values. They are read so, and kept as they stand.

use super::curve_draft::{CurveDraft, axis_or_skip, check_points, finish, is_percent};
use super::noter::Noter;
use super::number::parse_number;
use super::spc::unit;
use super::text::{Line, Lines, decode};
use super::{Parsed, ReadOptions};
use crate::error::{Error, Result};
use crate::spectrum::{Axis, CurveAcquisition};

/// Lines of the heading.
const HEADING: usize = 6;

/// Reads an Agilent ASP text: one record without a name.
///
/// # Errors
/// `Malformed` with the line if one is not a number, if there is no value, and where the reader is strict and there
/// are not as many values as announced; `LimitReached` beyond a limit of `options`.
pub fn read_agilent_asp(bytes: &[u8], options: &ReadOptions) -> Result<Parsed> {
    let mut noter = Noter::new(options);
    noter.record = 1;
    let text = decode(bytes, options, &mut noter.report)?;
    let mut heading = Vec::with_capacity(HEADING);
    let mut values = Vec::new();
    for line in Lines::new(&text, options) {
        let line = line?;
        if line.text.trim().is_empty() {
            continue;
        }
        if heading.len() < HEADING {
            heading.push((line, number_of(line, &noter)?));
            continue;
        }
        values.push(number_of(line, &noter)?);
        check_points(values.len(), (0, "values"), &noter)?;
    }
    let &[(_, announced), (_, first), (_, last), x, y, z] = heading.as_slice() else {
        let message =
            format!("{} numbers stand in the text, and {HEADING} belong into the heading", heading.len());
        return Err(Error::malformed(message).at(noter.at(1)));
    };
    let Some(count) = whole(announced, u32::MAX).filter(|&count| count > 0) else {
        return Err(Error::malformed(format!("{announced} is not a number of points"))
            .at(noter.at(heading[0].0.number)));
    };
    let last = fit_count(&mut values, (count as usize, first, last), &mut noter)?;
    let axis = Axis::uniform(first, last, values.len());
    let Some(axis) = axis_or_skip(axis, (0, "x"), &mut noter)? else { return finish(Vec::new(), noter) };
    let x_type = code_of(x, &noter)?;
    let y_type = code_of(y, &noter)?;
    let axis_unit = unit::axis_unit(x_type, "");
    let percent = is_percent(&values);
    let draft = CurveDraft {
        name: String::new(),
        kind: unit::kind(x_type, &axis_unit, y_type),
        axis,
        axis_unit,
        value_unit: unit::value_unit(y_type, "", percent),
        values,
        acquisition: CurveAcquisition::default(),
        comments: Vec::new(),
        other_fields: [("line 4", x), ("line 5", y), ("line 6", z)]
            .map(|(name, (line, _))| (name.to_owned(), line.text.trim().to_owned()))
            .to_vec(),
    };
    let record = draft.into_record(0, &mut noter)?;
    finish(vec![record], noter)
}

fn number_of(line: Line<'_>, noter: &Noter) -> Result<f64> {
    parse_number(line.text)
        .ok_or_else(|| Error::malformed("the line is not one number").at(noter.at(line.number)))
}

fn whole(number: f64, most: u32) -> Option<u32> {
    (number >= 0.0 && number.fract() == 0.0 && number <= f64::from(most)).then_some(number as u32)
}

fn code_of((line, number): (Line<'_>, f64), noter: &Noter) -> Result<u8> {
    let code = whole(number, 255).and_then(|code| u8::try_from(code).ok());
    code.ok_or_else(|| {
        Error::malformed(format!("{number} is not a code of a unit")).at(noter.at(line.number))
    })
}

/// Makes the values as many as announced where there are more, and returns the x value of the last one that is there.
fn fit_count(
    values: &mut Vec<f64>,
    (count, first, last): (usize, f64, f64),
    noter: &mut Noter,
) -> Result<f64> {
    let there = values.len();
    if there == 0 {
        return Err(Error::malformed("the text holds no value behind its heading"));
    }
    if there == count {
        return Ok(last);
    }
    let message = format!("{count} values are announced and {there} are there");
    if there > count {
        values.truncate(count);
        noter.skipped(0, "values", format!("{message}; those beyond were left out"))?;
        return Ok(last);
    }
    noter.repaired(0, "values", format!("{message}; these were read, as the first of them"))?;
    Ok(first + (there as f64 - 1.0) * ((last - first) / (count as f64 - 1.0)))
}

/// Whether the beginning of a text is such a heading and a value.
pub(crate) fn looks_like(head: &str) -> bool {
    let lines = head.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
    let numbers: Vec<Option<f64>> = lines.take(HEADING + 1).map(parse_number).collect();
    let &[Some(count), Some(first), Some(last), Some(x), Some(y), Some(z), Some(_)] = numbers.as_slice()
    else {
        return false;
    };
    let is_code = |number| whole(number, 255).is_some();
    whole(count, u32::MAX).is_some_and(|count| count > 0)
        && first != last
        && [x, y, z].into_iter().all(is_code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::format::test_support::{hostile_bytes, never_panics, strict, survives_damage, tolerant};
    use crate::format::{Limits, ReadOptions};
    use crate::spectrum::{AxisUnit, Curve, CurveKind, ValueUnit};

    const TEXT: &str = "3\r\n4000.5\r\n2000.5\r\n1\r\n2\r\n4\r\n0.1\r\n-0.2\r\n3e-1\r\n";

    fn curve(parsed: &Parsed) -> &Curve {
        parsed.records[0].spectrum.as_curve().unwrap()
    }

    #[test]
    fn a_heading_of_six_numbers_and_then_the_values() {
        assert!(looks_like(TEXT));
        let parsed = read_agilent_asp(TEXT.as_bytes(), &strict()).unwrap();
        let read = curve(&parsed);
        assert_eq!(read.axis().points(), [4_000.5, 3_000.5, 2_000.5]);
        assert_eq!(read.values(), [0.1, -0.2, 0.3]);
        assert_eq!((read.kind(), read.axis_unit()), (CurveKind::Spectrum, &AxisUnit::Wavenumber));
        assert_eq!(read.value_unit(), &ValueUnit::Absorbance);
        assert_eq!(parsed.records[0].other_fields[2], ("line 6".to_owned(), "4".to_owned()));
    }

    #[test]
    fn wrong_counts_are_reported() {
        let parsed = tolerant(read_agilent_asp, &TEXT.replace("3\r\n4000", "2\r\n4000"));
        assert_eq!((curve(&parsed).values(), parsed.report.skipped), (&[0.1, -0.2][..], 1));
        let parsed = tolerant(read_agilent_asp, &TEXT.replace("3\r\n4000", "5\r\n4000"));
        assert_eq!(curve(&parsed).axis().points(), [4_000.5, 3_500.5, 3_000.5]);
        assert_eq!(parsed.report.repaired, 1);
        assert!(read_agilent_asp(TEXT.replace("3\r\n4000", "5\r\n4000").as_bytes(), &strict()).is_err());
    }

    #[test]
    fn what_is_no_number_is_an_error_with_its_line() {
        for (text, line) in [
            (TEXT.replace("-0.2", "x"), Some(8)),
            (TEXT.replace("3\r\n4000", "0\r\n4000"), Some(1)),
            (TEXT.replace("\r\n2\r\n4\r\n", "\r\n2.5\r\n4\r\n"), Some(5)),
            ("3\n1\n".to_owned(), Some(1)),
            ("3\n1\n2\n1\n2\n4\n".to_owned(), None),
        ] {
            let error = read_agilent_asp(text.as_bytes(), &ReadOptions::default()).unwrap_err();
            assert_eq!((error.kind(), error.location().line), (ErrorKind::Malformed, line), "{text}");
        }
        for text in
            ["3\n1\n2\n1\n2\n4\n", "3\n1\n2\n1\n2\nx\n5\n", "41 29\n43 100\n", "2.5\n1\n2\n1\n2\n4\n5\n"]
        {
            assert!(!looks_like(text), "{text}");
        }
    }

    #[test]
    fn damage_and_limits() {
        survives_damage(read_agilent_asp, TEXT.as_bytes());
        let limits = Limits { peaks: 2, ..Limits::default() };
        let error = read_agilent_asp(TEXT.as_bytes(), &ReadOptions::default().limits(limits)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitReached);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in hostile_bytes(&["2\n", "1e308\n", "-1e308\n", "1\n", "255\n", "1e9\n", "x\r"])) {
            never_panics(read_agilent_asp, &bytes);
        }
    }
}
