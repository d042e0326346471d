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

/// Bytes of the facts of one row: technique, which numbers are stated, the numbers.
pub(super) const FACTS_BYTES: usize = 18;

/// For a row that cannot be compared.
const NOT_COMPARABLE: u8 = u8::MAX;

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

    /// The bytes of a row's facts; `None` for a row that cannot be compared.
    pub(super) fn to_bytes(facts: Option<&Self>) -> [u8; FACTS_BYTES] {
        let mut bytes = [0; FACTS_BYTES];
        let Some(facts) = facts else {
            bytes[0] = NOT_COMPARABLE;
            return bytes;
        };
        bytes[0] = facts.technique.map_or(0, number_of);
        bytes[1] = u8::from(facts.precursor_mz.is_some()) | u8::from(facts.retention_index.is_some()) << 1;
        bytes[2..10].copy_from_slice(&facts.precursor_mz.unwrap_or(0.0).to_le_bytes());
        bytes[10..].copy_from_slice(&facts.retention_index.unwrap_or(0.0).to_le_bytes());
        bytes
    }

    /// What [`EntryFacts::to_bytes`] wrote; outer `None` if it did not write this.
    pub(super) fn from_bytes(bytes: &[u8; FACTS_BYTES]) -> Option<Option<Self>> {
        let (technique, stated) = (bytes[0], bytes[1]);
        let (precursor_mz, rest) = bytes[2..].split_first_chunk()?;
        let numbers = [f64::from_le_bytes(*precursor_mz), f64::from_le_bytes(rest.try_into().ok()?)];
        if technique == NOT_COMPARABLE {
            return Some(None);
        }
        let technique = match technique {
            0 => None,
            number => Some(TECHNIQUES.into_iter().find(|technique| number_of(*technique) == number)?),
        };
        let number = |bit: u8| (stated >> bit & 1 == 1).then_some(numbers[usize::from(bit)]);
        let facts = Self { technique, precursor_mz: number(0), retention_index: number(1) };
        (stated < 4).then_some(Some(facts))
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
    fn facts_come_back_as_they_were() {
        let techniques = TECHNIQUES.into_iter().map(Some).chain([None]);
        for technique in techniques {
            for precursor_mz in [None, Some(285.0758)] {
                for retention_index in [None, Some(2_210.5)] {
                    let facts = EntryFacts { technique, precursor_mz, retention_index };
                    let bytes = EntryFacts::to_bytes(Some(&facts));
                    assert_eq!(EntryFacts::from_bytes(&bytes), Some(Some(facts)));
                }
            }
        }
        assert_eq!(EntryFacts::from_bytes(&EntryFacts::to_bytes(None)), Some(None));
        for (place, value) in [(0, 5), (1, 4)] {
            let mut bytes = EntryFacts::to_bytes(Some(&EntryFacts::default()));
            bytes[place] = value;
            assert_eq!(EntryFacts::from_bytes(&bytes), None);
        }
    }
}
