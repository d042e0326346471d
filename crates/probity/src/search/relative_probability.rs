//! NIST's relative probability of the hits of an Identity search.

use super::hit::Hit;
use super::measure_value::{MeasureValue, NIST_RELATIVE_PROBABILITY};
use crate::error::Result;
use crate::library::{EntryId, Library};
use crate::similarity::nist_relative_probability::{NistProbabilityTable, nist_relative_probabilities};
use crate::units::MatchFactor;

/// Adds the probability to the hits of an Identity search; the hits are all those that share it.
/// Hits of one CAS number, and without one of one name, are one compound, as in NIST's programs.
pub(super) fn add_relative_probability(library: &Library, hits: &mut [Hit]) -> Result<()> {
    let ranked: Vec<(MatchFactor, String)> = hits
        .iter()
        // A whole number from 0 to 999, so the cast is exact.
        .map(|hit| Ok((MatchFactor::clamped(hit.first_measure() as u16), compound(library, hit.entry_id)?)))
        .collect::<Result<_>>()?;
    let probabilities = nist_relative_probabilities(&ranked, &NistProbabilityTable::MSSEARCH_3_0_FIT);
    for (hit, probability) in hits.iter_mut().zip(probabilities) {
        hit.measures.push(MeasureValue { name: NIST_RELATIVE_PROBABILITY, value: probability.percent });
    }
    Ok(())
}

fn compound(library: &Library, entry_id: EntryId) -> Result<String> {
    let Some(entry) = library.entry(entry_id)? else { return Ok(String::new()) };
    Ok(match entry.record().identity.cas_numbers.first() {
        Some(cas_number) => format!("CAS {cas_number}"),
        None => entry.record().name.to_lowercase(),
    })
}
