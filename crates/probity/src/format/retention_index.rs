//! Retention indices as files write them.

use super::field_value::stated;
use super::number::{parse_number, parse_number_or_decimal_comma};

/// What a field on retention index says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum RetentionIndex {
    /// A single index.
    Single(f64),
    /// The index on a semi-standard non-polar column, taken out of a list by kind of column.
    SemiStandardNonPolar(f64),
    /// No index: a placeholder, or 0, which stands for none.
    Absent,
    /// Something else.
    Unknown,
}

/// A retention index as a bare number, in MassBank's words (`RETENTION_INDEX 1051`, `KOVATS_RTI 1200`)
/// or in NIST's list by kind of column (`SemiStdNP=1404/7/125 StdPolar=2568/15/128`, short `s= n= p=`).
/// Of a list only the semi-standard non-polar value is taken: the others are on another scale.
pub(crate) fn parse_retention_index(value: &str) -> RetentionIndex {
    if value.contains('=') {
        let semi_standard = value.split_whitespace().find_map(|word| {
            let (kind, numbers) = word.split_once('=')?;
            let wanted = kind.eq_ignore_ascii_case("SemiStdNP") || kind.eq_ignore_ascii_case("s");
            wanted.then(|| parse_number(numbers.split('/').next().unwrap_or_default())).flatten()
        });
        return match semi_standard {
            Some(index) if index > 0.0 => RetentionIndex::SemiStandardNonPolar(index),
            _ => RetentionIndex::Unknown,
        };
    }
    let mut number = value.trim();
    for word in ["RETENTION_INDEX", "KOVATS_RTI"] {
        if let Some(rest) = number.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word)) {
            number = number[rest.len()..].trim_start();
        }
    }
    if stated(number).is_none() {
        return RetentionIndex::Absent;
    }
    match parse_number_or_decimal_comma(number) {
        Some(0.0) => RetentionIndex::Absent,
        Some(index) if index > 0.0 => RetentionIndex::Single(index),
        _ => RetentionIndex::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retention_indices_in_every_form() {
        use RetentionIndex::{Absent, SemiStandardNonPolar, Single, Unknown};
        for (value, index) in [
            ("1234", Single(1234.0)),
            ("1234,5", Single(1234.5)),
            ("RETENTION_INDEX 1051", Single(1051.0)),
            ("KOVATS_RTI NA", Absent),
            ("RETENTION_INDEX 0.0000", Absent),
            ("SemiStdNP=1404/7/125 StdNP=1361/11/49 StdPolar=2568/15/128", SemiStandardNonPolar(1404.0)),
            ("n=1361/11/49 s=1404.5", SemiStandardNonPolar(1404.5)),
            ("StdPolar=2568/15/128", Unknown),
            ("UOA_RTI 369.98", Unknown),
            ("about 1100", Unknown),
        ] {
            assert_eq!(parse_retention_index(value), index, "{value}");
        }
    }
}
