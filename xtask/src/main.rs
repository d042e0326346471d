//! Chores of the workspace: `cargo xtask <chore>`.

mod install_c;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

const HELP: &str = "\
cargo xtask <chore>

  ci            everything that must pass before a change lands
  fuzz [SECONDS]  each fuzz target in turn, 120 seconds unless told (needs cargo-fuzz)
  kills [N]     kills the command N times (500 unless told) while it changes a library
  bench         the criterion benches
  validate      the study of VALIDATION.md, on the folder that PROBITY_DATA names
  header        writes the C header from the comments and signatures of probity-ffi
  abi           writes the list of exported symbols and struct layouts: a change in it may break C programs
  install-c --prefix DIR [--libraries DIR]
                installs header, libraries, pkg-config file and CMake package, of a release build unless told
  starter       checks the starter library's text against its own rules and writes its folder
";

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("ci") => run("bash", &[".ci/run"]),
        Some("fuzz") => fuzz(arguments.next().as_deref().unwrap_or("120")),
        Some("kills") => kills(arguments.next().as_deref().unwrap_or("500")),
        Some("bench") => run("cargo", &["bench", "--package", "probity-benches"]),
        Some("validate") => validate(),
        Some("header") => ffi_test("header", "PROBITY_WRITE_HEADER"),
        Some("abi") => ffi_test("native", "PROBITY_WRITE_ABI"),
        Some("install-c") => install_c::run(arguments),
        Some("starter") => starter(),
        _ => {
            #[allow(clippy::print_stderr, reason = "help goes to people")]
            {
                eprint!("{HELP}");
            }
            bail!("name a chore");
        }
    }
}

/// Runs each fuzz target for some seconds, with the fixtures of its format as seeds. libFuzzer needs
/// compiler flags that a stable compiler takes only when told to.
fn fuzz(seconds: &str) -> Result<()> {
    let folder = root().join("tests/fuzz/fuzz_targets");
    let mut targets: Vec<String> = std::fs::read_dir(&folder)
        .with_context(|| format!("cannot list {}", folder.display()))?
        .filter_map(|entry| entry.ok()?.path().file_stem()?.to_str().map(str::to_owned))
        .collect();
    targets.sort();
    let time = format!("-max_total_time={seconds}");
    for target in targets {
        let corpus = format!("tests/fuzz/corpus/{target}");
        // Libraries and indexes are fuzzed from inside out; what they and the binary formats start from stands
        // with what was found.
        let seeds = match target.as_str() {
            "library" | "index" | "opus" | "spa" | "spc" => format!("tests/fuzz/regressions/{target}"),
            _ => format!("fixtures/formats/{target}"),
        };
        std::fs::create_dir_all(root().join(&corpus)).context("cannot make the corpus folder")?;
        let mut arguments =
            vec!["fuzz", "run", "--fuzz-dir", "tests/fuzz", "-s", "address", &target, &corpus];
        if root().join(&seeds).is_dir() {
            arguments.push(&seeds);
        }
        arguments.extend(["--", &time, "-max_len=65536", "-rss_limit_mb=1500", "-timeout=20"]);
        run("cargo", &arguments)?;
    }
    Ok(())
}

fn starter() -> Result<()> {
    run("python3", &["fixtures/starter/make_starter.py", "--verify"])?;
    let folder = "fixtures/starter/library";
    if root().join(folder).is_dir() {
        std::fs::remove_dir_all(root().join(folder)).context("cannot remove the old library")?;
    }
    let (package, example) = ("probity", "make_starter_library");
    let text = "fixtures/starter/starter.msp";
    run("cargo", &["run", "--package", package, "--example", example, "--", text, folder])?;
    std::fs::remove_file(root().join(folder).join("lock")).context("cannot remove the lock file")
}

/// The same test as on every change, with more kills; it prints when they fell.
fn kills(number: &str) -> Result<()> {
    let test = ["test", "--release", "--package", "probity-cli", "--test", "kills", "--", "--nocapture"];
    run_with(Command::new("cargo").args(test).env("PROBITY_KILLS", number))
}

/// The test that compares a file also writes it, if told by a variable.
fn ffi_test(test: &str, variable: &str) -> Result<()> {
    let arguments = ["test", "--quiet", "--package", "probity-ffi", "--test", test];
    run_with(Command::new("cargo").args(arguments).env(variable, "1"))
}

fn validate() -> Result<()> {
    let data = std::env::var("PROBITY_DATA").context("PROBITY_DATA does not name the data folder")?;
    let file = |name: &str| format!("{data}/ms/{name}");
    run(
        "cargo",
        &[
            "run",
            "--release",
            "--package",
            "probity-cli",
            "--",
            "validate",
            "--library",
            &file("ei_reference_swgdrug.msp.gz"),
            "--library",
            &file("ei_reference_massbank.msp.gz"),
            "--queries",
            &file("queries/ei_queries.msp"),
            "--truth",
            &file("queries/ei_truth.tsv"),
            "--leave-contributors-out",
        ],
    )
}

fn run(program: &str, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new(program);
    command.args(arguments);
    if arguments.first() == Some(&"fuzz") {
        command.env("RUSTC_BOOTSTRAP", "1");
    }
    run_with(&mut command)
}

fn run_with(command: &mut Command) -> Result<()> {
    let status = command.current_dir(root()).status().with_context(|| format!("cannot start {command:?}"))?;
    if status.success() { Ok(()) } else { bail!("{command:?} failed") }
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
