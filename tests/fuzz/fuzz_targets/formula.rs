//! Parses arbitrary text as a formula; what parses is written and read back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use probity::chem::Formula;

fuzz_target!(|text: &str| {
    if let Ok(formula) = text.parse::<Formula>() {
        let again: Formula = formula.to_string().parse().expect("a written formula is a formula");
        assert_eq!(again, formula);
    }
});
