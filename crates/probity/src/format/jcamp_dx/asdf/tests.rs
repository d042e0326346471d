//! Ordinates in every form.

use super::*;
use crate::format::{Limits, ReadOptions, jcamp_dx::ldr};

fn read_with(text: &str, options: &ReadOptions) -> Result<(Ordinates, u64, u64)> {
    let mut noter = Noter::new(options);
    let text = format!("##XYDATA=(X++(Y..Y))\n{text}");
    let ldrs = ldr::split(&text, &mut noter).unwrap();
    let ordinates = read_ordinates(&ldrs[0], &mut noter)?;
    Ok((ordinates, noter.report.repaired, noter.report.skipped))
}

fn values(text: &str) -> Vec<f64> {
    let (ordinates, repaired, skipped) = read_with(text, &ReadOptions::default()).unwrap();
    assert_eq!((repaired, skipped), (0, 0), "{text}");
    ordinates.values
}

/// One row of numbers in every form, squeezed by hand from the table of pseudo-digits.
#[test]
fn all_forms_say_the_same() {
    let expected = [1.0, 2.0, 3.0, 3.0, 2.0, 1.0, 0.0, -1.0, -2.0, -3.0];
    for text in [
        "99 1 2 3 3 2 1 0 -1 -2 -3",
        "99+1+2+3+3+2+1+0-1-2-3",
        "99 1,2,3,3,2\n94 1,0,-1,-2,-3",
        "99ABCCBA@abc",
        "99 1e+00 2.0E+0 3 3 2 1 0 -1 -2 -3",
        // 1, twice +1, 0, then six times −1.
        "99AJT%jX",
        // The second line repeats the 3 that the first ends with.
        "99AJJ\n97C%jX",
        "99AJJ%jX\n89c",
    ] {
        assert_eq!(values(text), expected, "{text}");
    }
    assert_eq!(values("0 @ZU"), [0.0; 10], "a repetition of a repetition");
    assert_eq!(values("0A1s"), [11.0; 9]);
    assert_eq!(values("0A23%J0a5"), [123.0, 123.0, 133.0, -15.0]);
    // A last line may hold nothing but the check.
    assert_eq!(values("0A23J0\n1A33"), [123.0, 133.0]);
    assert_eq!(values("0 1.5E+02 -.25 4.47484259e+02 1e-003"), [150.0, -0.25, 447.484_259, 0.001]);
}

#[test]
fn missing_values_have_places_and_wrong_checks_are_told() {
    let (ordinates, ..) = read_with("0 1 ? 3 ?", &ReadOptions::default()).unwrap();
    assert_eq!((ordinates.values, ordinates.missing), (vec![1.0, 0.0, 3.0, 0.0], vec![1, 3]));
    let (ordinates, repaired, _) = read_with("0AJ\n1CJ", &ReadOptions::default()).unwrap();
    assert_eq!((ordinates.values, repaired), (vec![1.0, 2.0, 4.0], 1));
    let (ordinates, _, skipped) = read_with("0 1 2 x 3\nzz 1\n4 5", &ReadOptions::default()).unwrap();
    assert_eq!((ordinates.values, skipped), (vec![1.0, 2.0, 5.0], 2));
}

#[test]
fn a_short_text_cannot_ask_for_much_memory() {
    let options = ReadOptions::default();
    assert!(read_with("0AS99999999", &options).is_err());
    let limits = Limits { peaks: 5, ..Limits::default() };
    assert!(read_with("0AX", &options.limits(limits)).is_err());
    // Every token within bounds, all of them together not.
    assert!(read_with(&format!("0A{}", "S6000".repeat(10)), &ReadOptions::default()).is_err());
    assert_eq!(values("0AS6000").len(), 16_000);
}

#[test]
fn the_form_names_its_ordinate() {
    assert_eq!(ordinate_symbol("(X++(Y..Y))"), Some('Y'));
    assert_eq!(ordinate_symbol("(X++(R..R)), XYDATA"), Some('R'));
    for other in ["(XY..XY)", "(X++(Y..R))", "(X++(", ""] {
        assert_eq!(ordinate_symbol(other), None);
    }
}

#[test]
fn each_line_says_where_it_begins_and_the_last_token_can_be_taken_back() {
    let (mut ordinates, ..) = read_with("400AJJ\n402CJ\n500 7 ?", &ReadOptions::default()).unwrap();
    let starts: Vec<(u64, f64, usize)> =
        ordinates.starts.iter().map(|start| (start.line, start.x, start.value)).collect();
    assert_eq!(ordinates.values, [1.0, 2.0, 3.0, 4.0, 0.0]);
    // The second line repeats the third value; the third ends with a difference that 7 does not confirm.
    assert_eq!(starts, [(2, 400.0, 0), (3, 402.0, 2), (4, 500.0, 3)]);
    ordinates.drop_last_token();
    assert_eq!((ordinates.values.len(), ordinates.missing.len()), (4, 0));
    let (mut ordinates, ..) = read_with("400 5 6S3", &ReadOptions::default()).unwrap();
    ordinates.drop_last_token();
    assert_eq!(ordinates.values, [5.0, 6.0], "a repetition counts as one token");
}
