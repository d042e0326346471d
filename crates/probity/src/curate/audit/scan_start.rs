//! Scans that start too high.

use super::options::AuditOptions;
use super::report::{AuditCode, AuditFinding, Severity};
use super::subject::{electron_ionization, named};
use crate::library::Entry;

/// The stated start of the scan counts, else the first listed m/z, also of intensity 0: it was measured.
pub(super) fn check(entry: &Entry, options: &AuditOptions, findings: &mut Vec<AuditFinding>) {
    let Some(spectrum) = electron_ionization(entry) else { return };
    let stated = spectrum.acquisition.scan_range_mz.map(|(first, _)| first);
    let Some(start) = stated.or_else(|| spectrum.peaks.mz().first().copied()) else { return };
    if start < options.late_scan_start_mz {
        return;
    }
    let what = if stated.is_some() { "the scan starts" } else { "the first listed ion lies" };
    let message = format!(
        "{}: {what} at m/z {start}; ions below {} of other spectra have nothing to be compared with",
        named(entry),
        options.late_scan_start_mz
    );
    findings.push(
        AuditFinding::new(AuditCode::LateScanStart, Severity::Note, vec![entry.id()], message)
            .number("scan_start_mz", start),
    );
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{codes, record};
    use super::*;
    use crate::format::Record;
    use crate::spectrum::Spectrum;

    fn starts_late(record: Record) -> bool {
        !codes(|entry, findings| check(entry, &AuditOptions::default(), findings), record).is_empty()
    }

    #[test]
    fn the_stated_start_goes_before_the_first_ion() {
        assert!(starts_late(record("x", "", "", &[(85.0, 1.0)])));
        assert!(starts_late(record("x", "", "", &[(70.0, 1.0)])));
        assert!(!starts_late(record("x", "", "", &[(69.0, 1.0), (85.0, 1.0)])));
        for (range, expected) in [((40.0, 400.0), false), ((85.0, 500.0), true)] {
            let mut stated = record("x", "", "", &[(120.0, 1.0)]);
            let Spectrum::Mass(spectrum) = &mut stated.spectrum else { panic!("a mass spectrum was made") };
            spectrum.acquisition.scan_range_mz = Some(range);
            assert_eq!(starts_late(stated), expected);
        }
        let mut product_ions = record("x", "", "", &[(120.0, 1.0)]);
        let Spectrum::Mass(spectrum) = &mut product_ions.spectrum else { panic!("a mass spectrum was made") };
        spectrum.acquisition.technique = None;
        assert!(!starts_late(product_ions));
    }
}
