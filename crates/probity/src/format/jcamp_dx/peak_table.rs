//! Lists of peaks, `(XY..XY)`: `x,y` pairs behind one another, separated by `;` or blanks.

use super::ldr::Ldr;
use crate::error::Result;
use crate::format::noter::Noter;
use crate::format::number::parse_number;
use crate::format::peak_collector::PeakCollector;
use crate::spectrum::Peak;

/// What the written numbers are multiplied with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Factors {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// How a list of peaks is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PeakForm {
    /// `(XY..XY)`.
    Pairs,
    /// `(XYW..XYW)`, `(XYM..XYM)`: a third number says how wide a peak is, or how often split.
    Triples,
    /// `(XYA)`, `(XYWA)`, `(XYMA)`: an assignment in parentheses, x and y first.
    Assignments,
}

impl PeakForm {
    /// The form of a data record, which is the first thing of its value.
    pub(super) fn of(form: &str) -> Option<Self> {
        let form: String =
            form.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        let starts = |forms: &[&str]| forms.iter().any(|start| form.starts_with(start));
        if starts(&["(XY..XY)"]) {
            Some(Self::Pairs)
        } else if starts(&["(XYW..XYW)", "(XYM..XYM)"]) {
            Some(Self::Triples)
        } else if starts(&["(XYA)", "(XYWA)", "(XYMA)"]) {
            Some(Self::Assignments)
        } else {
            None
        }
    }
}

/// Whether a data record is a list of pairs.
pub(super) fn is_pair_list(form: &str) -> bool {
    PeakForm::of(form) == Some(PeakForm::Pairs)
}

/// What becomes of a pair: x and y with their factors, the line. A missing number, `?`, is NaN.
pub(super) type PairSink<'a> = dyn FnMut(f64, f64, u64, &mut Noter) -> Result<()> + 'a;

/// Reads the pairs of a data record as peaks; returns how many it lists, peaks left out included.
pub(super) fn read_peaks(
    ldr: &Ldr<'_>,
    factors: Factors,
    peaks: &mut PeakCollector,
    noter: &mut Noter,
) -> Result<u64> {
    let field = ldr.name_in_places();
    read_tuples(ldr, (factors, 2), noter, &mut |mz, intensity, line, noter| {
        let place = noter.at(line).at_field(field);
        peaks.push(Peak { mz, intensity }, None, place, noter.options, &mut noter.report)
    })
}

/// Reads x and y of a data record of any of the forms. What else stands there is reported once.
pub(super) fn read_columns(
    ldr: &Ldr<'_>,
    factors: Factors,
    noter: &mut Noter,
    sink: &mut PairSink<'_>,
) -> Result<()> {
    match PeakForm::of(ldr.first) {
        Some(PeakForm::Triples) => {
            noter.ignored(ldr.line, ldr.name_in_places(), "the third number of each peak was not kept")?;
            read_tuples(ldr, (factors, 3), noter, sink).map(drop)
        }
        Some(PeakForm::Assignments) => {
            noter.ignored(ldr.line, ldr.name_in_places(), "what the peaks are assigned to was not kept")?;
            read_assignments(ldr, factors, noter, sink)
        }
        Some(PeakForm::Pairs) | None => read_tuples(ldr, (factors, 2), noter, sink).map(drop),
    }
}

/// Reads `(x, y, <assignment>)`.
fn read_assignments(
    ldr: &Ldr<'_>,
    factors: Factors,
    noter: &mut Noter,
    sink: &mut PairSink<'_>,
) -> Result<()> {
    for line in &ldr.rest {
        let Some(entry) = line.text.trim_start().strip_prefix('(') else { continue };
        let mut numbers = entry.split(',').map(|number| parse_number(number.trim_end_matches([')', ' '])));
        match (numbers.next().flatten(), numbers.next().flatten()) {
            (Some(x), Some(y)) => sink(x * factors.x, y * factors.y, line.number, noter)?,
            _ => {
                let message = "the entry does not begin with two numbers and was left out";
                noter.skipped(line.number, ldr.name_in_places(), message)?;
            }
        }
    }
    Ok(())
}

/// A number, or NaN for `?`.
fn number_or_missing(token: &str) -> Option<f64> {
    if token == "?" { Some(f64::NAN) } else { parse_number(token) }
}

