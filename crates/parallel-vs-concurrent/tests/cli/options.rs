//! That every option has its effect: the common ones in place of all experiments.

use crate::TRACKERS;
use crate::user::saved::{self, Table};
use crate::user::{Ended, Place};
use serde_json::Value;
use std::fs;

/// For what has nothing to do with the runtime.
const RUST: [&str; 2] = ["--runtimes", "rust"];

/// A run without figures, and what it says of itself.
fn run(options: &[&str]) -> (Place<'static>, Value) {
    let place = Place::empty(&TRACKERS);
    place
        .run_bare(&[options, &["--no-plot"]].concat())
        .succeeds();
    let info = fs::read(place.data().join("run.json")).unwrap();
    (place, serde_json::from_slice(&info).unwrap())
}

fn table(place: &Place, file: &str) -> Table {
    Table::read(&place.data().join(file))
}

#[test]
fn a_mode_is_recorded_and_brings_its_number_of_blocks() {
    let short = [&["--job-time", "1ms", "--jobs", "1"][..], &RUST].concat();
    let (_, quick) = run(&[&["--quick"][..], &short].concat());
    assert_eq!(
        (&quick["mode"], &quick["blocks"]),
        (&"quick".into(), &5.into())
    );
    for mode in ["thorough", "article", "default"] {
        let option = format!("--{mode}");
        let mode_option = [option.as_str()];
        let asked = if mode == "default" {
            &[][..]
        } else {
            &mode_option
        };
        let (_, info) = run(&[asked, &["--blocks", "2"], &short].concat());
        assert_eq!((&info["mode"], &info["blocks"]), (&mode.into(), &2.into()));
    }
}

#[test]
fn executors_and_runtimes_leave_out_arms_but_no_control() {
    let options = ["--quick", "--blocks", "2", "--jobs", "2", "--work", "1000"];
    let chosen = ["--runtimes", "rust", "--executors", "threads"];
    let (place, _) = run(&[&options[..], &chosen].concat());
    let trials = table(&place, "trials.csv");
    let mut arms: Vec<String> = trials
        .rows()
        .map(|trial| trial.texts(&["executor", "workers"]).join(" "))
        .collect();
    arms.sort_unstable();
    arms.dedup();
    assert_eq!(arms, ["processes 2", "serial 1", "threads 2", "threads 4"]);
}

#[test]
fn the_model_alone_is_measured_beside_native_controls() {
    let options = ["--quick", "--blocks", "2", "--jobs", "2", "--work", "1000"];
    let chosen = ["--runtimes", "gil", "--executors", "threads"];
    let interval = ["--switch-interval", "3ms"];
    let (place, info) = run(&[&options[..], &chosen, &interval].concat());
    assert_eq!(info["settings"]["switch_interval_ns"], 3_000_000);
    let trials = table(&place, "trials.csv");
    for trial in trials.rows().filter(|trial| trial.text("role") == "arm") {
        assert_eq!(trial.texts(&["runtime", "executor"]), ["gil", "threads"]);
    }
    for trial in trials
        .rows()
        .filter(|trial| trial.text("role") == "control")
    {
        assert_eq!(trial.text("runtime"), "rust");
    }
    for row in table(&place, "verdicts.csv").rows() {
        assert_eq!(row.text("runtime"), "gil");
    }
}

#[test]
fn an_interpreter_that_cannot_run_is_named_and_the_others_are_measured() {
    let place = Place::empty(&TRACKERS);
    let options = [
        "--quick",
        "--blocks",
        "2",
        "--jobs",
        "1",
        "--work",
        "10",
        "--no-plot",
    ];
    let chosen = ["--runtimes", "rust,cpython", "--python", "/no/such/python"];
    let nothing_on_path = ["env", "PATH=/no/such/folder"];
    let run = place.start_by(&nothing_on_path, &[&options[..], &chosen].concat());
    let ended = run.ends().succeeds();
    assert!(
        ended.stderr.contains("/no/such/python is skipped"),
        "{ended:?}"
    );
    let trials = table(&place, "trials.csv");
    assert!(trials.column("runtime").iter().all(|name| *name == "rust"));
}

#[test]
fn nothing_left_to_measure_is_said() {
    let place = Place::with_earlier_run(&TRACKERS);
    place.run(&["--executors", "rayon"]).fails_saying(&[
        "nothing is left to measure",
        "--executors",
        "rayon",
    ]);
    saved::assert_same(TRACKERS.earlier(), &saved::tree(&place.out()));
}

