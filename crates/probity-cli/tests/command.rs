//! The command as a user runs it: what it prints where, and how it ends.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const FLUBROMAZEPAM: &str = "../../fixtures/queries/flubromazepam_prison_paper.msp";
const BENZOCAINE: &str = "../../fixtures/queries/benzocaine_prison_card.msp";
const STARTER: &str = "../../fixtures/starter/starter.msp";

fn probity(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_probity"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    probity(arguments).output().unwrap()
}

fn standard_output(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn standard_error(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn succeed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", standard_error(&output));
    standard_output(&output)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn findings(text: &str) -> Vec<Value> {
    text.lines().map(json).collect()
}

fn feed(arguments: &[&str], bytes: &[u8]) -> Output {
    let mut child = probity(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    child.wait_with_output().unwrap()
}

fn path(folder: &tempfile::TempDir, name: &str, content: &str) -> String {
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_first_candidate_stands_in_every_output() {
    let table = succeed(&["identify", FLUBROMAZEPAM]);
    assert!(table.contains("First candidate: Flubromazepam"), "{table}");
    assert!(table.contains("inconclusive"));
    assert!(!table.contains('\u{1b}'), "no colour codes where nobody sees colours");
    let whole = json(&succeed(&["identify", FLUBROMAZEPAM, "--output", "json"]));
    assert_eq!(whole.as_array().unwrap().len(), 1);
    assert_eq!(whole[0]["hits"][0]["name"], "Flubromazepam");
    let lines = findings(&succeed(&["identify", FLUBROMAZEPAM, "--output", "jsonl"]));
    assert_eq!(lines, *whole.as_array().unwrap());
    let rows = succeed(&["identify", FLUBROMAZEPAM, "--output", "csv", "--top", "3"]);
    let rows: Vec<&str> = rows.lines().collect();
    assert_eq!(rows.len(), 4);
    assert!(rows[0].starts_with("query,file,"));
    assert!(rows[1].contains(",Flubromazepam,"));
}

#[test]
fn several_files_come_in_the_order_given_and_a_folder_by_name() {
    let output = succeed(&["identify", FLUBROMAZEPAM, BENZOCAINE, "--output", "jsonl"]);
    let best = |text: &str| -> Vec<String> {
        findings(text).iter().map(|finding| finding["hits"][0]["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(best(&output), ["Flubromazepam", "Benzocaine"]);
    let folder = tempfile::tempdir().unwrap();
    path(&folder, "b.msp", &fs::read_to_string(FLUBROMAZEPAM).unwrap());
    path(&folder, "a.msp", &fs::read_to_string(BENZOCAINE).unwrap());
    let output = succeed(&["identify", folder.path().to_str().unwrap(), "--output", "jsonl"]);
    assert_eq!(best(&output), ["Benzocaine", "Flubromazepam"]);
}

#[test]
fn standard_input_gives_the_same_candidates_as_the_file() {
    let bytes = fs::read(FLUBROMAZEPAM).unwrap();
    let output = feed(&["identify", "-", "--output", "jsonl"], &bytes);
    assert_eq!(output.status.code(), Some(0));
    let fed = json(&standard_output(&output));
    let file = json(&succeed(&["identify", FLUBROMAZEPAM, "--output", "jsonl"]));
    assert_eq!(fed["hits"], file["hits"]);
    assert_eq!(fed["query"]["source"]["sha256"], file["query"]["source"]["sha256"]);
    let nothing = feed(&["identify", "-"], b"");
    assert_eq!(nothing.status.code(), Some(1));
    assert!(nothing.stdout.is_empty());
}

#[test]
fn a_missing_file_is_named_and_the_others_are_processed() {
    let output = run(&["identify", "no-such-file.msp", FLUBROMAZEPAM, "--output", "jsonl"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(standard_error(&output).contains("no-such-file.msp"));
    let findings = findings(&standard_output(&output));
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["hits"][0]["name"], "Flubromazepam");
}

#[test]
fn what_stops_everything_ends_with_3_and_a_wrong_line_with_2() {
    for (arguments, named) in [
        (&["identify", FLUBROMAZEPAM, "--library", "no-such-library.msp"][..], "no-such-library.msp"),
        (&["identify", FLUBROMAZEPAM, "--method", "best"][..], "ei-default, ei-composite"),
        (&["identify", FLUBROMAZEPAM, "--method", "no-such.toml"][..], "no-such.toml"),
        (&["identify", FLUBROMAZEPAM, "--mass", "310:300"][..], "310 to 300"),
        (&["identify", FLUBROMAZEPAM, "--formula", "Xx2"][..], "--formula"),
        (&["identify", FLUBROMAZEPAM, "--retention-index-window", "NaN"][..], "retention index window"),
        (&["compare", FLUBROMAZEPAM][..], "only one spectrum"),
        (&["validate"][..], "--leave-contributors-out"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(standard_error(&output).contains(named), "{}", standard_error(&output));
    }
    for arguments in [&["identify"][..], &["identify", FLUBROMAZEPAM, "--mass", "300"][..], &["search"][..]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn strict_refuses_what_is_otherwise_repaired() {
    let folder = tempfile::tempdir().unwrap();
    // Three peaks are announced, two are there.
    let file = path(&folder, "short.msp", "Name: short\nNum Peaks: 3\n304 100\n306 98\n");
    let tolerant = run(&["identify", &file, "--output", "jsonl"]);
    assert_eq!(findings(&standard_output(&tolerant)).len(), 1);
    assert!(standard_error(&tolerant).contains("repaired"));
    let strict = run(&["identify", &file, "--output", "jsonl", "--strict"]);
    assert_eq!(strict.status.code(), Some(1));
    assert!(strict.stdout.is_empty());
}

#[test]
fn spectra_survive_conversion_there_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let spectra = |text: &str| -> Vec<(Value, Value, Value)> {
        let list = json(text).as_array().unwrap().clone();
        assert!(!list.is_empty());
        list.into_iter().map(|s| (s["name"].clone(), s["mz"].clone(), s["intensity"].clone())).collect()
    };
    let original = spectra(&succeed(&["convert", STARTER, "--to", "json"]));
    assert_eq!(original.len(), fs::read_to_string(STARTER).unwrap().matches("Num Peaks:").count());
    for (target, name) in [
        ("msp", "a.msp"),
        ("json", "a.json"),
        ("massbank", "a.txt"),
        ("jcamp-dx", "a.jdx"),
        ("jcamp-dx-compressed", "b.jdx"),
    ] {
        let written = succeed(&["convert", STARTER, "--to", target, "--accession-prefix", "LAB"]);
        let file = path(&folder, name, &written);
        assert_eq!(spectra(&succeed(&["convert", &file, "--to", "json"])), original, "{target}");
    }
    let report = folder.path().join("report.json");
    succeed(&["convert", STARTER, "--to", "msp", "--report", report.to_str().unwrap()]);
    assert!(json(&fs::read_to_string(&report).unwrap())["read"].is_object());
}

#[test]
fn curves_survive_conversion_there_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let film = "# curve: a film\ncm-1,absorbance\n4000,0.25\n3998,0.5\n3996,-0.01\n";
    let film = path(&folder, "film.csv", film);
    let curve = |text: &str| json(text)[0]["curve"].clone();
    let original = curve(&succeed(&["convert", &film, "--to", "json"]));
    assert_eq!(original["axis"], serde_json::json!([4000.0, 3998.0, 3996.0]));
    for (target, name) in [("jcamp-dx", "a.jdx"), ("jcamp-dx-compressed", "b.jdx"), ("csv", "c.csv")] {
        let file = path(&folder, name, &succeed(&["convert", &film, "--to", target]));
        assert_eq!(curve(&succeed(&["convert", &file, "--to", "json"])), original, "{target}");
    }
    // Mass spectra have no place in a table of curves: none is written, all are counted.
    let report = folder.path().join("report.json");
    assert_eq!(succeed(&["convert", STARTER, "--to", "csv", "--report", report.to_str().unwrap()]), "");
    let written = json(&fs::read_to_string(&report).unwrap())["written"].clone();
    assert!(written["records_written"] == 0 && written["records_omitted"].as_u64() > Some(50), "{written}");
}

#[test]
fn methods_are_listed_and_printed() {
    let list = succeed(&["methods"]);
    for name in ["ei-default", "nist-identity", "msms-entropy"] {
        assert!(list.contains(name), "{list}");
    }
    let one = json(&succeed(&["methods", "ei-default"]));
    assert_eq!(one["method"]["name"], "ei-default");
    assert_eq!(one["digest"].as_str().unwrap().len(), 64);
}

#[test]
fn the_root_of_each_tree_is_the_measure() {
    // The first two records of the library share ions; the tree stands under the method's name.
    let compared = json(&succeed(&["compare", STARTER, "--json"]));
    let methods = compared["compared"].as_array().unwrap();
    let mut seen = 0;
    for method in methods {
        let Some(measures) = method["measures"].as_object().filter(|measures| !measures.is_empty()) else {
            continue;
        };
        let root = method["explanation"]["value"].as_f64().unwrap();
        assert!(measures.values().any(|value| value.as_f64() == Some(root)), "{method}");
        assert!(!measures.contains_key("nist_relative_probability"), "there are no other hits");
        seen += 1;
    }
    assert!(seen >= 5, "{compared}");
    let refused = methods.iter().find(|method| method["method"] == "msms-entropy-hybrid").unwrap();
    assert!(refused["refused"].as_str().unwrap().contains("precursor"), "{refused}");
    let same =
        json(&succeed(&["compare", FLUBROMAZEPAM, FLUBROMAZEPAM, "--json", "--method", "nist-simple"]));
    assert_eq!(same["compared"][0]["explanation"]["value"], 999.0);
    assert!(succeed(&["compare", FLUBROMAZEPAM, FLUBROMAZEPAM]).contains("nist-simple\n999"));
}

#[test]
fn a_study_counts_what_is_right_by_construction() {
    let folder = tempfile::tempdir().unwrap();
    let record = |name: &str, key: &str, peaks: &str| {
        format!("Name: {name}\nInChIKey: {key}-UHFFFAOYSA-N\nSpectrum_type: EI\nNum Peaks: 2\n{peaks}\n\n")
    };
    let (cocaine, caffeine, heroin) = ("ZPUCINDJVBIVPJ", "RYYVLZVUVIJVGH", "GVGLGOZIDCSQPN");
    let library = record("one", cocaine, "82 100\n182 90") + &record("two", caffeine, "109 50\n194 100");
    let library = path(&folder, "library.msp", &library);
    // Q1 is entry one itself, Q2 has the label of the other entry, Q3 is in no library.
    let queries = record("Q1", cocaine, "82 100\n182 90")
        + &record("Q2", caffeine, "82 100\n182 90")
        + &record("Q3", heroin, "327 100\n369 90");
    let queries = path(&folder, "queries.msp", &queries);
    let truth = format!(
        "query_id\tcompound_key\ttype\nQ1\t{cocaine}\treplicate\nQ2\t{caffeine}\treplicate\nQ3\t{heroin}\tunknown\nQ4\t{heroin}\tunknown\n"
    );
    let truth = path(&folder, "truth.tsv", &truth);
    let arguments =
        ["validate", "--library", &library, "--queries", &queries, "--truth", &truth, "--output", "json"];
    let studies = json(&succeed(&arguments));
    assert_eq!(studies.as_array().unwrap().len(), 7, "those that need no molecular mass");
    let default = &studies[0];
    assert_eq!(default["rows"][0]["ranks"]["top_1"]["successes"], 1);
    assert_eq!(default["rows"][0]["ranks"]["top_1"]["trials"], 2);
    assert_eq!(default["rows"][1]["absent"]["maximum"], 0.0);
    assert_eq!(default["truths_without_query"], 1, "Q4 stands in the truth only");
    let table = succeed(&arguments[..7]);
    assert!(table.contains("| ei-default | replicate, other contributor | 1/2 = 50.0 %"), "{table}");
}

#[test]
fn a_reader_that_stops_listening_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let many = path(&folder, "many.msp", &fs::read_to_string(STARTER).unwrap().repeat(4));
    for form in ["jsonl", "json", "csv", "table"] {
        let mut child = probity(&["identify", &many, "--output", form])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        // Dropped at the end of the statement, which closes the pipe.
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        assert!(!first.is_empty());
        let mut complaints = String::new();
        child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{form}: {complaints}");
        assert_eq!(complaints, "", "{form}");
    }
}

/// Cocaine is in Schedule I of the 1961 Convention; a name that no list has is told by the exit code.
#[test]
fn a_substance_is_looked_up_by_name_number_and_key() {
    let text = succeed(&["substance", "53-21-4", "MKXZASYAUGDDCJ-UHFFFAOYSA-N"]);
    assert!(text.contains("Cocaine: Schedule I of the 1961 Convention (unverified); salt of it."), "{text}");
    assert!(text.contains("depends on stereochemistry"), "{text}");
    let found = json(&succeed(&["substance", "acetic anhydride", "--json"]));
    assert_eq!(found[0]["matches"][0]["row"]["listing"]["schedule"], "Table I");
    let output = probity(&["substance", "caffeine", "no such substance"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("Not found in the lists as of") && !text.contains("not controlled"), "{text}");
}

/// Benzocaine is in no list, ADB-BUTINACA in Schedule II of the 1971 Convention.
#[test]
fn a_finding_says_what_the_lists_say_of_its_candidates() {
    let finding = json(&succeed(&["identify", BENZOCAINE, "--top", "1", "--output", "json"]));
    let status = &finding[0]["hits"][0]["control_status"];
    assert_eq!(status["matches"][0]["listing"]["status"], "not_found");
    assert_eq!(status["matches"][0]["kind"], "cutting_agent");
    let table = succeed(&["identify", BENZOCAINE, "--top", "1"]);
    assert!(table.contains("Lists (of the library's entries, not of the sample)"), "{table}");
    let csv = succeed(&["identify", BENZOCAINE, "--top", "1", "--output", "csv"]);
    assert!(csv.contains("national law may differ"), "{csv}");
}
