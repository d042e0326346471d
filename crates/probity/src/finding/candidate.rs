//! One candidate with its evidence.

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::bands::{BandEvidence, BandedCurve};
use super::evidence::Evidence;
use super::molecular_ion::MolecularIonEvidence;
use super::phase::Phase;
use crate::error::Result;
use crate::library::{Entry, EntryId};
use crate::search::{Hit, MeasureValue, Query, Searcher};
use crate::spectrum::{Curve, CurveAcquisition, Technique};
use crate::substance::registry::{ControlStatus, Registry};
use crate::substance::{Form, SubstanceKey};

/// A library entry that came up, the measures by name, and the ions or bands for and against it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// The place, from 1.
    pub rank: usize,
    /// The entry.
    pub entry_id: EntryId,
    /// The entry's name.
    pub name: String,
    /// The InChIKey that the entry states.
    pub inchikey: Option<String>,
    /// The substance's key.
    pub substance_key: Option<SubstanceKey>,
    /// The formula that the entry states.
    pub formula: Option<String>,
    /// CAS numbers that the entry states.
    pub cas_numbers: Vec<String>,
    /// The group that the entry's source puts the substance in.
    pub class: Option<String>,
    /// What the international lists say of the substance that the entry states: of the entry, not of
    /// the sample.
    pub control_status: ControlStatus,
    /// The form in which the substance was measured.
    pub form: Form,
    /// Whether the spectrum is a derivative's, filed under its parent's key and formula.
    pub keyed_as_parent: bool,
    /// The entry's number in its own source.
    pub accession: Option<String>,
    /// The entry's source.
    pub source: Option<String>,
    /// Who measured it.
    pub contributor: Option<String>,
    /// The measures by name; the method's description gives their ranges.
    #[serde(serialize_with = "by_name")]
    pub measures: Vec<MeasureValue>,
    /// What the retention index took from the first measure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_index_penalty: Option<f64>,
    /// Query's retention index minus the entry's; `null` if it was not compared.
    pub retention_index_difference: Option<f64>,
    /// Ions for and against, of mass spectra.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// Bands for and against, of infrared spectra.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bands: Option<BandEvidence>,
    /// How the entry's infrared spectrum was acquired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acquisition: Option<CurveAcquisition>,
    /// The phase in which the entry was measured, if it is stated and not the query's: another form of the substance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_phase: Option<Phase>,
    /// The molecular ion and its isotope pattern against the formula, for electron ionization.
    pub molecular_ion: Option<MolecularIonEvidence>,
}

impl Candidate {
    /// Looks at a hit ion by ion, or band by band where the query is `curve`; `None` if the hit is not of this searcher's
    /// library.
    pub(super) fn new(
        searcher: &Searcher,
        query: &Query,
        curve: Option<&BandedCurve<'_>>,
        hit: &Hit,
    ) -> Result<Option<Self>> {
        let Some(entry) = searcher.library().entry(hit.entry_id)? else { return Ok(None) };
        let record = entry.record();
        if let Some(curve) = curve {
            // What is a hit can be prepared.
            let Some(reference) = searcher.method().prepared_curve(record)? else { return Ok(None) };
            let acquisition = record.spectrum.as_curve().map(|curve| curve.acquired().clone());
            let phase = |acquisition: Option<&CurveAcquisition>| acquisition.and_then(Phase::of);
            let of_query = phase(query.record.spectrum.as_curve().map(Curve::acquired));
            let other_phase =
                phase(acquisition.as_ref()).filter(|&phase| of_query.is_some_and(|query| query != phase));
            let bands = Some(BandEvidence::new(curve, &reference)?);
            let candidate = Self::of_entry(entry, hit)?;
            return Ok(Some(Self { bands, acquisition, other_phase, ..candidate }));
        }
        let electron_ionization = searcher.method().technique == Technique::ElectronIonization;
        let looked_at = searcher.with_alignment(query, hit.entry_id, |alignment| {
            let molecular_ion = if electron_ionization {
                MolecularIonEvidence::new(entry, alignment.query, alignment.library)
            } else {
                None
            };
            (Evidence::new(alignment), molecular_ion)
        })?;
        let Some((evidence, molecular_ion)) = looked_at else { return Ok(None) };
        Ok(Some(Self { evidence: Some(evidence), molecular_ion, ..Self::of_entry(entry, hit)? }))
    }

    /// What entry and hit state, without evidence.
    fn of_entry(entry: &Entry, hit: &Hit) -> Result<Self> {
        let record = entry.record();
        Ok(Self {
            rank: hit.rank,
            entry_id: hit.entry_id,
            name: record.name.clone(),
            inchikey: record.identity.inchikey.clone(),
            substance_key: entry.key().cloned(),
            formula: record.identity.formula.clone(),
            cas_numbers: record.identity.cas_numbers.clone(),
            class: record.identity.class.clone(),
            control_status: Registry::embedded()?.status_of(&record.identity, &record.form),
            form: record.form.clone(),
            keyed_as_parent: entry.keyed_as_parent(),
            accession: record.provenance.accession.clone(),
            source: record.provenance.source.clone(),
            contributor: record.provenance.contributor.clone(),
            measures: hit.measures.clone(),
            retention_index_penalty: hit.retention_index_penalty,
            retention_index_difference: hit.retention_index_difference,
            evidence: None,
            bands: None,
            acquisition: None,
            other_phase: None,
            molecular_ion: None,
        })
    }

    /// The shares of the query and of the entry that have a counterpart in the other: of ions by intensity, of bands by
    /// height, each 0 to 1.
    #[must_use]
    pub fn matched_shares(&self) -> (f64, f64) {
        match (&self.evidence, &self.bands) {
            (Some(ions), _) => (ions.explained_share, ions.found_share),
            (None, Some(bands)) => (bands.explained_share, bands.found_share),
            (None, None) => (0.0, 0.0),
        }
    }

    /// The measure that orders the candidates.
    #[must_use]
    pub fn first_measure(&self) -> f64 {
        self.measures.first().map_or(0.0, |measure| measure.value)
    }
}

/// `{"match_factor": 912, …}`: whole numbers are written without a fraction.
fn by_name<S: Serializer>(measures: &[MeasureValue], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(measures.len()))?;
    for measure in measures {
        match measure.whole() {
            Some(number) => map.serialize_entry(measure.name, &number)?,
            None => map.serialize_entry(measure.name, &measure.value)?,
        }
    }
    map.end()
}
