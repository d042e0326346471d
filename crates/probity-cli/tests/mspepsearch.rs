//! `probity mspepsearch` as a caller of NIST's MSPepSearch uses it.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::fs;
use std::process::{Command, Output, Stdio};

const FLUBROMAZEPAM: &str = "../../fixtures/queries/flubromazepam_prison_paper.msp";
const STARTER: &str = "../../fixtures/starter/starter.msp";

fn run(line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_probity"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("mspepsearch").stdin(Stdio::null());
    command.args(line.split_whitespace()).output().unwrap()
}

fn standard_error(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The header and the rows, once five lines stand above them.
fn table(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[..5].iter().all(|line| line.starts_with('>')), "{text}");
    let cells = |line: &&str| line.split('\t').map(str::to_owned).collect();
    (cells(&lines[5]), lines[6..].iter().map(cells).collect())
}

fn succeed(line: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let output = run(line);
    assert_eq!(output.status.code(), Some(0), "{line}: {}", standard_error(&output));
    table(std::str::from_utf8(&output.stdout).unwrap())
}

#[test]
fn the_table_goes_to_standard_output_or_into_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hits.tsv");
    let (header, rows) = succeed(&format!("Isv /LIB {STARTER} /INP {FLUBROMAZEPAM}"));
    assert_eq!(header.len(), 17);
    assert_eq!(rows.len(), 3, "three hits where none are asked for");
    assert_eq!(rows[0][1..4], ["1", "starter", "70"]);
    assert_eq!(rows[0][9], "Flubromazepam");
    let output = run(&format!("Isv /LIB {STARTER} /INP {FLUBROMAZEPAM} /OUTTAB {}", path.display()));
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.is_empty());
    assert_eq!(table(&fs::read_to_string(path).unwrap()), (header, rows));
}

/// The system kills a process that writes a file larger than it may: in the midst of the table.
#[cfg(unix)]
#[test]
fn a_run_that_is_killed_leaves_the_table_of_the_run_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hits.tsv");
    fs::write(&path, "the table of the run before\n").unwrap();
    let line = format!("Isv /LIB {STARTER} /INP {FLUBROMAZEPAM} /HITS 100 /OUTTAB {}", path.display());
    let mut killed = Command::new("sh");
    killed.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    // In blocks of 512 or 1,024 bytes.
    killed.args(["-c", &format!("ulimit -f 1; exec \"$0\" mspepsearch {line}")]);
    let killed = killed.arg(env!("CARGO_BIN_EXE_probity")).output().unwrap();
    assert_eq!(killed.status.code(), None, "it was not killed: {}", standard_error(&killed));
    assert_eq!(fs::read_to_string(&path).unwrap(), "the table of the run before\n");
    let output = run(&line);
    assert_eq!(output.status.code(), Some(0));
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.len() > 2_048, "a table larger than what might be written");
    let line = format!("Isv /LIB {STARTER} /INP {FLUBROMAZEPAM} /HITS 100");
    assert_eq!(table(&text), succeed(&line));
}

