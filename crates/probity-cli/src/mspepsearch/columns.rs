//! The further columns that options and codes of `/COL` ask for.

use anyhow::bail;
use probity::report::nist_search::HitColumn;

/// The columns that an option adds, by its name in lower case; `None` for other options.
pub(super) fn columns_of_option(name: &str) -> Option<&'static [HitColumn]> {
    Some(match name {
        "outmw" => &[HitColumn::LibraryMw],
        "outcas" | "outcasrn" => &[HitColumn::Cas],
        "outchemform" => &[HitColumn::Formula],
        "outik" => &[HitColumn::UnknownInchiKey, HitColumn::InchiKey],
        "outnistrn" => &[HitColumn::NistNumber],
        "outnummp" => &[HitColumn::MatchedPeaks],
        "outnumpk" => &[HitColumn::Peaks],
        "outsrchnumpk" => &[HitColumn::UnknownPeaks],
        _ => return None,
    })
}

/// The columns that a code of `/COL` adds.
pub(super) fn columns_of_code(code: &str) -> anyhow::Result<&'static [HitColumn]> {
    Ok(match code {
        "dw" => &[HitColumn::DeltaMw],
        "dz" => &[HitColumn::DeltaMz],
        "ik" => &[HitColumn::UnknownInchiKey, HitColumn::InchiKey],
        "nm" => &[HitColumn::MatchedPeaks],
        "np" => &[HitColumn::Peaks],
        "qp" => &[HitColumn::UnknownPeaks],
        _ => bail!("the column {code} of /COL is not offered; those that are: dw, dz, ik, nm, np, qp"),
    })
}
