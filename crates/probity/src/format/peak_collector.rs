//! Collects the peaks of one record under the rules that all readers share.

use std::collections::BTreeMap;

use super::{NoticeKind, ReadOptions, ReadReport};
use crate::error::{Error, Location, Result};
use crate::spectrum::{Peak, PeakList};

/// Collects peaks in file order and makes a sorted list of them.
///
/// The rules: a peak whose m/z is not a finite number greater than 0, or whose intensity is not a
/// finite number of at least 0, is skipped and reported. Intensity 0 and repeated m/z are kept, as
/// published. Peaks out of order are sorted by m/z, stably, and reported once as a repair.
#[derive(Debug, Default)]
pub(crate) struct PeakCollector {
    peaks: Vec<(Peak, Option<String>)>,
    unsorted: bool,
}

impl PeakCollector {
    /// Takes one peak seen at `location`.
    ///
    /// # Errors
    /// `LimitReached` beyond the limit of peaks; `Malformed` for an impossible peak where the reader
    /// is strict.
    pub(crate) fn push(
        &mut self,
        peak: Peak,
        annotation: Option<String>,
        location: Location,
        options: &ReadOptions,
        report: &mut ReadReport,
    ) -> Result<()> {
        if let Err(reason) = crate::spectrum::check_peak(peak) {
            return report.note(
                options,
                NoticeKind::Skipped,
                location,
                format!("the peak is left out: {reason}"),
            );
        }
        if self.peaks.len() >= options.limits.peaks {
            return Err(Error::limit(format!("the spectrum has more than {} peaks", options.limits.peaks))
                .at(location));
        }
        if !self.unsorted && self.peaks.last().is_some_and(|(last, _)| last.mz > peak.mz) {
            self.unsorted = true;
            report.note(
                options,
                NoticeKind::Repaired,
                location,
                "the peaks are not in ascending order of m/z and were sorted",
            )?;
        }
        self.peaks.push((peak, annotation));
        Ok(())
    }

    /// The sorted list, and the annotations by the peaks' positions in it.
    pub(crate) fn finish(mut self) -> (PeakList, BTreeMap<usize, String>) {
        self.peaks.sort_by(|(a, _), (b, _)| a.mz.total_cmp(&b.mz));
        let mut peaks = Vec::with_capacity(self.peaks.len());
        let mut annotations = BTreeMap::new();
        for (index, (peak, annotation)) in self.peaks.into_iter().enumerate() {
            peaks.push(peak);
            if let Some(annotation) = annotation {
                annotations.insert(index, annotation);
            }
        }
        (PeakList::from_checked(peaks), annotations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_peaks_are_skipped_and_counted_and_annotations_follow_their_peak() {
        let (options, mut report) = (ReadOptions::default(), ReadReport::default());
        let mut collector = PeakCollector::default();
        for (mz, intensity, note) in
            [(77.0, 5.0, Some("phenyl")), (51.0, 0.0, None), (f64::NAN, 1.0, None), (60.0, -1.0, None)]
        {
            let peak = Peak { mz, intensity };
            collector
                .push(peak, note.map(str::to_owned), Location::at_line(1), &options, &mut report)
                .unwrap();
        }
        let (peaks, annotations) = collector.finish();
        assert_eq!(peaks.mz(), [51.0, 77.0]);
        assert_eq!(annotations[&1], "phenyl");
        assert_eq!((report.skipped, report.repaired), (2, 1));
    }

    #[test]
    fn the_limit_of_peaks_is_an_error() {
        let mut options = ReadOptions::default();
        options.limits.peaks = 1;
        let mut report = ReadReport::default();
        let mut collector = PeakCollector::default();
        let peak = Peak { mz: 50.0, intensity: 1.0 };
        collector.push(peak, None, Location::at_line(1), &options, &mut report).unwrap();
        let error = collector.push(peak, None, Location::at_line(2), &options, &mut report).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::LimitReached);
    }
}
