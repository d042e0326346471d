//! `probity substance`: what the international lists say.

use std::io::{self, Write as _};

use probity::substance::registry::{Answer, Registry};
use serde::Serialize;

use crate::Ending;
use crate::arguments::SubstanceArguments;

/// One question with its answer.
#[derive(Serialize)]
struct Found<'r> {
    query: &'r str,
    #[serde(flatten)]
    answer: Answer<'r>,
    sentences: Vec<String>,
}

pub(crate) fn run(arguments: &SubstanceArguments) -> anyhow::Result<Ending> {
    let registry = Registry::embedded()?;
    let all: Vec<Found<'_>> = arguments
        .substances
        .iter()
        .map(|query| {
            let answer = registry.lookup(query);
            let sentences = answer.sentences();
            Found { query, answer, sentences }
        })
        .collect();
    let mut sink = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut sink, &all)?;
        writeln!(sink)?;
    } else {
        for found in &all {
            writeln!(sink, "{}", found.query)?;
            for (place, sentence) in found.sentences.iter().enumerate() {
                writeln!(sink, "  {sentence}")?;
                if let Some(matched) = found.answer.matches.get(place) {
                    let row = matched.row;
                    let stereo = row.stereo.as_ref().map(|form| format!("Stereoform: {form}."));
                    let hs_code = row.hs_code.as_ref().map(|hs| format!("HS {} ({}).", hs.code, hs.source));
                    for detail in [row.note.clone(), stereo, hs_code].into_iter().flatten() {
                        writeln!(sink, "    {detail}")?;
                    }
                }
            }
        }
    }
    let is_complete = all.iter().all(|found| found.answer.is_found());
    Ok(if is_complete { Ending::Complete } else { Ending::SomeInputsFailed })
}
