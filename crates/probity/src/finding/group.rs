//! Hits grouped by substance and form.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::Result;
use crate::library::{Entry, EntryId, Library};
use crate::search::HitList;
use crate::spectrum::{CurveAcquisition, InfraredTechnique};
use crate::substance::registry::base_name;
use crate::substance::{Form, SubstanceKey};

/// All hits of one substance in one form. Mass spectrometry does not choose between stereoisomers, so
/// every stereoform that the library holds under the key is named, whether it is among the hits or not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SubstanceGroup {
    /// The place among the substances, from 1.
    pub place: usize,
    /// The substance's key; absent if the records state no well-formed InChIKey.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub substance_key: Option<SubstanceKey>,
    /// The name of the best hit.
    pub name: String,
    /// The formula of the best hit, as published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// The form.
    pub form: Form,
    /// Whether these are spectra of a derivative filed under its parent's key and formula.
    pub keyed_as_parent: bool,
    /// The first measure of the best hit.
    pub best_first_measure: f64,
    /// The hits, best first.
    pub entry_ids: Vec<EntryId>,
    /// Of infrared spectra: the forms among the hits, in the order of their best hits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub infrared_forms: Vec<InfraredForm>,
    /// The library's stereoforms under this key, by InChIKey, with the names they go by.
    pub stereoforms: Vec<Stereoform>,
}

impl SubstanceGroup {
    /// Whether both are of one substance, by key, and without keys by name.
    pub(super) fn is_substance_of(&self, other: &Self) -> bool {
        match (&self.substance_key, &other.substance_key) {
            (None, None) => self.name.to_lowercase() == other.name.to_lowercase(),
            (one, another) => one == another,
        }
    }
}

/// One form of a substance in which its infrared spectrum was measured: as base or salt, by its name, and by technique and
/// state, as far as they are stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InfraredForm {
    /// The name of the entries, which tells base from salt.
    pub name: String,
    /// How the sample met the light.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technique: Option<InfraredTechnique>,
    /// The state of the sample as published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The hits of this form, best first.
    pub entry_ids: Vec<EntryId>,
}

/// One stereoform of a substance in the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stereoform {
    /// The whole InChIKey.
    pub inchikey: String,
    /// The names of the entries, each once, in the order of the library.
    pub names: Vec<String>,
}

/// What makes hits one group: key and form, or without a key the name and form.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum GroupKey<'a> {
    Keyed(&'a SubstanceKey, &'a Form),
    Named(String, &'a Form),
}

impl<'a> GroupKey<'a> {
    fn of(entry: &'a Entry) -> Self {
        let form = &entry.record().form;
        match entry.key() {
            Some(key) => Self::Keyed(key, form),
            // Without a key the name decides, of an infrared spectrum without the words of a salt.
            None if entry.record().spectrum.as_curve().is_some() => {
                Self::Named(base_name(&entry.record().name), form)
            }
            None => Self::Named(entry.record().name.to_lowercase(), form),
        }
    }
}

/// Groups the hits of a list; groups stand in the order of their best hits.
///
/// # Errors
/// `Damaged` if an entry of a library on disk is not what was stored.
pub fn group_hits(library: &Library, list: &HitList) -> Result<Vec<SubstanceGroup>> {
    let mut places: BTreeMap<GroupKey<'_>, usize> = BTreeMap::new();
    let mut groups: Vec<SubstanceGroup> = Vec::new();
    for hit in &list.hits {
        let Some(entry) = library.entry(hit.entry_id)? else { continue };
        let next = groups.len();
        let place = *places.entry(GroupKey::of(entry)).or_insert(next);
        if place == next {
            groups.push(SubstanceGroup {
                place: next + 1,
                substance_key: entry.key().cloned(),
                name: entry.record().name.clone(),
                formula: entry.record().identity.formula.clone(),
                form: entry.record().form.clone(),
                keyed_as_parent: entry.keyed_as_parent(),
                best_first_measure: hit.first_measure(),
                entry_ids: Vec::new(),
                infrared_forms: Vec::new(),
                stereoforms: Vec::new(),
            });
        }
        groups[place].entry_ids.push(hit.entry_id);
        if let Some(curve) = entry.record().spectrum.as_curve() {
            add_form(&mut groups[place].infrared_forms, entry, curve.acquired());
        }
    }
    Ok(groups)
}

