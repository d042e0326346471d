//! `probity mixture`: which entries of a library add up to a sample.

use std::io::{self, Write};

use comfy_table::{Attribute, Cell, CellAlignment};
use probity::finding::{ComponentPart, MixtureFinding, NamedEntry};
use probity::library::EntryId;
use probity::mixture::residual_bands::ResidualSide;
use probity::search::Searcher;

use crate::arguments::MixtureArguments;
use crate::inputs::for_each_query;
use crate::output::{new_table, printable};
use crate::{Ending, libraries};

/// How many bands of the residual are shown before the rest is counted.
const BANDS_SHOWN: usize = 12;

pub(crate) fn run(arguments: &MixtureArguments) -> anyhow::Result<Ending> {
    let reading = libraries::read_options(&arguments.reading);
    let method = libraries::method(&arguments.method)?;
    let filter = libraries::filter(&arguments.filter)?;
    let mut options = MixtureFinding::default_options();
    options.selection.maximum_components = arguments.most;
    options.selection.points_per_independent_point = arguments.points_per_independent_point;
    options.selection.checked()?;
    options.background_order = arguments.background_order;
    let library = libraries::open(&arguments.searching, &reading)?;
    let searcher = Searcher::new(library, method, libraries::executor(&arguments.searching)?)?;
    let targets: Vec<EntryId> = arguments.target.iter().copied().map(EntryId).collect();
    let mut sink = io::stdout().lock();
    for_each_query(&arguments.inputs, &reading, "taking apart", |query| {
        let finding = match MixtureFinding::of(&searcher, query, &targets, &filter, &options) {
            Ok(finding) => finding,
            Err(error) => return Ok(Err(error)),
        };
        if arguments.json {
            serde_json::to_writer(&mut sink, &finding)?;
            writeln!(sink)?;
        } else {
            write(&finding, &mut sink)?;
        }
        Ok(Ok(()))
    })
}

fn write(finding: &MixtureFinding, sink: &mut impl Write) -> io::Result<()> {
    let counts = &finding.counts;
    writeln!(sink, "Sample   {}", printable(&finding.heading.query.name))?;
    writeln!(
        sink,
        "Library  {} ({} entries), digest {}",
        finding.heading.library.name, finding.heading.library.entries, finding.heading.library.digest
    )?;
    writeln!(
        sink,
        "Method   recipe of {}, digest {}",
        finding.heading.method.name, finding.heading.method.digest
    )?;
    writeln!(
        sink,
        "Used     {} entries; {} kept out by conditions, {} not measured where the sample was, {} not comparable",
        counts.used, counts.filtered_out, counts.not_covering, counts.not_comparable
    )?;
    writeln!(
        sink,
        "Fit      {} points, {:.1} % explained; residual {:.2e}{}",
        finding.compared_points,
        100.0 * finding.explained_share,
        finding.residual_rms,
        finding
            .residual_rms_over_noise
            .map_or_else(String::new, |ratio| format!(", {ratio:.1} times the noise"))
    )?;
    if finding.components.is_empty() {
        writeln!(sink, "\nNo component: the background alone explains the sample as well.")?;
    } else {
        writeln!(sink, "\n{}", components(&finding.components))?;
        writeln!(
            sink,
            "\n  share: of the signal of all components, not of the mass, with its 95 % interval if the set is right"
        )?;
        writeln!(
            sink,
            "  rise without: of the criterion; above 10 very strong evidence, near 0 the set beside it does as well"
        )?;
    }
    for target in &finding.targets {
        writeln!(sink, "\nTarget   {}: {}", entry(&target.entry), target.sentence)?;
    }
    if !finding.residual_bands.is_empty() {
        writeln!(sink, "\nAgainst")?;
        for band in finding.residual_bands.iter().take(BANDS_SHOWN) {
            let side = match band.side {
                ResidualSide::Unexplained => "the sample has more than the components explain",
                ResidualSide::Missing => "the components have more than the sample",
            };
            let most = band.component.as_ref().map_or_else(String::new, |component| {
                format!("; most of it would be {}", printable(&component.name))
            });
            writeln!(
                sink,
                "  {:.0} cm⁻¹ ({:.0} to {:.0}), {:.0} times the noise: {side}{most}",
                band.extreme_cm1, band.low_cm1, band.high_cm1, band.extreme_over_noise
            )?;
        }
        if finding.residual_bands.len() > BANDS_SHOWN {
            writeln!(sink, "  and {} more", finding.residual_bands.len() - BANDS_SHOWN)?;
        }
    }
    writeln!(sink, "\nLimits")?;
    for limit in &finding.limits_of_technique {
        writeln!(sink, "  - {limit}")?;
    }
    writeln!(sink, "\n{}\nfinding {}\n", finding.heading.statement, finding.digest)
}

fn components(components: &[ComponentPart]) -> comfy_table::Table {
    let mut table = new_table();
    let titles = ["entry", "name", "share", "interval", "rise without", "best set without it"];
    table.set_header(titles.map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
    let number = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    for component in components {
        let (low, high) = (component.share_of_signal_low, component.share_of_signal_high);
        let without: Vec<String> = component.best_set_without.iter().map(entry).collect();
        table.add_row([
            number(component.entry.entry_id.to_string()),
            Cell::new(printable(&component.entry.name)),
            number(format!("{:.1} %", 100.0 * component.share_of_signal)),
            number(format!("{:.1} to {:.1} %", 100.0 * low, 100.0 * high)),
            number(format!("{:.0}", component.criterion_rise_without)),
            Cell::new(without.join("; ")),
        ]);
    }
    table
}

fn entry(entry: &NamedEntry) -> String {
    format!("{} ({})", printable(&entry.name), entry.entry_id)
}
