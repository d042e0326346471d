//! What an analyst should look at before believing a candidate.

use std::collections::BTreeSet;

use serde::Serialize;

use super::candidate::Candidate;
use super::curve_quality::CurveQuality;
use super::group::SubstanceGroup;
use super::phase::Phase;
use crate::error::Result;
use crate::preprocess::PreparedCurve;
use crate::preprocess::ms::{BackgroundOptions, flag_background};
use crate::search::{Query, Searcher};
use crate::spectrum::Technique;

/// The kinds of warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WarningCode {
    /// Other substances fit nearly as well as the best one.
    Rivals,
    /// Candidates have the same formula.
    SameFormula,
    /// The best candidate is a derivative filed under its parent's key.
    DerivativeKeyedAsParent,
    /// The library holds several stereoforms of the best candidate.
    Stereoforms,
    /// The query has ions above the molecular ion of the best candidate.
    IonsAboveMolecularIon,
    /// A molecular ion that the library entry shows is missing in the query.
    MolecularIonMissing,
    /// Ions that background may have given.
    PossibleBackground,
    /// Query and best candidate state no retention index to compare.
    RetentionIndexNotCompared,
    /// Some of the library's entries could not be compared.
    EntriesNotComparable,
    /// The reader of the query repaired, ignored or skipped something.
    Reader,
    /// The query states another technique than the method's.
    OtherTechnique,
    /// A candidate was measured in another phase than the query.
    OtherPhase,
    /// The query does not state the phase of its sample, and candidates were measured as gases.
    PhaseNotStated,
    /// Bands of the query are saturated.
    SaturatedBands,
    /// The query is noisy.
    Noise,
    /// The recipe put a line in the place of measured points of the query, or could not where it should.
    BridgedPoints,
}

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Warning {
    /// Its kind.
    pub code: WarningCode,
    /// What it is, in a sentence.
    pub message: String,
}

/// How many names a sentence lists before it counts the rest.
const NAMES_LISTED: usize = 5;

/// From this share of its base peak on, in percent, a molecular ion of the library entry is expected
/// in the query too.
const EXPECTED_MOLECULAR_ION_PERCENT: f64 = 5.0;

pub(super) fn warnings(
    searcher: &Searcher,
    query: &Query,
    quality: Option<&CurveQuality>,
    curve: Option<&PreparedCurve>,
    hits: &[Candidate],
    groups: &[SubstanceGroup],
    looked_at: &[SubstanceGroup],
) -> Result<Vec<Warning>> {
    let mut warnings = Vec::new();
    let mut warn = |code, message: String| warnings.push(Warning { code, message });
    for notice in &query.notices {
        warn(WarningCode::Reader, format!("Reading the query: {notice}."));
    }
    let stated = query.record.spectrum.as_mass().and_then(|mass| mass.acquisition.technique);
    if stated.is_some_and(|stated| stated != searcher.method().technique) {
        warn(
            WarningCode::OtherTechnique,
            format!(
                "The query states another technique than the one that {} compares.",
                searcher.method().name
            ),
        );
    }
    if let (Some(best), Some(best_group)) = (hits.first(), groups.first()) {
        rivals(searcher, looked_at, &mut warn);
        same_formula(best_group, looked_at, &mut warn);
        stereoforms(best_group, &mut warn);
        if best.keyed_as_parent {
            warn(
                WarningCode::DerivativeKeyedAsParent,
                format!(
                    "The best entry is the spectrum of a derivative ({}); its key and formula are the parent's.",
                    best.form.derivative.as_deref().unwrap_or("unnamed")
                ),
            );
        }
        molecular_ion(best, &mut warn);
        if quality.is_none() && best.retention_index_difference.is_none() {
            warn(
                WarningCode::RetentionIndexNotCompared,
                "Retention indices were not compared: query and best entry do not both state one.".to_owned(),
            );
        }
    }
    if searcher.method().technique == Technique::ElectronIonization
        && let Some(peaks) = searcher.method().prepared_peaks(&query.record)?
    {
        for flag in flag_background(&peaks, &BackgroundOptions::default())? {
            warn(
                WarningCode::PossibleBackground,
                format!(
                    "m/z {} ({:.0} % of the base peak): {}.",
                    flag.mz,
                    100.0 * flag.relative_intensity,
                    flag.background
                ),
            );
        }
    }
    if let Some(quality) = quality {
        poor_quality(quality, &mut warn);
        other_phases(query, hits, &mut warn);
    }
    if let Some(curve) = curve {
        bridged_points(curve, &mut warn);
    }
    let not_comparable = searcher.entries_not_comparable();
    if not_comparable > 0 {
        warn(
            WarningCode::EntriesNotComparable,
            format!("{not_comparable} entries of the library could not be compared by this method."),
        );
    }
    Ok(warnings)
}

