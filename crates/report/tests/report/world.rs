//! A folder with a README, data and programs that stand for experiments.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Draws what stands in trials.csv, gives the verdicts as they are; measures a run of its name.
/// Whoever puts a file `kill-NAME` beside the programs has it end by SIGINT, once.
const PROGRAM: &str = r#"#!/bin/sh
name=$(basename "$0")
here=$(dirname "$0")
replay=
json=
while [ $# -gt 0 ]; do
    case $1 in
        --out) out=$2; shift ;;
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
mkdir -p "$out/plots"
cp "$data/trials.csv" "$out/plots/$name.png"
[ -z "$json" ] || echo "{\"written\": [\"$data\"]}"
"#;

const VERDICTS: &str = "claim,runtime,case,kind,measure,arm_a,arm_b,estimate,low,high,level,blocks,true_edge,false_edge,control_low,null_low,null_high,verdict,expected,reason,article_estimate,article_verdict\n";

/// The world of one test.
pub(crate) struct World {
    folder: tempfile::TempDir,
}

impl World {
    /// Two experiments, `first` and `second`, whose data are saved. Nothing is drawn yet.
    pub(crate) fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let world = World { folder };
        for name in ["first", "second"] {
            let data = world.path("data").join(name);
            fs::create_dir_all(&data).unwrap();
            fs::write(data.join("trials.csv"), format!("trials of {name}\n")).unwrap();
            let row = format!(
                "The {name} claim.,rust,,ratio,makespan,,,2.5,2.4,2.6,0.95,7,1.05,2,,,,FALSE,FALSE,so it was,,\n"
            );
            fs::write(data.join("verdicts.csv"), format!("{VERDICTS}{row}")).unwrap();
            let seed = 1;
            let argv = vec![name.to_owned()];
            let mode = lab_record::run::Mode::Quick;
            let info = lab_record::run::RunInfo::begin(name, mode, argv, seed);
            info.write(&data.join("run.json")).unwrap();
            let template = world.path("template").join(name);
            fs::create_dir_all(&template).unwrap();
            for file in ["trials.csv", "verdicts.csv", "run.json"] {
                fs::copy(data.join(file), template.join(file)).unwrap();
            }
            let program = world.path("programs").join(name);
            fs::create_dir_all(world.path("programs")).unwrap();
            fs::write(&program, PROGRAM).unwrap();
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let marker = |name: &str| format!("<!-- report: {name} -->\n<!-- end -->\n");
        let text = ["verdicts", "second", "first", "machine"].map(marker);
        fs::write(world.path("README.md"), text.concat()).unwrap();
        world
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs `report` with these words here.
    pub(crate) fn report(&self, words: &[&str]) -> Output {
        self.command(words)
            .arg("--out")
            .arg(self.folder.path())
            .output()
            .unwrap()
    }

    /// Runs the suite with these words here.
    pub(crate) fn suite(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_report"));
        command
            .arg("suite")
            .arg("--programs")
            .arg(self.path("programs"));
        command.args(words).arg("--out").arg(self.folder.path());
        command.output().unwrap()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_report"));
        command
            .args(words)
            .arg("--programs")
            .arg(self.path("programs"));
        command
    }
}

/// What a program said on stderr.
pub(crate) fn complaints(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The names of what lies in a folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
