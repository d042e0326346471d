//! Which technique a record's own words state.

use crate::spectrum::{Acquisition, Technique};

/// Infers the technique from what a record states, or `None` where it states nothing of use.
///
/// `spectrum_type` is the text of that field, if there is one. The first rule that fits decides:
/// 1. level 2 or higher: tandem mass spectrometry;
/// 2. `in-source`, `is-CID` or `DART` in the type of spectrum or instrument or in the ionization:
///    in-source CID;
/// 3. the word `EI` (or electron ionization, electron impact) in the same places: electron ionization;
/// 4. a precursor m/z: tandem mass spectrometry, because a survey spectrum has none;
/// 5. level 1: another kind of mass spectrometry.
pub(crate) fn infer_technique(acquisition: &Acquisition, spectrum_type: Option<&str>) -> Option<Technique> {
    let stated_type = spectrum_type.unwrap_or_default();
    let places = [
        stated_type,
        acquisition.instrument_type.as_deref().unwrap_or_default(),
        acquisition.ionization.as_deref().unwrap_or_default(),
    ]
    .map(str::to_ascii_lowercase);
    let has_word = |wanted: &str| {
        places.iter().any(|place| place.split(|c: char| !c.is_alphanumeric()).any(|word| word == wanted))
    };
    let has_text = |wanted: &str| places.iter().any(|place| place.contains(wanted));

    if acquisition.ms_level.is_some_and(|level| level >= 2) {
        return Some(Technique::TandemMassSpectrometry);
    }
    if has_text("in-source") || has_text("is-cid") || has_word("dart") {
        return Some(Technique::InSourceCid);
    }
    if has_word("ei") || has_text("electron ioni") || has_text("electron impact") {
        return Some(Technique::ElectronIonization);
    }
    if acquisition.precursor_mz.is_some() {
        return Some(Technique::TandemMassSpectrometry);
    }
    acquisition.ms_level.map(|_| Technique::OtherMassSpectrometry)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn infer(
        spectrum_type: Option<&str>,
        instrument_type: &str,
        level: Option<u8>,
        mz: Option<f64>,
    ) -> Option<Technique> {
        let acquisition = Acquisition {
            ms_level: level,
            precursor_mz: mz,
            instrument_type: Some(instrument_type.to_owned()).filter(|text| !text.is_empty()),
            ..Acquisition::default()
        };
        infer_technique(&acquisition, spectrum_type)
    }

    #[test]
    fn the_words_of_real_libraries() {
        use Technique::{ElectronIonization, InSourceCid, OtherMassSpectrometry, TandemMassSpectrometry};
        for (spectrum_type, instrument_type, level, mz, expected) in [
            (Some("EI"), "GC-EI (unit mass)", None, None, Some(ElectronIonization)),
            (Some("EI"), "EI-B", None, Some(287.86), Some(ElectronIonization)),
            (Some("MS"), "GC-EI-TOF", Some(1), None, Some(ElectronIonization)),
            (Some("MS2"), "LC-ESI-QTOF", Some(2), Some(304.15), Some(TandemMassSpectrometry)),
            (Some("MS2"), "GC-EI-QQ", Some(2), Some(304.15), Some(TandemMassSpectrometry)),
            (Some("MS1 in-source CID"), "DART-TOF is-CID", Some(1), Some(397.2), Some(InSourceCid)),
            (None, "SIMULATED is-CID from ESI-MS2 LC-ESI-QTOF", None, Some(285.1), Some(InSourceCid)),
            (None, "", None, Some(285.1), Some(TandemMassSpectrometry)),
            (Some("MS"), "CI-B", Some(1), None, Some(OtherMassSpectrometry)),
            (None, "LC-ESI-QTOF", None, None, None),
            (None, "", None, None, None),
        ] {
            assert_eq!(
                infer(spectrum_type, instrument_type, level, mz),
                expected,
                "{spectrum_type:?} {instrument_type}"
            );
        }
    }
}
