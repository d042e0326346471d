//! The best entries for one query.

use std::ffi::c_char;
use std::ptr;
use std::sync::{Arc, OnceLock};

use probity::library::Entry;
use probity::search::{Hit, HitList};

use crate::error::{Failure, Result, probity_error};
use crate::ffi;
use crate::measure::probity_measure;
use crate::searcher::Shared;
use crate::status::{PROBITY_ERROR_INTERNAL, PROBITY_ERROR_NOT_FOUND};
use crate::text::{self, Text};

/// The best entries for one query, best first. It is never changed, threads may share it, and it may outlive all other
/// handles. One that belongs to a batch or a finding is freed with that.
#[derive(Debug)]
pub struct probity_hit_list {
    shared: Arc<Shared>,
    list: HitList,
    /// Of each hit, when it is first asked for.
    texts: Vec<OnceLock<HitTexts>>,
    json: OnceLock<Text>,
}

/// What an entry states of its substance.
#[derive(Debug)]
struct HitTexts {
    name: Text,
    formula: Option<Text>,
    inchikey: Option<Text>,
    substance_key: Option<Text>,
    cas_numbers: Option<Text>,
    substance_class: Option<Text>,
    accession: Option<Text>,
    source: Option<Text>,
    contributor: Option<Text>,
    keyed_as_parent: bool,
}

/// One entry's place in a hit list. An output: set struct_size, the call fills the rest. Texts live as long as the hit
/// list; one that the entry does not state is NULL.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_hit {
    /// sizeof (probity_hit).
    pub struct_size: u32,
    /// 1 if the spectrum is a derivative's although key and formula are the parent's, else 0.
    pub keyed_as_parent: i32,
    /// The place, from 1.
    pub rank: u64,
    /// The entry's number in its library, which it keeps for ever.
    pub entry_id: u64,
    /// The measure that orders the list, without any retention index penalty.
    pub first_measure: f64,
    /// What the retention index took from it; 0 if nothing.
    pub retention_index_penalty: f64,
    /// Query's retention index minus the entry's; NaN if it was not compared.
    pub retention_index_difference: f64,
    /// The number of measures, for probity_hit_list_measure().
    pub measure_count: usize,
    /// The name.
    pub name: *const c_char,
    /// Molecular formula as published.
    pub formula: *const c_char,
    /// InChIKey as published.
    pub inchikey: *const c_char,
    /// Key of the substance: first block of the InChIKey with an isotope label. Hits of one key are one substance.
    pub substance_key: *const c_char,
    /// CAS numbers as published, separated by commas.
    pub cas_numbers: *const c_char,
    /// Group that the source puts the substance in.
    pub substance_class: *const c_char,
    /// Number or accession in its source.
    pub accession: *const c_char,
    /// Collection that it was published in.
    pub source: *const c_char,
    /// Who measured it.
    pub contributor: *const c_char,
}

ffi::versioned!(
    probity_hit,
    Self {
        struct_size: 0,
        keyed_as_parent: 0,
        rank: 0,
        entry_id: 0,
        first_measure: f64::NAN,
        retention_index_penalty: 0.0,
        retention_index_difference: f64::NAN,
        measure_count: 0,
        name: ptr::null(),
        formula: ptr::null(),
        inchikey: ptr::null(),
        substance_key: ptr::null(),
        cas_numbers: ptr::null(),
        substance_class: ptr::null(),
        accession: ptr::null(),
        source: ptr::null(),
        contributor: ptr::null(),
    }
);

/// How many entries took part in a search, and why the others did not. An output: set struct_size, the call fills the
/// rest.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_search_counts {
    /// sizeof (probity_search_counts).
    pub struct_size: u32,
    /// 0.
    pub reserved: i32,
    /// Entries in the library.
    pub entries: u64,
    /// Entries compared with the query.
    pub compared: u64,
    /// Entries that a condition kept out.
    pub filtered_out: u64,
    /// Entries whose spectrum the method cannot prepare.
    pub not_comparable: u64,
}

ffi::versioned!(
    probity_search_counts,
    Self { struct_size: 0, reserved: 0, entries: 0, compared: 0, filtered_out: 0, not_comparable: 0 }
);

impl HitTexts {
    fn of(entry: &Entry) -> Self {
        let record = entry.record();
        let (identity, provenance) = (&record.identity, &record.provenance);
        let numbers = identity.cas_numbers.join(",");
        Self {
            name: Text::new(record.name.as_str()),
            formula: text::optional(identity.formula.as_deref()),
            inchikey: text::optional(identity.inchikey.as_deref()),
            substance_key: entry.key().map(|key| Text::new(key.as_str())),
            cas_numbers: (!numbers.is_empty()).then(|| Text::new(numbers)),
            substance_class: text::optional(identity.class.as_deref()),
            accession: text::optional(provenance.accession.as_deref()),
            source: text::optional(provenance.source.as_deref()),
            contributor: text::optional(provenance.contributor.as_deref()),
            keyed_as_parent: entry.keyed_as_parent(),
        }
    }
}

impl probity_hit_list {
    pub(crate) fn new(shared: Arc<Shared>, list: HitList) -> Self {
        let texts = list.hits.iter().map(|_| OnceLock::new()).collect();
        Self { shared, list, texts, json: OnceLock::new() }
    }

