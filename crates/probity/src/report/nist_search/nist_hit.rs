//! What NIST's forms say of a hit.

use crate::chem::{CasNumber, Formula};
use crate::error::{Error, Result};
use crate::format::Record;
use crate::library::EntryId;
use crate::preprocess::ms::{NIST_UNIT_MASS_BOUNDARY, bin_to_unit_mass};
use crate::search::{Hit, HitList, Measure, Searcher};
use crate::similarity::nist_match_factor::nist_simple;
use crate::similarity::unit_mass::NistSpectrum;

/// A hit as NIST's programs tell of it: the numbers of the search, and what the library's entry states.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NistHit {
    /// The place in the list, from 1.
    pub rank: usize,
    /// The library's name.
    pub library: String,
    /// The entry's number, from 1: in a library that was read from a file, its place among the records.
    pub id: EntryId,
    /// The entry's name.
    pub name: String,
    /// The formula as published.
    pub formula: Option<String>,
    /// How well query and entry fit, 0 to 999.
    pub match_factor: u32,
    /// The same without the peaks that only the query has, 0 to 999.
    pub reverse_match_factor: u32,
    /// NIST's relative probability in percent, of an Identity search.
    pub relative_probability: Option<f64>,
    /// The Simple match factors of the same pair, of a hybrid search.
    pub simple: Option<SimpleMatch>,
    /// Query's nominal mass minus the entry's in Da, of a search that compares them.
    pub mass_difference: Option<i64>,
    /// The first CAS number whose check digit is right.
    pub cas_number: Option<CasNumber>,
    /// Nominal mass in Da.
    pub nominal_mass: Option<u32>,
    /// Monoisotopic mass in Da: of the formula, else as published.
    pub exact_mass: Option<f64>,
    /// The retention index.
    pub retention_index: Option<f64>,
    /// InChIKey as published.
    pub inchikey: Option<String>,
    /// NIST's number of the entry.
    pub nist_number: Option<String>,
    /// How many peaks the entry's spectrum has.
    pub peaks: usize,
}

/// The match factors of NIST's Simple search, 0 to 999.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SimpleMatch {
    /// How well query and entry fit.
    pub match_factor: u16,
    /// The same without the peaks that only the query has.
    pub reverse_match_factor: u16,
}

impl NistHit {
    /// The hits of a list.
    ///
    /// # Errors
    /// `Unsupported` if the method is none of NIST's searches; `Damaged`, with file and section, if an entry is not
    /// what was stored.
    pub fn of_list(searcher: &Searcher, query: &Record, list: &HitList) -> Result<Vec<Self>> {
        list.hits.iter().map(|hit| Self::of(searcher, query, hit)).collect()
    }

    fn of(searcher: &Searcher, query: &Record, hit: &Hit) -> Result<Self> {
        let library = searcher.library();
        let entry = library.entry(hit.entry_id)?.ok_or_else(|| {
            Error::invalid_option(format!("entry {} is not in the library {}", hit.entry_id, library.name()))
        })?;
        let (record, method) = (entry.record(), searcher.method());
        let factor = |name: &str| {
            let value = hit.measures.iter().find(|measure| measure.name == name);
            value.and_then(crate::search::MeasureValue::whole).ok_or_else(|| {
                Error::unsupported(format!("{} is none of NIST's searches: it gives no {name}", method.name))
            })
        };
        let identity = &record.identity;
        let is_by_mass = method.measure.needs_molecular_mass();
        let masses = query.identity.nominal_mass().zip(identity.nominal_mass()).filter(|_| is_by_mass);
        let is_hybrid = matches!(method.measure, Measure::NistHybrid {});
        let mass = record.spectrum.as_mass();
        Ok(Self {
            rank: hit.rank,
            library: library.name().to_owned(),
            id: hit.entry_id,
            name: record.name.clone(),
            formula: identity.formula.clone(),
            match_factor: factor("match_factor")?,
            reverse_match_factor: factor("reverse_match_factor")?,
            relative_probability: hit.measure("nist_relative_probability"),
            simple: is_hybrid.then(|| simple_match(query, record)).transpose()?,
            mass_difference: masses.map(|(query, entry)| i64::from(query) - i64::from(entry)),
            cas_number: identity.cas_numbers.iter().find_map(|number| number.parse().ok()),
            nominal_mass: identity.nominal_mass(),
            exact_mass: entry.formula().map(Formula::monoisotopic_mass).or(identity.exact_mass),
            retention_index: mass.and_then(|mass| mass.acquisition.retention_index),
            inchikey: identity.inchikey.clone(),
            nist_number: record.provenance.nist_number.clone(),
            peaks: mass.map_or(0, |mass| mass.peaks.len()),
        })
    }
}

/// The Simple match factors of two records as published.
fn simple_match(query: &Record, entry: &Record) -> Result<SimpleMatch> {
    let spectrum = |record: &Record| {
        let published = record.spectrum.as_mass().map(|mass| &mass.peaks);
        let binned = published.map(|peaks| bin_to_unit_mass(peaks, NIST_UNIT_MASS_BOUNDARY)).transpose()?;
        NistSpectrum::try_from_peaks(&binned.unwrap_or_default())
    };
    let score = nist_simple(spectrum(query)?.columns(), spectrum(entry)?.columns());
    Ok(SimpleMatch {
        match_factor: score.match_factor.value(),
        reverse_match_factor: score.reverse_match_factor.value(),
    })
}
