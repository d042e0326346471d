//! A block of a mass spectrum: its list of peaks.

use super::page::{Page, number};
use crate::format::{Record, field_value};
use crate::spectrum::{Acquisition, MassSpectrum, Polarity, Technique};

/// Writes the labels that say how a mass spectrum was measured, and its table.
pub(super) fn write(record: &Record, spectrum: &MassSpectrum, page: &mut Page<'_>) {
    acquisition(&spectrum.acquisition, page);
    page.omit("annotations", !spectrum.annotations.is_empty());
    page.raw("XUNITS", "M/Z");
    let unit = record.other_fields.iter().find(|(key, _)| key == "YUNITS").map(|(_, unit)| unit.as_str());
    page.field("YUNITS", unit.unwrap_or("RELATIVE ABUNDANCE"));
    page.raw("XFACTOR", "1");
    page.raw("YFACTOR", "1");
    page.raw("NPOINTS", &spectrum.peaks.len().to_string());
    page.raw("PEAK TABLE", "(XY..XY)");
    for peak in spectrum.peaks.iter() {
        page.text.push_str(&format!("{},{}\n", number(peak.mz), number(peak.intensity)));
    }
}

fn acquisition(acquisition: &Acquisition, page: &mut Page<'_>) {
    page.optional("SPECTROMETER/DATA SYSTEM", acquisition.instrument.as_deref());
    page.optional(".SPECTROMETER TYPE", acquisition.instrument_type.as_deref());
    let sign = match acquisition.polarity {
        Some(Polarity::Positive) => "+",
        Some(Polarity::Negative) => "-",
        None => "",
    };
    match &acquisition.ionization {
        Some(mode) => page.field(".IONIZATION MODE", &format!("{mode}{sign}")),
        None => page.omit("polarity", acquisition.polarity.is_some()),
    }
    if let Some(time) =
        acquisition.retention_time_s.and_then(|time| page.report.number(".RETENTION TIME", time))
    {
        page.raw(".RETENTION TIME", &format!("{time} s"));
    }
    page.number("RI", acquisition.retention_index);
    if let Some((first, last)) = acquisition.scan_range_mz {
        page.raw(".ACQUISITION RANGE", &format!("{}, {}", number(first), number(last)));
    }
    let Acquisition { technique, instrument_type, ionization, .. } = acquisition;
    let read_back: Option<Technique> =
        field_value::technique(None, instrument_type.as_deref(), ionization.as_deref());
    page.omit("technique", *technique != read_back);
    page.omit("ms_level", acquisition.ms_level.is_some());
    page.omit("precursor_mz", acquisition.precursor_mz.is_some());
    page.omit("precursor_type", acquisition.precursor_type.is_some());
    page.omit("charge", acquisition.charge.is_some());
    page.omit("collision_energy", acquisition.collision_energy.is_some());
    page.omit("fragmentation_mode", acquisition.fragmentation_mode.is_some());
}
