//! Folders for the runs of one test.

use crate::running::until;
use crate::{Ended, Experiment, Running, SEED, Table, Tree, processes};
use serde_json::Value;
use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Folders for the runs of one test of one experiment; they go when the test ends.
///
/// Options are one text, as in a shell.
pub struct Scratch {
    pub(crate) experiment: &'static Experiment,
    folder: tempfile::TempDir,
    runs: Cell<u32>,
}

impl Scratch {
    /// Nothing was measured here yet.
    pub fn empty(experiment: &'static Experiment) -> Scratch {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("tmp")).unwrap();
        Scratch { experiment, folder, runs: Cell::new(0) }
    }

    /// What is given as `--out`.
    pub fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    /// The folder for temporary files.
    pub fn tmp(&self) -> PathBuf {
        self.folder.path().join("tmp")
    }

    /// The data of the experiment.
    pub fn data(&self) -> PathBuf {
        self.out().join("data").join(&self.experiment.name)
    }

    /// Everything in the folder that is given as `--out`.
    pub fn tree(&self) -> Tree {
        crate::tree(&self.out())
    }

    /// A table of the data: `trials` is `trials.csv`.
    pub fn table(&self, name: &str) -> Table {
        Table::read(&self.data().join(format!("{name}.csv")))
    }

    /// What the run says of itself.
    pub fn run_json(&self) -> Value {
        serde_json::from_slice(&fs::read(self.data().join("run.json")).unwrap()).unwrap()
    }

    /// Writes a file beside `--out`; gives its path.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// A short run of all arms with the seed of the recorded one, with these options besides.
    pub fn run_short(&self, options: &str) -> Ended {
        self.start_short(options).ends()
    }

    /// Begins the same.
    pub fn start_short(&self, options: &str) -> Running {
        self.start(&format!("{} --seed {SEED} {options}", self.experiment.short))
    }

    /// Runs with these options and `--out` alone.
    pub fn run(&self, options: &str) -> Ended {
        self.start(options).ends()
    }

    /// Begins the same.
    pub fn start(&self, options: &str) -> Running {
        self.start_by("", options)
    }

    /// Begins a run as an argument of another program, such as `taskset -c 0`.
    pub fn start_by(&self, wrapper: &str, options: &str) -> Running {
        self.begin(self.command(wrapper, options, &self.out()))
    }

    /// Begins a run with these options, and `--out` elsewhere.
    pub fn start_at(&self, out: &Path, options: &str) -> Running {
        self.begin(self.command("", options, out))
    }

    fn begin(&self, command: Command) -> Running {
        let number = self.runs.replace(self.runs.get() + 1);
        let files = self.folder.path().join(number.to_string());
        Running::start(command, &files, self.mark())
    }

    /// The command of a run, for those who want its pipes.
    pub fn command(&self, wrapper: &str, options: &str, out: &Path) -> Command {
        let program = shlex::try_quote(self.experiment.program.to_str().unwrap()).unwrap();
        let line = format!("{} {wrapper} {program} {options}", hearing());
        let words = shlex::split(&line).unwrap_or_else(|| panic!("{line}"));
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).arg("--out").arg(out);
        command.env("TMPDIR", self.tmp()).stdin(Stdio::null());
        command
    }

    /// No process of this test's runs lives any more, or soon none will.
    pub fn leaves_no_process(&self) {
        let living = || processes::marked(&self.mark());
        until(|| living().is_empty().then_some(()), || format!("the end of {:?}", living()));
    }

    fn mark(&self) -> String {
        format!("TMPDIR={}", self.tmp().display())
    }
}

/// What starts a program that hears the signals which these tests send. Whoever started the tests may
/// have told them to ignore some, as `nohup` does and `&` in a script, and programs inherit that.
fn hearing() -> &'static str {
    if processes::ignores_an_ending_signal() { "env --default-signal=HUP,INT,TERM" } else { "" }
}
