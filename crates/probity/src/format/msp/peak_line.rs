//! Peaks as MSP and MSL write them: pairs of numbers between almost any separators.

use crate::format::number::parse_number;
use crate::format::text::Line;
use crate::spectrum::Peak;

/// What a comma between two digits means in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comma {
    /// It separates two numbers, as MSP has it.
    Separator,
    /// It is the decimal sign.
    Decimal,
}

/// One thing found on a line of peaks.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item<'a> {
    /// A pair of numbers and its annotation.
    Peak(Peak, Option<String>),
    /// A piece of text that is no part of a pair, and why.
    Stray(&'a str, &'static str),
}

/// What separates numbers besides a comma.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, ';' | ':' | '(' | ')' | '[' | ']' | '{' | '}')
}

/// A number, or NaN for the words that files write where a number is missing: the shared rule for
/// peaks then leaves the peak out and says so.
fn number(token: &str, comma: Comma) -> Option<f64> {
    let value = if comma == Comma::Decimal && token.contains(',') {
        parse_number(&token.replacen(',', ".", 1))
    } else {
        parse_number(token)
    };
    let unsigned = token.strip_prefix(['-', '+']).unwrap_or(token);
    let no_number = ["nan", "inf", "infinity"].iter().any(|word| unsigned.eq_ignore_ascii_case(word));
    value.or_else(|| no_number.then_some(f64::NAN))
}

/// The first token of `text`, which must not begin with a separator, and the rest.
fn split_token(text: &str, comma: Comma) -> (&str, &str) {
    let bytes = text.as_bytes();
    let between_digits = |index: usize| {
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        index > 0 && digit(bytes.get(index - 1)) && digit(bytes.get(index + 1))
    };
    let end = text
        .char_indices()
        .find(|&(index, c)| {
            is_separator(c) || c == '"' || (c == ',' && !(comma == Comma::Decimal && between_digits(index)))
        })
        .map_or(text.len(), |(index, _)| index);
    text.split_at(end)
}

/// Finds the pairs on a line, in order.
///
/// Two numbers make a pair. A text in double quotes belongs to the pair before it; so does any other
/// text that follows a whole pair, up to the next `;` or the end of the line.
pub(super) fn parse_peak_line<'a>(line: &'a str, comma: Comma, mut found: impl FnMut(Item<'a>)) {
    let mut rest = line;
    let mut mz: Option<(f64, &str)> = None;
    let mut pair: Option<(Peak, Option<String>)> = None;
    loop {
        rest = rest.trim_start_matches(|c| is_separator(c) || c == ',');
        if rest.is_empty() {
            break;
        }
        if let Some(quoted) = rest.strip_prefix('"') {
            let (text, after) = quoted.split_once('"').unwrap_or((quoted, ""));
            rest = after;
            match (&mut pair, mz) {
                (Some((_, annotation)), None) => annotate(annotation, text),
                _ => found(Item::Stray(text, "it annotates no peak")),
            }
            continue;
        }
        let (token, after) = split_token(rest, comma);
        if token.is_empty() {
            break;
        }
        match (number(token, comma), mz.take(), &mut pair) {
            (Some(intensity), Some((mz, _)), _) => {
                if let Some((peak, annotation)) = pair.replace((Peak { mz, intensity }, None)) {
                    found(Item::Peak(peak, annotation));
                }
                rest = after;
            }
            (Some(value), None, _) => {
                mz = Some((value, token));
                rest = after;
            }
            (None, None, Some((_, annotation))) => {
                let (text, after) = rest.split_once(';').unwrap_or((rest, ""));
                annotate(annotation, text);
                rest = after;
            }
            (None, _, _) => {
                found(Item::Stray(token, "it is not a number"));
                rest = after;
            }
        }
    }
    if let Some((peak, annotation)) = pair {
        found(Item::Peak(peak, annotation));
    }
    if let Some((_, token)) = mz {
        found(Item::Stray(token, "it has no partner"));
    }
}

/// Adds to an annotation; an empty one is none.
fn annotate(annotation: &mut Option<String>, text: &str) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    match annotation {
        Some(known) => {
            known.push(' ');
            known.push_str(text);
        }
        None => *annotation = Some(text.to_owned()),
    }
}

