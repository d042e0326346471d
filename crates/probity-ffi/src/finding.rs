//! A whole answer.

use std::ffi::c_char;
use std::ptr;
use std::sync::{Arc, OnceLock};

use probity::finding::{Candidate, Finding, Outcome, Reason, WarningCode};
use probity::search::{Hit, HitList};
use serde_json::Value;

use crate::error::{Failure, Result, probity_error};
use crate::evidence::{Columns, probity_evidence};
use crate::ffi;
use crate::group::{Group, probity_group};
use crate::hit_list::probity_hit_list;
use crate::json::json_text;
use crate::searcher::Shared;
use crate::text::Text;

/// Candidates are listed, none is singled out; the reasons say why.
pub const PROBITY_OUTCOME_INCONCLUSIVE: i32 = 1;
/// An outcome that this header has no number for.
pub const PROBITY_OUTCOME_OTHER: i32 = 100;

/// The answer to one query: hits with what speaks for and against them, groups, outcome and warnings. It is never
/// changed, threads may share it, and it may outlive all other handles.
#[derive(Debug)]
pub struct probity_finding {
    finding: Finding,
    hits: probity_hit_list,
    groups: Vec<Group>,
    evidence: Vec<OnceLock<Columns>>,
    outcome: i32,
    outcome_name: Text,
    reasons: Vec<Coded>,
    warnings: Vec<Coded>,
    statement: Text,
    digest: Text,
    json: OnceLock<Text>,
}

/// A sentence with the name of its kind.
#[derive(Debug)]
struct Coded {
    code: Text,
    sentence: Text,
}

impl probity_finding {
    pub(crate) fn new(shared: Arc<Shared>, finding: Finding) -> Self {
        let hits = finding.hits.iter().map(hit_of).collect();
        let (outcome, reasons) = match &finding.outcome.outcome {
            Outcome::Inconclusive { reasons } => (PROBITY_OUTCOME_INCONCLUSIVE, &reasons[..]),
            _ => (PROBITY_OUTCOME_OTHER, &[][..]),
        };
        let warning = |code: WarningCode, message: &str| Coded {
            code: Text::new(name_of(serde_json::to_value(code).ok())),
            sentence: Text::new(message),
        };
        let reason = |reason: &Reason| Coded {
            code: Text::new(name_of(serde_json::to_value(reason).ok())),
            sentence: Text::new(reason.sentence()),
        };
        let kind = serde_json::to_value(&finding.outcome.outcome).ok();
        Self {
            hits: probity_hit_list::new(shared, HitList { hits, counts: finding.counts }),
            groups: finding.groups.iter().map(Group::of).collect(),
            evidence: finding.hits.iter().map(|_| OnceLock::new()).collect(),
            outcome,
            outcome_name: Text::new(name_of(kind.and_then(|kind| kind.get("kind").cloned()))),
            reasons: reasons.iter().map(reason).collect(),
            warnings: finding.warnings.iter().map(|found| warning(found.code, &found.message)).collect(),
            statement: Text::new(finding.heading.statement),
            digest: Text::new(finding.digest.as_str()),
            json: OnceLock::new(),
            finding,
        }
    }

    fn json(&self) -> Result<&Text> {
        if let Some(text) = self.json.get() {
            return Ok(text);
        }
        let text = json_text(&self.finding)?;
        Ok(self.json.get_or_init(|| Text::new(text)))
    }

    /// Appends the JSON, which is not kept.
    pub(crate) fn write_json(&self, bytes: &mut Vec<u8>) -> Result<()> {
        bytes.extend(json_text(&self.finding)?.into_bytes());
        Ok(())
    }
}

fn hit_of(candidate: &Candidate) -> Hit {
    Hit {
        rank: candidate.rank,
        entry_id: candidate.entry_id,
        measures: candidate.measures.clone(),
        retention_index_penalty: candidate.retention_index_penalty,
        retention_index_difference: candidate.retention_index_difference,
    }
}

/// The name under which JSON has it.
fn name_of(value: Option<Value>) -> String {
    value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// ---- Findings: hits with evidence, outcome and warnings ----
///
/// Ends a finding. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_free(finding: *mut probity_finding) {
    ffi::free!(finding);
}