#[test]
fn jobs_and_work_are_taken_at_their_word() {
    let options = ["--quick", "--blocks", "2", "--jobs", "3", "--work", "12345"];
    let (place, _) = run(&[&options[..], &RUST].concat());
    let jobs = table(&place, "jobs.csv");
    let counts: Vec<u64> = jobs
        .rows()
        .filter(|job| job.text("case").is_empty())
        .map(|job| job.number("count"))
        .collect();
    assert!(!counts.is_empty() && counts.iter().all(|&count| count == 12_345));
    let numbers = table(&place, "trials.csv");
    let numbers = numbers.column("jobs");
    assert!(
        numbers.iter().all(|jobs| ["3", "6"].contains(jobs)),
        "{numbers:?}"
    );
}

#[test]
fn the_time_of_a_job_is_the_calibrated_number_of_steps() {
    let place = Place::with_earlier_run(&TRACKERS);
    let info = fs::read(place.data().join("run.json")).unwrap();
    let info: Value = serde_json::from_slice(&info).unwrap();
    let rate = info["settings"]["rust_track_steps_per_second"]
        .as_f64()
        .unwrap();
    for job in table(&place, "jobs.csv").rows() {
        if job.texts(&["runtime", "case"]) == ["rust", ""] {
            let steps = job.number("count") as f64;
            assert!((steps - rate * 0.002).abs() <= 1.0, "{steps} at {rate}");
        }
    }
}

#[test]
fn raw_keeps_every_reading_of_the_clock() {
    let options = ["--quick", "--blocks", "2", "--jobs", "1", "--work", "500"];
    let (place, _) = run(&[&options[..], &RUST, &["--raw"]].concat());
    let jobs = table(&place, "jobs.csv");
    let kept = table(&place, "samples.csv");
    for job in jobs.rows().filter(|job| job.text("case").is_empty()) {
        let of_job = ["trial", "job"];
        let samples = kept
            .rows()
            .filter(|row| row.texts(&of_job) == job.texts(&of_job));
        let times: Vec<u64> = samples.map(|row| row.number("at_ns")).collect();
        assert_eq!(times.len(), 500);
        assert!(times.is_sorted());
    }
}

#[test]
fn without_plots_no_figure_is_drawn() {
    let options = ["--quick", "--blocks", "2", "--jobs", "1", "--work", "10"];
    let (place, _) = run(&[&options[..], &RUST].concat());
    let tree = saved::tree(&place.out());
    assert!(
        saved::files(&tree)
            .iter()
            .all(|file| file.starts_with("data/"))
    );
}

#[test]
fn a_verdict_that_is_not_the_documented_one_exits_with_3_if_asked_to() {
    let place = Place::empty(&TRACKERS);
    // Without threads there is no verdict about them.
    let judged = |options: &[&str]| -> Ended {
        let all = [options, &["--executors", "processes", "--no-plot"]].concat();
        place.run(&all)
    };
    judged(&[]).exits_with(0);
    let ended = judged(&["--expect"]).exits_with(3);
    assert!(ended.stdout.contains("INCONCLUSIVE"), "{ended:?}");
    assert!(ended.stdout.contains("was not measured"), "{ended:?}");
    place
        .run_bare(&["--replay", "--expect", "--no-plot"])
        .exits_with(3);
}

#[test]
fn a_folder_may_have_any_name() {
    use std::os::unix::ffi::OsStrExt;
    let place = Place::empty(&TRACKERS);
    for name in [&b"with a space"[..], b"-dash", b"no \xff text", b"quo\"te"] {
        let out = place.out().join(std::ffi::OsStr::from_bytes(name));
        saved::write(TRACKERS.earlier(), &out);
        let replay = ["--replay", "--json"];
        let ended = place.start_at(&out, &replay).ends().succeeds();
        let _: Value = serde_json::from_str(&ended.stdout).unwrap();
        saved::assert_same(TRACKERS.earlier(), &saved::tree(&out));
    }
}

#[test]
fn absurd_values_are_refused() {
    let place = Place::empty(&TRACKERS);
    let cases: &[(&[&str], &[&str])] = &[
        (&["--jobs", "0"], &["--jobs", "1.."]),
        (&["--jobs", "99999999"], &["--jobs", "1000000"]),
        (&["--work", "0"], &["--work", "1.."]),
        (&["--job-time", "0s"], &["--job-time", "20ms"]),
        (&["--job-time", "2d"], &["--job-time", "20ms"]),
        (&["--job-time", "fast"], &["--job-time", "20ms"]),
        (
            &["--job-time", "1s", "--work", "9"],
            &["--job-time", "--work"],
        ),
        (&["--replay", "--raw"], &["--replay", "--raw"]),
        (&["--replay", "--jobs", "2"], &["--replay", "--jobs"]),
        // Options of other experiments.
        (&["--urls", "pages"], &["--urls"]),
        (&["-w", "2"], &["-w"]),
    ];
    for (options, words) in cases {
        place.run_bare(options).refuses_usage(words);
    }
    assert!(!place.out().exists());
}
