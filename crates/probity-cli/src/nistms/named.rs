//! The program under the name by which data systems call NIST MS Search.

use std::ffi::OsString;
use std::path::Path;

use anyhow::Context as _;

/// The name, without the extension that Windows gives to programs.
const NAME: &str = "nistms$";

/// Holds further arguments, one a line.
const ARGUMENTS_FILE: &str = "nistms$.arguments";

/// The command line of a program that is called `nistms$`: the folder that it lies in, the arguments in the file beside
/// it, and those of the caller. `None` under any other name.
pub(crate) fn arguments_of_nistms(
    program: &Path,
    from_caller: &[OsString],
) -> anyhow::Result<Option<Vec<OsString>>> {
    let stem = program.file_stem().and_then(|stem| stem.to_str());
    if !stem.is_some_and(|stem| stem.eq_ignore_ascii_case(NAME)) {
        return Ok(None);
    }
    let folder = program.parent().context("the program lies in no folder")?;
    let path = folder.join(ARGUMENTS_FILE);
    let text = std::fs::read_to_string(&path).with_context(|| {
        format!(
            "{}: cannot be read; it must say which library is searched, as in --library=swgdrug",
            path.display()
        )
    })?;
    let mut arguments: Vec<OsString> =
        vec!["probity".into(), "nistms".into(), "--folder".into(), folder.into()];
    arguments.extend(from_file(&text).map(OsString::from));
    arguments.extend_from_slice(from_caller);
    Ok(Some(arguments))
}

/// The arguments in a file: its lines without blanks around them, but for empty ones and those that begin with `#`.
fn from_file(text: &str) -> impl Iterator<Item = &str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_stand_one_a_line() {
        let text = "\u{feff}# which library\r\n--library\r\n  C:\\my libraries\\swgdrug  \r\n\r\n--hits=20";
        let arguments: Vec<&str> = from_file(text).collect();
        assert_eq!(arguments, ["--library", "C:\\my libraries\\swgdrug", "--hits=20"]);
    }

    #[test]
    fn only_the_name_counts() {
        for name in ["/opt/probity", "nistms", "/x/nistms.exe"] {
            assert!(arguments_of_nistms(Path::new(name), &[]).unwrap().is_none(), "{name}");
        }
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("NISTMS$.EXE");
        let error = format!("{:#}", arguments_of_nistms(&program, &[]).unwrap_err());
        assert!(error.contains("nistms$.arguments") && error.contains("--library"), "{error}");
        std::fs::write(folder.path().join("nistms$.arguments"), "--library\nx\n").unwrap();
        let arguments = arguments_of_nistms(&program, &["/PAR=2".into()]).unwrap().unwrap();
        let expected =
            ["probity", "nistms", "--folder", folder.path().to_str().unwrap(), "--library", "x", "/PAR=2"];
        assert_eq!(arguments, expected);
    }
}
