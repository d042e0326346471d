//! What NIST's forms say of a hit.

use crate::chem::{Adduct, CasNumber, Formula};
use crate::error::{Error, Result};
use crate::format::Record;
use crate::library::EntryId;
use crate::preprocess::ms::{NIST_UNIT_MASS_BOUNDARY, bin_to_unit_mass};
use crate::search::{Hit, HitList, Measure, MeasureValue, Searcher};
use crate::similarity::nist_match_factor::nist_simple;
use crate::similarity::unit_mass::NistSpectrum;
use crate::spectrum::{Acquisition, PeakList};

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
    /// How well query and entry fit, 0 to 999; of product ion spectra the dot product.
    pub match_factor: u32,
    /// The same without the peaks that only the query has, 0 to 999.
    pub reverse_match_factor: u32,
    /// The number of pairs of peaks, of product ion spectra.
    pub matched_peaks: Option<u32>,
    /// NIST's relative probability in percent, of an Identity search.
    pub relative_probability: Option<f64>,
    /// The Simple match factors of the same pair, of a hybrid search.
    pub simple: Option<SimpleMatch>,
    /// Query's nominal mass minus the entry's in Da, of a search that compares them.
    pub mass_difference: Option<i64>,
    /// The entry's precursor m/z minus the query's, of product ion spectra that state both.
    pub precursor_difference: Option<f64>,
    /// The charge that the entry or its adduct states, of product ion spectra.
    pub charge: Option<i32>,
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
    /// How many peaks the entry's spectrum has, those of one nearest whole m/z as one: so MSPepSearch counts the peaks of
    /// product ion spectra (all 15 library spectra at hand), and at unit mass it is their number.
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
        let is_of_product_ions = matches!(method.measure, Measure::NistDotProduct { .. });
        let [forward, reverse] = if is_of_product_ions {
            ["nist_dot_product", "nist_reverse_dot_product"]
        } else {
            ["match_factor", "reverse_match_factor"]
        };
        let factor = |name: &str| {
            whole(hit, name).ok_or_else(|| {
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
            match_factor: factor(forward)?,
            reverse_match_factor: factor(reverse)?,
            matched_peaks: whole(hit, "matched_peaks"),
            relative_probability: hit.measure("nist_relative_probability"),
            simple: is_hybrid.then(|| simple_match(query, record)).transpose()?,
            mass_difference: masses.map(|(query, entry)| i64::from(query) - i64::from(entry)),
            precursor_difference: mass.and_then(|mass| {
                let query = query.spectrum.as_mass()?.acquisition.precursor_mz?;
                Some(mass.acquisition.precursor_mz? - query).filter(|_| is_of_product_ions)
            }),
            charge: mass.filter(|_| is_of_product_ions).and_then(|mass| charge(&mass.acquisition)),
            cas_number: identity.cas_numbers.iter().find_map(|number| number.parse().ok()),
            nominal_mass: identity.nominal_mass(),
            exact_mass: entry.formula().map(Formula::monoisotopic_mass).or(identity.exact_mass),
            retention_index: mass.and_then(|mass| mass.acquisition.retention_index),
            inchikey: identity.inchikey.clone(),
            nist_number: record.provenance.nist_number.clone(),
            peaks: mass.map_or(0, |mass| whole_masses(&mass.peaks)),
        })
    }
}

/// How many nearest whole m/z the peaks have.
fn whole_masses(peaks: &PeakList) -> usize {
    let mut whole: Vec<f64> = peaks.mz().iter().map(|mz| mz.round()).collect();
    // The peaks ascend, and so do these.
    whole.dedup();
    whole.len()
}

/// A measure that is a whole number.
fn whole(hit: &Hit, name: &str) -> Option<u32> {
    hit.measures.iter().find(|measure| measure.name == name).and_then(MeasureValue::whole)
}

/// The charge as stated, else that of the adduct.
fn charge(acquisition: &Acquisition) -> Option<i32> {
    acquisition.charge.or_else(|| {
        let adduct: Adduct = acquisition.precursor_type.as_deref()?.parse().ok()?;
        Some(adduct.charge())
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_of_one_whole_mass_are_counted_once() {
        let count = |mz: &[f64]| whole_masses(&PeakList::try_new(mz.to_vec(), vec![1.0; mz.len()]).unwrap());
        assert_eq!(count(&[95.0502, 95.0856, 97.065, 121.0652, 121.1016]), 3);
        assert_eq!(count(&[41.0, 43.0, 44.0]), 3);
        assert_eq!(count(&[100.49, 100.51]), 2);
        assert_eq!(count(&[]), 0);
    }
}
