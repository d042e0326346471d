//! Bands for and against a candidate as people read them.

use std::io::{self, Write};

use comfy_table::{Attribute, Cell, CellAlignment};
use probity::finding::{BandEvidence, Candidate, Phase};
use probity::similarity::infrared::bands::BandRow;
use probity::spectrum::InfraredTechnique;

use super::table::{name, new_table, printable};

/// How many bands of each spectrum the table shows, the strongest, before the rest is counted.
const BANDS_SHOWN: usize = 15;

/// The name of an entry and, of an infrared spectrum, the form in which it was measured.
pub(super) fn name_with_form(candidate: &Candidate) -> String {
    let Some(acquisition) = &candidate.acquisition else { return name(candidate) };
    let technique = acquisition.technique.map(|technique| match technique {
        InfraredTechnique::Transmission => "transmission",
        InfraredTechnique::AttenuatedTotalReflection => "ATR",
        InfraredTechnique::DiffuseReflection => "diffuse reflection",
        InfraredTechnique::SpecularReflection => "specular reflection",
        InfraredTechnique::GasPhase => "gas",
        _ => "other technique",
    });
    let other = candidate.other_phase.map(|phase| match phase {
        Phase::Gas => "another form: measured as a gas",
        _ => "another form: not measured as a gas",
    });
    let stated = [technique, acquisition.state.as_deref(), other];
    let stated: Vec<&str> = stated.into_iter().flatten().collect();
    match stated.is_empty() {
        true => name(candidate),
        false => format!("{} ({})", name(candidate), printable(&stated.join("; "))),
    }
}

/// The band table both ways.
pub(super) fn write(best: &Candidate, bands: &BandEvidence, sink: &mut impl Write) -> io::Result<()> {
    writeln!(
        sink,
        "\nFirst candidate: {} (bands in cm⁻¹, heights in percent of the strongest; counterparts within {} cm⁻¹)",
        name(best),
        bands.tolerance_cm1
    )?;
    let ranges: Vec<String> =
        bands.compared_cm1.iter().map(|(low, high)| format!("{low:.0} to {high:.0}")).collect();
    writeln!(sink, "  compared {} cm⁻¹", ranges.join(", "))?;
    write_rows(sink, "query", "reference", &bands.query)?;
    write_rows(sink, "reference", "query", &bands.library)?;
    let not_compared = bands.query_not_compared.len() + bands.library_not_compared.len();
    if not_compared > 0 {
        writeln!(
            sink,
            "  neither  outside what was compared: {} bands of the query, {} of the reference",
            bands.query_not_compared.len(),
            bands.library_not_compared.len()
        )?;
    }
    Ok(())
}

fn write_rows(sink: &mut impl Write, own: &str, other: &str, rows: &[BandRow]) -> io::Result<()> {
    let mut shown: Vec<&BandRow> = rows.iter().collect();
    shown.sort_by(|a, b| b.relative_intensity.total_cmp(&a.relative_intensity));
    shown.truncate(BANDS_SHOWN);
    shown.sort_by(|a, b| b.band.wavenumber_cm1.total_cmp(&a.band.wavenumber_cm1));
    let without = rows.iter().filter(|row| row.counterpart.is_none()).count();
    writeln!(sink, "\n  {} bands of the {own}, {without} of them not in the {other}", rows.len())?;
    if shown.is_empty() {
        return Ok(());
    }
    let mut table = new_table();
    let titles = [own, "height", other, "difference", "height"];
    table.set_header(titles.map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
    for row in &shown {
        let (wavenumber, difference, height) = match &row.counterpart {
            Some(other) => (
                format!("{:.0}", other.wavenumber_cm1),
                format!("{:+.1}", other.difference_cm1),
                format!("{:.0}", 100.0 * other.relative_intensity),
            ),
            None => ("none".to_owned(), String::new(), String::new()),
        };
        let cells = [
            format!("{:.0}", row.band.wavenumber_cm1),
            format!("{:.0}", 100.0 * row.relative_intensity),
            wavenumber,
            difference,
            height,
        ];
        table.add_row(cells.map(|text| Cell::new(text).set_alignment(CellAlignment::Right)));
    }
    writeln!(sink, "{table}")?;
    match rows.len() - shown.len() {
        0 => Ok(()),
        more => writeln!(sink, "  and {more} more"),
    }
}
