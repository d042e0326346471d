//! Ordinates behind abscissas, `(X++(Y..Y))`: each line begins with its first X, the Y follow at equal distances, as plain
//! numbers (AFFN), packed by their signs (PAC), or squeezed (SQZ), as differences (DIF) and repetitions (DUP).
//!
//! McDonald and Wilks, Applied Spectroscopy 42 (1988) 151–162: the first digit of a squeezed
//! number carries its sign (`@` 0, `A`–`I` 1 to 9, `a`–`i` −1 to −9), of a difference too (`%`, `J`–`R`, `j`–`r`), of a
//! repetition (`S`–`Z` 1 to 8, `s` 9) it counts the value before as the first. A line that ends with a difference is
//! followed by one whose first Y repeats the value reached, as a check. `?` is a missing value.

use super::ldr::Ldr;
use crate::error::{Error, Result};
use crate::format::noter::Noter;

/// How many values a table of so many bytes may hold: a few bytes can stand for a long flat stretch, but memory follows
/// what is there.
fn room(bytes: usize) -> usize {
    bytes.saturating_mul(64).saturating_add(65_536)
}

/// The values of a data record.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Ordinates {
    /// As written, without factor; 0 where missing.
    pub(super) values: Vec<f64>,
    /// Positions of missing values, from 0, ascending.
    pub(super) missing: Vec<usize>,
    /// Where each line says that it begins.
    pub(super) starts: Vec<LineStart>,
    /// How many values stand before the last token.
    before_last: usize,
}

/// The X that a line begins with, as written, and the value that it belongs to, from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LineStart {
    pub(super) line: u64,
    pub(super) x: f64,
    pub(super) value: usize,
}

impl Ordinates {
    /// Takes back what the last token stands for.
    pub(super) fn drop_last_token(&mut self) {
        self.values.truncate(self.before_last);
        self.missing.retain(|&position| position < self.before_last);
    }
}

/// Whether a data record is of this form: the form is the first thing of its value.
pub(super) fn is_ordinates(form: &str) -> bool {
    ordinate_symbol(form).is_some()
}

/// The symbol of the ordinate: `Y` of `(X++(Y..Y))`, `R` of `(X++(R..R))`.
pub(super) fn ordinate_symbol(form: &str) -> Option<char> {
    let form: String = form.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    let symbol = form.strip_prefix("(X++(")?.chars().next()?;
    form[5..].starts_with(&format!("{symbol}..{symbol})")).then_some(symbol)
}

/// What a number does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    Value(f64),
    Difference(f64),
    /// How often the value before stands in all.
    Repetitions(f64),
    Missing,
}

/// Decodes a data record.
///
/// # Errors
/// `LimitReached` for more values than a spectrum may have, or than repetitions in a text of this length are believed
/// to stand for; `Malformed` where the reader is strict.
pub(super) fn read_ordinates(ldr: &Ldr<'_>, noter: &mut Noter) -> Result<Ordinates> {
    let mut ordinates = Ordinates::default();
    let mut last = Last::default();
    let field = ldr.name_in_places();
    let bytes = ldr.rest.iter().map(|line| line.text.len()).sum();
    let limit = noter.options.limits.peaks.min(room(bytes));
    for line in &ldr.rest {
        let mut tokens = Tokens { rest: line.text };
        let x = match tokens.next() {
            Some(Ok(Token::Value(x))) => x,
            None => continue,
            Some(_) => {
                noter.skipped(
                    line.number,
                    field,
                    "the line does not begin with a number and was left out",
                )?;
                continue;
            }
        };
        let mut expects_check = last.was_difference;
        let value = ordinates.values.len() - usize::from(expects_check);
        ordinates.starts.push(LineStart { line: line.number, x, value });
        last.was_difference = false;
        for token in tokens {
            let token = match token {
                Ok(token) => token,
                Err(text) => {
                    let message = format!("\"{text}\" is no ordinate; the rest of the line was left out");
                    noter.skipped(line.number, field, message)?;
                    break;
                }
            };
            if std::mem::take(&mut expects_check)
                && let Token::Value(check) = token
            {
                if Some(check) != last.value {
                    let message = format!(
                        "the line before ends at {}, this one begins with {check}",
                        last.value.unwrap_or_default()
                    );
                    noter.repaired(line.number, field, message)?;
                    last.value = Some(check);
                }
                last.step = None;
                continue;
            }
            ordinates.before_last = ordinates.values.len();
            if last.follow(token, &mut ordinates, limit).is_none() {
                let message = format!(
                    "more than {limit} points, which is what is allowed for a table of {bytes} bytes"
                );
                return Err(Error::limit(message).at(noter.at(line.number).at_field(field)));
            }
        }
    }
    Ok(ordinates)
}

