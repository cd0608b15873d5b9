//! An experiment as its user meets it: the real binary, its exit code, what it prints, what it
//! leaves on the disk, and which processes it leaves.
//!
//! Shared by the experiments' own tests (`#[path]`), since only an experiment has a binary.
//! Every run has a folder of its own for `--out`, and another for temporary files: so the
//! machine-wide lock of one test does not hold up the next, and every process that a run starts,
//! however deep, can be known by its environment.

#![allow(
    dead_code,
    reason = "each experiment's tests use a part of what is here"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "everything here is a test"
)]

pub mod every;
pub mod processes;
pub mod saved;
pub mod tables;
pub mod trace;

use saved::Tree;
use std::cell::Cell;
use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Nothing here takes a tenth of it; what does not end by then hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// An experiment, and how to run it in about a second.
pub struct Program {
    /// Its name: that of its data folder.
    pub name: &'static str,
    /// Its binary.
    pub path: &'static str,
    /// Options for a short run of all its arms, `--runtimes` among them.
    pub short: &'static [&'static str],
    /// The figures that it draws.
    pub figures: &'static [&'static str],
    /// Its claims, word for word.
    pub claims: &'static [&'static str],
    /// Its options besides those that all experiments have.
    pub options: &'static [&'static str],
    /// Whether it writes requests.csv.
    pub origin: bool,
    /// How often it measures an arm in a round, at most.
    pub times_a_round: usize,
    /// What [`Program::earlier`] left.
    pub earlier: OnceLock<Tree>,
}

/// The seed of the run that stands in the folder before a test begins.
pub const SEED: &str = "7";

impl Program {
    /// What its short runs run in.
    pub fn runtimes(&self) -> impl Iterator<Item = &'static str> {
        let at = self.short.iter().position(|word| *word == "--runtimes");
        self.short[at.unwrap() + 1].split(',')
    }

    /// All files of a short run; measured once for all tests that need one.
    pub fn earlier(&self) -> &Tree {
        self.earlier.get_or_init(|| {
            let place = Place::empty(self);
            place.run(&[]).succeeds();
            saved::tree(&place.out())
        })
    }
}

/// Folders for the runs of one test; they go when the test ends.
pub struct Place<'p> {
    program: &'p Program,
    folder: tempfile::TempDir,
    runs: Cell<u32>,
}

impl<'p> Place<'p> {
    /// Nothing was measured here yet.
    pub fn empty(program: &'p Program) -> Place<'p> {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("tmp")).unwrap();
        Place {
            program,
            folder,
            runs: Cell::new(0),
        }
    }

    /// A complete run is saved here.
    pub fn with_earlier_run(program: &'p Program) -> Place<'p> {
        let place = Place::empty(program);
        saved::write(program.earlier(), &place.out());
        place
    }

    /// What is given as `--out`.
    pub fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    /// The data of the experiment.
    pub fn data(&self) -> PathBuf {
        self.out().join("data").join(self.program.name)
    }

    /// A file beside `--out`.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Runs all arms shortly, with these options besides.
    pub fn run(&self, options: &[&str]) -> Ended {
        self.start(options).ends()
    }

    /// Begins the same.
    pub fn start(&self, options: &[&str]) -> Running {
        self.start_by(
            &[],
            &[self.program.short, &["--seed", SEED], options].concat(),
        )
    }

    /// The same from another seed, without figures.
    pub fn start_with_seed(&self, seed: &str) -> Running {
        let options = ["--seed", seed, "--no-plot"];
        self.start_by(&[], &[self.program.short, &options].concat())
    }

    /// Runs with these options and `--out` alone.
    pub fn run_bare(&self, options: &[&str]) -> Ended {
        self.start_by(&[], options).ends()
    }

    /// A short run of all arms that sees one core; none where that cannot be had.
    pub fn run_on_one_core(&self) -> Option<Ended> {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let list = status
            .lines()
            .find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
        let first = list.unwrap().trim().split([',', '-']).next().unwrap();
        let has_taskset = Command::new("taskset").arg("--version").output().is_ok();
        if !has_taskset {
            println!("skipped: there is no taskset");
            return None;
        }
        let options = [self.program.short, &["--no-plot"]].concat();
        let run = self.start_by(&["taskset", "-c", first], &options);
        Some(run.ends().succeeds())
    }

    /// Begins a run as an argument of another program, such as `taskset -c 0`.
    pub fn start_by(&self, wrapper: &[&str], options: &[&str]) -> Running {
        self.begin(self.command(wrapper, options, &self.out()))
    }

    /// Begins a run with these options, and `--out` elsewhere.
    pub fn start_at(&self, out: &Path, options: &[&str]) -> Running {
        self.begin(self.command(&[], options, out))
    }

    fn begin(&self, mut command: Command) -> Running {
        let number = self.runs.replace(self.runs.get() + 1);
        let [stdout, stderr] =
            ["out", "err"].map(|name| self.folder.path().join(format!("{number}.{name}")));
        command.stdout(File::create(&stdout).unwrap());
        command.stderr(File::create(&stderr).unwrap());
        Running {
            child: command.spawn().unwrap(),
            stdout,
            stderr,
            mark: self.mark(),
        }
    }

    /// The command of a run, for those who want its pipes.
    pub fn piped(&self, options: &[&str]) -> Command {
        let mut command = self.command(&[], options, &self.out());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn command(&self, wrapper: &[&str], options: &[&str], out: &Path) -> Command {
        let words = [hearing(), wrapper, &[self.program.path], options].concat();
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .arg("--out")
            .arg(out)
            .env("TMPDIR", self.tmp())
            .stdin(Stdio::null());
        command
    }

    /// No process of this test's runs lives any more, or soon none will.
    pub fn leaves_no_process(&self) {
        let begin = Instant::now();
        while let [first, ..] = processes::marked(&self.mark())[..] {
            assert!(begin.elapsed() < PATIENCE, "process {first} lives on");
            sleep(TICK);
        }
    }

    fn tmp(&self) -> PathBuf {
        self.folder.path().join("tmp")
    }

    fn mark(&self) -> String {
        format!("TMPDIR={}", self.tmp().display())
    }
}

/// What starts a program that hears the signals which these tests send. Whoever started the tests may
/// have told them to ignore some, as `nohup` does and `&` in a script, and programs inherit that.
fn hearing() -> &'static [&'static str] {
    match lab::interrupt::ending_signals().iter().count() {
        3 => &[],
        _ => &["env", "--default-signal=HUP,INT,TERM"],
    }
}

const TICK: Duration = Duration::from_millis(2);

/// A run that goes on. Killed when it is dropped.
pub struct Running {
    child: Child,
    stdout: PathBuf,
    stderr: PathBuf,
    mark: String,
}

impl Running {
    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it says this on stderr.
    pub fn says(&mut self, text: &str) {
        self.until(|run| read(&run.stderr).contains(text), text);
    }