fn poor_quality(quality: &CurveQuality, warn: &mut impl FnMut(WarningCode, String)) {
    let saturation = &quality.saturation;
    if saturation.flagged || saturation.clamped_points > 0 {
        let message = format!(
            "Bands of the query are saturated: {} points lie above what can be measured, {} of them let no light through \
             that could be told from none. Relative heights are no evidence against a candidate.",
            saturation.saturated_points.max(saturation.clamped_points),
            saturation.clamped_points
        );
        warn(WarningCode::SaturatedBands, message);
    }
    if let Some(ratio) = quality.signal_to_noise.filter(|_| quality.is_noisy()) {
        let message =
            format!("The query's height is only {ratio:.0} times its noise: small bands may be noise.");
        warn(WarningCode::Noise, message);
    }
}

fn bridged_points(curve: &PreparedCurve, warn: &mut impl FnMut(WarningCode, String)) {
    let (bridged, unbridged) = (curve.bridged_points, curve.unbridged_points);
    if bridged > 0 {
        let message = format!(
            "{bridged} measured points of the query were replaced by a line, as the method asks: bands there are not \
             compared, and the line counts as if it were measured."
        );
        warn(WarningCode::BridgedPoints, message);
    }
    if unbridged > 0 {
        let message = format!(
            "{unbridged} points of the query that the method replaces by a line stand as they were measured, for want of \
             points beside them: what the air absorbs may be among its bands."
        );
        warn(WarningCode::BridgedPoints, message);
    }
}

fn other_phases(query: &Query, hits: &[Candidate], warn: &mut impl FnMut(WarningCode, String)) {
    let listed_names = |is_wanted: &dyn Fn(&Candidate) -> bool| {
        let names: BTreeSet<&str> =
            hits.iter().filter(|hit| is_wanted(hit)).map(|hit| hit.name.as_str()).collect();
        names.into_iter().collect::<Vec<_>>()
    };
    let others = listed_names(&|hit| hit.other_phase.is_some());
    if !others.is_empty() {
        let message = format!(
            "These candidates were measured in another phase than the query, which is another form with other bands: {}.",
            listed(&others)
        );
        warn(WarningCode::OtherPhase, message);
    }
    let is_stated =
        query.record.spectrum.as_curve().is_some_and(|curve| Phase::of(curve.acquired()).is_some());
    let gases = listed_names(&|hit| hit.acquisition.as_ref().and_then(Phase::of) == Some(Phase::Gas));
    if !is_stated && !gases.is_empty() {
        let message = format!(
            "The query does not state whether its sample was a gas; these candidates were: {}.",
            listed(&gases)
        );
        warn(WarningCode::PhaseNotStated, message);
    }
}

fn rivals(searcher: &Searcher, groups: &[SubstanceGroup], warn: &mut impl FnMut(WarningCode, String)) {
    let margin = searcher.method().rival_margin;
    let Some(best) = groups.first() else { return };
    let rivals: Vec<&str> = groups[1..]
        .iter()
        .filter(|group| group.best_first_measure >= best.best_first_measure - margin)
        .map(|group| group.name.as_str())
        .collect();
    if !rivals.is_empty() {
        warn(
            WarningCode::Rivals,
            format!(
                "Within {margin} of the best {} there {}: {}.",
                searcher.method().measure.first_name(),
                match rivals.len() {
                    1 => "is 1 other substance".to_owned(),
                    more => format!("are {more} other substances"),
                },
                listed(&rivals)
            ),
        );
    }
}

