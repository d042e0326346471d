//! Derivatives that only a record's name states.

/// Reagents and groups that derivative spectra are named by.
const AGENTS: [&str; 17] = [
    "trifluoroacetyl",
    "trifluoracetyl",
    "acetyl",
    "methyl",
    "ethyl",
    "tbdms",
    "tms",
    "tfaa",
    "tfa",
    "tpc",
    "pfpa",
    "pfp",
    "hfba",
    "hfb",
    "bsa",
    "meox",
    "mo",
];

/// Numbers in words, and the letters that stand for an unstated one.
const COUNTS: [&str; 8] = ["mono", "di", "tri", "tetra", "bis", "tris", "n", "x"];

/// The derivative that the end of a name states, as written: `n TMS`, `2TMS`, `TFA, TMS`.
///
/// Three endings are clear enough to be taken; anything else is left alone:
/// 1. one or more agents, each with or without a count, before the word *derivative*
///    (`Glycine 3 TMS derivative`, `Cathine-HFBA Derivative`, `diTMS derivative`);
/// 2. groups in brackets of a count and an agent each, as Golm writes (`Glucose (1MEOX) (5TMS)`);
/// 3. `TMS` or `TBDMS` in capitals as the last word, with or without a count, or any agent in capitals
///    directly after a hyphen or a count (`Cannabidiol-2TMS`, `25T2-NBOMe-TFA`). A bare `X TFA` is not
///    taken: it may be the trifluoroacetate salt.
///
/// A count of 0 says that nothing was derivatised.
pub(crate) fn derivative_in_name(name: &str) -> Option<&str> {
    let name = name.trim_end();
    let lower = name.to_ascii_lowercase();
    let start = if let Some(before) = lower.strip_suffix("derivative") {
        let end = before.trim_end_matches([' ', '-']).len();
        if end == before.len() {
            return None;
        }
        return list_of_agents(&lower[..end]).map(|start| &name[start..end]).filter(|text| is_some(text));
    } else if lower.ends_with(')') {
        groups_in_brackets(&lower)?
    } else {
        bare_agent(name, &lower)?
    };
    Some(&name[start..]).filter(|text| is_some(text))
}

/// Whether a derivative's text does not begin with a count of 0.
fn is_some(text: &str) -> bool {
    !(text.starts_with('0') || text.starts_with("(0"))
}

/// Whether a text says that nothing was derivatised: `0 TMS`.
pub(crate) fn is_no_derivative(text: &str) -> bool {
    counted_agent(&text.trim().to_ascii_lowercase())
        .is_some_and(|item| item.start == 0 && item.counted && text.trim().starts_with('0'))
}

/// Where the list of agents begins that ends `text`.
fn list_of_agents(text: &str) -> Option<usize> {
    let mut start = counted_agent(text)?.start;
    loop {
        let before = text[..start].trim_end();
        let Some(before) = before.strip_suffix([',', ';']) else { return Some(start) };
        let Some(item) = counted_agent(before) else { return Some(start) };
        start = item.start;
    }
}

/// Where the groups in brackets begin that end `text`.
fn groups_in_brackets(text: &str) -> Option<usize> {
    let (mut start, mut rest) = (None, text);
    while let Some(open) = rest.strip_suffix(')').and_then(|inner| inner.rfind('(')) {
        let inner = &rest[open + 1..rest.len() - 1];
        if !counted_agent(inner).is_some_and(|item| item.start == 0 && item.counted) {
            break;
        }
        start = Some(open);
        rest = rest[..open].trim_end();
    }
    start.filter(|&start| start > 0)
}

/// Where the agent begins that is the last word of `name`, under rule 3.
fn bare_agent(name: &str, lower: &str) -> Option<usize> {
    let item = counted_agent(lower)?;
    let capitals = name[item.agent..].bytes().all(|byte| byte.is_ascii_uppercase());
    let silyl = matches!(&lower[item.agent..], "tms" | "tbdms");
    let hyphen = lower[..item.start].ends_with('-');
    (item.start > 0 && capitals && (silyl || item.counted || hyphen)).then_some(item.start)
}

