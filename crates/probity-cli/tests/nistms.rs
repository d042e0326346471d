//! `probity nistms` as the callers of NIST MS Search use it: what they leave in the folder, what they find there.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use probity_tests::fixtures;
use regex::Regex;
use tempfile::TempDir;

/// By this MZmine took hits from `SRCRESLT.TXT` for years; whatever else stood there ended its run.
const MZMINE_HIT: &str =
    r"^Hit.*<<(.*)>>.*<<(.*)>>.*MF:\s*(\d+).*RMF:\s*(\d+).*CAS:\s*([^;]*);.*Mw:\s*(\d+).*Id:\s*(\d+).*";

/// By these it does now, and by `RI:` tells that the match factor is the number to take.
const MZMINE_NOW: [&str; 8] = [
    r"^Hit.* : <<(.*?)>>",
    r";<<(.*?)>>",
    r"Lib: <<(.*?)>>",
    r"RI:\s*(\d+)",
    r"MF:\s*(\d+)",
    r"CAS:\s*([^;]*);",
    r"Mw:\s*(\d+)",
    r"Id:\s*(\d+)",
];

/// A folder of the protocol, with blanks and a letter beyond ASCII in its name.
struct Door {
    _parent: TempDir,
    folder: PathBuf,
}

impl Door {
    fn empty() -> Self {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("MS SEARCH \u{fc}");
        fs::create_dir(&folder).unwrap();
        Self { _parent: parent, folder }
    }

    /// With the files of a caller, and those of other programs.
    fn of(caller: &str) -> Self {
        let door = Self::empty();
        let from = fixtures().join("nist_door").join(caller);
        door.copy(&from, &door.folder);
        door.write("OLD.HLM", b"another program's");
        door
    }

    fn copy(&self, from: &Path, to: &Path) {
        for entry in fs::read_dir(from).unwrap() {
            let (path, target) = {
                let entry = entry.unwrap();
                (entry.path(), to.join(entry.file_name()))
            };
            if path.is_dir() {
                fs::create_dir(&target).unwrap();
                self.copy(&path, &target);
            } else {
                fs::write(target, self.filled(&fs::read(path).unwrap())).unwrap();
            }
        }
    }

    /// The bytes with the folder's path in its place.
    fn filled(&self, bytes: &[u8]) -> Vec<u8> {
        let (mut filled, mark) = (Vec::new(), b"{FOLDER}".as_slice());
        let mut rest = bytes;
        while let Some(place) = rest.windows(mark.len()).position(|window| window == mark) {
            filled.extend_from_slice(&rest[..place]);
            filled.extend_from_slice(self.folder.to_str().unwrap().as_bytes());
            rest = &rest[place + mark.len()..];
        }
        filled.extend_from_slice(rest);
        filled
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.folder.join(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.folder.join(name)).ok()
    }

    fn ready(&self) -> Option<String> {
        self.read("SRCREADY.TXT").map(|bytes| String::from_utf8(bytes).unwrap())
    }

    /// The lines of the results; each ends with CR LF, and none holds anything else of these.
    fn results(&self) -> Vec<String> {
        let bytes = self.read("SRCRESLT.TXT").unwrap();
        let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        assert_eq!(text.matches('\r').count(), text.matches("\r\n").count());
        text.strip_suffix("\r\n").unwrap().split("\r\n").map(str::to_owned).collect()
    }

    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(&self.folder).unwrap();
        let mut names: Vec<String> =
            names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_probity"));
        command.arg("nistms").arg("--folder").arg(&self.folder).args(arguments).stdin(Stdio::null());
        if !arguments.contains(&"--library") {
            command.arg("--library=starter");
        }
        command
    }

    fn call(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn begin(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }
}

