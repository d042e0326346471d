//! How a measure's value comes about.

use super::Measure;
use super::compare::prepared_for_another;
use crate::error::Result;
use crate::search::measure_value::{MeasureInfo, MeasureValue};
use crate::search::prepared::{Compared, NistMass, Prepared};
use crate::similarity::explanation::Explanation;
use crate::similarity::infrared::Better;
use crate::similarity::nist_hybrid::explain_nist_hybrid;
use crate::similarity::nist_match_factor::{
    explain_nist_identity, explain_nist_identity_reverse, explain_nist_simple, explain_nist_simple_reverse,
};
use crate::similarity::nist_neutral_loss::explain_nist_neutral_loss;
use crate::similarity::stein_scott_composite::explain_stein_scott_composite;
use crate::similarity::weighted_dot_product::explain_weighted_dot_product;

/// How many pairs of peaks an explanation lists, the most intense first.
const PAIRS_LISTED: usize = 10;

impl Measure {
    /// The first measure as a tree of the terms that enter it; the root's value is the measure's own.
    pub(in crate::search) fn explain(&self, query: &Prepared, library: &Prepared) -> Result<Explanation> {
        match (&query.compared, &library.compared) {
            (Compared::Nist(query), Compared::Nist(library)) => self.explain_nist(query, library),
            (Compared::Weighted(query), Compared::Weighted(library)) => {
                let range = self.scan_range(query, library);
                let explain = match self {
                    Self::SteinScottComposite { .. } => explain_stein_scott_composite,
                    _ => explain_weighted_dot_product,
                };
                Ok(explain(&query.spectrum, &library.spectrum, range))
            }
            (Compared::Curve(_), Compared::Curve(_)) => self.explain_curves(query, library),
            _ => self.explain_pairs(query, library),
        }
    }

    /// The value with the other measures of the same pair.
    fn explain_curves(&self, query: &Prepared, library: &Prepared) -> Result<Explanation> {
        let values = self.values(query, &library.compared, None)?;
        let leaf = |value: &MeasureValue| {
            let info = MeasureInfo::named(value.name);
            let description = info.map_or_else(String::new, |info| {
                let best = if info.better == Better::Lower { info.minimum } else { info.maximum };
                format!(
                    "{} ({} to {}, best {best}): {}",
                    info.name, info.minimum, info.maximum, info.description
                )
            });
            Explanation::leaf(description, value.value)
        };
        let first = self.first_name();
        match values.first().filter(|value| value.name == first) {
            Some(value) => Ok(leaf(value).with(values[1..].iter().map(leaf).collect())),
            None => {
                let nothing =
                    "the spectra have no point in common, or one shows nothing at those that they have";
                Ok(Explanation::leaf(format!("{first}: {nothing}"), 0.0))
            }
        }
    }

    fn explain_nist(&self, query: &NistMass, library: &NistMass) -> Result<Explanation> {
        let (q, l) = (query.spectrum.columns(), library.spectrum.columns());
        Ok(match self {
            Self::NistIdentity {} => explain_nist_identity(q, l),
            Self::NistSimple {} => explain_nist_simple(q, l),
            Self::NistIdentityReverse {} => explain_nist_identity_reverse(q, l),
            Self::NistSimpleReverse {} => explain_nist_simple_reverse(q, l),
            Self::NistNeutralLoss {} => explain_nist_neutral_loss(query.molecule(), library.molecule()),
            Self::NistHybrid {} => explain_nist_hybrid(query.molecule(), library.molecule()),
            _ => return Err(prepared_for_another()),
        })
    }

    /// The value with the pairs of peaks that it rests on.
    fn explain_pairs(&self, query: &Prepared, library: &Prepared) -> Result<Explanation> {
        let values = self.values(query, &library.compared, None)?;
        let alignment = self.align(query, library)?;
        let (q, l) = (alignment.query, alignment.library);
        let product = |&(i, j): &(usize, usize)| q.intensity()[i] * l.intensity()[j];
        let mut pairs = alignment.pairs;
        pairs.sort_by(|a, b| product(b).total_cmp(&product(a)).then(a.cmp(b)));
        let listed = pairs
            .iter()
            .take(PAIRS_LISTED)
            .map(|&(i, j)| {
                Explanation::leaf(
                    format!(
                        "product of intensities of m/z {} (query, {}) and m/z {} (library, {})",
                        q.mz()[i],
                        q.intensity()[i],
                        l.mz()[j],
                        l.intensity()[j]
                    ),
                    product(&(i, j)),
                )
            })
            .collect();
        let pairs = Explanation::leaf(
            format!("pairs of peaks; the {PAIRS_LISTED} with the largest product of intensities:"),
            pairs.len() as f64,
        )
        .with(listed);
        let description = match MeasureInfo::named(values[0].name) {
            Some(info) => format!("{} ({}–{})", info.description, info.minimum, info.maximum),
            None => values[0].name.to_owned(),
        };
        Ok(Explanation::leaf(description, values[0].value).with(vec![pairs]))
    }
}
