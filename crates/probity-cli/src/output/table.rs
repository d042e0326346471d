//! Findings as people read them.

use std::io::{self, IsTerminal as _, Write};

use comfy_table::{
    Attribute, Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets,
};
use probity::finding::{Candidate, Finding, Ion, MolecularIonEvidence};
use probity::search::MeasureInfo;
use probity::similarity::infrared::Better;
use probity::substance::registry::ControlStatus;

use super::bands;

/// How many ions a line of evidence shows before the rest is counted.
const IONS_SHOWN: usize = 12;

/// The least width of names and formulas.
const NAME_WIDTH: u16 = 21;

/// Width where standard output is no terminal.
const WIDTH_WITHOUT_TERMINAL: u16 = 120;

pub(super) fn write(finding: &Finding, sink: &mut impl Write) -> io::Result<()> {
    write_heading(finding, sink)?;
    if finding.hits.is_empty() {
        writeln!(sink, "No candidate.")?;
    } else {
        writeln!(sink, "\n{}", candidates(finding))?;
        write_legend(finding, sink)?;
    }
    if let Some(best) = finding.hits.first() {
        write_evidence(best, sink)?;
        write_lists(finding, sink)?;
    }
    if !finding.warnings.is_empty() {
        writeln!(sink, "\nLook at")?;
        for warning in &finding.warnings {
            writeln!(sink, "  - {}", printable(&warning.message))?;
        }
    }
    writeln!(sink, "\nLimits")?;
    for limit in &finding.limits_of_technique {
        writeln!(sink, "  - {limit}")?;
    }
    writeln!(sink, "\n{}\nfinding {}\n", finding.heading.statement, finding.digest)
}

fn write_heading(finding: &Finding, sink: &mut impl Write) -> io::Result<()> {
    writeln!(sink, "Query    {}", printable(&finding.heading.query.name))?;
    if let Some(source) = &finding.heading.query.source {
        let place = finding.heading.query.record.place;
        writeln!(
            sink,
            "         {}, record {}, line {}, SHA-256 {}",
            source.file, place.record, place.line, source.sha256
        )?;
    }
    let state = finding.heading.library.state.map(|number| format!(" state {number}")).unwrap_or_default();
    writeln!(
        sink,
        "Library  {}{state} ({} entries), digest {}",
        finding.heading.library.name, finding.heading.library.entries, finding.heading.library.digest
    )?;
    writeln!(
        sink,
        "Method   {} version {}, digest {}",
        finding.heading.method.name, finding.heading.method.version, finding.heading.method.digest
    )?;
    let counts = &finding.counts;
    writeln!(
        sink,
        "Compared {} of {} entries; {} kept out by conditions, {} not comparable",
        counts.compared, counts.entries, counts.filtered_out, counts.not_comparable
    )?;
    writeln!(sink, "Outcome  inconclusive: candidates only")?;
    for sentence in &finding.outcome.explanation {
        writeln!(sink, "         {sentence}")?;
    }
    Ok(())
}

/// What the columns of numbers mean.
fn write_legend(finding: &Finding, sink: &mut impl Write) -> io::Result<()> {
    writeln!(sink)?;
    for measure in &finding.heading.method.measures {
        let name = measure_name(measure);
        let range = match measure.better {
            Better::Higher => format!("{}–{}", measure.minimum, measure.maximum),
            Better::Lower => format!("{}–{}, {0} is best", measure.minimum, measure.maximum),
        };
        writeln!(sink, "  {name} ({range}): {}", measure.description)?;
    }
    writeln!(sink, "  query explained, reference found: share of its {} that both have", what(finding))
}

/// A measure's name as it heads a column: that infrared spectra are compared is clear.
fn measure_name(measure: &MeasureInfo) -> String {
    measure.name.strip_prefix("infrared_").unwrap_or(measure.name).replace('_', " ")
}

/// What the shares are of.
fn what(finding: &Finding) -> &'static str {
    match finding.hits.iter().any(|hit| hit.bands.is_some()) {
        true => "height in bands",
        false => "intensity on ions",
    }
}

fn candidates(finding: &Finding) -> Table {
    let mut table = new_table();
    let measures = &finding.heading.method.measures;
    let states_formula = finding.hits.iter().any(|hit| hit.formula.is_some());
    let mut heading = vec!["rank".to_owned(), "entry".to_owned(), "name".to_owned()];
    heading.extend(states_formula.then(|| "formula".to_owned()));
    let first_measure = heading.len();
    heading.extend(measures.iter().map(measure_name));
    heading.extend(["query explained", "reference found"].map(str::to_owned));
    table.set_header(heading.into_iter().map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
    // A substance's name and formula are not broken within a word where there is room for them.
    for column in 2..first_measure {
        if let Some(column) = table.column_mut(column) {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(NAME_WIDTH)));
        }
    }
    // Nor are the words of a measure.
    for (column, measure) in (first_measure..).zip(measures) {
        let longest = measure_name(measure).split(' ').map(str::len).max().unwrap_or_default();
        if let Some(column) = table.column_mut(column) {
            // No word is as long as the largest u16; padding stands on both sides.
            let width = Width::Fixed(longest as u16 + 2);
            column.set_constraint(ColumnConstraint::LowerBoundary(width));
        }
    }
    for candidate in &finding.hits {
        let mut row = vec![
            number(candidate.rank.to_string()),
            number(candidate.entry_id.to_string()),
            Cell::new(bands::name_with_form(candidate)),
        ];
        row.extend(states_formula.then(|| Cell::new(candidate.formula.as_deref().unwrap_or(""))));
        row.extend(measures.iter().map(|info| {
            let value = candidate.measures.iter().find(|measure| measure.name == info.name);
            number(value.map(ToString::to_string).unwrap_or_default())
        }));
        let (explained, found) = candidate.matched_shares();
        row.push(number(percent(explained)));
        row.push(number(percent(found)));
        table.add_row(row);
    }
    table
}

