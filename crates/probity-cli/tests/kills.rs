//! The command is killed at random instants while it changes a library: what it had acknowledged on
//! standard output is there, and nothing is damaged.
//!
//! `PROBITY_KILLS` says how often (25 times unless told). A killed process does not lose what the system
//! already has, so this cannot show a missing sync; the test `durability` of `probity-tests` does.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a failed step fails the test")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use probity::format::write_msp;
use probity::library::storage::Access;
use probity::library::{EntryId, LibraryFolder, StateSelector};
use probity_tests::{Seeded, synthetic_records};

/// A library begins anew after so many states, so that checking it stays quick.
const STATES: usize = 12;

const BUILT: u64 = 300;

const ADDED: u64 = 120;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Build,
    Add,
    Withdraw,
    Compact,
}

/// A state as it must be.
#[derive(Debug, Clone)]
struct State {
    ids: Vec<EntryId>,
    next_id: u64,
    /// As it was printed or, where the command did not come to that, found.
    digest: String,
}

/// When kills fell.
#[derive(Debug, Default)]
struct Tally {
    /// Nothing was written yet.
    before: usize,
    /// Files were there that no state names.
    between: usize,
    /// The new state was there but not acknowledged.
    unacknowledged: usize,
    /// The change was acknowledged, the process was still there.
    after: usize,
    /// The process had ended by itself: no kill.
    ended: usize,
}

struct Run {
    place: tempfile::TempDir,
    random: Seeded,
    /// How many libraries were begun.
    libraries: usize,
    states: Vec<State>,
}

impl Run {
    fn new(seed: u64) -> Self {
        let place = tempfile::tempdir().unwrap();
        for (name, count, seed) in [("built.msp", BUILT, 1), ("added.msp", ADDED, 2)] {
            let mut file = fs::File::create(place.path().join(name)).unwrap();
            write_msp(&synthetic_records(usize::try_from(count).unwrap(), seed), &mut file).unwrap();
        }
        Self { place, random: Seeded::new(seed), libraries: 0, states: Vec::new() }
    }

    fn library(&self) -> PathBuf {
        self.place.path().join(format!("library {}", self.libraries))
    }

    fn choose(&mut self) -> Action {
        if self.states.len() >= STATES {
            self.libraries += 1;
            self.states.clear();
        }
        if self.states.is_empty() {
            return Action::Build;
        }
        [Action::Add, Action::Withdraw, Action::Compact][usize::try_from(self.random.below(3)).unwrap()]
    }

    /// The state that the action leads to, and the command that does it.
    fn prepare(&mut self, action: Action) -> (State, Command) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_probity"));
        command.current_dir(self.place.path()).arg("library");
        let mut state = self.states.last().cloned().unwrap_or(State {
            ids: Vec::new(),
            next_id: 1,
            digest: String::new(),
        });
        let mut grow = |count: u64| {
            state.ids.extend((state.next_id..state.next_id + count).map(EntryId));
            state.next_id += count;
        };
        let folder = self.library();
        match action {
            Action::Build => {
                grow(BUILT);
                command.arg("build").arg(folder).args(["--from", "built.msp"]);
            }
            Action::Add => {
                grow(ADDED);
                command.arg("add").arg(folder).args(["--from", "added.msp"]);
            }
            Action::Withdraw => {
                let which = self.random.below(state.ids.len() as u64);
                let id = state.ids.remove(usize::try_from(which).unwrap());
                command.arg("withdraw").arg(folder).args([&id.to_string(), "--reason", "another isomer"]);
            }
            Action::Compact => {
                command.arg("compact").arg(folder);
            }
        }
        state.digest.clear();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        (state, command)
    }

    /// Kills the action after `wait` from its start or, if `writing`, from when its first file is seen.
    /// Whether it was killed before it ended by itself; the tally says when the kill fell.
    fn kill(&mut self, action: Action, wait: Duration, writing: bool, tally: &mut Tally) -> bool {
        let (mut coming, mut command) = self.prepare(action);
        let left_over = unfinished(&self.library());
        let begun = begun(&self.library());
        let mut child = command.spawn().unwrap();
        if writing {
            wait_for_writing(&mut child, &self.library(), begun);
        }
        sleep(wait);
        // It may have ended by itself.
        let _ = child.kill();
        let output = child.wait_with_output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        let killed = output.status.code().is_none();
        assert!(killed || output.status.success(), "{action:?}: {errors}");
        let acknowledged = printed.strip_suffix('\n').and_then(|line| line.split_once(", digest "));
        assert!(killed || acknowledged.is_some(), "{action:?} printed {printed:?}");
        let before = self.states.len();
        let number = self.newest();
        match acknowledged {
            Some((line, digest)) => {
                assert!(line.contains(&format!("state {}:", before + 1)), "{action:?} printed {line}");
                assert_eq!(number, before + 1, "{action:?} was acknowledged: {line}");
                coming.digest = digest.to_owned();
                let when = if killed { &mut tally.after } else { &mut tally.ended };
                *when += 1;
            }
            None if number > before => {
                coming.digest =
                    LibraryFolder::at(&self.library()).state(&StateSelector::Latest).unwrap().digest;
                tally.unacknowledged += 1;
            }
            None if unfinished(&self.library()) != left_over => tally.between += 1,
            None => tally.before += 1,
        }
        if number > before {
            self.states.push(coming);
        }
        self.check(action);
        killed
    }

    /// The number of the newest state that opens; 0 before the first.
    fn newest(&self) -> usize {
        let folder = self.library();
        if self.states.is_empty() && !LibraryFolder::is_library(&folder) {
            return 0;
        }
        let library = LibraryFolder::at(&folder).open(&StateSelector::Latest, Access::Owned).unwrap();
        usize::try_from(library.state().unwrap().number).unwrap()
    }

    /// All states are there, whole, and nothing is damaged.
    fn check(&self, action: Action) {
        if self.states.is_empty() {
            return;
        }
        let folder = LibraryFolder::at(&self.library());
        for (state, number) in self.states.iter().zip(1..) {
            let library = folder.open(&StateSelector::Number(number), Access::Mapped).unwrap();
            assert_eq!(library.digest(), state.digest, "state {number} after {action:?}");
            assert_eq!(library.ids(), state.ids, "state {number} after {action:?}");
        }
        let report = folder.verify().unwrap();
        assert!(report.is_clean(), "after {action:?}: {report:?}");
        assert_eq!(report.sound_states, self.states.len() as u64, "after {action:?}");
    }

    /// How long each action takes when nobody kills it, from its start and from its first file on.
    fn measure(&mut self) -> Vec<(Action, Duration, Duration)> {
        let actions = [Action::Build, Action::Add, Action::Withdraw, Action::Compact];
        let measured = actions.map(|action| {
            let (mut state, mut command) = self.prepare(action);
            let start = Instant::now();
            let mut child = command.spawn().unwrap();
            wait_for_writing(&mut child, &self.library(), None);
            let writing = Instant::now();
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let times = (action, start.elapsed(), writing.elapsed());
            state.digest = LibraryFolder::at(&self.library()).state(&StateSelector::Latest).unwrap().digest;
            self.states.push(state);
            self.check(action);
            times
        });
        self.libraries += 1;
        self.states.clear();
        measured.to_vec()
    }
}

