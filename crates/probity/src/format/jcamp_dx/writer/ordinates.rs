//! Ordinates behind abscissas, `(X++(Y..Y))`, as they are written: plain (AFFN), or compressed as differences with
//! repetitions (DIF, DUP) and the check of each line in the next. The forms: `asdf`.

/// Bytes of a line: 80, as the standard allows.
const LINE: usize = 80;
/// Values that one repetition may stand for: readers doubt a few bytes that stand for very many.
const MOST_REPEATED: usize = 200;

/// Whole numbers over a uniform axis; `None` where missing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ordinates<'a> {
    pub(super) units: &'a [Option<i64>],
    pub(super) first_x: f64,
    pub(super) step: f64,
}

impl Ordinates<'_> {
    /// The X of a value, with a hundredth of a step as its last digit: it is a check; FIRSTX and LASTX say the axis.
    fn x(&self, point: usize) -> String {
        let digits = (0..15).find(|&digits| {
            let unit: f64 = format!("1e-{digits}").parse().unwrap_or(0.0);
            unit <= 0.01 * self.step.abs()
        });
        format!("{:.*}", digits.unwrap_or(15), self.first_x + point as f64 * self.step)
    }

    /// The lines in plain numbers.
    pub(super) fn plain(&self) -> String {
        let mut text = String::new();
        let mut line = String::new();
        for (point, units) in self.units.iter().enumerate() {
            let token = units.map_or_else(|| "?".to_owned(), |units| units.to_string());
            if line.len() + 1 + token.len() > LINE {
                push_line(&mut text, &mut line);
            }
            if line.is_empty() {
                line = self.x(point);
            }
            line.push(' ');
            line.push_str(&token);
        }
        push_line(&mut text, &mut line);
        text
    }

    /// The lines compressed.
    pub(super) fn compressed(&self) -> String {
        let (mut text, mut point) = (String::new(), 0);
        while point < self.units.len() {
            let mut line = self.x(point) + &self.first_token(point);
            let mut next = point + 1;
            let mut ends_with_difference = false;
            while next < self.units.len() {
                let (token, points, is_difference) = self.token(next);
                if line.len() + token.len() > LINE {
                    break;
                }
                line.push_str(&token);
                next += points;
                ends_with_difference = is_difference;
            }
            push_line(&mut text, &mut line);
            // The last value of a line that ends with a difference stands again in the next, as its check.
            point = if ends_with_difference { next - 1 } else { next };
            if ends_with_difference && next == self.units.len() {
                text.push_str(&format!("{}{}\n", self.x(point), self.first_token(point)));
                break;
            }
        }
        text
    }

    fn first_token(&self, point: usize) -> String {
        self.units[point].map_or_else(|| "?".to_owned(), |units| squeezed(units, ('@', 'A', 'a')))
    }

    /// What stands for a value behind others of its line and for those after it that repeat its difference, how many
    /// values that are, and whether it is a difference.
    fn token(&self, point: usize) -> (String, usize, bool) {
        let Some(difference) = self.difference(point) else { return (self.first_token(point), 1, false) };
        let repeated = (point..self.units.len())
            .take(MOST_REPEATED)
            .take_while(|&point| self.difference(point) == Some(difference))
            .count();
        let mut token = squeezed(difference, ('%', 'J', 'j'));
        if repeated > 1 {
            token.push_str(&repetitions(repeated));
        }
        (token, repeated, true)
    }

    fn difference(&self, point: usize) -> Option<i64> {
        Some(self.units[point]? - self.units[point - 1]?)
    }
}

fn push_line(text: &mut String, line: &mut String) {
    if !line.is_empty() {
        text.push_str(line);
        text.push('\n');
        line.clear();
    }
}

/// A whole number whose first digit carries its sign: the symbols of 0, 1 and −1.
fn squeezed(number: i64, (zero, one, minus_one): (char, char, char)) -> String {
    let digits = number.unsigned_abs().to_string();
    let first = digits.as_bytes()[0] - b'0';
    let symbol = match first {
        0 => zero,
        // The symbols of 1 to 9 follow one another.
        digit => char::from((if number > 0 { one } else { minus_one }) as u8 + digit - 1),
    };
    format!("{symbol}{}", &digits[1..])
}

/// A count of repetitions, the value before included.
fn repetitions(count: usize) -> String {
    let digits = count.to_string();
    let symbol = match digits.as_bytes()[0] {
        b'9' => 's',
        digit => char::from(b'S' + digit - b'1'),
    };
    format!("{symbol}{}", &digits[1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(units: &[Option<i64>]) -> (String, String) {
        let ordinates = Ordinates { units, first_x: 99.0, step: -1.0 };
        (ordinates.plain(), ordinates.compressed())
    }

    /// Squeezed by hand from the table of pseudo-digits.
    #[test]
    fn numbers_by_hand() {
        let row: Vec<Option<i64>> = [1, 2, 3, 3, 2, 1, 0, -1, -2, -3].map(Some).to_vec();
        let (plain, compressed) = lines(&row);
        assert_eq!(plain, "99.00 1 2 3 3 2 1 0 -1 -2 -3\n");
        assert_eq!(compressed, "99.00AJT%jX\n90.00c\n");
        assert_eq!(lines(&[Some(123), Some(123), Some(133), Some(-15)]).1, "99.00A23%J0j48\n96.00a5\n");
        assert_eq!(lines(&[Some(0); 10]).1, "99.00@%s\n90.00@\n");
        assert_eq!(lines(&[Some(7)]).1, "99.00G\n");
        assert_eq!(lines(&[]), (String::new(), String::new()));
    }

    #[test]
    fn missing_values_break_the_chain_of_differences() {
        let (plain, compressed) = lines(&[Some(1), Some(2), None, None, Some(-4), Some(-4), None]);
        assert_eq!(plain, "99.00 1 2 ? ? -4 -4 ?\n");
        assert_eq!(compressed, "99.00AJ??d%?\n");
        assert_eq!(lines(&[None, Some(5)]).1, "99.00?E\n");
    }

    #[test]
    fn lines_are_short_and_each_has_the_check_of_the_one_before() {
        let units: Vec<Option<i64>> = (0..200).map(|point| Some(point * point * 1_000)).collect();
        let (plain, compressed) = lines(&units);
        assert!(plain.lines().chain(compressed.lines()).all(|line| line.len() <= LINE));
        // 0, 1, 4, 9 thousand ...: the first differences are 1, 3, 5, 7 thousand.
        assert!(compressed.starts_with("99.00@J000L000N000P000R000J1000"), "{compressed}");
        let second = compressed.lines().nth(1).unwrap();
        let point = (99.0 - second[..5].parse::<f64>().unwrap()) as i64;
        assert!(second[5..].starts_with(&squeezed(point * point * 1_000, ('@', 'A', 'a'))), "{second}");
    }
}
