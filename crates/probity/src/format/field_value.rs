//! Values of metadata fields that mean the same in every text format.

use super::number::parse_number;
use crate::spectrum::{Polarity, Technique};

/// The text without surrounding blanks; `None` where it only says that nothing is known.
pub(crate) fn stated(text: &str) -> Option<&str> {
    let text = text.trim();
    let absent = ["", "-", "NA", "N/A", "NULL", "NONE", "NAN", "UNKNOWN"];
    if absent.iter().any(|word| text.eq_ignore_ascii_case(word)) { None } else { Some(text) }
}

/// The sign of the ions from words such as `POSITIVE`, `P`, `pos`, `+`, `Negative`, `N`, `-`.
pub(crate) fn parse_polarity(text: &str) -> Option<Polarity> {
    let text = text.trim();
    let starts = |word: &str| text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    if text == "+" || text.eq_ignore_ascii_case("p") || starts("pos") {
        Some(Polarity::Positive)
    } else if text == "-" || text.eq_ignore_ascii_case("n") || starts("neg") {
        Some(Polarity::Negative)
    } else {
        None
    }
}

/// A charge: `1+`, `2-`, `+1`, `-2`, `1`; the sign is `None` where the text has none. Charge 0 means
/// that the charge is not known and gives `None`.
pub(crate) fn parse_charge(text: &str) -> Option<(i32, Option<Polarity>)> {
    let text = text.trim();
    let (digits, sign) = if let Some(rest) = text.strip_suffix('+').or_else(|| text.strip_prefix('+')) {
        (rest, Some(Polarity::Positive))
    } else if let Some(rest) = text.strip_suffix('-').or_else(|| text.strip_prefix('-')) {
        (rest, Some(Polarity::Negative))
    } else {
        (text, None)
    };
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size: i32 = digits.parse().ok().filter(|&size| size != 0)?;
    Some((if sign == Some(Polarity::Negative) { -size } else { size }, sign))
}

/// The level of `MS`, `MS1`, `MS2`, `ms3`, `2`.
pub(crate) fn parse_ms_level(text: &str) -> Option<u8> {
    let text = text.trim();
    let digits = match text.get(..2) {
        Some(head) if head.eq_ignore_ascii_case("ms") => &text[2..],
        _ if text.is_empty() => return None,
        _ => text,
    };
    if digits.is_empty() {
        return Some(1);
    }
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|&level| level > 0)
}

/// A number followed by its unit; the unit is everything after the number and may be empty.
pub(crate) fn number_and_unit(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let is_part = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'+' | b'-');
    let bytes = text.as_bytes();
    let mut end = 0;
    while let Some(&byte) = bytes.get(end) {
        let exponent = (byte == b'e' || byte == b'E')
            && end > 0
            && match bytes.get(end + 1) {
                Some(b'+' | b'-') => bytes.get(end + 2).is_some_and(u8::is_ascii_digit),
                Some(next) => next.is_ascii_digit(),
                None => false,
            };
        if !is_part(byte) && !exponent {
            break;
        }
        end += 1;
    }
    Some((parse_number(&text[..end])?, text[end..].trim()))
}

/// Seconds in one of the unit, for the spellings of second, minute, hour and millisecond.
pub(crate) fn seconds_per(unit: &str) -> Option<f64> {
    let unit = unit.trim().trim_end_matches('.').to_ascii_lowercase();
    match unit.as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1.0),
        "min" | "mins" | "minute" | "minutes" => Some(60.0),
        "h" | "hour" | "hours" => Some(3_600.0),
        "ms" | "msec" | "millisecond" | "milliseconds" => Some(0.001),
        _ => None,
    }
}

/// Seconds from a time with its unit: `6.3 min`, `378 s`, `407.982  sec`. A bare number has no known
/// unit and gives `None`.
pub(crate) fn parse_time_s(text: &str) -> Option<f64> {
    let (value, unit) = number_and_unit(text)?;
    Some(value * seconds_per(unit)?).filter(|seconds| seconds.is_finite())
}