/// What the next token refers to.
#[derive(Debug, Default)]
struct Last {
    value: Option<f64>,
    /// The difference that led to it, if one did.
    step: Option<f64>,
    was_difference: bool,
}

impl Last {
    /// Appends what a token stands for; `None` if there would be more values than `limit`.
    fn follow(&mut self, token: Token, ordinates: &mut Ordinates, limit: usize) -> Option<()> {
        self.was_difference = match token {
            Token::Missing => {
                ordinates.missing.push(ordinates.values.len());
                ordinates.values.push(0.0);
                (self.value, self.step) = (None, None);
                false
            }
            Token::Value(value) => {
                ordinates.values.push(value);
                (self.value, self.step) = (Some(value), None);
                false
            }
            Token::Difference(step) => {
                let value = self.value.unwrap_or_default() + step;
                ordinates.values.push(value);
                (self.value, self.step) = (Some(value), Some(step));
                true
            }
            Token::Repetitions(count) => {
                if count > limit as f64 {
                    return None;
                }
                // A whole number, checked above: the cast is exact.
                for _ in 1..count as u64 {
                    match (self.value, self.step) {
                        (Some(value), step) => {
                            let value = value + step.unwrap_or(0.0);
                            ordinates.values.push(value);
                            self.value = Some(value);
                        }
                        (None, _) => {
                            ordinates.missing.push(ordinates.values.len());
                            ordinates.values.push(0.0);
                        }
                    }
                }
                self.step.is_some()
            }
        };
        (ordinates.values.len() <= limit).then_some(())
    }
}

/// The numbers of a line.
struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Tokens<'a> {
    /// A token, or the text that is none.
    type Item = std::result::Result<Token, &'a str>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rest = self.rest.trim_start_matches([' ', '\t', ',', ';']);
        let first = self.rest.chars().next()?;
        if first == '?' {
            self.rest = &self.rest[1..];
            return Some(Ok(Token::Missing));
        }
        let end = end_of_number(self.rest.as_bytes());
        let (text, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        let token = token(text);
        if token.is_none() {
            self.rest = "";
        }
        Some(token.ok_or_else(|| short(text)))
    }
}

/// The beginning of a text that may be long.
fn short(text: &str) -> &str {
    text.char_indices().nth(20).map_or(text, |(end, _)| &text[..end])
}

/// Where the number at the beginning of a text ends: at least one byte.
fn end_of_number(text: &[u8]) -> usize {
    let mut end = 1;
    while let Some(&byte) = text.get(end) {
        let is_exponent = matches!(byte, b'e' | b'E')
            && (text[end - 1].is_ascii_digit() || text[end - 1] == b'.')
            && matches!(text.get(end + 1), Some(b'+' | b'-'))
            && text.get(end + 2).is_some_and(u8::is_ascii_digit);
        if is_exponent {
            end += 2;
        } else if !(byte.is_ascii_digit() || byte == b'.') {
            break;
        }
        end += 1;
    }
    end
}

fn token(text: &str) -> Option<Token> {
    let first = text.chars().next()?;
    let digit = |zero: char, one: char, minus_one: char| -> Option<i32> {
        let above = |from: char| (u32::from(first)).checked_sub(u32::from(from)).filter(|&above| above < 9);
        // At most 9: the casts are exact.
        if first == zero {
            Some(0)
        } else if let Some(above) = above(one) {
            Some(above as i32 + 1)
        } else {
            above(minus_one).map(|above| -(above as i32) - 1)
        }
    };
    let number = |digit: i32| -> Option<f64> {
        let sign = if digit < 0 { "-" } else { "" };
        super::super::number::parse_number(&format!("{sign}{}{}", digit.abs(), &text[first.len_utf8()..]))
    };
    if let Some(digit) = digit('@', 'A', 'a') {
        return number(digit).map(Token::Value);
    }
    if let Some(digit) = digit('%', 'J', 'j') {
        return number(digit).map(Token::Difference);
    }
    let repetitions = match first {
        'S'..='Z' => Some(first as i32 - 'S' as i32 + 1),
        's' => Some(9),
        _ => None,
    };
    if let Some(digit) = repetitions {
        return number(digit).filter(|count| count.fract() == 0.0).map(Token::Repetitions);
    }
    super::super::number::parse_number(text).map(Token::Value)
}

#[cfg(test)]
mod tests;