fn standard_error(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The names of the first hits, once every line is one that MZmine takes.
fn first_hits(lines: &[String]) -> Vec<String> {
    let hit = Regex::new(MZMINE_HIT).unwrap();
    let unknown = Regex::new(r"^Unknown:\s*(.*?)\s+Compound in Library Factor = N/A$").unwrap();
    let now = MZMINE_NOW.map(|pattern| Regex::new(pattern).unwrap());
    let mut first = Vec::new();
    let mut expects_first = false;
    for line in lines {
        if unknown.is_match(line) {
            expects_first = true;
            continue;
        }
        let captures = hit.captures(line).unwrap_or_else(|| panic!("MZmine refuses {line}"));
        assert!(now.iter().all(|pattern| pattern.is_match(line)), "{line}");
        if std::mem::take(&mut expects_first) {
            assert_eq!(&captures[3], "999", "a spectrum of the library itself: {line}");
            first.push(captures[1].to_owned());
        }
    }
    first
}

#[test]
fn every_known_caller_finds_its_results() {
    for (caller, switches, second_locator, spectra, names) in [
        ("mzmine", &["/par=2", "/instrument"][..], "MZMINE2.MSD", "MZM2NIST 7.MSP", &["Cocaine"][..]),
        ("mssearchr", &["/INSTRUMENT", "/PAR=2"], "FILESPEC.FIL", "RMSSEARCH.MSP", &["Caffeine", "Heroin"]),
        ("mseasy", &["/Instrument", "/par=2"], "FILESPEC.FIL", "peaks of run 3.msp", &["Caffeine"]),
        ("chemclipse", &["/INSTRUMENT", "/PAR=2"], "CHROMDAT.FIL", "MASSSPECTRA.MSL", &["Cocaine", "Heroin"]),
        ("two_lines", &["/par=2"], "SEARCH/SEARCH.MSD", "SEARCH/spectrum of peak 3.msp", &["Heroin"]),
        ("two_numbers", &["/instrument", "/PAR=4"], "filespec.fil", "temp.msp", &["Caffeine"]),
    ] {
        let door = Door::of(caller);
        door.write("SRCREADY.TXT", b"100\r\n");
        door.write("SRCRESLT.TXT", b"Unknown: of an earlier call\r\n");
        let before = door.names();
        let kept: Vec<_> =
            ["AUTOIMP.MSD", "autoimp.msd", "OLD.HLM", spectra].map(|name| door.read(name)).into();
        let mut arguments = vec!["--library", "starter"];
        arguments.extend_from_slice(switches);
        let output = door.call(&arguments);
        assert_eq!(output.status.code(), Some(0), "{caller}: {}", standard_error(&output));
        assert_eq!(door.ready(), Some(format!("{}\r\n", names.len())), "{caller}");
        assert_eq!(first_hits(&door.results()), names, "{caller}");
        assert!(door.read(second_locator).is_none(), "{caller}: it would be found busy");
        let after: Vec<_> =
            ["AUTOIMP.MSD", "autoimp.msd", "OLD.HLM", spectra].map(|name| door.read(name)).into();
        assert_eq!(after, kept, "{caller}");
        let mut expected: Vec<String> = before.into_iter().filter(|name| name != second_locator).collect();
        expected.extend(["NISTLOG.TXT", "lock"].map(str::to_owned));
        expected.sort();
        assert_eq!(door.names(), expected, "{caller}");
    }
}

#[test]
fn names_come_back_as_the_caller_wrote_them() {
    let unknowns = |caller: &str| -> Vec<String> {
        let door = Door::of(caller);
        assert_eq!(door.call(&["--hits", "2"]).status.code(), Some(0), "{caller}");
        door.results().into_iter().filter(|line| line.starts_with("Unknown:")).collect()
    };
    let mzmine = unknowns("mzmine");
    assert!(mzmine[0].starts_with("Unknown: Row 12 (Caf\u{e9}, m/z 303.1471 at 7.42 min) of run 7 xxx"));
    let factor = " Compound in Library Factor = N/A";
    assert_eq!(
        mzmine[0].len(),
        "Unknown: ".len() + 512 + factor.len(),
        "a name of 511 characters, one of two bytes"
    );
    assert!(unknowns("mssearchr")[1].starts_with("Unknown: Pr\u{fc}fung 2    "));
    assert!(unknowns("chemclipse")[0].starts_with("Unknown: 1 (7.42 min) \u{e4}    "));
    assert!(unknowns("two_numbers")[0].starts_with("Unknown: scan 724 ?    "), "code page 1252 has no beta");
}

#[test]
fn names_that_look_like_the_form_do_not_break_it() {
    let names = [
        "a>>;<<b>>; MF: 1; RMF: 2; CAS:3; Mw: 4; Id: 5",
        "<<both>>",
        "Hit 1  : <<x>>",
        "ends with >",
        "semi; colon: and \"quotes\"",
        "1,1'-[methylenebis(oxy)]bis-",
        "Unknown: y",
    ];
    let door = Door::of("mseasy");
    let record = |(place, name): (usize, &&str)| {
        format!(
            "Name: {name}\nFormula: C8H10N4O2\nMW: 194\nNum Peaks: 2\n{} 500\n{} 999\n\n",
            100 + place,
            300 + place
        )
    };
    let library: String = names.iter().enumerate().map(record).collect();
    door.write("library.msp", library.as_bytes());
    let queries = library.replace("Name: ", "Name: query of ");
    door.write("peaks of run 3.msp", queries.as_bytes());
    let path = door.folder.join("library.msp");
    let output = door.call(&["--library", path.to_str().unwrap(), "--hits", "1"]);
    assert_eq!(output.status.code(), Some(0), "{}", standard_error(&output));
    let lines = door.results();
    assert_eq!(lines.len(), 2 * names.len());
    let (hit, now) = (Regex::new(MZMINE_HIT).unwrap(), Regex::new(MZMINE_NOW[0]).unwrap());
    let letters = |text: &str| text.replace(' ', "");
    for (place, name) in names.iter().enumerate() {
        let line = &lines[2 * place + 1];
        let captures = hit.captures(line).unwrap_or_else(|| panic!("MZmine refuses {line}"));
        assert_eq!(letters(&captures[1]), letters(name), "{line}");
        assert_eq!(letters(&now.captures(line).unwrap()[1]), letters(name), "{line}");
        assert_eq!(
            [2, 3, 4, 5, 6, 7].map(|group| captures[group].to_owned()),
            [
                "C8H10N4O2".to_owned(),
                "999".to_owned(),
                "999".to_owned(),
                "0".to_owned(),
                "194".to_owned(),
                (place + 1).to_string()
            ]
        );
    }
}

#[test]
fn as_many_hits_are_written_as_are_asked_for() {
    let door = Door::of("mseasy");
    assert_eq!(door.call(&["--hits=12"]).status.code(), Some(0));
    let lines = door.results();
    assert_eq!(lines.len(), 13);
    assert!(lines[9].starts_with("Hit 9  : <<") && lines[10].starts_with("Hit 10 : <<"), "{lines:?}");
}

#[test]
fn more_spectra_than_the_program_takes_are_searched_too() {
    let door = Door::of("mssearchr");
    let spectrum =
        |number: usize| format!("Name: number {number}\r\nNum Peaks: 2\r\n109 500\r\n194 999\r\n\r\n");
    door.write("RMSSEARCH.MSP", (1..=250).map(spectrum).collect::<String>().as_bytes());
    assert_eq!(door.call(&["--hits", "1"]).status.code(), Some(0));
    assert_eq!(door.ready().as_deref(), Some("250\r\n"));
    let lines = door.results();
    let unknowns: Vec<_> = lines.iter().filter(|line| line.starts_with("Unknown:")).collect();
    assert_eq!(unknowns.len(), 250);
    assert!(unknowns[249].starts_with("Unknown: number 250 "));
}

#[test]
fn what_cannot_be_searched_is_told_and_the_rest_is_searched() {
    let door = Door::of("mssearchr");
    door.write(
        "RMSSEARCH.MSP",
        b"Name: no peaks at all\r\n\r\nName: none counted\r\nNum Peaks: 0\r\n\r\nName: good\r\nNum Peaks: 1\r\n194 999\r\n",
    );
    let output = door.call(&[]);
    assert_eq!(output.status.code(), Some(1));
    let (told, log) =
        (standard_error(&output), String::from_utf8(door.read("NISTLOG.TXT").unwrap()).unwrap());
    assert!(told.contains("record 2, line 3 (none counted) was not searched"), "{told}");
    assert!(log.contains("none counted") && log.contains("neither peaks nor a number of peaks"), "{log}");
    assert!(log.contains("2 spectra in SRCRESLT.TXT, 1 of them not searched; 1 records left out"), "{log}");
    assert_eq!(door.ready().as_deref(), Some("2\r\n"));
    let lines = door.results();
    assert!(lines[0].starts_with("Unknown: none counted ") && lines[1].starts_with("Unknown: good "));
    assert!(lines.len() > 2 && lines[2].starts_with("Hit 1  : "));
}

#[test]
fn a_locator_that_is_written_meanwhile_is_waited_for() {
    let door = Door::of("mzmine");
    let whole = door.read("MZMINE2.MSD").unwrap();
    door.write("MZMINE2.MSD", &whole[..whole.len() - 9]);
    door.write("SRCREADY.TXT", b"1\r\n");
    let call = door.begin(&["--wait", "60"]);
    let since = Instant::now();
    // Once the stale file is gone the call is under way, and nothing but the locator can hold it up.
    while door.ready().is_some() {
        assert!(since.elapsed() < Duration::from_secs(60), "the stale file stays");
        sleep(Duration::from_millis(10));
    }
    door.write("MZMINE2.MSD", &whole);
    let output = call.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", standard_error(&output));
    assert_eq!(first_hits(&door.results()), ["Cocaine"]);
}

#[test]
fn what_is_missing_or_wrong_is_named_and_nothing_is_ready() {
    type Change = fn(&Door);
    let cases: [(Change, &str); 8] = [
        (
            |door| fs::remove_file(door.folder.join("AUTOIMP.MSD")).unwrap(),
            "AUTOIMP.MSD: there is no such file",
        ),
        (|door| door.write("AUTOIMP.MSD", b"\r\n"), "AUTOIMP.MSD is empty"),
        (
            |door| fs::remove_file(door.folder.join("FILESPEC.FIL")).unwrap(),
            "FILESPEC.FIL, which it names, is not there",
        ),
        (|door| door.write("FILESPEC.FIL", b"RMSSEARCH.MSP\r\n"), "neither OVERWRITE nor APPEND"),
        (|door| door.write("FILESPEC.FIL", b"RMSSEARCH.MSP APP"), "neither OVERWRITE nor APPEND"),
        (
            |door| door.write("FILESPEC.FIL", b"RMSSEARCH.MSP\r\nREPLACE\r\n"),
            "line 2: OVERWRITE or APPEND is expected",
        ),
        (
            |door| door.write("FILESPEC.FIL", b"OTHER.MSP APPEND\r\n"),
            "OTHER.MSP, which it names, is not there",
        ),
        (|door| door.write("RMSSEARCH.MSP", b"no spectrum\r\n"), "RMSSEARCH.MSP"),
    ];
    for (change, word) in cases {
        let door = Door::of("mssearchr");
        door.write("srcready.txt", b"2\r\n");
        door.write("SRCRESLT.TXT", b"Unknown: of an earlier call\r\n");
        change(&door);
        let locator = door.read("FILESPEC.FIL");
        let output = door.call(&["--wait", "0"]);
        assert_eq!(output.status.code(), Some(3), "{word}");
        let told = standard_error(&output);
        assert!(told.contains(word), "{word}: {told}");
        let names = door.names();
        assert!(!names.iter().any(|name| name.to_ascii_uppercase().starts_with("SRC")), "{word}: {names:?}");
        assert_eq!(door.read("FILESPEC.FIL"), locator, "{word}");
    }
}

#[test]
fn without_a_library_old_results_do_not_stay_either() {
    let door = Door::of("mzmine");
    door.write("SRCREADY.TXT", b"1\r\n");
    let output = door.call(&["--library", "no such library.msp"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(standard_error(&output).contains("no such library.msp"));
    assert_eq!(door.ready(), None);
}

#[test]
#[cfg(not(windows))]
fn a_path_of_windows_is_named_where_it_leads_nowhere() {
    let door = Door::of("mzmine");
    door.write("AUTOIMP.MSD", b"C:\\NIST 20\\MSSEARCH\\MZMINE2.MSD\r\n");
    let output = door.call(&["--wait", "0"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(standard_error(&output).contains("C:\\NIST 20\\MSSEARCH\\MZMINE2.MSD is a path of Windows"));
}

#[test]
fn a_call_in_another_call_s_turn_is_refused_and_touches_nothing() {
    let door = Door::of("mzmine");
    door.write("SRCREADY.TXT", b"1\r\n");
    let turn = fs::File::create(door.folder.join("lock")).unwrap();
    turn.try_lock().unwrap();
    let before = door.names();
    let output = door.call(&[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(standard_error(&output).contains("another call is searching"), "{}", standard_error(&output));
    assert_eq!(door.names(), before);
    drop(turn);
    assert_eq!(door.call(&[]).status.code(), Some(0));
}

#[test]
fn of_two_calls_at_once_one_is_served_and_its_results_are_whole() {
    let door = Door::of("mssearchr");
    let calls = [door.begin(&["--wait", "0"]), door.begin(&["--wait", "0"])];
    let codes: Vec<_> = calls.map(|call| call.wait_with_output().unwrap().status.code()).into();
    let served = codes.iter().filter(|&&code| code == Some(0)).count();
    let refused = codes.iter().filter(|&&code| code == Some(3)).count();
    assert_eq!((served, refused), (1, 1), "{codes:?}");
    // The second call may come when the first is done: then it finds no request, and its results gone as stale ones.
    if door.ready().is_some() {
        assert_eq!(first_hits(&door.results()), ["Caffeine", "Heroin"]);
    }
}

#[test]
fn the_program_may_be_called_by_the_name_that_callers_know() {
    let door = Door::of("mzmine");
    let program = door.folder.join(format!("nistms${}", std::env::consts::EXE_SUFFIX));
    let built = env!("CARGO_BIN_EXE_probity");
    fs::hard_link(built, &program).or_else(|_| fs::copy(built, &program).map(|_| ())).unwrap();
    let call = || {
        let mut command = Command::new(&program);
        command.current_dir(&door.folder).args(["/par=2", "/instrument"]).stdin(Stdio::null());
        command.output().unwrap()
    };
    let output = call();
    assert_eq!(output.status.code(), Some(3));
    assert!(standard_error(&output).contains("nistms$.arguments"), "{}", standard_error(&output));
    door.write("nistms$.arguments", b"# the library\r\n--library=starter\r\n--hits=3\r\n");
    let output = call();
    assert_eq!(output.status.code(), Some(0), "{}", standard_error(&output));
    assert_eq!(first_hits(&door.results()), ["Cocaine"]);
    assert_eq!(door.results().len(), 4);
}

#[test]
fn unknown_switches_and_other_methods_are_refused() {
    let door = Door::of("mzmine");
    for (arguments, code, word) in [
        (&["/PRINT"][..], 2, "/PRINT"),
        (&["--method", "ei-default"], 3, "none of NIST's searches"),
        (&["--method", "nist-dot-product"], 3, "none of NIST's searches of unit mass"),
        (&["--method", "best"], 3, "there is no method best"),
    ] {
        let output = door.call(arguments);
        assert_eq!(output.status.code(), Some(code), "{word}");
        assert!(standard_error(&output).contains(word), "{}", standard_error(&output));
    }
    assert_eq!(door.call(&["--method", "nist-simple"]).status.code(), Some(0));
    assert!(door.results()[1].contains("; Prob: 0.00; "));
}
