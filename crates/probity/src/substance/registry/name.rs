//! Names as people write them, brought to one spelling.

/// Greek letters as files write them, in lower case.
const GREEK: [(char, &str); 6] =
    [('α', "alpha"), ('β', "beta"), ('γ', "gamma"), ('δ', "delta"), ('∆', "delta"), ('ω', "omega")];

/// Signs of rotation, which tell stereoisomers apart and must not go with the brackets.
const SIGNS: [(&str, &str); 7] = [
    ("(+)", "plus"),
    ("(-)", "minus"),
    ("(−)", "minus"),
    ("(–)", "minus"),
    ("(±)", "plusminus"),
    ("(+/-)", "plusminus"),
    ("(+-)", "plusminus"),
];

/// Words after which a name is that of a salt or hydrate.
const SALT_WORDS: [&str; 33] = [
    "hydrochloride",
    "dihydrochloride",
    "monohydrochloride",
    "hcl",
    "hydrobromide",
    "hydroiodide",
    "sulfate",
    "sulphate",
    "hemisulfate",
    "hemisulphate",
    "phosphate",
    "nitrate",
    "tartrate",
    "bitartrate",
    "hemitartrate",
    "citrate",
    "fumarate",
    "maleate",
    "oxalate",
    "mesylate",
    "besylate",
    "tosylate",
    "lactate",
    "sodium",
    "potassium",
    "calcium",
    "magnesium",
    "lithium",
    "salt",
    "hydrate",
    "monohydrate",
    "dihydrate",
    "trihydrate",
];

/// Words that name a salt of a base, but an ester of an alcohol.
const SALT_OR_ESTER_WORDS: [&str; 8] =
    ["acetate", "propionate", "butyrate", "benzoate", "succinate", "hemisuccinate", "valerate", "pamoate"];

/// What is left of a name without the words of a salt.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stripped {
    /// The rest.
    pub(super) base: String,
    /// Whether the words could also name an ester.
    pub(super) may_be_ester: bool,
}

/// One spelling for names that differ in case, blanks, hyphens, brackets and Greek letters only.
pub(super) fn normalised(name: &str) -> String {
    let mut text = name.trim().to_lowercase();
    for (letter, word) in GREEK {
        text = text.replace(letter, word);
    }
    for word in ["alpha", "beta", "gamma", "delta", "omega"] {
        text = text.replace(&format!(".{word}."), word);
    }
    for (sign, word) in SIGNS {
        text = text.replace(sign, word);
    }
    text.chars()
        .filter(|c| {
            !c.is_whitespace() && !matches!(c, '-' | '‐' | '‑' | '–' | '−' | '_' | '.' | ';' | '\u{200b}')
        })
        .filter(|c| !matches!(c, '(' | ')' | '[' | ']' | '{' | '}'))
        .map(|c| if matches!(c, '’' | '′' | '`' | '´') { '\'' } else { c })
        .collect()
}

/// The name without the words of a salt or hydrate at its end; `None` if it has none.
pub(super) fn without_salt_words(name: &str) -> Option<Stripped> {
    let lower = name.to_lowercase();
    let mut words: Vec<&str> = lower.split_whitespace().collect();
    let (mut stripped, mut may_be_ester) = (false, false);
    while let Some(last) = words.last().map(|word| word.trim_matches(['(', ')', ',', ';'])) {
        let ambiguous = SALT_OR_ESTER_WORDS.contains(&last);
        if !ambiguous && !SALT_WORDS.contains(&last) {
            break;
        }
        words.pop();
        stripped = true;
        may_be_ester |= ambiguous;
    }
    (stripped && !words.is_empty()).then(|| Stripped { base: words.join(" "), may_be_ester })
}

/// The name in lower case, without the words at its end that can only be those of a salt or hydrate.
pub(crate) fn base_name(name: &str) -> String {
    let stripped = without_salt_words(name).filter(|stripped| !stripped.may_be_ester);
    stripped.map_or_else(|| name.trim().to_lowercase(), |stripped| stripped.base)
}

/// The name without a label of deuterium atoms at its end (`-d3`); `None` if it has none.
pub(super) fn without_deuterium_label(name: &str) -> Option<&str> {
    let (base, label) = name.trim().rsplit_once('-')?;
    let digits = label.strip_prefix(['d', 'D'])?;
    let is_number = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !base.is_empty()).then_some(base)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_name_agree_and_of_two_do_not() {
        for (one, other) in [
            ("α-PVP", ".alpha.-PVP"),
            ("alpha PVP", "Alpha-Pvp"),
            ("Δ9-THC", "delta-9-THC"),
            ("2’-Chlorodiazepam", "2'-chloro-diazepam"),
            ("N-[1-(2-x)]", "N-(1-(2-x))"),
        ] {
            assert_eq!(normalised(one), normalised(other));
        }
        for (one, other) in [
            ("(+)-Norpseudoephedrine", "(-)-Norpseudoephedrine"),
            ("(±)-X", "(+)-X"),
            ("2'-Chlorodiazepam", "2-Chlorodiazepam"),
            ("2,5-X", "25-X"),
        ] {
            assert_ne!(normalised(one), normalised(other));
        }
    }

    #[test]
    fn salt_words_are_taken_from_the_end_only() {
        let strip = |name| without_salt_words(name).map(|stripped| (stripped.base, stripped.may_be_ester));
        assert_eq!(strip("Cocaine hydrochloride"), Some(("cocaine".to_owned(), false)));
        assert_eq!(strip("Dextrorphan (tartrate)"), Some(("dextrorphan".to_owned(), false)));
        assert_eq!(strip("Morphine sulfate pentahydrate"), None);
        assert_eq!(strip("Morphine sulfate monohydrate"), Some(("morphine".to_owned(), false)));
        assert_eq!(strip("Methadone acetate"), Some(("methadone".to_owned(), true)));
        assert_eq!(strip("Sodium oxybate"), None);
        assert_eq!(strip("hydrochloride"), None);
        assert_eq!(strip("Cocaine"), None);
    }

    #[test]
    fn a_deuterium_label_is_a_hyphen_d_and_a_number() {
        assert_eq!(without_deuterium_label("Cocaine-D3"), Some("Cocaine"));
        assert_eq!(without_deuterium_label("JWH-018-d11"), Some("JWH-018"));
        for name in ["Vitamin-D", "D3", "-d3", "Cocaine d3", "x-d123"] {
            assert_eq!(without_deuterium_label(name), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_spelling_is_its_own_spelling(name in "\\PC{0,40}") {
            // Dots and brackets that only the first pass removes could join to a sign or letter.
            prop_assume!(!name.contains(['.', '(', '+', '-', '/']));
            let once = normalised(&name);
            prop_assert_eq!(normalised(&once), once.clone());
        }

        #[test]
        fn no_text_makes_the_readers_panic(name in "\\PC{0,40}") {
            let _ = (normalised(&name), without_salt_words(&name), without_deuterium_label(&name));
        }
    }
}