/// The whole answer as JSON, as crates/probity/schema/finding.schema.json describes it. It lives as long as the
/// finding. `length` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_json(
    finding: *const probity_finding,
    json: *mut *const c_char,
    length: *mut usize,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (finding, json) = (ffi::borrow!(finding)?, ffi::out!(json)?);
        let length = ffi::optional!(length)?;
        let text = finding.json()?;
        json.write(text.pointer());
        ffi::write_if(length, text.length());
        Ok(())
    })
}

/// SHA-256 of the answer but for the path of the query's file, 64 hexadecimal digits. It lives as long as the finding.
/// NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_digest(finding: *const probity_finding) -> *const c_char {
    ffi::get!(finding, ptr::null(), |finding| finding.digest.pointer())
}

/// What the finding is not; to be shown under every report. It lives as long as the finding. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_statement(finding: *const probity_finding) -> *const c_char {
    ffi::get!(finding, ptr::null(), |finding| finding.statement.pointer())
}

/// The hits, which live as long as the finding and must not be freed. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_hits(finding: *const probity_finding) -> *const probity_hit_list {
    ffi::get!(finding, ptr::null(), |finding| ptr::from_ref(&finding.hits))
}

/// Ions or bands of a hit (from 0): one of the PROBITY_EVIDENCE kinds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_evidence(
    finding: *const probity_finding,
    hit_index: usize,
    which: i32,
    evidence: *mut probity_evidence,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let finding = ffi::borrow!(finding)?;
        let candidates = &finding.finding.hits;
        let candidate = candidates.get(hit_index);
        let candidate = candidate.ok_or_else(|| Failure::no_element("hit", hit_index, candidates.len()))?;
        let columns = finding.evidence[hit_index].get_or_init(|| Columns::of(candidate));
        ffi::fill!(evidence, columns.shown(which)?)
    })
}

/// The number of groups: substances, each in one form. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_group_count(finding: *const probity_finding) -> usize {
    ffi::get!(finding, 0, |finding| finding.groups.len())
}

/// A group, from 0, in the order of their best hits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_group(
    finding: *const probity_finding,
    index: usize,
    group: *mut probity_group,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let groups = &ffi::borrow!(finding)?.groups;
        let found = groups.get(index).ok_or_else(|| Failure::no_element("group", index, groups.len()))?;
        ffi::fill!(group, found.shown())
    })
}

/// What may be said: a PROBITY_OUTCOME number. Later versions have more: treat one that you do not know as
/// inconclusive. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_outcome(finding: *const probity_finding) -> i32 {
    ffi::get!(finding, 0, |finding| finding.outcome)
}

/// The outcome as its JSON has it, such as "inconclusive". It lives as long as the finding. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_outcome_name(finding: *const probity_finding) -> *const c_char {
    ffi::get!(finding, ptr::null(), |finding| finding.outcome_name.pointer())
}

/// The number of reasons for the outcome. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_reason_count(finding: *const probity_finding) -> usize {
    ffi::get!(finding, 0, |finding| finding.reasons.len())
}

/// A reason for the outcome, from 0: its name, such as "no_calibration", and a sentence. Both live as long as the
/// finding; either output may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_reason(
    finding: *const probity_finding,
    index: usize,
    code: *mut *const c_char,
    sentence: *mut *const c_char,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let reasons = &ffi::borrow!(finding)?.reasons;
        let reason = reasons.get(index).ok_or_else(|| Failure::no_element("reason", index, reasons.len()))?;
        let (code, sentence) = (ffi::optional!(code)?, ffi::optional!(sentence)?);
        ffi::write_if(code, reason.code.pointer());
        ffi::write_if(sentence, reason.sentence.pointer());
        Ok(())
    })
}

/// The number of warnings. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_warning_count(finding: *const probity_finding) -> usize {
    ffi::get!(finding, 0, |finding| finding.warnings.len())
}

/// Something to look at before a hit is believed, from 0: its name, such as "rivals", and a sentence. Both live as long
/// as the finding; either output may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_warning(
    finding: *const probity_finding,
    index: usize,
    code: *mut *const c_char,
    sentence: *mut *const c_char,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let warnings = &ffi::borrow!(finding)?.warnings;
        let warning =
            warnings.get(index).ok_or_else(|| Failure::no_element("warning", index, warnings.len()))?;
        let (code, sentence) = (ffi::optional!(code)?, ffi::optional!(sentence)?);
        ffi::write_if(code, warning.code.pointer());
        ffi::write_if(sentence, warning.sentence.pointer());
        Ok(())
    })
}
