//! A folder with a README, data, and programs in place of experiments.

use lab::design::Design;
use lab::design::runtime::Runtime;
use lab::show::describe::{Described, SideBySide};
use lab::show::predicted::Answered;
use lab_data::rows::{Decision, VerdictRow};
use lab_data::run::{Mode, RunInfo};
use lab_data::tables;
use lab_stats::edges::Edges;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Two experiments, by names that the workspace knows; the README has them the other way round.
pub(crate) const FIRST: &str = "io-threads";
pub(crate) const SECOND: &str = "same-core";

/// Draws what trials.csv says, gives the verdicts as they are; measures a run of its name. Whoever
/// puts a file `kill-NAME` beside the programs has it end by SIGINT, once.
const PROGRAM: &str = r#"#!/bin/sh
name=$(basename "$0")
here=$(dirname "$0")
while [ $# -gt 0 ]; do
    case $1 in
        --out) out=$2; shift ;;
        --into) into=$2; shift ;;
        --replay) replay=yes ;;
        --json) json=yes ;;
        --fail) exit 1 ;;
        --unknown) exit 2 ;;
    esac
    shift
done
data=$out/data/$name
if [ -z "$replay" ]; then
    if [ -e "$here/../kill-$name" ]; then
        rm "$here/../kill-$name"
        kill -INT $$
    fi
    echo "$name" >> "$here/../runs"
    mkdir -p "$data"
    cp -r "$here/../template/$name/." "$data"
fi
grep -q damaged "$data/trials.csv" && { echo "$name: $data/trials.csv, line 1: damaged" >&2; exit 1; }
grep -q changed "$data/trials.csv" && echo "warning: $data/trials.csv was changed" >&2
if [ -n "$into" ]; then
    mkdir -p "$into/data/$name"
    cp "$data/verdicts.csv" "$into/data/$name"
    cp "$here/../template/$name-design.json" "$into/design.json"
fi
mkdir -p "${into:=$out}/plots"
cp "$data/trials.csv" "$into/plots/$name.png"
[ -z "$replay" ] || echo "$name says so"
[ -z "$json" ] || echo "{\"written\": [\"$data\"]}"
"#;

/// What the folder of an experiment's data holds.
pub(crate) const FILES: [&str; 3] = ["trials.csv", "verdicts.csv", "run.json"];

/// The world of one test.
pub(crate) struct World {
    folder: tempfile::TempDir,
}

impl World {
    /// Two experiments whose data are saved. Nothing is drawn yet.
    pub(crate) fn new() -> World {
        let world = World { folder: tempfile::tempdir().unwrap() };
        [FIRST, SECOND].into_iter().for_each(|name| world.add(name));
        world.add_program("validity");
        world.write("README.md", "");
        for name in ["verdicts", SECOND, FIRST, "machine"] {
            world.mark(name);
        }
        world
    }

    /// Adds an experiment with data.
    pub(crate) fn add(&self, name: &str) {
        self.write(&format!("data/{name}/trials.csv"), &format!("trials of {name}\n"));
        let mut info = RunInfo::begin(name, Mode::Quick, vec![name.to_owned()], 1);
        info.blocks = 7;
        info.settings.runtimes = vec!["rust".to_owned(), "cpython-3.11".to_owned()];
        info.write(&self.path(&format!("data/{name}/run.json"))).unwrap();
        self.save(name, &verdicts(&info));
        for file in FILES {
            let text = self.read(&format!("data/{name}/{file}"));
            self.write(&format!("template/{name}/{file}"), &text);
        }
        self.write(&format!("template/{name}-design.json"), &design(name));
        self.add_program(name);
    }

    fn add_program(&self, name: &str) {
        let file = format!("programs/{name}");
        self.write(&file, PROGRAM);
        fs::set_permissions(self.path(&file), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Adds a marker to the README.
    pub(crate) fn mark(&self, name: &str) {
        let text = self.read("README.md");
        self.write("README.md", &format!("{text}<!-- report: {name} -->\n<!-- end -->\n"));
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Writes a file, and makes its folder.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces the verdicts of an experiment.
    pub(crate) fn save(&self, name: &str, rows: &[VerdictRow]) {
        tables::write(&self.path(&format!("data/{name}/verdicts.csv")), rows).unwrap();
    }

    /// The verdicts of an experiment, Rust's first.
    pub(crate) fn rows(&self, name: &str) -> Vec<VerdictRow> {
        tables::read(&self.path(&format!("data/{name}/verdicts.csv"))).unwrap()
    }

    /// Changes how the run of an experiment was made.
    pub(crate) fn change_run(&self, name: &str, change: impl Fn(&mut RunInfo)) {
        let path = self.path(&format!("data/{name}/run.json"));
        let mut info = RunInfo::read(&path).unwrap();
        change(&mut info);
        info.write(&path).unwrap();
    }

    /// Runs `report` with these words here.
    pub(crate) fn report(&self, words: &[&str]) -> Output {
        let mut command = self.command(words);
        command.arg("--programs").arg(self.path("programs")).output().unwrap()
    }

    /// The same, where no file may become as long as a figure.
    pub(crate) fn report_without_room(&self) -> Output {
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -f 8; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_report")]);
        command.arg("--out").arg(self.folder.path());
        command.arg("--programs").arg(self.path("programs")).output().unwrap()
    }

    /// Runs the suite with these words here.
    pub(crate) fn suite(&self, words: &[&str]) -> Output {
        let programs = self.path("programs");
        let first = ["suite", "--programs", programs.to_str().unwrap()];
        self.command(&[&first[..], words].concat()).output().unwrap()
    }

    /// Runs `report` with these words, and `--out` elsewhere.
    pub(crate) fn report_at(&self, words: &[&str], out: &Path) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_report"));
        command.args(words).arg("--out").arg(out).output().unwrap()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_report"));
        command.args(words).arg("--out").arg(self.folder.path());
        command
    }
}

/// A claim's verdicts in Rust and in an interpreter, as they are documented.
fn verdicts(info: &RunInfo) -> [VerdictRow; 2] {
    let name = &info.experiment;
    ["rust", "cpython-3.11"].map(|runtime| VerdictRow {
        experiment: name.clone(),
        run_id: info.run_id.clone(),
        claim_id: "a-claim".to_owned(),
        claim: format!("The {name} claim."),
        runtime: runtime.to_owned(),
        estimate: Some(2.5),
        low: Some(2.4),
        high: Some(2.6),
        blocks: 7,
        verdict: Decision::False,
        expected: Some(Decision::False),
        reason: "so it was".to_owned(),
        ..VerdictRow::default()
    })
}

fn design(name: &str) -> String {
    let mut design = Design::new(&Runtime::model(), []);
    let claim = design.claim("a-claim", "Its words.", Edges::true_below(1.05));
    claim.missing("nothing is measured").lesson(&format!("Mind {name}."));
    let described = Described {
        experiment: name.to_owned(),
        text: format!("\"The {name} claim.\"\n\n# Experiment\nSome {name} runs.\n\n# Else\nNo."),
        options: Vec::new(),
        designs: vec![design],
        predicted: Answered {
            question: format!("How long does {name} take?"),
            answers: vec!["it takes 2 s".to_owned()],
        },
        schedule: SideBySide { rounds: 1, side_by_side: Vec::new() },
    };
    serde_json::to_string(&described).unwrap()
}

/// What a program said on stderr.
pub(crate) fn complaints(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The names of what a folder holds.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// Makes sure that a text has all of these words.
#[track_caller]
pub(crate) fn assert_has(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "no '{word}' in\n{text}");
    }
}
