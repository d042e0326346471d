//! Where the values of a table `(X++(Y..Y))` lie: at equal distances from `FIRSTX` to `LASTX`, as far as the X that its
//! lines begin with agree.
//!
//! Headers are often wrong (`DELTAX` most of all), and a table that was cut short has fewer values than `NPOINTS` says:
//! its axis then ends before `LASTX`. The lines decide between the two.

use super::asdf::LineStart;
use crate::error::Result;
use crate::format::noter::Noter;
use crate::spectrum::Axis;

/// What the header says of an axis, in the axis's unit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct StatedAxis {
    pub(super) first: Option<f64>,
    pub(super) last: Option<f64>,
    pub(super) delta: Option<f64>,
    /// `NPOINTS`.
    pub(super) points: Option<f64>,
}

/// The values and lines of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) starts: &'a [LineStart],
    pub(super) values: usize,
    /// `XFACTOR`.
    pub(super) x_factor: f64,
    /// The line and the label of the table.
    pub(super) line: u64,
    pub(super) label: &'a str,
}

impl StatedAxis {
    /// The axis of a table; `None` where nothing says where it lies.
    ///
    /// # Errors
    /// `Malformed` where the reader is strict and the axis does not follow from `FIRSTX` and `LASTX` alone, or a line
    /// begins elsewhere.
    pub(super) fn axis_of(&self, table: Table<'_>, noter: &mut Noter) -> Result<Option<Axis>> {
        let Some(first) = self.first.or(table.starts.first().map(|start| start.x * table.x_factor)) else {
            return Ok(None);
        };
        let intervals = (table.values as f64 - 1.0).max(0.0);
        let last = match (self.last, self.delta, table.step()) {
            (Some(last), ..) => last,
            (None, Some(delta), _) => {
                noter.repaired(table.line, "LASTX", "it is missing; the axis follows from DELTAX")?;
                first + delta * intervals
            }
            (None, None, Some(step)) => {
                let message = "LASTX and DELTAX are missing; the axis follows from where the lines begin";
                noter.repaired(table.line, "LASTX", message)?;
                first + step * intervals
            }
            (None, None, None) => return Ok(None),
        };
        let Ok(whole) = Axis::uniform(first, last, table.values) else { return Ok(None) };
        let axis = match self.beginning(first, table).filter(|part| table.prefers(part, &whole, self.delta)) {
            Some(part) => {
                let message = "the table ends before LASTX, as where its lines begin shows";
                noter.repaired(table.line, "LASTX", message)?;
                part
            }
            None => whole,
        };
        table.compare_with(&axis, noter)?;
        Ok(Some(axis))
    }

    /// The axis if the values are the first of more that are announced.
    fn beginning(&self, first: f64, table: Table<'_>) -> Option<Axis> {
        let points = self.points.filter(|&points| points > table.values as f64)?;
        let step = (self.last? - first) / (points - 1.0);
        Axis::uniform(first, first + step * (table.values as f64 - 1.0), table.values).ok()
    }
}

impl Table<'_> {
    /// The distance of two values as the lines have it.
    fn step(&self) -> Option<f64> {
        let (first, last) = (self.starts.first()?, self.starts.last()?);
        let step = (last.x - first.x) * self.x_factor / (last.value as f64 - first.value as f64);
        (step.is_finite() && step != 0.0).then_some(step)
    }

    /// Whether the lines begin much closer to where one axis has them than to where the other does; where they do not
    /// tell, whether its step is closer to what is stated.
    fn prefers(&self, part: &Axis, whole: &Axis, delta: Option<f64>) -> bool {
        let [of_part, of_whole] = [part, whole].map(|axis| {
            self.places(axis, self.x_factor).map(|(_, found, expected)| (found - expected).abs()).sum::<f64>()
        });
        let distance = |axis: &Axis| Some((step(axis)?.1.abs() - delta?.abs()).abs());
        let closer = || distance(part).zip(distance(whole)).is_some_and(|(part, whole)| part < whole);
        of_part < 0.5 * of_whole || of_part == of_whole && closer()
    }

    /// Each line with the x that it begins with and the one that an axis has there.
    fn places(&self, axis: &Axis, factor: f64) -> impl Iterator<Item = (&LineStart, f64, f64)> {
        let ends = step(axis);
        self.starts.iter().filter_map(move |start| {
            let (first, step) = ends?;
            Some((start, start.x * factor, first + start.value as f64 * step))
        })
    }

    /// The lines that do not begin where an axis has their values, with where that is.
    ///
    /// A line may begin a value late, since some writers give the X of the value behind the check; and X is rounded.
    fn elsewhere(&self, axis: &Axis, factor: f64) -> impl Iterator<Item = (&LineStart, f64)> {
        let step = step(axis).map_or(0.0, |(_, step)| step.abs());
        self.places(axis, factor).filter_map(move |(start, found, expected)| {
            let allowed = 1.5 * step + 0.5 * decimal_unit(start.x) * factor.abs();
            ((found - expected).abs() > allowed).then_some((start, expected))
        })
    }

    /// Reports lines that begin elsewhere. Some files leave `XFACTOR` out of what they write there.
    fn compare_with(&self, axis: &Axis, noter: &mut Noter) -> Result<()> {
        let with_factor: Vec<(&LineStart, f64)> = self.elsewhere(axis, self.x_factor).collect();
        let Some((start, expected)) = with_factor.first() else { return Ok(()) };
        if self.elsewhere(axis, 1.0).next().is_none() {
            return Ok(());
        }
        let message = format!(
            "{} of {} lines begin at another x than the axis has there, the first at {} instead of {expected}; \
             the axis was taken",
            with_factor.len(),
            self.starts.len(),
            start.x * self.x_factor
        );
        noter.repaired(start.line, self.label, message)
    }
}

