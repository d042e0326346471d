//! Studies as a table for people.

use std::fmt::Write as _;

use super::rank_study::RankStudy;

/// One Markdown table of all studies: a line for each method and kind of query.
#[must_use]
pub fn markdown_table(studies: &[RankStudy]) -> String {
    let mut text = String::from(
        "| method | queries | top 1 | top 3 | top 10 | in the set of rivals | mean size of the set |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for study in studies {
        for row in &study.rows {
            if let Some(ranks) = &row.ranks {
                line(
                    &mut text,
                    &[
                        &study.method,
                        &row.kind,
                        &ranks.top_1.to_string(),
                        &ranks.top_3.to_string(),
                        &ranks.top_10.to_string(),
                        &ranks.in_rival_set.to_string(),
                        &format!("{:.2}", ranks.mean_rival_set),
                    ],
                );
            }
        }
    }
    text.push_str(
        "\n| method | queries | number | best score: median | 95th percentile | highest |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for study in studies {
        for row in &study.rows {
            if let Some(absent) = &row.absent {
                line(
                    &mut text,
                    &[
                        &study.method,
                        &row.kind,
                        &absent.queries.to_string(),
                        &format!("{} {}", study.measure, rounded(absent.median)),
                        &rounded(absent.percentile_95),
                        &rounded(absent.maximum),
                    ],
                );
            }
        }
    }
    // The truth is the same for every method.
    let without = studies.iter().map(|study| study.truths_without_query).max().unwrap_or(0);
    if without > 0 {
        let _ = writeln!(text, "\n{without} rows of the table of truth had no query.");
    }
    text
}

fn line(text: &mut String, cells: &[&str]) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

fn rounded(value: f64) -> String {
    if value.fract() == 0.0 { value.to_string() } else { format!("{value:.3}") }
}