/// Puts a hit to the others of its form.
fn add_form(forms: &mut Vec<InfraredForm>, entry: &Entry, acquisition: &CurveAcquisition) {
    let (name, state) = (&entry.record().name, &acquisition.state);
    let is_alike = |form: &InfraredForm| {
        form.name.to_lowercase() == name.to_lowercase()
            && form.technique == acquisition.technique
            && form.state == *state
    };
    match forms.iter_mut().find(|form| is_alike(form)) {
        Some(form) => form.entry_ids.push(entry.id()),
        None => forms.push(InfraredForm {
            name: name.clone(),
            technique: acquisition.technique,
            state: state.clone(),
            entry_ids: vec![entry.id()],
        }),
    }
}

/// Names, in each group, the stereoforms that the library holds.
pub(super) fn name_stereoforms(library: &Library, groups: &mut [SubstanceGroup]) -> Result<()> {
    for group in groups {
        let Some(key) = &group.substance_key else { continue };
        let mut forms: Vec<Stereoform> = Vec::new();
        for entry in library.entries_of(key)? {
            let record = entry.record();
            let Some(inchikey) = record.identity.inchikey.as_deref() else { continue };
            let position = forms.iter().position(|form| form.inchikey == inchikey.trim());
            let position = position.unwrap_or_else(|| {
                forms.push(Stereoform { inchikey: inchikey.trim().to_owned(), names: Vec::new() });
                forms.len() - 1
            });
            if !forms[position].names.contains(&record.name) {
                forms[position].names.push(record.name.clone());
            }
        }
        group.stereoforms = forms;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{derivative, library, record};
    use super::*;
    use crate::search::{Hit, SearchCounts};

    #[test]
    fn hits_are_grouped_by_key_and_form_and_without_key_by_name() {
        let (ephedrine, pseudoephedrine) = ("KWGRBVOPPLSCSI-WPRPVWTQSA-N", "KWGRBVOPPLSCSI-WCBMZHEXSA-N");
        let peaks = [(58.0, 100.0)];
        let library = library(vec![
            record("Ephedrine", ephedrine, "C10H15NO", &peaks),
            record("Pseudoephedrine", pseudoephedrine, "C10H15NO", &peaks),
            derivative(record("Ephedrine", ephedrine, "C10H15NO", &peaks), "TMS"),
            record("Unknown 1", "", "", &peaks),
            record("UNKNOWN 1", "", "", &peaks),
            record("Ephedrine, (-)-", ephedrine, "C10H15NO", &peaks),
        ]);
        let hits = [2, 4, 1, 3, 5].iter().zip(1..).map(|(&id, rank)| Hit {
            rank,
            entry_id: EntryId(id),
            measures: Vec::new(),
            retention_index_penalty: None,
            retention_index_difference: None,
        });
        let list = HitList { hits: hits.collect(), counts: SearchCounts::default() };
        let mut groups = group_hits(&library, &list).unwrap();
        name_stereoforms(&library, &mut groups).unwrap();
        let ids: Vec<Vec<u64>> =
            groups.iter().map(|group| group.entry_ids.iter().map(|id| id.0).collect()).collect();
        assert_eq!(ids, [vec![2, 1], vec![4, 5], vec![3]]);
        assert_eq!(groups.iter().map(|group| group.place).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(groups[0].name, "Pseudoephedrine");
        assert!(groups[2].keyed_as_parent && !groups[0].keyed_as_parent);
        // Entry 6 is no hit, but a name of the same stereoform.
        let forms = &groups[0].stereoforms;
        assert_eq!(forms.len(), 2);
        assert_eq!(
            (forms[0].inchikey.as_str(), &forms[0].names[..]),
            (ephedrine, &["Ephedrine".to_owned(), "Ephedrine, (-)-".to_owned()][..])
        );
        assert_eq!(forms[1].names, ["Pseudoephedrine"]);
        assert!(groups[1].stereoforms.is_empty());
    }
}