fn same_formula(
    best: &SubstanceGroup,
    groups: &[SubstanceGroup],
    warn: &mut impl FnMut(WarningCode, String),
) {
    let Some(formula) = &best.formula else { return };
    // What is filed under its parent has another formula than the one that it states.
    if best.keyed_as_parent {
        return;
    }
    let isomers: BTreeSet<&str> = groups[1..]
        .iter()
        .filter(|group| group.formula.as_ref() == Some(formula) && !group.keyed_as_parent)
        .filter(|group| !group.is_substance_of(best))
        .map(|group| group.name.as_str())
        .collect();
    if !isomers.is_empty() {
        let isomers: Vec<&str> = isomers.into_iter().collect();
        warn(
            WarningCode::SameFormula,
            format!(
                "These candidates have the best one's formula {formula}: {}. Isomers need a retention index, \
                 infrared or reference material to be told apart.",
                listed(&isomers)
            ),
        );
    }
}

fn stereoforms(best: &SubstanceGroup, warn: &mut impl FnMut(WarningCode, String)) {
    if best.stereoforms.len() > 1 {
        let names: Vec<&str> =
            best.stereoforms.iter().filter_map(|form| form.names.first().map(String::as_str)).collect();
        warn(
            WarningCode::Stereoforms,
            format!(
                "The library holds stereoforms that this technique does not tell apart: {}.",
                listed(&names)
            ),
        );
    }
}

fn molecular_ion(best: &Candidate, warn: &mut impl FnMut(WarningCode, String)) {
    let Some(evidence) = &best.molecular_ion else { return };
    if !evidence.query_ions_above.is_empty() {
        let ions: Vec<String> = evidence.query_ions_above.iter().map(|ion| format!("{}", ion.mz)).collect();
        let ions: Vec<&str> = ions.iter().map(String::as_str).collect();
        warn(
            WarningCode::IonsAboveMolecularIon,
            format!(
                "The query has ions that {} ({}) cannot give, above its molecular ion m/z {}: m/z {}.",
                best.name,
                evidence.formula,
                evidence.mz,
                listed(&ions)
            ),
        );
    }
    if evidence.query_relative_intensity == 0.0
        && evidence.library_relative_intensity >= EXPECTED_MOLECULAR_ION_PERCENT
    {
        warn(
            WarningCode::MolecularIonMissing,
            format!(
                "The molecular ion m/z {} of {} ({:.0} % of the base peak in the library) is missing in the query.",
                evidence.mz, best.name, evidence.library_relative_intensity
            ),
        );
    }
}

