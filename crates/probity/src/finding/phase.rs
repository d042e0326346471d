//! In which phase a sample was measured: a gas has another infrared spectrum than a solid.

use serde::Serialize;

use crate::spectrum::{CurveAcquisition, InfraredTechnique};

/// The phase of a sample, as far as it matters for its infrared spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Phase {
    /// A gas: free molecules, rotational fine structure, no hydrogen bonds.
    Gas,
    /// A solid or a liquid.
    Condensed,
}

/// Words of the stated state or sampling that tell of a gas.
const GAS_WORDS: [&str; 4] = ["gas", "vapor", "vapour", "gc-ir"];

/// Words that tell of a solid or a liquid.
const CONDENSED_WORDS: [&str; 14] = [
    "solid", "liquid", "kbr", "pellet", "disc", "disk", "film", "mull", "nujol", "powder", "oil", "neat",
    "solution", "atr",
];

impl Phase {
    /// The phase that the acquisition states; `None` if it states none.
    #[must_use]
    pub fn of(acquisition: &CurveAcquisition) -> Option<Self> {
        match acquisition.technique {
            Some(InfraredTechnique::GasPhase) => return Some(Self::Gas),
            None | Some(InfraredTechnique::Transmission) => {}
            Some(_) => return Some(Self::Condensed),
        }
        let stated = [&acquisition.state, &acquisition.sampling];
        let stated: String = stated.into_iter().flatten().map(|text| text.to_lowercase() + " ").collect();
        let has = |words: &[&str]| words.iter().any(|word| stated.contains(word));
        match (has(&GAS_WORDS), has(&CONDENSED_WORDS)) {
            (true, false) => Some(Self::Gas),
            (false, true) => Some(Self::Condensed),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_technique_tells_the_phase_and_else_the_words() {
        let phase = |technique, state: &str| {
            let state = Some(state.to_owned()).filter(|state| !state.is_empty());
            Phase::of(&CurveAcquisition { technique, state, ..CurveAcquisition::default() })
        };
        use InfraredTechnique::{AttenuatedTotalReflection, GasPhase, Transmission};
        assert_eq!(phase(Some(GasPhase), ""), Some(Phase::Gas));
        assert_eq!(phase(Some(AttenuatedTotalReflection), "gas"), Some(Phase::Condensed));
        assert_eq!(phase(Some(Transmission), "SOLID (1.2 mg / 250 mg KBr DISC)"), Some(Phase::Condensed));
        assert_eq!(phase(None, "Vapor at 200 C"), Some(Phase::Gas));
        assert_eq!(phase(None, "gas evolved from a solid"), None);
        assert_eq!(phase(Some(Transmission), ""), None);
    }
}
