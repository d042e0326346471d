//! What the most frequent conditions ask of a record.

use crate::format::Record;
use crate::spectrum::{Spectrum, Technique};

/// Facts that are at hand without decoding the record.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct EntryFacts {
    pub(super) technique: Option<Technique>,
    pub(super) precursor_mz: Option<f64>,
    pub(super) retention_index: Option<f64>,
    /// Lowest and highest wavenumber of an infrared spectrum, in cm⁻¹.
    pub(super) range_cm1: Option<(f64, f64)>,
}

/// Bytes of the facts of one row: technique, which numbers are stated, the numbers: precursor and retention index of a
/// mass spectrum, the range of an infrared one.
pub(super) const FACTS_BYTES: usize = 18;

/// For a row that cannot be compared.
const NOT_COMPARABLE: u8 = u8::MAX;

/// The numbers are a range of wavenumbers.
const RANGE: u8 = 4;

impl EntryFacts {
    /// The facts of a record.
    pub(super) fn of(record: &Record) -> Self {
        match &record.spectrum {
            Spectrum::Mass(mass) => Self {
                technique: mass.acquisition.technique,
                precursor_mz: mass.acquisition.precursor_mz,
                retention_index: mass.acquisition.retention_index,
                range_cm1: None,
            },
            Spectrum::Curve(curve) => {
                let range_cm1 = curve.range_cm1();
                let technique = range_cm1.map(|_| Technique::Infrared);
                Self { technique, range_cm1, ..Self::default() }
            }
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
        let mut numbers = (facts.precursor_mz.unwrap_or(0.0), facts.retention_index.unwrap_or(0.0));
        if let Some(range) = facts.range_cm1 {
            (bytes[1], numbers) = (RANGE, range);
        }
        bytes[2..10].copy_from_slice(&numbers.0.to_le_bytes());
        bytes[10..].copy_from_slice(&numbers.1.to_le_bytes());
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
        let range_cm1 = (stated == RANGE).then_some((numbers[0], numbers[1]));
        let facts = Self { technique, precursor_mz: number(0), retention_index: number(1), range_cm1 };
        (stated <= RANGE).then_some(Some(facts))
    }
}

const TECHNIQUES: [Technique; 5] = [
    Technique::ElectronIonization,
    Technique::TandemMassSpectrometry,
    Technique::InSourceCid,
    Technique::OtherMassSpectrometry,
    Technique::Infrared,
];

/// The number under which a technique is stored; 0 is for none.
fn number_of(technique: Technique) -> u8 {
    match technique {
        Technique::ElectronIonization => 1,
        Technique::TandemMassSpectrometry => 2,
        Technique::InSourceCid => 3,
        Technique::OtherMassSpectrometry => 4,
        Technique::Infrared => 5,
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
                    let facts = EntryFacts { technique, precursor_mz, retention_index, range_cm1: None };
                    let bytes = EntryFacts::to_bytes(Some(&facts));
                    assert_eq!(EntryFacts::from_bytes(&bytes), Some(Some(facts)));
                }
            }
        }
        let range_cm1 = Some((400.0, 4_000.5));
        let infrared =
            EntryFacts { technique: Some(Technique::Infrared), range_cm1, ..EntryFacts::default() };
        assert_eq!(EntryFacts::from_bytes(&EntryFacts::to_bytes(Some(&infrared))), Some(Some(infrared)));
        assert_eq!(EntryFacts::from_bytes(&EntryFacts::to_bytes(None)), Some(None));
        for (place, value) in [(0, 6), (1, 5)] {
            let mut bytes = EntryFacts::to_bytes(Some(&EntryFacts::default()));
            bytes[place] = value;
            assert_eq!(EntryFacts::from_bytes(&bytes), None);
        }
    }
}
