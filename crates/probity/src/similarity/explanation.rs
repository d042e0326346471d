//! Why a number is what it is: a tree of the terms that enter it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A value, what it is, and the terms that it is made of. The root's value is the score itself, bit
/// for bit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// What the value is, in the words of a chemist.
    pub description: String,
    /// The value; its unit stands in the description.
    pub value: f64,
    /// The terms that enter the value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Explanation>,
}

impl Explanation {
    /// A value without terms.
    #[must_use]
    pub fn leaf(description: impl Into<String>, value: f64) -> Self {
        Self { description: description.into(), value, children: Vec::new() }
    }

    /// The same value with its terms.
    #[must_use]
    pub fn with(mut self, children: Vec<Explanation>) -> Self {
        self.children = children;
        self
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        // Up to six decimals tell all that an analyst can use; whole numbers are counts.
        let number = format!("{:.6}", self.value);
        let number = number.trim_end_matches('0').trim_end_matches('.');
        writeln!(f, "{:indent$}{number}  {}", "", self.description, indent = 2 * depth)?;
        self.children.iter().try_for_each(|child| child.write(f, depth + 1))
    }
}

/// An indented tree, one value a line.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

/// What one peak contributes to a sum over common peaks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contribution {
    pub(crate) mz: i64,
    pub(crate) query: f64,
    pub(crate) library: f64,
    pub(crate) term: f64,
}

/// How many peaks an explanation names.
const NAMED_PEAKS: usize = 10;

/// The sum over common peaks with the terms of the ten peaks that contribute most (ties: lower m/z).
pub(crate) fn explain_sum(
    description: &str,
    total: f64,
    mut contributions: Vec<Contribution>,
) -> Explanation {
    let peaks = contributions.len();
    contributions.sort_by(|a, b| b.term.total_cmp(&a.term).then(a.mz.cmp(&b.mz)));
    contributions.truncate(NAMED_PEAKS);
    let named: Vec<Explanation> = contributions
        .iter()
        .map(|peak| {
            Explanation::leaf(
                format!("m/z {}: query {}, library {}", peak.mz, short(peak.query), short(peak.library)),
                peak.term,
            )
        })
        .collect();
    let description = if peaks > named.len() {
        format!("{description}; the {} largest of {peaks} terms:", named.len())
    } else {
        description.to_owned()
    };
    Explanation::leaf(description, total).with(named)
}

fn short(abundance: f64) -> String {
    let text = format!("{abundance:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_indented_and_survives_json() {
        let tree = Explanation::leaf("match factor", 951.0).with(vec![
            Explanation::leaf("dot product", 0.951_055).with(vec![Explanation::leaf("sum", 12.5)]),
        ]);
        assert_eq!(tree.to_string(), "951  match factor\n  0.951055  dot product\n    12.5  sum\n");
        let json = serde_json::to_string(&tree).unwrap();
        assert_eq!(serde_json::from_str::<Explanation>(&json).unwrap(), tree);
    }

    #[test]
    fn a_sum_names_its_ten_largest_terms() {
        let contributions: Vec<Contribution> = (0..12_i32)
            .map(|i| Contribution { mz: i64::from(40 + i), query: 1.0, library: 2.0, term: f64::from(i % 6) })
            .collect();
        let sum = explain_sum("sum", 30.0, contributions);
        assert_eq!(sum.children.len(), 10);
        assert!(sum.children[0].description.starts_with("m/z 45:"), "{}", sum.children[0].description);
        assert!(sum.children[1].description.starts_with("m/z 51:"));
        assert!(sum.description.contains("10 largest of 12"));
    }
}
