//! A study that is interrupted or killed while a neighbour is busy.

use lab_data::run::{Mode, RunInfo};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
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
        // Its own lock, so that it waits for nobody.
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

/// The processes with this word in their environment. One that was not reaped yet has none.
fn marked(mark: &str) -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap();
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter(|pid| words(*pid, "environ").iter().any(|word| word == mark)).collect()
}

/// None if the process is gone by now.
fn words(pid: u32, file: &str) -> Vec<String> {
    let bytes = fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let words = bytes.split(|&byte| byte == 0);
    words.map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}

#[test]
fn a_signal_ends_the_study_and_its_neighbour_and_leaves_the_last_data() {
    for signal in [Signal::SIGINT, Signal::SIGKILL] {
        let out = tempfile::tempdir().unwrap();
        let folder = out.path().join("data").join(NAME);
        fs::create_dir_all(&folder).unwrap();
        let last =
            Study { info: RunInfo::begin(NAME, Mode::Quick, Vec::new(), 1), ..Study::default() };
        last.write(&folder).unwrap();
        let (mut study, mark) = start(out.path());
        until("a neighbour", || {
            let all = marked(&mark).into_iter();
            all.filter(|pid| {
                words(*pid, "cmdline").get(1).is_some_and(|word| word == "__neighbour")
            })
            .count()
                == 1
        });
        kill(Pid::from_raw(study.id().try_into().unwrap()), signal).unwrap();
        assert_eq!(study.wait().unwrap().signal(), Some(signal as i32));
        until("the end of its children", || marked(&mark).is_empty());
        assert_eq!(Study::read(&folder).unwrap().info, last.info);
    }
}