/// A file as it lies there: its name, its length, and when it was last written to.
type Lying = (String, u64, SystemTime);

/// What lies in the folder of a change that is not finished.
fn unfinished(folder: &Path) -> Vec<Lying> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let left_over = LibraryFolder::at(folder).verify().map(|report| report.left_over);
    let mut files: Vec<Lying> = entries
        .filter_map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            // Without a manifest no file belongs to a state.
            let is_left = left_over.as_ref().map_or(name != "lock", |left_over| left_over.contains(&name));
            let file = entry.metadata().unwrap();
            is_left.then(|| (name, file.len(), file.modified().unwrap()))
        })
        .collect();
    files.sort();
    files
}

/// Returns when a new unfinished file is there, or the command has ended.
fn wait_for_writing(child: &mut Child, folder: &Path, before: Option<SystemTime>) {
    while begun(folder).is_none_or(|begun| Some(begun) == before) && child.try_wait().unwrap().is_none() {
        std::hint::spin_loop();
    }
}

/// When the unfinished file was last written to.
fn begun(folder: &Path) -> Option<SystemTime> {
    fs::metadata(folder.join("incoming.tmp")).and_then(|file| file.modified()).ok()
}

#[test]
fn what_was_acknowledged_outlives_a_kill() {
    let kills = std::env::var("PROBITY_KILLS").map_or(25, |number| number.parse::<usize>().unwrap());
    let mut run = Run::new(kills as u64);
    let times = run.measure();
    let mut tallies = [Action::Build, Action::Add, Action::Withdraw, Action::Compact]
        .map(|action| (action, Tally::default()));
    let mut killed = 0;
    for attempt in 0..20 * kills {
        let action = run.choose();
        let (_, whole, writing) = times.iter().find(|(of, ..)| *of == action).unwrap();
        // Most runs are spent on reading; most kills shall fall later.
        let from_writing = attempt % 4 != 0;
        let longest = if from_writing { *writing } else { *whole };
        let thousandths = u32::try_from(run.random.below(1_000)).unwrap();
        let (_, tally) = tallies.iter_mut().find(|(of, _)| *of == action).unwrap();
        killed += usize::from(run.kill(action, longest * thousandths / 1_000, from_writing, tally));
        if killed == kills {
            break;
        }
    }
    assert_eq!(killed, kills, "the command is done before it can be killed");
    let mut text = format!("{kills} kills; libraries begun: {}\n", run.libraries);
    for (action, Tally { before, between, unacknowledged, after, ended }) in tallies {
        writeln!(
            text,
            "{action:?}: {before} before anything was written, {between} amid the writing, {unacknowledged} with the new state there but not acknowledged, {after} after it was; {ended} runs had ended before"
        )
        .unwrap();
    }
    println!("{text}");
}
