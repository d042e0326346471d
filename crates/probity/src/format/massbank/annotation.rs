//! Annotations of peaks, which a record lists apart from the peaks.

use std::collections::BTreeMap;

use super::UNMATCHED_ANNOTATION;
use crate::format::number::parse_number;
use crate::spectrum::PeakList;

/// The lines of a `PK$ANNOTATION` block, each beginning with an m/z.
#[derive(Debug, Default)]
pub(super) struct Annotations {
    lines: Vec<String>,
}

impl Annotations {
    /// Takes a line; one with an indent of four blanks or more continues the line before.
    pub(super) fn push(&mut self, line: &str) {
        let text = line.trim();
        match self.lines.last_mut() {
            Some(last) if line.starts_with("    ") => {
                last.push(' ');
                last.push_str(text);
            }
            _ => self.lines.push(text.to_owned()),
        }
    }

    /// Gives each line to the one peak of its m/z; lines without such a peak, and lines that share
    /// their m/z with another line, go to `other_fields` as they are.
    pub(super) fn assign(
        self,
        peaks: &PeakList,
        other_fields: &mut Vec<(String, String)>,
    ) -> BTreeMap<usize, String> {
        let split: Vec<(Option<f64>, &str, &str)> = self
            .lines
            .iter()
            .map(|line| {
                let (mz, text) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
                (parse_number(mz), text.trim(), line.as_str())
            })
            .collect();
        let mut sorted: Vec<f64> = split.iter().filter_map(|(mz, ..)| *mz).collect();
        sorted.sort_by(f64::total_cmp);
        let mut assigned = BTreeMap::new();
        for (mz, text, line) in split {
            let peak = mz
                .filter(|mz| equal_range(&sorted, *mz).len() == 1)
                .map(|mz| equal_range(peaks.mz(), mz))
                .filter(|range| range.len() == 1 && !text.is_empty());
            if let Some(range) = peak {
                assigned.insert(range.start, text.to_owned());
            } else {
                other_fields.push((UNMATCHED_ANNOTATION.to_owned(), line.to_owned()));
            }
        }
        assigned
    }
}

/// Where `value` stands in an ascending column.
fn equal_range(column: &[f64], value: f64) -> std::ops::Range<usize> {
    column.partition_point(|&x| x < value)..column.partition_point(|&x| x <= value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_annotation_of_one_peak_is_given_to_it() {
        let peaks = PeakList::try_new(vec![77.0, 91.0542, 105.0, 105.0], vec![1.0; 4]).unwrap();
        let mut annotations = Annotations::default();
        for line in [
            "  91.0542 C7H7+ 1",
            "  77.0 C6H5+",
            "  77.0 C3H9O2+",
            "  105.0 C7H5O+",
            "  150.1 none",
            "  91.1",
            "      C7H8+",
        ] {
            annotations.push(line);
        }
        let mut rest = Vec::new();
        let assigned = annotations.assign(&peaks, &mut rest);
        assert_eq!(assigned, BTreeMap::from([(1, "C7H7+ 1".to_owned())]));
        let rest: Vec<&str> = rest.iter().map(|(_, line)| line.as_str()).collect();
        assert_eq!(rest, ["77.0 C6H5+", "77.0 C3H9O2+", "105.0 C7H5O+", "150.1 none", "91.1 C7H8+"]);
    }
}