/// A table without lines between its rows, as wide as the terminal.
pub(crate) fn new_table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if !io::stdout().is_terminal() {
        table.set_width(WIDTH_WITHOUT_TERMINAL);
    }
    table
}

fn number(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

pub(super) fn name(candidate: &Candidate) -> String {
    printable(&match &candidate.form.derivative {
        Some(derivative) if candidate.keyed_as_parent => format!("{} [{derivative}]", candidate.name),
        _ => candidate.name.clone(),
    })
}

/// Text from a file without control characters, which could steer a terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn write_evidence(best: &Candidate, sink: &mut impl Write) -> io::Result<()> {
    if let Some(bands) = &best.bands {
        return bands::write(best, bands, sink);
    }
    let Some(evidence) = &best.evidence else { return Ok(()) };
    writeln!(sink, "\nFirst candidate: {} (m/z, percent of the base peak)", name(best))?;
    let mut matched = evidence.matched.clone();
    matched.sort_by(|a, b| b.query_relative_intensity.total_cmp(&a.query_relative_intensity));
    let shown: Vec<String> = matched
        .iter()
        .take(IONS_SHOWN)
        .map(|ion| {
            format!(
                "{} {:.0}|{:.0}",
                ion.query_mz, ion.query_relative_intensity, ion.library_relative_intensity
            )
        })
        .collect();
    write_line(sink, "for      in both, query|reference", &shown, matched.len())?;
    write_ions(sink, "against  in the query only", &evidence.unexplained)?;
    write_ions(sink, "against  in the reference only", &evidence.missing)?;
    let not_compared = evidence.query_not_compared.len() + evidence.library_not_compared.len();
    if not_compared > 0 {
        writeln!(
            sink,
            "  neither  outside the range that both were measured in: {} ions of the query, {} of the reference",
            evidence.query_not_compared.len(),
            evidence.library_not_compared.len()
        )?;
    }
    match &best.molecular_ion {
        Some(molecular_ion) => write_molecular_ion(molecular_ion, sink),
        None => Ok(()),
    }
}

/// What the international lists say of each substance among the candidates.
fn write_lists(finding: &Finding, sink: &mut impl Write) -> io::Result<()> {
    writeln!(sink, "\nLists (of the library's entries, not of the sample)")?;
    let mut written: Vec<&ControlStatus> = Vec::new();
    for candidate in &finding.hits {
        let status = &candidate.control_status;
        // One substance has many spectra.
        if written.contains(&status) && !status.matches.is_empty() {
            continue;
        }
        written.push(status);
        writeln!(sink, "  {} {}", candidate.rank, name(candidate))?;
        for statement in status.statements() {
            writeln!(sink, "      {statement}")?;
        }
    }
    match finding.hits.first() {
        Some(first) => {
            writeln!(sink, "  Lists as of {}; national law may differ.", first.control_status.as_of)
        }
        None => Ok(()),
    }
}

fn write_molecular_ion(evidence: &MolecularIonEvidence, sink: &mut impl Write) -> io::Result<()> {
    writeln!(
        sink,
        "  molecular ion of {}: m/z {}, query {:.1} %, reference {:.1} %",
        evidence.formula, evidence.mz, evidence.query_relative_intensity, evidence.library_relative_intensity
    )?;
    if evidence.isotopes.iter().all(|isotope| isotope.query_percent_of_m.is_none()) {
        return Ok(());
    }
    let pattern: Vec<String> = evidence
        .isotopes
        .iter()
        .skip(1)
        .map(|isotope| {
            format!(
                "{} {:.1}|{:.1}",
                isotope.mz,
                isotope.expected_percent_of_m,
                isotope.query_percent_of_m.unwrap_or(0.0)
            )
        })
        .collect();
    writeln!(sink, "  isotopes in percent of it, formula|query: {}", pattern.join(", "))
}

fn write_ions(sink: &mut impl Write, title: &str, ions: &[Ion]) -> io::Result<()> {
    let mut sorted = ions.to_vec();
    sorted.sort_by(|a, b| b.relative_intensity.total_cmp(&a.relative_intensity));
    let shown: Vec<String> = sorted
        .iter()
        .take(IONS_SHOWN)
        .map(|ion| format!("{} {:.0}", ion.mz, ion.relative_intensity))
        .collect();
    write_line(sink, title, &shown, ions.len())
}

fn write_line(sink: &mut impl Write, title: &str, shown: &[String], all: usize) -> io::Result<()> {
    let list = if shown.is_empty() { "none".to_owned() } else { shown.join(", ") };
    let more = match all - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    writeln!(sink, "  {title}: {list}{more}")
}
