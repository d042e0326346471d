//! Looking substances up.

use super::answer::{Answer, ControlStatus, ReadAs};
use super::data::Registry;
use super::level::{MatchLevel, RegistryMatch};
use super::name::{normalised, without_deuterium_label, without_salt_words};
use super::row::{Listing, RegistryRow, RelationKind};
use crate::chem::{CasNumber, Formula, InChIKey};
use crate::substance::{Form, Identity, SubstanceKey};

impl Registry {
    /// What the lists say of an InChIKey. The formula tells whether atoms are labelled: the key alone
    /// does not tell isotopes from stereochemistry.
    #[must_use]
    pub fn lookup_key(&self, key: &InChIKey, formula: Option<&Formula>) -> Answer<'_> {
        let is_labelled = formula.is_some_and(Formula::is_isotopically_labelled);
        self.answer(ReadAs::InchiKey, self.of_skeleton(key.skeleton().as_str(), Some(key), is_labelled))
    }

    /// What the lists say of a substance key, which states no stereochemistry.
    #[must_use]
    pub fn lookup_substance_key(&self, key: &SubstanceKey) -> Answer<'_> {
        let is_labelled = key.isotope_label().is_some();
        self.answer(ReadAs::SubstanceKey, self.of_skeleton(key.skeleton(), None, is_labelled))
    }

    /// What the lists say of a CAS number.
    #[must_use]
    pub fn lookup_cas(&self, number: &CasNumber) -> Answer<'_> {
        let places = self.by_cas.get(number).map_or(&[][..], Vec::as_slice);
        self.answer(ReadAs::CasNumber, self.all_at(places, MatchLevel::CasNumber))
    }

    /// What the lists say of a name, in any case and with any hyphens; then of what is left without the
    /// words of a salt (`hydrochloride`) or the label of a deuterated standard (`-d3`).
    #[must_use]
    pub fn lookup_name(&self, name: &str) -> Answer<'_> {
        self.answer(ReadAs::Name, self.of_name(name))
    }

    /// The rows that share a molecular formula, of a salt that of its organic part; isomers share
    /// it, so this is no identity.
    #[must_use]
    pub fn lookup_formula(&self, formula: &Formula) -> Answer<'_> {
        let organic = formula.largest_organic_component().unwrap_or_else(|| formula.clone());
        let is_salt = |row: &RegistryRow| {
            row.relation.as_ref().is_some_and(|relation| relation.kind == RelationKind::Salt)
        };
        let rows = self.rows.iter().filter(|row| row.formula == organic && !is_salt(row));
        let level = MatchLevel::SameFormula;
        let matches = rows.map(|row| RegistryMatch { level, ..self.resolved(row, level) }).collect();
        self.answer(ReadAs::Formula, matches)
    }

    /// What the lists say of a text: an InChIKey, a CAS number, a name, a substance key or a formula,
    /// whichever it is.
    #[must_use]
    pub fn lookup(&self, text: &str) -> Answer<'_> {
        let text = text.trim();
        if let Ok(key) = text.parse::<InChIKey>() {
            return self.lookup_key(&key, None);
        }
        if let Ok(number) = text.parse::<CasNumber>() {
            return self.lookup_cas(&number);
        }
        // Before the substance key: a name of 14 capitals looks like one.
        let by_name = self.lookup_name(text);
        if by_name.is_found() {
            return by_name;
        }
        if let Ok(key) = text.parse::<SubstanceKey>() {
            return self.lookup_substance_key(&key);
        }
        match text.parse::<Formula>() {
            Ok(formula) if text.bytes().any(|byte| byte.is_ascii_digit()) => self.lookup_formula(&formula),
            _ => by_name,
        }
    }

    /// What the lists say of what a record states, first by its key, then, where it has none or is of a
    /// salt, by CAS numbers and synonyms. A statement about the record, not about any sample.
    #[must_use]
    pub fn status_of(&self, identity: &Identity, form: &Form) -> ControlStatus {
        let formula = identity.formula.as_deref().and_then(|text| text.parse::<Formula>().ok());
        let key = identity.inchikey.as_deref().and_then(|text| text.parse::<InChIKey>().ok());
        let is_labelled =
            SubstanceKey::from_identity(identity).is_some_and(|key| key.isotope_label().is_some());
        let mut matches = key
            .as_ref()
            .map(|key| self.of_skeleton(key.skeleton().as_str(), Some(key), is_labelled))
            .unwrap_or_default();
        // A key that is in no row speaks against a name or number that is, unless it is that of a salt.
        let is_salt = formula.as_ref().is_some_and(|formula| formula.components().count() > 1);
        if matches.is_empty() && (key.is_none() || is_salt) {
            let numbers = identity.cas_numbers.iter().filter_map(|text| text.parse::<CasNumber>().ok());
            matches = numbers.flat_map(|number| self.lookup_cas(&number).matches).collect();
            if matches.is_empty() {
                matches = identity.synonyms.iter().flat_map(|name| self.of_name(name)).collect();
            }
            if is_salt {
                raise(&mut matches, MatchLevel::SaltOf);
            }
            matches.dedup();
        }
        if form.is_keyed_as_parent(formula.as_ref()) {
            matches.iter_mut().for_each(|found| found.level = MatchLevel::DerivativeOf);
        }
        self.answer(ReadAs::Identity, matches).status()
    }

    fn answer<'r>(&'r self, read_as: ReadAs, mut matches: Vec<RegistryMatch<'r>>) -> Answer<'r> {
        matches.sort_by_key(|found| found.level);
        let is_open = matches.iter().any(|found| {
            matches!(
                found.level,
                MatchLevel::StereoNotStated | MatchLevel::SameSkeleton | MatchLevel::DerivativeOf
            )
        });
        let differ = matches.windows(2).any(|pair| !same_status(pair[0].row, pair[1].row));
        Answer {
            read_as,
            matches,
            depends_on_stereochemistry: is_open && differ,
            as_of: &self.as_of,
            editions: &self.editions,
        }
    }

    fn all_at(&self, places: &[usize], level: MatchLevel) -> Vec<RegistryMatch<'_>> {
        places.iter().map(|place| self.resolved(&self.rows[*place], level)).collect()
    }

    /// The row itself, or for the row of a salt or ester that of its parent.
    fn resolved<'r>(&'r self, row: &'r RegistryRow, level: MatchLevel) -> RegistryMatch<'r> {
        let parent = row.relation.as_ref().and_then(|relation| {
            let level = match relation.kind {
                RelationKind::Salt => MatchLevel::SaltOf,
                RelationKind::Ester | RelationKind::Ether => MatchLevel::EsterOrEtherOf,
            };
            Some((self.row_named(&relation.of)?, level))
        });
        match parent {
            Some((parent, level)) => RegistryMatch { level, row: parent, through: Some(&row.name) },
            None => RegistryMatch { level, row, through: None },
        }
    }

    /// The rows of a skeleton. Where a whole key agrees that states stereochemistry, it alone answers.
    fn of_skeleton<'r>(
        &'r self,
        skeleton: &str,
        key: Option<&InChIKey>,
        is_labelled: bool,
    ) -> Vec<RegistryMatch<'r>> {
        let places = self.by_skeleton.get(skeleton).map_or(&[][..], Vec::as_slice);
        let rows: Vec<&RegistryRow> = places.iter().map(|place| &self.rows[*place]).collect();
        let stated = key.filter(|key| key.states_stereo_or_isotopes());
        let level = |row: &RegistryRow| {
            let of_row = row.inchikey.as_ref().filter(|key| key.states_stereo_or_isotopes());
            match (stated, of_row) {
                _ if is_labelled => MatchLevel::IsotopologueOf,
                (Some(key), Some(of_row)) if key == of_row => MatchLevel::ExactStereoKey,
                (Some(_), Some(_)) => MatchLevel::SameSkeleton,
                (None, None) if row.stereo.is_none() => MatchLevel::FlatKey,
                _ => MatchLevel::StereoNotStated,
            }
        };
        let mut matches: Vec<RegistryMatch<'r>> =
            rows.into_iter().map(|row| self.resolved(row, level(row))).collect();
        if matches.iter().any(|found| found.level == MatchLevel::ExactStereoKey) {
            matches.retain(|found| found.level == MatchLevel::ExactStereoKey);
        }
        matches
    }

    fn of_name(&self, name: &str) -> Vec<RegistryMatch<'_>> {
        let at = |name: &str| self.by_name.get(&normalised(name)).map_or(&[][..], Vec::as_slice);
        let direct = self.all_at(at(name), MatchLevel::Name);
        if !direct.is_empty() {
            return direct;
        }
        if let Some(base) = without_deuterium_label(name) {
            return self.all_at(at(base), MatchLevel::IsotopologueOf);
        }
        let Some(stripped) = without_salt_words(name) else { return Vec::new() };
        let level = if stripped.may_be_ester { MatchLevel::SaltOrEsterOf } else { MatchLevel::SaltOf };
        self.all_at(at(&stripped.base), level)
    }
}

/// Gives those found by name or number this level.
fn raise(matches: &mut [RegistryMatch<'_>], level: MatchLevel) {
    for found in
        matches.iter_mut().filter(|found| matches!(found.level, MatchLevel::CasNumber | MatchLevel::Name))
    {
        found.level = level;
    }
}

/// Whether the lists say the same of both, whatever the year and source.
fn same_status(one: &RegistryRow, other: &RegistryRow) -> bool {
    match (&one.listing, &other.listing) {
        (Listing::Listed(a), Listing::Listed(b)) | (Listing::Excluded(a), Listing::Excluded(b)) => {
            (a.convention, &a.schedule) == (b.convention, &b.schedule)
        }
        (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}