    pub(crate) fn at(&self, index: usize) -> Result<&Hit> {
        self.list.hits.get(index).ok_or_else(|| Failure::no_element("hit", index, self.list.hits.len()))
    }

    fn texts(&self, index: usize, hit: &Hit) -> Result<&HitTexts> {
        if let Some(texts) = self.texts[index].get() {
            return Ok(texts);
        }
        let entry = self.shared.searcher.library().entry(hit.entry_id)?;
        let entry = entry.ok_or_else(|| {
            Failure::new(PROBITY_ERROR_INTERNAL, format!("entry {} of a hit is not there", hit.entry_id))
        })?;
        Ok(self.texts[index].get_or_init(|| HitTexts::of(entry)))
    }

    fn hit(&self, index: usize) -> Result<probity_hit> {
        let hit = self.at(index)?;
        let texts = self.texts(index, hit)?;
        Ok(probity_hit {
            struct_size: 0,
            keyed_as_parent: texts.keyed_as_parent.into(),
            rank: hit.rank as u64,
            entry_id: hit.entry_id.0,
            first_measure: hit.first_measure(),
            retention_index_penalty: hit.retention_index_penalty.unwrap_or(0.0),
            retention_index_difference: hit.retention_index_difference.unwrap_or(f64::NAN),
            measure_count: hit.measures.len(),
            name: texts.name.pointer(),
            formula: text::pointer(texts.formula.as_ref()),
            inchikey: text::pointer(texts.inchikey.as_ref()),
            substance_key: text::pointer(texts.substance_key.as_ref()),
            cas_numbers: text::pointer(texts.cas_numbers.as_ref()),
            substance_class: text::pointer(texts.substance_class.as_ref()),
            accession: text::pointer(texts.accession.as_ref()),
            source: text::pointer(texts.source.as_ref()),
            contributor: text::pointer(texts.contributor.as_ref()),
        })
    }

    fn measure(&self, hit: &Hit, index: usize) -> Result<probity_measure> {
        let value = hit
            .measures
            .get(index)
            .ok_or_else(|| Failure::no_element("measure", index, hit.measures.len()))?;
        let measure = self.shared.measures.iter().find(|measure| measure.is_called(value.name));
        let measure = measure.ok_or_else(|| {
            Failure::new(PROBITY_ERROR_INTERNAL, format!("the method does not describe {}", value.name))
        })?;
        Ok(measure.with_value(value.value))
    }

    fn json(&self) -> Result<&Text> {
        if let Some(text) = self.json.get() {
            return Ok(text);
        }
        let text = serde_json::to_string(&self.list).map_err(|error| {
            Failure::new(PROBITY_ERROR_INTERNAL, format!("no JSON could be made: {error}"))
        })?;
        Ok(self.json.get_or_init(|| Text::new(text)))
    }
}

/// ---- Hits ----
///
/// Ends a hit list. NULL does nothing. One that belongs to a batch or a finding must not be freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_hit_list_free(hits: *mut probity_hit_list) {
    ffi::free!(hits);
}

/// The number of hits. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_hit_list_count(hits: *const probity_hit_list) -> usize {
    ffi::get!(hits, 0, |hits| hits.list.hits.len())
}

/// A hit, from 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_hit_list_hit(
    hits: *const probity_hit_list,
    index: usize,
    hit: *mut probity_hit,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || ffi::fill!(hit, ffi::borrow!(hits)?.hit(index)?))
}

/// A measure of a hit, both from 0; the first orders the list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_hit_list_measure(
    hits: *const probity_hit_list,
    hit_index: usize,
    measure_index: usize,
    measure: *mut probity_measure,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let hits = ffi::borrow!(hits)?;
        ffi::fill!(measure, hits.measure(hits.at(hit_index)?, measure_index)?)
    })
}

/// The value of a hit's measure of a name, such as "match_factor". PROBITY_ERROR_NOT_FOUND if the hit has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_hit_list_value(
    hits: *const probity_hit_list,
    hit_index: usize,
    name: *const c_char,
    name_length: usize,
    value: *mut f64,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, name) = (ffi::out!(value)?, ffi::text!(name, name_length, "name")?);
        let hit = ffi::borrow!(hits)?.at(hit_index)?;
        let found = hit
            .measure(name)
            .ok_or_else(|| Failure::new(PROBITY_ERROR_NOT_FOUND, format!("the hit has no measure {name}")))?;
        out.write(found);
        Ok(())
    })
}

/// How many entries took part in the search.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_hit_list_counts(
    hits: *const probity_hit_list,
    counts: *mut probity_search_counts,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let of_list = ffi::borrow!(hits)?.list.counts;
        let value = probity_search_counts {
            struct_size: 0,
            reserved: 0,
            entries: of_list.entries as u64,
            compared: of_list.compared as u64,
            filtered_out: of_list.filtered_out as u64,
            not_comparable: of_list.not_comparable as u64,
        };
        ffi::fill!(counts, value)
    })
}

/// Ranks, entry ids, measures and counts as JSON. It lives as long as the list. `length` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_hit_list_json(
    hits: *const probity_hit_list,
    json: *mut *const c_char,
    length: *mut usize,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (hits, json) = (ffi::borrow!(hits)?, ffi::out!(json)?);
        let length = ffi::optional!(length)?;
        let text = hits.json()?;
        json.write(text.pointer());
        ffi::write_if(length, text.length());
        Ok(())
    })
}