/// The first names, and how many more there are.
fn listed(names: &[&str]) -> String {
    let shown = names[..names.len().min(NAMES_LISTED)].join(", ");
    match names.len().saturating_sub(NAMES_LISTED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{finding, finding_by, infrared, record};
    use super::*;
    use crate::finding::{Finding, Outcome, Reason};
    use crate::search::Method;

    const PEAKS: [(f64, f64); 5] =
        [(82.0, 999.0), (94.0, 300.0), (105.0, 300.0), (182.0, 800.0), (303.0, 200.0)];

    fn message(finding: &Finding, code: WarningCode) -> Option<&str> {
        finding.warnings.iter().find(|warning| warning.code == code).map(|warning| warning.message.as_str())
    }

    #[test]
    fn rivals_and_isomers_are_named_however_few_hits_are_asked_for() {
        let records = vec![
            record("Cocaine", "", "C17H21NO4", &PEAKS),
            record("Scopolamine", "", "C17H21NO4", &PEAKS),
            record("Other", "", "C17H21NO3S", &[(82.0, 10.0), (40.0, 999.0)]),
        ];
        for top in [1, 10] {
            let finding = finding("ei-default", records.clone(), records[0].clone(), top);
            let rivals = message(&finding, WarningCode::Rivals).unwrap();
            assert!(rivals.contains("is 1 other substance: Scopolamine"), "{rivals}");
            let isomers = message(&finding, WarningCode::SameFormula).unwrap();
            assert!(isomers.contains("Scopolamine") && !isomers.contains("Other"), "{isomers}");
            assert_eq!(finding.hits.len(), top.min(3));
        }
    }

    #[test]
    fn stereoforms_and_a_missing_molecular_ion_are_named() {
        let records = vec![
            record("Ephedrine", "KWGRBVOPPLSCSI-WPRPVWTQSA-N", "C17H21NO4", &PEAKS),
            record("Pseudoephedrine", "KWGRBVOPPLSCSI-WCBMZHEXSA-N", "C17H21NO4", &PEAKS),
        ];
        let mut query = record("query", "", "", &PEAKS[..4]);
        let crate::spectrum::Spectrum::Mass(mass) = &mut query.spectrum else {
            panic!("a mass spectrum was made")
        };
        mass.acquisition.technique = Some(Technique::TandemMassSpectrometry);
        let finding = finding("ei-default", records, query, 10);
        let stereoforms = message(&finding, WarningCode::Stereoforms).unwrap();
        assert!(stereoforms.contains("Ephedrine, Pseudoephedrine"), "{stereoforms}");
        // 200 of 999 is 20 %.
        let missing = message(&finding, WarningCode::MolecularIonMissing).unwrap();
        assert!(missing.contains("m/z 303") && missing.contains("(20 %"), "{missing}");
        assert!(message(&finding, WarningCode::OtherTechnique).is_some());
        assert!(message(&finding, WarningCode::Rivals).is_none(), "both are one substance");
        assert!(message(&finding, WarningCode::SameFormula).is_none());
    }

    #[test]
    fn a_line_in_the_place_of_measured_points_is_told() {
        let text = include_str!("../../methods/ir-default.toml");
        let left_out = r#"{ step = "leave_out", ranges_cm1 = [[2280.0, 2400.0]] }"#;
        let bridged = r#"{ step = "bridge_ranges", ranges_cm1 = [[2280.0, 2400.0], [3990.0, 4000.0]], edge_points = 3 }"#;
        assert!(text.contains(left_out));
        let messages = |text: &str| {
            let query = infrared("query", |x| 1.0 / (1.0 + (x - 1_700.0) * (x - 1_700.0) / 400.0));
            let finding = finding_by(Method::from_toml(text).unwrap(), vec![query.clone()], query, 10);
            let of_bridges = |warning: &&Warning| warning.code == WarningCode::BridgedPoints;
            finding
                .warnings
                .iter()
                .filter(of_bridges)
                .map(|warning| warning.message.clone())
                .collect::<Vec<_>>()
        };
        assert!(messages(text).is_empty());
        let told = messages(&text.replace(left_out, bridged));
        // From 2280 to 2400 in steps of 2; from 3990 on there are no points behind.
        assert!(told[0].starts_with("61 measured points of the query were replaced by a line"), "{told:?}");
        assert!(told[1].starts_with("6 points of the query that the method replaces"), "{told:?}");
        assert_eq!(told.len(), 2);
    }

    #[test]
    fn each_reason_is_given_where_it_holds() {
        let library = vec![record("Cocaine", "", "C17H21NO4", &PEAKS)];
        let reasons = |method: &str, peaks: &[(f64, f64)], top| {
            let found = finding(method, library.clone(), record("query", "", "", peaks), top);
            let Outcome::Inconclusive { reasons } = found.outcome.outcome;
            reasons
        };
        use Reason::{FewPeaks, NoCalibration, NoComparablePeaks, NothingCompared, NothingInCommon};
        assert_eq!(reasons("ei-default", &PEAKS, 10), [NoCalibration]);
        assert_eq!(reasons("ei-default", &PEAKS, 0), [NoCalibration]);
        assert_eq!(reasons("ei-default", &[], 10), [NoCalibration, NoComparablePeaks, NothingCompared]);
        assert_eq!(reasons("ei-default", &PEAKS[..4], 10), [NoCalibration, FewPeaks]);
        let with_zero = [&PEAKS[..4], &[(400.0, 0.0)]].concat();
        assert_eq!(reasons("nist-identity", &with_zero, 10), [NoCalibration, FewPeaks]);
        assert_eq!(reasons("ei-default", &[(300.0, 1.0)], 10), [NoCalibration, FewPeaks, NothingInCommon]);
        // The query states no molecular mass, which the hybrid search needs.
        assert_eq!(reasons("nist-hybrid", &PEAKS, 10), [NoCalibration, NothingCompared]);
    }
}
