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

/// What a row states, in one byte: below these bits the number of its technique.
const PRECURSOR: u8 = 0x10;
const RETENTION_INDEX: u8 = 0x20;
/// The numbers are a range of wavenumbers, not precursor and retention index.
const RANGE: u8 = 0x40;

/// For a row that cannot be compared.
pub(super) const NOT_COMPARABLE: u8 = u8::MAX;

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

    /// What a row states, without the numbers; `None` for a row that cannot be compared.
    pub(super) fn kind(facts: Option<&Self>) -> u8 {
        facts.map_or(NOT_COMPARABLE, |facts| {
            facts.technique.map_or(0, number_of)
                | if facts.precursor_mz.is_some() { PRECURSOR } else { 0 }
                | if facts.retention_index.is_some() { RETENTION_INDEX } else { 0 }
                | if facts.range_cm1.is_some() { RANGE } else { 0 }
        })
    }

    /// Whether a row of a kind states no number, but for a range of wavenumbers.
    pub(super) fn is_told_by_range(kind: u8) -> bool {
        kind == NOT_COMPARABLE || kind & (PRECURSOR | RETENTION_INDEX) == 0
    }

    /// The facts of a comparable row of a kind, 0 where it states a number; `None` if there is no such kind.
    pub(super) fn of_kind(kind: u8) -> Option<Self> {
        let technique = match kind & !(PRECURSOR | RETENTION_INDEX | RANGE) {
            0 => None,
            number => Some(TECHNIQUES.into_iter().find(|technique| number_of(*technique) == number)?),
        };
        let stated = |bit: u8| (kind & bit != 0).then_some(0.0);
        // Whoever states a range has no room for the others.
        let is_sound = kind & RANGE == 0 || kind & (PRECURSOR | RETENTION_INDEX) == 0;
        is_sound.then_some(Self {
            technique,
            precursor_mz: stated(PRECURSOR),
            retention_index: stated(RETENTION_INDEX),
            range_cm1: stated(RANGE).zip(stated(RANGE)),
        })
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
    fn kinds_come_back_as_they_were() {
        let techniques = TECHNIQUES.into_iter().map(Some).chain([None]);
        for technique in techniques {
            for precursor_mz in [None, Some(285.0758)] {
                for retention_index in [None, Some(2_210.5)] {
                    let facts = EntryFacts { technique, precursor_mz, retention_index, range_cm1: None };
                    let kind = EntryFacts::of_kind(EntryFacts::kind(Some(&facts))).unwrap();
                    assert_eq!(kind.technique, technique);
                    assert_eq!(kind.precursor_mz.is_some(), precursor_mz.is_some());
                    assert_eq!(kind.retention_index.is_some(), retention_index.is_some());
                }
            }
        }
        let range_cm1 = Some((400.0, 4_000.5));
        let infrared =
            EntryFacts { technique: Some(Technique::Infrared), range_cm1, ..EntryFacts::default() };
        let kind = EntryFacts::of_kind(EntryFacts::kind(Some(&infrared))).unwrap();
        assert_eq!((kind.technique, kind.range_cm1.is_some()), (Some(Technique::Infrared), true));
        for kind in [6, RANGE | PRECURSOR, 0x80, EntryFacts::kind(None)] {
            assert_eq!(EntryFacts::of_kind(kind), None);
        }
    }
}
