//! Numbers as files write them.

/// A finite decimal number, with a point or (where `decimal_comma`) a comma; `None` for anything else,
/// NaN and infinity included.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim();
    // `str::parse` also takes "inf", "nan" and "infinity".
    if !text.bytes().next_back().is_some_and(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    text.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// As [`parse_number`], but a single comma between digits counts as the decimal sign.
pub(crate) fn parse_number_or_decimal_comma(text: &str) -> Option<f64> {
    parse_number(text).or_else(|| {
        let (whole, fraction) = text.trim().split_once(',')?;
        if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        parse_number(&format!("{whole}.{fraction}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_finite_decimals_are_numbers() {
        assert_eq!(parse_number(" 1.5e3 "), Some(1500.0));
        assert_eq!(parse_number("-2."), Some(-2.0));
        for text in ["", "nan", "inf", "-infinity", "1e999", "1,5", "0x10", "1.5 eV"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
    }

    #[test]
    fn a_decimal_comma_is_one_comma_before_digits() {
        assert_eq!(parse_number_or_decimal_comma("12,75"), Some(12.75));
        assert_eq!(parse_number_or_decimal_comma("12,75,3"), None);
        assert_eq!(parse_number_or_decimal_comma("12,"), None);
    }
}
