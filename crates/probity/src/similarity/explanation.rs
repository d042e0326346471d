//! How a number comes about.

use std::fmt;

use serde::Serialize;

/// A value, what it is, and the values that it was made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// What the value is, with its range where it has one.
    pub description: String,
    /// The value.
    pub value: f64,
    /// What it was made of, in the order of the formula.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Explanation>,
}

impl Explanation {
    /// A value that is not explained further.
    #[must_use]
    pub fn leaf(description: impl Into<String>, value: f64) -> Self {
        Self { description: description.into(), value, children: Vec::new() }
    }

    /// A value made of others.
    #[must_use]
    pub fn node(description: impl Into<String>, value: f64, children: Vec<Self>) -> Self {
        Self { description: description.into(), value, children }
    }

    fn write(&self, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:indent$}{} = {}", "", self.description, self.value, indent = 2 * (depth + 1))?;
        self.children.iter().try_for_each(|child| child.write(depth + 1, f))
    }
}

/// An indented tree, one value a line.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_indented() {
        let tree = Explanation::node("cosine", 0.5, vec![Explanation::leaf("product", 2.0)]);
        assert_eq!(tree.to_string(), "  cosine = 0.5\n    product = 2\n");
    }
}