/// First and last m/z from `100-1000`, `85 - 500`, `m/z 50-500` or `199.25, 122.50` (put in order).
pub(crate) fn parse_mz_range(text: &str) -> Option<(f64, f64)> {
    let text = text.trim();
    let text = text.strip_prefix("m/z").unwrap_or(text);
    let (first, last) = text.split_once('-').or_else(|| text.split_once(','))?;
    let (first, last) = (parse_number(first)?, parse_number(last)?);
    if first <= 0.0 || last <= 0.0 {
        return None;
    }
    Some(if first <= last { (first, last) } else { (last, first) })
}

/// The technique, as far as the level, the instrument's type (`GC-EI-TOF`) and the ionization say.
pub(crate) fn technique(
    ms_level: Option<u8>,
    instrument_type: Option<&str>,
    ionization: Option<&str>,
) -> Option<Technique> {
    let is_ei = |text: &str| {
        text.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part.eq_ignore_ascii_case("EI"))
            || text.to_ascii_lowercase().starts_with("electron ioni")
    };
    if ms_level.is_some_and(|level| level >= 2) {
        Some(Technique::TandemMassSpectrometry)
    } else if ionization.map_or_else(|| instrument_type.is_some_and(is_ei), is_ei) {
        Some(Technique::ElectronIonization)
    } else if ms_level.is_some() || ionization.is_some() || instrument_type.is_some() {
        Some(Technique::OtherMassSpectrometry)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_say_nothing_are_absent() {
        for text in ["", "  ", "N/A", "na", "null", "-", "NaN"] {
            assert_eq!(stated(text), None, "{text}");
        }
        assert_eq!(stated(" Na "), None);
        assert_eq!(stated(" [M+Na]+ "), Some("[M+Na]+"));
    }

    #[test]
    fn charges_keep_their_sign() {
        let positive = Some(Polarity::Positive);
        let negative = Some(Polarity::Negative);
        for (text, expected) in [
            ("1+", Some((1, positive))),
            ("+2", Some((2, positive))),
            ("2-", Some((-2, negative))),
            ("-1", Some((-1, negative))),
            ("3", Some((3, None))),
            ("0", None),
            ("2+ and 3+", None),
            ("+", None),
            ("--1", None),
            ("99999", None),
        ] {
            assert_eq!(parse_charge(text), expected, "{text}");
        }
    }

    #[test]
    fn levels_polarities_and_ranges() {
        for (text, expected) in
            [("MS", Some(1)), ("MS1", Some(1)), ("ms3", Some(3)), ("2", Some(2)), ("MS2+", None), ("", None)]
        {
            assert_eq!(parse_ms_level(text), expected, "{text}");
        }
        assert_eq!(parse_polarity("POSITIVE"), Some(Polarity::Positive));
        assert_eq!(parse_polarity("N"), Some(Polarity::Negative));
        assert_eq!(parse_polarity("neutral"), None);
        assert_eq!(parse_mz_range("m/z 85-500"), Some((85.0, 500.0)));
        assert_eq!(parse_mz_range("199.25, 122.50"), Some((122.5, 199.25)));
        assert_eq!(parse_mz_range("50 to 500"), None);
    }

    #[test]
    fn a_time_needs_its_unit() {
        // 6.3 min = 378 s.
        assert_eq!(parse_time_s("6.3 min"), Some(378.0));
        assert_eq!(parse_time_s("378 s"), Some(378.0));
        assert_eq!(parse_time_s("407.982  sec"), Some(407.982));
        assert_eq!(parse_time_s("1e2s"), Some(100.0));
        for text in ["3.44", "N/A", "min", "3.4 min (isocratic)", "1e400 min"] {
            assert_eq!(parse_time_s(text), None, "{text}");
        }
    }

    #[test]
    fn product_ions_come_before_the_ion_source() {
        assert_eq!(technique(Some(2), Some("GC-EI-QQ"), None), Some(Technique::TandemMassSpectrometry));
        assert_eq!(technique(Some(1), Some("GC-EI-TOF"), None), Some(Technique::ElectronIonization));
        assert_eq!(technique(None, Some("CI-B"), None), Some(Technique::OtherMassSpectrometry));
        assert_eq!(technique(None, Some("GC-EI-TOF"), Some("CI")), Some(Technique::OtherMassSpectrometry));
        assert_eq!(technique(None, None, None), None);
    }
}