    /// Waits until it has a child that was started with this argument; gives the child's process.
    pub fn child_with(&mut self, argument: &str) -> u32 {
        let mut found = None;
        self.until(
            |run| {
                found = processes::marked(&run.mark)
                    .into_iter()
                    .find(|&pid| processes::has_argument(pid, argument));
                found.is_some()
            },
            argument,
        );
        found.unwrap()
    }

    /// Waits for its end.
    pub fn ends(mut self) -> Ended {
        let begin = Instant::now();
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None => assert!(
                    begin.elapsed() < PATIENCE,
                    "it hangs: {}",
                    read(&self.stderr)
                ),
            }
            sleep(TICK);
        };
        let ended = Ended {
            status,
            stdout: read(&self.stdout),
            stderr: read(&self.stderr),
        };
        assert!(!ended.stderr.contains("panicked"), "{ended:?}");
        ended
    }

    fn until(&mut self, mut holds: impl FnMut(&Running) -> bool, what: &str) {
        let begin = Instant::now();
        while !holds(self) {
            let status = self.child.try_wait().unwrap();
            let said = read(&self.stderr);
            assert!(
                status.is_none() && begin.elapsed() < PATIENCE,
                "no {what}, {status:?}: {said}"
            );
            sleep(TICK);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// A run that ended.
#[derive(Debug)]
pub struct Ended {
    status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// It measured, or judged, and wrote.
    pub fn succeeds(self) -> Ended {
        self.exits_with(0)
    }

    /// It ended with this code.
    pub fn exits_with(self, code: i32) -> Ended {
        assert_eq!(self.status.code(), Some(code), "{self:?}");
        self
    }

    /// It died of this signal.
    pub fn dies_of(self, signal: nix::sys::signal::Signal) -> Ended {
        assert_eq!(self.status.signal(), Some(signal as i32), "{self:?}");
        self
    }

    /// It could not do its work, and says why in the last sentence: all of these words are in it.
    pub fn fails_saying(self, words: &[&str]) -> Ended {
        let ended = self.exits_with(1);
        let last = ended.stderr.lines().last().unwrap_or_default();
        for word in words {
            assert!(last.contains(word), "no '{word}' in: {last}");
        }
        ended
    }

    /// It was used wrongly, and says all of this.
    pub fn refuses_usage(self, words: &[&str]) -> Ended {
        let ended = self.exits_with(2);
        for word in words {
            assert!(
                ended.stderr.contains(word),
                "no '{word}' in: {}",
                ended.stderr
            );
        }
        assert_eq!(ended.stdout, "");
        ended
    }
}
