//! Lines of two columns, and headers that name them.

use crate::format::number::parse_number;

/// A pair of numbers, and whether commas were read as decimal signs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) decimal_comma: bool,
}

/// A line without blanks, byte order marks and the end-of-file mark of DOS.
pub(super) fn trim(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{1a}'))
}

impl Pair {
    /// The pair of numbers that a line is, if it is one.
    pub(super) fn of(line: &str) -> Option<Self> {
        let divides = |c: char| c.is_whitespace() || c == ';';
        let mut columns =
            line.split(divides).map(|column| column.trim_matches('"')).filter(|column| !column.is_empty());
        let (first, second, third) = (columns.next()?, columns.next(), columns.next());
        if third.is_some() {
            return None;
        }
        let Some(second) = second else {
            // Only a comma can divide them.
            let (x, y) = first.split_once(',')?;
            let (x, y) = (x.trim_matches('"'), y.strip_suffix(',').unwrap_or(y).trim_matches('"'));
            return Some(Self { x: number(x)?, y: number(y)?, decimal_comma: false });
        };
        // In "41, 29" the comma divides.
        let (first, second) =
            (first.strip_suffix(',').unwrap_or(first), second.strip_suffix(',').unwrap_or(second));
        if let (Some(x), Some(y)) = (number(first), number(second)) {
            return Some(Self { x, y, decimal_comma: false });
        }
        let decimal = |text: &str| number(&text.replacen(',', ".", 1));
        Some(Self { x: decimal(first)?, y: decimal(second)?, decimal_comma: true })
    }
}

/// A number, or NaN for `NaN`: what becomes of that, the caller decides and says.
fn number(text: &str) -> Option<f64> {
    parse_number(text).or_else(|| text.eq_ignore_ascii_case("nan").then_some(f64::NAN))
}

/// The two columns that a header names, divided by a tab, a semicolon, a comma or, if it is two words, a blank.
pub(super) fn header_columns(line: &str) -> Option<(String, String)> {
    let divided = ['\t', ';', ','].into_iter().find_map(|separator| two(split_quoted(line, separator)));
    divided.or_else(|| two(line.split_whitespace().map(str::to_owned).collect()))
}

fn two(columns: Vec<String>) -> Option<(String, String)> {
    <[String; 2]>::try_from(columns).ok().map(|[first, second]| (first, second))
}

/// The columns of a line; a separator within double quotes does not divide, two quotes there are one.
fn split_quoted(line: &str, separator: char) -> Vec<String> {
    let (mut columns, mut quoted) = (vec![String::new()], false);
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '"' && quoted && rest.peek() == Some(&'"') {
            rest.next();
        } else if c == '"' {
            quoted = !quoted;
            continue;
        } else if c == separator && !quoted {
            columns.push(String::new());
            continue;
        }
        columns.last_mut().into_iter().for_each(|column| column.push(c));
    }
    columns.into_iter().map(|column| column.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_name_two_columns_or_none() {
        for line in ["cm-1,A", "cm-1;A", "cm-1\tA", "cm-1 A", "\"cm-1\", \"A\""] {
            assert_eq!(header_columns(line), Some(("cm-1".to_owned(), "A".to_owned())), "{line}");
        }
        assert_eq!(header_columns("x,\"a, \"\"b\"\"\""), Some(("x".to_owned(), "a, \"b\"".to_owned())));
        assert_eq!(header_columns("Wavenumber (cm-1)\t% T").unwrap().1, "% T");
        for line in ["one", "a,b,c", "three words here"] {
            assert_eq!(header_columns(line), None, "{line}");
        }
    }

    #[test]
    fn numbers_in_all_spellings() {
        for (line, decimal_comma) in [
            ("3.991926e+002,-9.079000e-002", false),
            ("399.1926\t-0.09079", false),
            ("399,1926;-0,09079", true),
            ("399,1926 -9,079E-002", true),
            ("\"399.1926\",\"-0.09079\"", false),
        ] {
            let pair = Pair::of(line).unwrap();
            assert_eq!((pair.x, pair.y, pair.decimal_comma), (399.1926, -0.09079, decimal_comma), "{line}");
        }
    }
}
