//! The cases of a golden file, each with the tolerance that the file states.

use serde_json::Value;

use crate::preprocess::ms::tests::{assert_close, floats, golden};

/// One case of a golden file.
pub(super) struct Case {
    pub(super) params: Value,
    pub(super) input: Value,
    pub(super) expected: Value,
    rtol: f64,
    atol: f64,
}

impl Case {
    /// A column of the input.
    pub(super) fn column(&self, name: &str) -> Vec<f64> {
        floats(&self.input[name])
    }

    /// The rows of a matrix.
    pub(super) fn rows(matrix: &Value) -> Vec<Vec<f64>> {
        matrix.as_array().unwrap().iter().map(floats).collect()
    }

    /// A number among the parameters.
    pub(super) fn number(&self, name: &str) -> f64 {
        self.params[name].as_f64().unwrap()
    }

    /// A count among the parameters.
    pub(super) fn count(&self, name: &str) -> usize {
        usize::try_from(self.params[name].as_u64().unwrap()).unwrap()
    }

    /// A word among the parameters.
    pub(super) fn word(&self, name: &str) -> &str {
        self.params[name].as_str().unwrap()
    }

    /// Meets the pass rule of the golden files.
    pub(super) fn assert_close(&self, got: &[f64], expected: &[f64]) {
        assert_close(got, expected, self.rtol, self.atol);
    }

    /// Meets an expected number or column.
    pub(super) fn assert_expected(&self, got: &[f64], name: &str) {
        match &self.expected[name] {
            Value::Number(number) => self.assert_close(got, &[number.as_f64().unwrap()]),
            column => self.assert_close(got, &floats(column)),
        }
    }
}

/// All cases of a golden file.
pub(super) fn cases(name: &str) -> Vec<Case> {
    let file = golden(name);
    let tolerance = |kind: &str| file["tolerance"][kind].as_f64().unwrap();
    let (rtol, atol) = (tolerance("rtol"), tolerance("atol"));
    let take = |case: &Value| {
        let (params, input, expected) =
            (case["params"].clone(), case["input"].clone(), case["expected"].clone());
        Case { params, input, expected, rtol, atol }
    };
    file["cases"].as_array().unwrap().iter().map(take).collect()
}
