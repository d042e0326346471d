//! What a measure is, so that its number means something.

use serde::Serialize;

/// Which of two values tells of more likeness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// The higher one.
    Higher,
    /// The lower one.
    Lower,
}

/// A measure in words, to be shown with every value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MeasureDescription {
    /// The name, in the words of the field.
    pub name: &'static str,
    /// The lowest value that can occur.
    pub lowest: f64,
    /// The highest value that can occur.
    pub highest: f64,
    /// Which direction is the better one.
    pub better: Better,
    /// What the number is, in one sentence.
    pub definition: &'static str,
}

impl MeasureDescription {
    /// The value of a curve compared with itself.
    #[must_use]
    pub fn best(&self) -> f64 {
        match self.better {
            Better::Higher => self.highest,
            Better::Lower => self.lowest,
        }
    }

    /// Whether one value tells of more likeness than another.
    #[must_use]
    pub fn is_better(&self, value: f64, than: f64) -> bool {
        match self.better {
            Better::Higher => value > than,
            Better::Lower => value < than,
        }
    }
}