/// The number of pairs on the lines, and whether no number is left over.
pub(super) fn count_pairs(lines: &[Line<'_>], comma: Comma) -> (u64, bool) {
    let (mut pairs, mut whole) = (0, true);
    for line in lines {
        parse_peak_line(line.text, comma, |item| match item {
            Item::Peak(..) => pairs += 1,
            Item::Stray(..) => whole = false,
        });
    }
    (pairs, whole)
}

/// What a comma between digits means in these lines of one record.
///
/// MSP allows a comma between m/z and intensity, and some programs write decimal commas. The reading
/// that gives the stated number of peaks wins, then the one that leaves no number over; in doubt a
/// comma separates.
pub(super) fn comma_in(lines: &[Line<'_>], stated: Option<u64>) -> Comma {
    let is_ambiguous = |line: &Line<'_>| {
        line.text
            .as_bytes()
            .windows(3)
            .any(|window| window[1] == b',' && window[0].is_ascii_digit() && window[2].is_ascii_digit())
    };
    if !lines.iter().any(is_ambiguous) {
        return Comma::Separator;
    }
    let (separated, separated_whole) = count_pairs(lines, Comma::Separator);
    let (decimal, decimal_whole) = count_pairs(lines, Comma::Decimal);
    let separator_fits = separated_whole && stated.is_none_or(|stated| stated == separated);
    let decimal_fits = decimal_whole && stated.is_none_or(|stated| stated == decimal);
    if decimal > 0 && (!separator_fits && decimal_fits || !separated_whole && decimal_whole) {
        Comma::Decimal
    } else {
        Comma::Separator
    }
}

/// Whether a line begins with a number, behind any separators.
pub(super) fn starts_with_number(line: &str) -> bool {
    let text = line.trim_start_matches(|c| is_separator(c) || c == ',');
    let (token, _) = split_token(text, Comma::Separator);
    number(token, Comma::Separator).is_some()
}

/// Whether a line begins with a pair of numbers.
pub(super) fn starts_with_pair(line: &str) -> bool {
    let mut first = None;
    parse_peak_line(line, Comma::Separator, |item| {
        first.get_or_insert(matches!(item, Item::Peak(..)));
    });
    first == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(line: &str, comma: Comma) -> Vec<Item<'_>> {
        let mut items = Vec::new();
        parse_peak_line(line, comma, |item| items.push(item));
        items
    }

    fn peak(mz: f64, intensity: f64, annotation: &str) -> Item<'static> {
        let annotation = Some(annotation.to_owned()).filter(|text| !text.is_empty());
        Item::Peak(Peak { mz, intensity }, annotation)
    }

    #[test]
    fn every_separator_of_the_format_is_understood() {
        let pairs = [peak(41.0, 29.0, ""), peak(43.5, 1e3, "")];
        for line in [
            "41 29; 43.5 1e3;",
            "41\t29\t43.5\t1000",
            "41:29 43.5:1000",
            "41,29;43.5,1000",
            "41, 29, 43.5, 1000",
            "(41 29)(43.5 1000)",
            "( 41   29) ( 43.5 1000) ",
            "[41,29] {43.5,1000}",
        ] {
            assert_eq!(items(line, Comma::Separator), pairs, "{line}");
        }
    }

    #[test]
    fn annotations_follow_their_pair() {
        assert_eq!(
            items("45.034 430.17 \"86/86; a\" 46 7 \"\"", Comma::Separator),
            [peak(45.034, 430.17, "86/86; a"), peak(46.0, 7.0, "")]
        );
        assert_eq!(items("41.2 100 ? 12/12 0.0ppm", Comma::Separator), [peak(41.2, 100.0, "? 12/12 0.0ppm")]);
        assert_eq!(
            items("77 20 C6H5+; 91 30 C7H7+", Comma::Separator),
            [peak(77.0, 20.0, "C6H5+"), peak(91.0, 30.0, "C7H7+")]
        );
        assert_eq!(items("77 20 \"not closed", Comma::Separator), [peak(77.0, 20.0, "not closed")]);
    }

    #[test]
    fn what_is_no_pair_is_named() {
        assert_eq!(
            items("41 29 43", Comma::Separator),
            [peak(41.0, 29.0, ""), Item::Stray("43", "it has no partner")]
        );
        assert_eq!(
            items("41 abc; 43 5", Comma::Separator),
            [Item::Stray("abc", "it is not a number"), peak(43.0, 5.0, "")]
        );
        let Item::Peak(nan, None) = &items("41 NaN", Comma::Separator)[0] else { panic!("no pair") };
        assert!(nan.intensity.is_nan());
        assert_eq!(items("  ;; ", Comma::Separator), []);
    }

    #[test]
    fn a_record_decides_what_its_commas_mean() {
        let comma = |texts: &[&'static str], stated| {
            let lines: Vec<Line<'_>> = texts.iter().map(|&text| Line { number: 1, text }).collect();
            comma_in(&lines, stated)
        };
        assert_eq!(comma(&["41,29 43,100"], None), Comma::Separator);
        assert_eq!(comma(&["41,29 43,100"], Some(2)), Comma::Separator);
        assert_eq!(comma(&["41,5 100,2"], Some(1)), Comma::Decimal);
        assert_eq!(comma(&["70,1:81.2 71:109"], None), Comma::Decimal);
        assert_eq!(comma(&["41,29"], Some(7)), Comma::Separator);
        assert_eq!(comma(&["41 29"], Some(1)), Comma::Separator);
        assert_eq!(items("70,1:81,25", Comma::Decimal), [peak(70.1, 81.25, "")]);
    }
}
