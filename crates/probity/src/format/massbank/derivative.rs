//! The derivative that a record says its spectrum is of.

/// Groups that titles count.
const GROUPS: [&str; 3] = ["TMS", "TBDMS", "MEOX"];

/// Whether the text says that there is no derivative: `0 TMS`.
pub(super) fn is_none(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.next() == Some("0") && words.next().is_some_and(is_group) && words.next().is_none()
}

/// What a title counts, such as `n TMS` of `Urea; GC-EI-TOF; MS; n TMS; RT:407.982 sec` or
/// `5 TMS; 1 MEOX`; several are joined with `; `.
pub(super) fn in_title(title: &str) -> Option<String> {
    let words: Vec<&str> =
        title.split(|c: char| c.is_whitespace() || c == ';' || c == ',').filter(|w| !w.is_empty()).collect();
    let mut found = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let glued = word.find(|c: char| !c.is_ascii_digit()).filter(|&at| at > 0).map(|at| word.split_at(at));
        if let Some((count, group)) = glued.filter(|(count, group)| is_count(count) && is_group(group)) {
            found.push(format!("{count} {group}"));
        } else if let Some(group) = words.get(index + 1)
            && is_count(word)
            && is_group(group)
        {
            found.push(format!("{word} {group}"));
        }
    }
    found.retain(|text| !is_none(text));
    if found.is_empty() { None } else { Some(found.join("; ")) }
}

fn is_count(word: &str) -> bool {
    matches!(word, "n" | "x") || (!word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_group(word: &str) -> bool {
    GROUPS.iter().any(|group| word.eq_ignore_ascii_case(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_count_their_groups() {
        for (title, expected) in [
            ("Urea; GC-EI-TOF; MS; n TMS; RT:407.982 sec", Some("n TMS")),
            ("Glucose; GC-EI-TOF; MS; 5 TMS; 1 MEOX; RT:700 sec", Some("5 TMS; 1 MEOX")),
            ("alpha-MethylBenzylamine n TMS derivative; EI-B; MS", Some("n TMS")),
            ("Alanine; GC-EI-TOF; MS; 2TMS; RT:300 sec", Some("2 TMS")),
            ("Urea; GC-EI-TOF; MS; 0 TMS", None),
            ("TMS; EI-B; MS", None),
            ("Cocaine; LC-ESI-QTOF; MS2; CE 20", None),
        ] {
            assert_eq!(in_title(title).as_deref(), expected, "{title}");
        }
        assert!(is_none("0 TMS") && !is_none("10 TMS") && !is_none("0 TMS; 1 MEOX"));
    }
}