/// An agent at the end of a text.
struct CountedAgent {
    /// Where it begins, its count included.
    start: usize,
    /// Where its name begins.
    agent: usize,
    counted: bool,
}

/// The agent that ends `text`, if it stands as a word of its own.
fn counted_agent(text: &str) -> Option<CountedAgent> {
    let agent_name = AGENTS.iter().find(|agent| text.ends_with(**agent))?;
    let agent = text.len() - agent_name.len();
    let before = &text[..agent];
    let trimmed = before.trim_end_matches([' ', '-']);
    let digits = trimmed.len() - trimmed.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let count = if digits > 0 {
        Some(trimmed.len() - digits)
    } else {
        COUNTS.iter().find_map(|count| trimmed.strip_suffix(count)).map(str::len)
    };
    // The digit in `estradiol-3-TMS` is a position: across a hyphen, a count follows a blank.
    let across_hyphen = before[trimmed.len()..].contains('-');
    let is_boundary = |end: usize| match text[..end].chars().next_back() {
        None => true,
        Some('-' | ',' | ';') => !across_hyphen,
        Some(c) => c.is_whitespace(),
    };
    if let Some(start) = count.filter(|&start| is_boundary(start)) {
        return Some(CountedAgent { start, agent, counted: true });
    }
    let stands_alone = before.is_empty() || before.ends_with([' ', '-', ',', ';']);
    stands_alone.then_some(CountedAgent { start: agent, agent, counted: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_that_state_a_derivative() {
        for (name, derivative) in [
            ("Alanine n TMS derivative", "n TMS"),
            ("Alanine 2TMS derivative", "2TMS"),
            ("Alanine TMS derivative", "TMS"),
            ("Alanine 1 MEOX, 2 TBDMS derivative", "1 MEOX, 2 TBDMS"),
            ("Alanine 5 TMS; 1 MEOX derivative", "5 TMS; 1 MEOX"),
            ("Acid TFA, TMS derivative", "TFA, TMS"),
            (".beta.-D-glucose 5-TMS derivative", "5-TMS"),
            ("4-MEC-HFBA Derivative", "HFBA"),
            ("2-MPA Acetyl derivative", "Acetyl"),
            ("HU-308 mono-TMS-derivative", "mono-TMS"),
            ("JWH diTMS Derivative", "diTMS"),
            ("Glucose (1MEOX) (5TMS)", "(1MEOX) (5TMS)"),
            ("Glycine, N,N-dimethyl- (1TMS)", "(1TMS)"),
            ("Cannabidiol-2TMS", "2TMS"),
            ("Pivoxazepam-TMS", "TMS"),
            ("Estradiol-3-TMS", "TMS"),
            ("25T2-NBOMe-TFA", "TFA"),
            ("Cocaine-d3-TMS", "TMS"),
            ("Ecgonine 1 TMS", "1 TMS"),
            ("Ecgonine 2 TFA", "2 TFA"),
        ] {
            assert_eq!(derivative_in_name(name), Some(derivative), "{name}");
        }
    }

    #[test]
    fn a_count_of_0_is_no_derivative() {
        assert!(is_no_derivative("0 TMS"));
        assert!(!is_no_derivative("10 TMS") && !is_no_derivative("0 TMS; 1 MEOX") && !is_no_derivative("0"));
    }

    #[test]
    fn other_endings_are_left_alone() {
        for name in [
            "",
            "TMS",
            "derivative",
            "Cocaine",
            "Bivalirudin TFA",
            "1,10-Phenanthroline 0 TMS derivative",
            "Glucoside C7H9N2O.Cl derivative",
            "Barbituric acid derivative",
            "Phenyl acetyl",
            "Tetramethylsilane (TMS)",
            "Ketamine (S)",
            "ATMS",
            "\u{e9}TMS",
        ] {
            assert_eq!(derivative_in_name(name), None, "{name}");
        }
    }
}
