//! The cases of a golden file, each with the tolerance that the file states.

use std::path::Path;

use serde_json::Value;

use super::curve_pair::{ComparedPoints, CurvePair};

/// One case of a golden file.
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) params: Value,
    pub(crate) input: Value,
    pub(crate) expected: Value,
    rtol: f64,
    atol: f64,
}

impl Case {
    /// A column of the input.
    pub(crate) fn column(&self, name: &str) -> Vec<f64> {
        floats(&self.input[name])
    }

    /// The rows of a matrix of the input.
    pub(crate) fn rows(&self, name: &str) -> Vec<Vec<f64>> {
        self.input[name].as_array().unwrap().iter().map(floats).collect()
    }

    /// Meets the pass rule of the golden files.
    pub(crate) fn assert_close(&self, got: f64, expected: f64) {
        let close = (got - expected).abs() <= self.atol + self.rtol * expected.abs();
        assert!(close, "case {}: {got} is not {expected}", self.id);
    }

    /// Meets an expected number.
    pub(crate) fn assert_expected(&self, got: f64, name: &str) {
        self.assert_close(got, self.expected[name].as_f64().unwrap());
    }

    /// Meets an expected column.
    pub(crate) fn assert_column(&self, got: &[f64], expected: &Value) {
        let expected = floats(expected);
        assert_eq!(got.len(), expected.len());
        got.iter().zip(expected).for_each(|(&got, expected)| self.assert_close(got, expected));
    }
}

/// Numbers of a JSON list.
pub(crate) fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// All cases of a golden file.
pub(crate) fn cases(name: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/golden");
    let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let tolerance = |kind: &str| file["tolerance"][kind].as_f64().unwrap();
    let case = |case: &Value| Case {
        id: case["id"].as_str().unwrap().to_owned(),
        params: case["params"].clone(),
        input: case["input"].clone(),
        expected: case["expected"].clone(),
        rtol: tolerance("rtol"),
        atol: tolerance("atol"),
    };
    let cases: Vec<Case> = file["cases"].as_array().unwrap().iter().map(case).collect();
    assert!(!cases.is_empty());
    cases
}

/// Two curves, all points compared.
pub(crate) fn pair_of(first: &[f64], second: &[f64]) -> CurvePair {
    CurvePair::try_new(first, second, ComparedPoints::default()).unwrap()
}

/// A measure of the curves `a` and `b` of a case, with weights.
pub(crate) fn assert_weighted(
    case: &Case,
    weights: &[f64],
    measure: impl Fn(&CurvePair) -> Option<f64>,
    name: &str,
) {
    let (a, b) = (case.column("a"), case.column("b"));
    let points = ComparedPoints { weights: Some(weights), mask: None };
    case.assert_expected(measure(&CurvePair::try_new(&a, &b, points).unwrap()).unwrap(), name);
}