/// Where a uniform axis begins, and its step.
fn step(axis: &Axis) -> Option<(f64, f64)> {
    let (first, last) = axis.uniform_ends().filter(|_| axis.len() > 1)?;
    Some((first, (last - first) / (axis.len() as f64 - 1.0)))
}

/// The unit of a number's last decimal place.
fn decimal_unit(number: f64) -> f64 {
    [1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5]
        .into_iter()
        .find(|unit| {
            let units = number / unit;
            (units - units.round()).abs() < 1e-6
        })
        .unwrap_or(1e-6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::ReadOptions;

    /// Lines of two values each, beginning at the given X.
    fn axis(stated: StatedAxis, xs: &[f64], x_factor: f64) -> (Option<Vec<f64>>, Vec<String>) {
        let starts: Vec<LineStart> = xs
            .iter()
            .enumerate()
            .map(|(index, &x)| LineStart { line: 2 + index as u64, x, value: 2 * index })
            .collect();
        let options = ReadOptions::default();
        let mut noter = Noter::new(&options);
        let table = Table { starts: &starts, values: 2 * xs.len(), x_factor, line: 1, label: "XYDATA" };
        let axis = stated.axis_of(table, &mut noter).unwrap();
        let notices = noter.report.notices.iter().map(ToString::to_string);
        (axis.map(|axis| axis.points()), notices.collect())
    }

    fn stated(first: f64, last: f64, points: f64) -> StatedAxis {
        StatedAxis { first: Some(first), last: Some(last), delta: None, points: Some(points) }
    }

    #[test]
    fn the_lines_decide_where_a_short_table_ends() {
        // 8 values from 400 to 414 are announced, 4 are there.
        let (cut, notices) = axis(stated(400.0, 414.0, 8.0), &[400.0, 404.0], 1.0);
        assert_eq!(cut.unwrap(), [400.0, 402.0, 404.0, 406.0]);
        assert_eq!(
            notices,
            ["repaired: line 1, field LASTX: the table ends before LASTX, as where its lines begin shows"]
        );
        // The same header, but the lines go to the end: the number was wrong.
        let (wrong, notices) = axis(stated(400.0, 409.0, 8.0), &[400.0, 406.0], 1.0);
        assert_eq!((wrong.unwrap(), notices.len()), (vec![400.0, 403.0, 406.0, 409.0], 0));
        // One line cannot tell; DELTAX can.
        let with_delta = StatedAxis { delta: Some(-2.0), ..stated(400.0, 414.0, 8.0) };
        assert_eq!(axis(with_delta, &[400.0], 1.0).0.unwrap(), [400.0, 402.0]);
        assert_eq!(axis(stated(400.0, 414.0, 8.0), &[400.0], 1.0).0.unwrap(), [400.0, 414.0]);
    }

    #[test]
    fn lines_that_begin_elsewhere_are_told_once() {
        let (points, notices) = axis(stated(400.0, 414.0, 8.0), &[400.0, 404.0, 733.0, 412.0], 1.0);
        assert_eq!(points.unwrap()[7], 414.0);
        assert_eq!(
            notices,
            ["repaired: line 4, field XYDATA: 1 of 4 lines begin at another x than the axis has there, the \
              first at 733 instead of 408; the axis was taken"]
        );
        // x/XFACTOR, as the standard wants, and x itself, as some files have it; x of the value behind a check.
        assert!(axis(stated(40.0, 41.4, 8.0), &[400.0, 404.0, 408.0, 412.0], 0.1).1.is_empty());
        assert!(axis(stated(40.0, 41.4, 8.0), &[40.0, 40.4, 40.8, 41.2], 0.1).1.is_empty());
        assert!(axis(stated(400.0, 414.0, 8.0), &[400.0, 406.0, 410.0, 414.0], 1.0).1.is_empty());
    }

    #[test]
    fn what_is_missing_follows_from_what_is_there() {
        let no_last = StatedAxis { last: None, delta: Some(2.0), ..stated(400.0, 0.0, 4.0) };
        let (points, notices) = axis(no_last, &[400.0, 404.0], 1.0);
        assert_eq!((points.unwrap()[3], notices.len()), (406.0, 1));
        let (points, notices) = axis(StatedAxis::default(), &[400.0, 404.0], 1.0);
        assert_eq!((points.unwrap()[3], notices.len()), (406.0, 1));
        assert_eq!(axis(StatedAxis::default(), &[400.0], 1.0).0, None);
        assert_eq!(axis(StatedAxis::default(), &[], 1.0).0, None);
    }
}
