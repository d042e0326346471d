//! `SRCRESLT.TXT` and `SRCREADY.TXT` of NIST MS Search's instrument protocol.

use std::fmt::Write as _;

use super::{NistHit, one_line};
use crate::format::encode_windows_1252;

/// The characters that a name takes at least in the line of an unknown.
const NAME_WIDTH: usize = 60;

/// The hits of one spectrum that was searched.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownHits {
    /// The spectrum's name, by which callers find their spectra again.
    pub name: String,
    /// The hits, best first; none where nothing fits or the spectrum could not be searched.
    pub hits: Vec<NistHit>,
}

/// A text in code page 1252.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedText {
    /// The text.
    pub bytes: Vec<u8>,
    /// How many characters the code page has no place for; each is written as `?`.
    pub replaced: u64,
}

/// The text of `SRCRESLT.TXT`: a line for each unknown and one for each of its hits, each ended by CR LF.
///
/// *Compound in Library Factor* is always `N/A`. As MS Search writes them, an entry without a CAS number has 0, one
/// without a retention index 0; in the same way one without a molecular mass has 0, and a search without NIST's
/// relative probability has `Prob: 0.00`, which MSPepSearch writes there. In names `<<` and `>>`, which end them,
/// stand apart.
#[must_use]
pub fn search_results(unknowns: &[UnknownHits]) -> EncodedText {
    let mut text = String::new();
    for unknown in unknowns {
        let name = one_line(&unknown.name);
        // Callers cut the name from the factor at several blanks.
        let blanks = NAME_WIDTH.saturating_sub(name.chars().count()).max(1);
        // Writing to a string cannot fail.
        let _ = write!(text, "Unknown: {name}{:blanks$}Compound in Library Factor = N/A\r\n", "");
        for hit in &unknown.hits {
            let _ = write!(text, "{}\r\n", hit_line(hit));
        }
    }
    let (bytes, replaced) = encode_windows_1252(&text);
    EncodedText { bytes, replaced }
}

/// The text of `SRCREADY.TXT`: the number of spectra in `SRCRESLT.TXT`.
#[must_use]
pub fn search_ready(spectra: usize) -> Vec<u8> {
    format!("{spectra}\r\n").into_bytes()
}

fn hit_line(hit: &NistHit) -> String {
    let cas_number = hit.cas_number.map_or_else(|| "0".to_owned(), |number| number.to_string());
    format!(
        "Hit {rank:<2} : <<{name}>>;<<{formula}>>; MF: {factor}; RMF: {reverse}; Prob: {probability:.2}; \
         CAS:{cas_number}; Mw: {mass}; Lib: <<{library}>>; Id: {id}; RI: {index:.0}.",
        rank = hit.rank,
        name = between_brackets(&hit.name),
        formula = between_brackets(hit.formula.as_deref().unwrap_or("")),
        factor = hit.match_factor,
        reverse = hit.reverse_match_factor,
        probability = hit.relative_probability.unwrap_or(0.0),
        mass = hit.nominal_mass.unwrap_or(0),
        library = between_brackets(&hit.library),
        id = hit.id,
        index = hit.retention_index.unwrap_or(0.0).max(0.0),
    )
}

