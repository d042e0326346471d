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

/// Whether a data record is a list of pairs: the form is the first thing of its value.
pub(super) fn is_pair_list(form: &str) -> bool {
    let form: String = form.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    form.starts_with("(XY..XY)")
}

/// What becomes of a pair: x and y with their factors, the line.
pub(super) type PairSink<'a> = dyn FnMut(f64, f64, u64, &mut Noter) -> Result<()> + 'a;

/// Reads the pairs of a data record as peaks; returns how many it lists, peaks left out included.
pub(super) fn read_peaks(
    ldr: &Ldr<'_>,
    factors: Factors,
    peaks: &mut PeakCollector,
    noter: &mut Noter,
) -> Result<u64> {
    let field = ldr.name_in_places();
    read_pairs(ldr, factors, noter, &mut |mz, intensity, line, noter| {
        let place = noter.at(line).at_field(field);
        peaks.push(Peak { mz, intensity }, None, place, noter.options, &mut noter.report)
    })
}

/// Reads the pairs of a data record; returns how many it lists, those left out included.
pub(super) fn read_pairs(
    ldr: &Ldr<'_>,
    factors: Factors,
    noter: &mut Noter,
    sink: &mut PairSink<'_>,
) -> Result<u64> {
    let mut listed = 0;
    let field = ldr.name_in_places();
    // An x at the end of a line whose y stands on the next, which a trailing comma announces.
    let mut open: Option<f64> = None;
    for line in &ldr.rest {
        for group in line.text.split(';') {
            let mut numbers: Vec<Option<f64>> = Vec::new();
            numbers.extend(open.take().map(Some));
            let tokens = group.split([',', ' ', '\t']).filter(|token| !token.is_empty());
            numbers.extend(tokens.map(parse_number));
            let continues = numbers.len() % 2 == 1 && group.trim_end().ends_with(',');
            if continues && line.text.ends_with(group) {
                open = numbers.pop().flatten();
            }
            listed += numbers.len().div_ceil(2) as u64;
            if numbers.len() % 2 == 1 || numbers.iter().any(Option::is_none) {
                let group = group.trim().chars().take(40).collect::<String>();
                noter.skipped(
                    line.number,
                    field,
                    format!("\"{group}\" is not a list of pairs of numbers and was left out"),
                )?;
                continue;
            }
            for pair in numbers.chunks_exact(2) {
                let (Some(x), Some(y)) = (pair[0], pair[1]) else { continue };
                sink(x * factors.x, y * factors.y, line.number, noter)?;
            }
        }
    }
    if open.is_some() {
        listed += 1;
        noter.skipped(ldr.line, field, "the last pair has no second number and was left out")?;
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
}
