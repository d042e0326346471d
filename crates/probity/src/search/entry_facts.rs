//! What the most frequent conditions ask of a record.

use crate::format::Record;
use crate::spectrum::Technique;

/// Facts that are at hand without decoding the record.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct EntryFacts {
    pub(super) technique: Option<Technique>,
    pub(super) precursor_mz: Option<f64>,
    pub(super) retention_index: Option<f64>,
}

/// What a row states, in one byte: below these bits the number of its technique.
const PRECURSOR: u8 = 0x10;
const RETENTION_INDEX: u8 = 0x20;

/// For a row that cannot be compared.
pub(super) const NOT_COMPARABLE: u8 = u8::MAX;

impl EntryFacts {
    /// The facts of a record.
    pub(super) fn of(record: &Record) -> Self {
        let stated = record.spectrum.as_mass().map(|mass| &mass.acquisition);
        Self {
            technique: stated.and_then(|stated| stated.technique),
            precursor_mz: stated.and_then(|stated| stated.precursor_mz),
            retention_index: stated.and_then(|stated| stated.retention_index),
        }
    }

    /// What a row states, without the numbers; `None` for a row that cannot be compared.
    pub(super) fn kind(facts: Option<&Self>) -> u8 {
        facts.map_or(NOT_COMPARABLE, |facts| {
            facts.technique.map_or(0, number_of)
                | if facts.precursor_mz.is_some() { PRECURSOR } else { 0 }
                | if facts.retention_index.is_some() { RETENTION_INDEX } else { 0 }
        })
    }

    /// The facts of a comparable row of a kind, 0 where it states a number; `None` if there is no such kind.
    pub(super) fn of_kind(kind: u8) -> Option<Self> {
        let technique = match kind & !(PRECURSOR | RETENTION_INDEX) {
            0 => None,
            number => Some(TECHNIQUES.into_iter().find(|technique| number_of(*technique) == number)?),
        };
        let stated = |bit: u8| (kind & bit != 0).then_some(0.0);
        Some(Self { technique, precursor_mz: stated(PRECURSOR), retention_index: stated(RETENTION_INDEX) })
    }
}

const TECHNIQUES: [Technique; 4] = [
    Technique::ElectronIonization,
    Technique::TandemMassSpectrometry,
    Technique::InSourceCid,
    Technique::OtherMassSpectrometry,
];

/// The number under which a technique is stored; 0 is for none.
fn number_of(technique: Technique) -> u8 {
    match technique {
        Technique::ElectronIonization => 1,
        Technique::TandemMassSpectrometry => 2,
        Technique::InSourceCid => 3,
        Technique::OtherMassSpectrometry => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_come_back_as_they_were() {
        let techniques = TECHNIQUES.into_iter().map(Some).chain([None]);
        for technique in techniques {
            for precursor_mz in [None, Some(285.0758)] {
                for retention_index in [None, Some(2_210.5)] {
                    let facts = EntryFacts { technique, precursor_mz, retention_index };
                    let kind = EntryFacts::of_kind(EntryFacts::kind(Some(&facts))).unwrap();
                    assert_eq!(kind.technique, technique);
                    assert_eq!(kind.precursor_mz.is_some(), precursor_mz.is_some());
                    assert_eq!(kind.retention_index.is_some(), retention_index.is_some());
                }
            }
        }
        for kind in [5, 0x40, EntryFacts::kind(None)] {
            assert_eq!(EntryFacts::of_kind(kind), None);
        }
    }
}