/// A text without the signs between which it stands.
fn between_brackets(text: &str) -> String {
    let mut apart = String::with_capacity(text.len());
    for character in one_line(text).chars() {
        if matches!(character, '<' | '>') && apart.ends_with(character) {
            apart.push(' ');
        }
        apart.push(character);
    }
    // A sign at either end would join those of the form.
    let start = if apart.starts_with('<') { " " } else { "" };
    let end = if apart.ends_with('>') { " " } else { "" };
    format!("{start}{apart}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::EntryId;
    use crate::report::nist_search::test_support::undecane;

    /// The text without its line ends.
    fn lines(unknowns: &[UnknownHits]) -> Vec<String> {
        let encoded = search_results(unknowns);
        assert_eq!(encoded.replaced, 0);
        let text = encoding_rs::WINDOWS_1252.decode(&encoded.bytes).0.into_owned();
        assert!(text.ends_with("\r\n") && text.matches('\n').count() == text.matches("\r\n").count());
        text.split_terminator("\r\n").map(str::to_owned).collect()
    }

    fn unknown(name: &str, hits: Vec<NistHit>) -> UnknownHits {
        UnknownHits { name: name.to_owned(), hits }
    }

    #[test]
    fn the_lines_are_those_that_ms_search_writes() {
        // As MS Search 2.4 wrote it for mssearchr, but for the factor.
        let mut tenth = undecane();
        (tenth.rank, tenth.id, tenth.name) = (10, EntryId(79), "HEXADECANE".to_owned());
        (tenth.formula, tenth.nominal_mass) = (Some("C16H34".to_owned()), Some(226));
        (tenth.match_factor, tenth.reverse_match_factor) = (835, 849);
        tenth.relative_probability = Some(0.52);
        assert_eq!(
            lines(&[unknown("Undecane", vec![undecane(), tenth])]),
            [
                "Unknown: Undecane                                                    Compound in Library Factor = N/A",
                "Hit 1  : <<UNDECANE>>;<<C11H24>>; MF: 951; RMF: 960; Prob: 55.70; CAS:0; Mw: 156; Lib: <<massbank_alkanes>>; Id: 11; RI: 0.",
                "Hit 10 : <<HEXADECANE>>;<<C16H34>>; MF: 835; RMF: 849; Prob: 0.52; CAS:0; Mw: 226; Lib: <<massbank_alkanes>>; Id: 79; RI: 0.",
            ]
        );
    }

    #[test]
    fn what_an_entry_states_stands_in_its_place_and_what_it_lacks_is_absent() {
        let mut hit = undecane();
        hit.rank = 100;
        hit.cas_number = Some("100-46-9".parse().unwrap());
        hit.retention_index = Some(1_099.6);
        hit.relative_probability = None;
        hit.formula = None;
        hit.nominal_mass = None;
        assert_eq!(
            lines(&[unknown("a", vec![hit])])[1],
            "Hit 100 : <<UNDECANE>>;<<>>; MF: 951; RMF: 960; Prob: 0.00; CAS:100-46-9; Mw: 0; Lib: <<massbank_alkanes>>; Id: 11; RI: 1100."
        );
    }

    #[test]
    fn names_cannot_break_a_line_or_its_fields() {
        let mut hit = undecane();
        hit.name = "<a>> \u{1}and\r\n<<<b>".to_owned();
        let long = "x".repeat(511);
        let lines = lines(&[unknown("", Vec::new()), unknown(&long, vec![hit]), unknown("a\tb", Vec::new())]);
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[0], format!("Unknown: {:60}Compound in Library Factor = N/A", ""));
        assert_eq!(lines[1], format!("Unknown: {long} Compound in Library Factor = N/A"));
        assert!(lines[2].starts_with("Hit 1  : << <a> >  and  < < <b> >>;<<C11H24>>;"), "{}", lines[2]);
        assert!(lines[3].starts_with("Unknown: a b   "));
    }

    #[test]
    fn the_code_page_is_1252_and_what_it_lacks_is_counted() {
        let mut hit = undecane();
        hit.name = "caf\u{e9}ine \u{3b2}".to_owned();
        let encoded = search_results(&[unknown("Pr\u{fc}fung", vec![hit])]);
        assert_eq!(encoded.replaced, 1);
        assert!(encoded.bytes.starts_with(b"Unknown: Pr\xfcfung "));
        assert!(encoded.bytes.windows(13).any(|bytes| bytes == b"<<caf\xe9ine ?>>".as_slice()));
    }

    #[test]
    fn the_number_of_spectra_stands_on_a_line() {
        assert_eq!(search_ready(101), b"101\r\n");
    }
}