#[test]
fn a_table_that_cannot_be_written_is_an_error_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let line = format!("Isv /LIB {STARTER} /INP {FLUBROMAZEPAM} /OUTTAB");
    let path = folder.path().join("no-such-folder").join("hits.tsv");
    let output = run(&format!("{line} {}", path.display()));
    assert_eq!(output.status.code(), Some(3));
    assert!(
        standard_error(&output).contains("hits.tsv: cannot write the table"),
        "{}",
        standard_error(&output)
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn columns_come_and_go_with_letters_and_options() {
    let with = "/OutSpecNum 5 /OutMW /OutCAS /OutChemForm /OutIK /OutNumPk /OutSrchNumPk /OutNISTrn";
    let (header, rows) = succeed(&format!("Sx /LIB {STARTER} /INP {FLUBROMAZEPAM} /HITS 1 {with}"));
    assert_eq!(
        header[..11],
        [
            "Num",
            "Unknown",
            "uInChIKey",
            "uNumPeaks",
            "Rank",
            "Library",
            "Id",
            "Mass",
            "Lib MW",
            "MF",
            "Num.Peaks"
        ]
    );
    let cell = |name: &str| rows[0][header.iter().position(|header| header == name).unwrap()].as_str();
    // As the entry states them; the mass is that of the formula.
    assert_eq!(
        (cell("Num"), cell("Lib MW"), cell("Formula"), cell("Num.Peaks")),
        ("5", "332", "C15H10BrFN2O", "20")
    );
    assert_eq!((cell("Mass"), cell("CAS")), ("331.996", "2647-50-9"));
    assert!(!header.iter().any(|header| header == "Prob(%)" || header == "R.Match"));
}

#[test]
fn only_queries_with_hits_have_rows_unless_all_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("q.msp");
    fs::write(
        &path,
        "Name: nothing alike\nNum Peaks: 1\n999 100\n\nName: caffeine\nNum Peaks: 2\n109 500\n194 999\n",
    )
    .unwrap();
    let line = format!("Ivs /LIB {STARTER} /INP {} /HITS 1 /MinMF 300", path.display());
    let (_, rows) = succeed(&line);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0][0], "caffeine");
    let (_, rows) = succeed(&format!("{line} /All"));
    assert_eq!(rows[0], ["nothing alike"]);
    assert_eq!(rows.len(), 2);
}

#[test]
fn the_reverse_search_orders_by_the_reverse_match_factor() {
    let (header, rows) = succeed(&format!("Irv /LIB {STARTER} /INP {FLUBROMAZEPAM} /HITS 20"));
    let column = header.iter().position(|header| header == "R.Match").unwrap();
    let factors: Vec<u32> = rows.iter().map(|row| row[column].parse().unwrap()).collect();
    assert_eq!(factors.len(), 20);
    assert!(factors.is_sorted_by(|one, next| one >= next));
}

#[test]
fn a_query_without_what_the_search_needs_is_told() {
    let line = format!("Hv /LIB {STARTER} /INP ../../fixtures/queries/caffeine_published.msp /HITS 1");
    let with_mass = succeed(&format!("{line} /MwForLoss 194"));
    assert_eq!(with_mass.1[0][with_mass.0.iter().position(|name| name == "DeltaMass").unwrap()], "-0.0000");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("q.msp");
    fs::write(&path, "Name: no mass\nNum Peaks: 1\n194 100\n").unwrap();
    let output = run(&format!("Hv /LIB {STARTER} /INP {}", path.display()));
    assert_eq!(output.status.code(), Some(1));
    assert!(standard_error(&output).contains("no mass: it states no molecular mass; /MwForLoss"));
    assert!(std::str::from_utf8(&output.stdout).unwrap().contains("Not searched 1"));
}

#[test]
fn what_is_not_offered_is_refused_by_name_before_anything_is_read() {
    for (line, word) in [
        ("Gu /LIB x /INP y", "the letter G in Gu is refused"),
        ("Is /LIB x /INP y /RI sut10rAV", "the option /RI is not offered"),
        ("Is /LIB x /INP y /COL zz", "the column zz of /COL is not offered"),
        ("Is /LIB x", "no spectra are named (/INP)"),
    ] {
        let output = run(line);
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert!(standard_error(&output).contains(word), "{line}: {}", standard_error(&output));
    }
    let output = run("Is /LIB no-such-library.msp /INP y");
    assert_eq!(output.status.code(), Some(3));
    assert!(standard_error(&output).contains("no-such-library.msp"));
}

#[test]
fn what_has_no_effect_or_no_number_is_told() {
    let output = run(&format!("dIv /LIB {STARTER} /INP {FLUBROMAZEPAM} /HiPri /WRK /tmp /OutNumMP"));
    assert_eq!(output.status.code(), Some(0));
    let told = standard_error(&output);
    for word in ["no presearch is done", "/HiPri, /WRK", "the column NumMP stays empty"] {
        assert!(told.contains(word), "{told}");
    }
}

#[test]
fn help_is_given() {
    for line in ["--help", "-h"] {
        let output = run(line);
        assert_eq!(output.status.code(), Some(0), "{line}");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("/MwForLoss N") && text.contains("probity mspepsearch LETTERS"), "{text}");
    }
}
