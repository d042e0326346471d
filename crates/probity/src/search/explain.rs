//! How a measure's value comes about.

use super::measure::Measure;
use super::measure_value::MeasureInfo;
use super::prepared::Prepared;
use crate::error::Result;
use crate::similarity::explanation::Explanation;
use crate::similarity::nist_match_factor::{NistScore, NistSearch, nist_match_factor};
use crate::similarity::stein_scott_composite::stein_scott_composite;

/// How many pairs of peaks an explanation lists, the most intense first.
const PAIRS_LISTED: usize = 10;

impl Measure {
    /// The first measure as a tree: the parts of its formula, the other measures, and the pairs of
    /// peaks that count most. The root's value is the measure's own, bit for bit.
    pub(super) fn explain(&self, query: &Prepared, library: &Prepared) -> Result<Explanation> {
        let values = self.values(query, library)?;
        let described = |name: &'static str| match MeasureInfo::named(name) {
            Some(info) => {
                format!(
                    "{} ({}–{}), {}",
                    name.replace('_', " "),
                    info.minimum,
                    info.maximum,
                    info.description
                )
            }
            None => name.replace('_', " "),
        };
        let mut children = self.parts(query, library)?;
        children
            .extend(values[1..].iter().map(|value| Explanation::leaf(described(value.name), value.value)));
        children.push(self.pairs(query, library)?);
        Ok(Explanation::node(described(values[0].name), values[0].value, children))
    }

    /// The terms of the formula.
    fn parts(&self, query: &Prepared, library: &Prepared) -> Result<Vec<Explanation>> {
        let (Prepared::UnitMass(q), Prepared::UnitMass(l)) = (query, library) else { return Ok(Vec::new()) };
        Ok(match self {
            Self::NistIdentity {} => nist_parts(&nist_match_factor(&q.nist, &l.nist, NistSearch::Identity)),
            Self::NistSimple {} => nist_parts(&nist_match_factor(&q.nist, &l.nist, NistSearch::Simple)),
            Self::SteinScottComposite { .. } => {
                // Whole and at most u32::MAX: the peaks of unit-mass spectra are.
                let lowest_mz = self.lowest_mz(query, library) as u32;
                let score =
                    stein_scott_composite((&q.weighted, &l.weighted), (&q.ratio, &l.ratio), lowest_mz);
                vec![
                    Explanation::leaf("squared cosine of weighted peaks (0–1)", score.squared_cosine),
                    Explanation::leaf("mean ratio of neighbouring common peaks (0–1)", score.ratio_term),
                    Explanation::leaf("peaks of the query in the common range", f64::from(score.query_peaks)),
                    Explanation::leaf("peaks of both", f64::from(score.common_peaks)),
                    Explanation::leaf("lowest m/z compared", f64::from(lowest_mz)),
                ]
            }
            _ => Vec::new(),
        })
    }

    fn pairs(&self, query: &Prepared, library: &Prepared) -> Result<Explanation> {
        let alignment = self.align(query, library)?;
        let (query_peaks, library_peaks) = (alignment.query, alignment.library);
        let product = |&(q, l): &(usize, usize)| query_peaks.intensity()[q] * library_peaks.intensity()[l];
        let mut pairs = alignment.pairs.clone();
        pairs.sort_by(|a, b| product(b).total_cmp(&product(a)).then(a.cmp(b)));
        let listed = pairs
            .iter()
            .take(PAIRS_LISTED)
            .map(|&(q, l)| {
                Explanation::node(
                    format!(
                        "m/z {} of the query, {} of the reference",
                        query_peaks.mz()[q],
                        library_peaks.mz()[l]
                    ),
                    product(&(q, l)),
                    vec![
                        Explanation::leaf("intensity in the query", query_peaks.intensity()[q]),
                        Explanation::leaf("intensity in the reference", library_peaks.intensity()[l]),
                    ],
                )
            })
            .collect();
        Ok(Explanation::node(
            format!("pairs of peaks, the {PAIRS_LISTED} with the largest product of intensities listed"),
            pairs.len() as f64,
            listed,
        ))
    }
}

fn nist_parts(score: &NistScore) -> Vec<Explanation> {
    vec![
        Explanation::leaf("dot product t₁ (0–1)", score.dot_product),
        Explanation::leaf("reverse dot product (0–1)", score.reverse_dot_product),
        Explanation::leaf("ratio term t₂ (0–1)", score.ratio_term),
        Explanation::leaf("common peaks n₁", f64::from(score.common_peaks)),
        Explanation::leaf("ratios n₂", f64::from(score.ratios)),
    ]
}