/// Reads tuples of two or more numbers, of which the first two count; returns how many are listed, those left out
/// included.
fn read_tuples(
    ldr: &Ldr<'_>,
    (factors, columns): (Factors, usize),
    noter: &mut Noter,
    sink: &mut PairSink<'_>,
) -> Result<u64> {
    let mut listed = 0;
    let field = ldr.name_in_places();
    // Numbers at the end of a line whose tuple goes on in the next, which a trailing comma announces.
    let mut open: Vec<Option<f64>> = Vec::new();
    for line in &ldr.rest {
        for group in line.text.split(';') {
            let mut numbers = std::mem::take(&mut open);
            let tokens = group.split([',', ' ', '\t']).filter(|token| !token.is_empty());
            numbers.extend(tokens.map(number_or_missing));
            let left = numbers.len() % columns;
            if left > 0 && group.trim_end().ends_with(',') && line.text.ends_with(group) {
                open = numbers.split_off(numbers.len() - left);
            }
            listed += numbers.len().div_ceil(columns) as u64;
            if !numbers.len().is_multiple_of(columns) || numbers.iter().any(Option::is_none) {
                let group = group.trim().chars().take(40).collect::<String>();
                noter.skipped(
                    line.number,
                    field,
                    format!("\"{group}\" is not a list of {columns} numbers each and was left out"),
                )?;
                continue;
            }
            for tuple in numbers.chunks_exact(columns) {
                let (Some(x), Some(y)) = (tuple[0], tuple[1]) else { continue };
                sink(x * factors.x, y * factors.y, line.number, noter)?;
            }
        }
    }
    if !open.is_empty() {
        listed += 1;
        noter.skipped(ldr.line, field, "the last tuple is not whole and was left out")?;
    }
    Ok(listed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{ReadOptions, jcamp_dx::ldr};

    fn read(text: &str, factors: Factors) -> (u64, Vec<(f64, f64)>, u64) {
        let options = ReadOptions::default();
        let mut noter = Noter::new(&options);
        let text = format!("##PEAK TABLE=(XY..XY)\n{text}");
        let ldrs = ldr::split(&text, &mut noter).unwrap();
        assert!(is_pair_list(ldrs[0].first));
        let mut peaks = PeakCollector::default();
        let listed = read_peaks(&ldrs[0], factors, &mut peaks, &mut noter).unwrap();
        let (peaks, _) = peaks.finish();
        (listed, peaks.iter().map(|peak| (peak.mz, peak.intensity)).collect(), noter.report.skipped)
    }

    #[test]
    fn all_separators_give_the_same_pairs() {
        let expected = vec![(41.0, 520.0), (43.0, 1000.0), (55.0, 0.5)];
        for text in [
            "41,520 43,1000 55,.5",
            "41, 520 43, 1000\n55, 5e-1",
            "41,520;43,1000;55,0.5;",
            "41 520\n43 1000\n55 .5",
            "41\t520\n43\t1000 $$ base peak\n55\t0.5",
            "41,520 43,\n1000 55,0.5",
        ] {
            assert_eq!(read(text, Factors { x: 1.0, y: 1.0 }), (3, expected.clone(), 0), "{text}");
        }
    }

    #[test]
    fn factors_apply_and_what_is_no_pair_is_left_out() {
        let (listed, peaks, skipped) = read("410,52; 43; 77,?; 550,1", Factors { x: 0.1, y: 10.0 });
        assert_eq!((listed, skipped), (4, 2));
        assert_eq!(peaks, [(410.0 * 0.1, 520.0), (55.0, 10.0)]);
        assert_eq!(read("41,1\n43,", Factors { x: 1.0, y: 1.0 }), (2, vec![(41.0, 1.0)], 1));
    }

    /// x and y of a table, and how many pieces were ignored and skipped.
    fn columns(text: &str) -> (Vec<(f64, f64)>, u64, u64) {
        let options = ReadOptions::default();
        let mut noter = Noter::new(&options);
        let ldrs = ldr::split(text, &mut noter).unwrap();
        let mut pairs = Vec::new();
        read_columns(&ldrs[0], Factors { x: 1.0, y: 1.0 }, &mut noter, &mut |x, y, _, _| {
            pairs.push((x, y));
            Ok(())
        })
        .unwrap();
        (pairs, noter.report.ignored, noter.report.skipped)
    }

    #[test]
    fn widths_and_assignments_stand_behind_x_and_y() {
        let expected = vec![(1_702.0, 0.5), (1_650.5, 0.75)];
        for text in [
            "##PEAK TABLE=(XYW..XYW)\n1702,.5,12\n1650.5,0.75,9",
            "##PEAK TABLE=(XYM..XYM)\n1702,.5,\n12;1650.5,0.75,9",
            "##PEAK ASSIGNMENTS=(XYA)\n(1702, 0.5, <C=O>)\n(1650.5, .75, <amide,\n continued>)",
            "##PEAK ASSIGNMENTS=(XYWA)\n(1702, 0.5, 12, <C=O>)\n(1650.5, 0.75\n",
        ] {
            assert_eq!(columns(text), (expected.clone(), 1, 0), "{text}");
        }
        assert_eq!(columns("##PEAK ASSIGNMENTS=(XYA)\n(a, b)").2, 1);
        assert_eq!(PeakForm::of("(XYT..XYT), PEAKS"), None);
    }
}
