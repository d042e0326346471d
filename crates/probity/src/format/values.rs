//! Values of metadata fields as files write them, shared by the readers.

use super::number::{parse_number, parse_number_or_decimal_comma};
use crate::spectrum::Polarity;

/// Whether a value only says that there is none. Such a field counts as absent and is not reported.
pub(crate) fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    value.is_empty()
        || value.bytes().all(|byte| byte == b'-')
        || ["na", "n/a", "nan", "null", "none"].iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// The sign of the ions: `P`, `Positive`, `POSITIVE`, `pos`, `+` and the like.
pub(crate) fn parse_polarity(value: &str) -> Option<Polarity> {
    let value = value.trim().to_ascii_lowercase();
    match value.as_str() {
        "p" | "pos" | "positive" | "+" | "1+" | "esi+" => Some(Polarity::Positive),
        "n" | "neg" | "negative" | "-" | "1-" | "esi-" => Some(Polarity::Negative),
        _ => None,
    }
}

/// A charge with its sign: `1`, `+2`, `2+`, `-1`, `1-`; none for 0.
pub(crate) fn parse_charge(value: &str) -> Option<i32> {
    let value = value.trim();
    let (digits, negative) = if let Some(digits) = value.strip_suffix('-') {
        (digits, true)
    } else if let Some(digits) = value.strip_suffix('+') {
        (digits, false)
    } else if let Some(digits) = value.strip_prefix('-') {
        (digits, true)
    } else {
        (value.strip_prefix('+').unwrap_or(value), false)
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let charge = digits.parse::<i32>().ok().filter(|&charge| charge != 0)?;
    Some(if negative { -charge } else { charge })
}

/// The level of mass spectrometry in words like `MS`, `MS2`, `MS/MS`, `ms3` or a bare digit; only the
/// first word counts (`MS1 in-source CID` is level 1).
pub(crate) fn parse_ms_level(value: &str) -> Option<u8> {
    let word = value.split_whitespace().next()?.to_ascii_lowercase();
    match word.as_str() {
        "ms" => return Some(1),
        "ms/ms" | "msms" | "ms-ms" => return Some(2),
        _ => {}
    }
    let digits = word.strip_prefix("ms").unwrap_or(&word).trim_start_matches('^');
    digits.parse().ok().filter(|level| (1..=20).contains(level))
}

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
    if is_placeholder(number) {
        return RetentionIndex::Absent;
    }
    match parse_number_or_decimal_comma(number) {
        Some(0.0) => RetentionIndex::Absent,
        Some(index) if index > 0.0 => RetentionIndex::Single(index),
        _ => RetentionIndex::Unknown,
    }
}

/// The unit of a retention time that is written without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeUnit {
    Seconds,
    Minutes,
    /// The format does not say.
    Unstated,
}

/// A retention time in seconds. A unit in the value (`7.66 min`, `460 s`) goes before `unit`; `None`
/// where the value is no time of at least 0 or its unit is not known.
pub(crate) fn parse_retention_time(value: &str, unit: TimeUnit) -> Option<f64> {
    let value = value.trim();
    let split = value.find(|c: char| c.is_alphabetic() && c != 'e' && c != 'E').unwrap_or(value.len());
    let (number, stated) = value.split_at(split);
    let unit = match stated.trim().to_ascii_lowercase().trim_end_matches('.') {
        "" => unit,
        "s" | "sec" | "secs" | "seconds" => TimeUnit::Seconds,
        "m" | "min" | "mins" | "minutes" => TimeUnit::Minutes,
        _ => return None,
    };
    let time = parse_number_or_decimal_comma(number).filter(|&time| time >= 0.0)?;
    match unit {
        TimeUnit::Seconds => Some(time),
        TimeUnit::Minutes => Some(time * 60.0),
        TimeUnit::Unstated => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_say_nothing() {
        for value in ["", " ", "NA", "n/a", "-", "--", "nan", "NULL", "None"] {
            assert!(is_placeholder(value), "{value}");
        }
        assert!(!is_placeholder("0") && !is_placeholder("Na"[..1].into()));
    }

    #[test]
    fn charges_have_their_sign_before_or_behind() {
        for (value, charge) in [("1", 1), ("+2", 2), ("2+", 2), ("-1", -1), ("3-", -3)] {
            assert_eq!(parse_charge(value), Some(charge), "{value}");
        }
        for value in ["", "0", "+", "+-1", "1+ and 2+", "99999999999"] {
            assert_eq!(parse_charge(value), None, "{value}");
        }
    }

    #[test]
    fn levels_of_mass_spectrometry() {
        for (value, level) in
            [("MS", 1), ("MS1 in-source CID", 1), ("ms2", 2), ("MS/MS", 2), ("MS^3", 3), ("2", 2)]
        {
            assert_eq!(parse_ms_level(value), Some(level), "{value}");
        }
        for value in ["EI", "", "MS0", "MSn", "mass"] {
            assert_eq!(parse_ms_level(value), None, "{value}");
        }
    }

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

    #[test]
    fn a_retention_time_needs_a_unit() {
        assert_eq!(parse_retention_time("1.5", TimeUnit::Minutes), Some(90.0));
        assert_eq!(parse_retention_time("90", TimeUnit::Seconds), Some(90.0));
        assert_eq!(parse_retention_time("1.5 min", TimeUnit::Unstated), Some(90.0));
        assert_eq!(parse_retention_time("90 sec", TimeUnit::Minutes), Some(90.0));
        assert_eq!(parse_retention_time("90", TimeUnit::Unstated), None);
        assert_eq!(parse_retention_time("-1", TimeUnit::Minutes), None);
        assert_eq!(parse_retention_time("7 parsec", TimeUnit::Minutes), None);
    }
}
