//! A study that is interrupted or killed while a neighbour is busy.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "everything here is a test"
)]

#[path = "../../lab/tests/user/processes.rs"]
mod processes;

use lab_record::run::{Mode, RunInfo};
use nix::sys::signal::Signal;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use validity::{NAME, Study};

/// What must happen happens within this time, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(60);

/// A study of real runs beside a neighbour, and the word in the environment of all its processes.
fn start(out: &std::path::Path) -> (Child, String) {
    let (name, value) = ("VALIDITY_TEST", out.display().to_string());
    let child = Command::new(env!("CARGO_BIN_EXE_validity"))
        .args(["--part", "neighbour-io", "--out"])
        .arg(out)
        .env(name, &value)
        // A lock of its own, so that it waits for nobody.
        .env("TMPDIR", out)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    (child, format!("{name}={value}"))
}

fn until(what: &str, mut happens: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !happens() {
        assert!(Instant::now() < end, "{what} does not happen");
        sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_signal_ends_the_study_and_its_neighbour_and_leaves_the_last_data() {
    for signal in [Signal::SIGINT, Signal::SIGKILL] {
        let out = tempfile::tempdir().unwrap();
        let folder = out.path().join("data").join(NAME);
        fs::create_dir_all(&folder).unwrap();
        let last = Study {
            info: RunInfo::begin(NAME, Mode::Quick, Vec::new(), 1),
            simulated: Vec::new(),
            runs: Vec::new(),
        };
        last.write(&folder).unwrap();
        let (mut study, mark) = start(out.path());
        until("a neighbour", || {
            let all = processes::marked(&mark).into_iter();
            all.filter(|pid| processes::has_argument(*pid, "__neighbour"))
                .count()
                == 1
        });
        processes::send(study.id(), signal);
        assert_eq!(study.wait().unwrap().signal(), Some(signal as i32));
        until("the end of its children", || {
            processes::marked(&mark).is_empty()
        });
        assert_eq!(Study::read(&folder).unwrap().info, last.info);
    }
}
