//! That every option has its effect, for all experiments alike.

use crate::{pages, refuses_usage, trackers};
use lab_testing::{Row, Scratch, files};
use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// A short run of trackers with these options, without figures.
fn run(options: &str) -> Scratch {
    let scratch = Scratch::empty(trackers());
    scratch.run(&format!("--quick --blocks 2 --no-plot {options}")).succeeds();
    scratch
}

#[test]
fn a_mode_is_recorded_and_brings_its_number_of_blocks() {
    for (options, mode, blocks) in [
        ("--quick", "quick", 5),
        ("--thorough --blocks 2", "thorough", 2),
        ("--article --blocks 2", "article", 2),
        ("--blocks 2", "default", 2),
    ] {
        let scratch = Scratch::empty(trackers());
        let short = "--jobs 1 --job-time 1ms --runtimes rust --no-plot";
        scratch.run(&format!("{short} {options}")).succeeds();
        let info = scratch.run_json();
        assert_eq!((&info["mode"], &info["blocks"]), (&mode.into(), &blocks.into()));
    }
}

#[test]
fn executors_and_runtimes_leave_out_arms_but_no_control() {
    let scratch = run("--jobs 2 --work 1000 --runtimes rust --executors threads");
    let trials = scratch.table("trials");
    let arm = |trial: Row| trial.texts(["executor", "workers"]).join(" ");
    let arms = Vec::from_iter(BTreeSet::from_iter(trials.rows().map(arm)));
    assert_eq!(arms, ["processes 2", "serial 1", "threads 2", "threads 4"]);
    let left = files(&scratch.tree());
    assert!(left.iter().all(|file| file.starts_with("data/")), "--no-plot: {left:?}");
}

#[test]
fn the_model_alone_is_measured_beside_native_controls() {
    let scratch =
        run("--jobs 2 --work 1000 --runtimes gil --executors threads --switch-interval 3ms");
    assert_eq!(scratch.run_json()["settings"]["switch_interval_ns"], 3_000_000);
    for trial in scratch.table("trials").rows() {
        match trial.text("role") {
            "arm" => assert_eq!(trial.texts(["runtime", "executor"]), ["gil", "threads"]),
            "control" => assert_eq!(trial.text("runtime"), "rust"),
            _ => {}
        }
    }
    let verdicts = scratch.table("verdicts");
    assert!(verdicts.column("runtime").iter().all(|name| *name == "gil"));
}

#[test]
fn an_interpreter_that_cannot_run_is_named_and_the_others_are_measured() {
    let scratch = Scratch::empty(trackers());
    let python = scratch.file("python3", "#!/bin/sh\nexit 1\n");
    fs::set_permissions(&python, Permissions::from_mode(0o755)).unwrap();
    let folder = Path::new(&python).parent().unwrap().display();
    let options = "--quick --blocks 2 --jobs 1 --work 10 --runtimes rust,cpython --no-plot";
    let run = scratch.start_by(&format!("env PATH={folder}"), options);
    let ended = run.ends().succeeds();
    assert!(ended.stderr.contains("python3 is skipped"), "{ended:?}");
    let trials = scratch.table("trials");
    assert!(trials.column("runtime").iter().all(|name| *name == "rust"));
}

#[test]
fn an_interpreter_that_was_named_and_cannot_run_is_an_error() {
    let scratch = Scratch::recorded(trackers());
    for runtimes in ["", "--runtimes rust"] {
        let ended = scratch.run_short(&format!("{runtimes} --python /no/such/python"));
        ended.fails_saying(&["--python /no/such/python", "name another"]).says_lines(1);
    }
    scratch.holds_the_recorded_run();
}

#[test]
fn nothing_left_to_measure_is_said() {
    let scratch = Scratch::recorded(trackers());
    let ended = scratch.run_short("--executors rayon");
    ended.fails_saying(&["nothing is left to measure", "--executors", "rayon"]);
    scratch.holds_the_recorded_run();
}

#[test]
fn workers_jobs_and_work_are_taken_at_their_word() {
    let scratch = run("--runtimes rust --jobs 3 --work 12345");
    let jobs = scratch.table("jobs");
    let natural = jobs.rows().filter(|job| job.text("case").is_empty());
    let counts = BTreeSet::from_iter(natural.map(|job| job.number("count")));
    assert_eq!(counts, BTreeSet::from([12_345]));
    let numbers = scratch.table("trials");
    // Twice as many where each worker has two of them.
    assert!(numbers.column("jobs").iter().all(|jobs| ["3", "6"].contains(jobs)));

    let scratch = Scratch::empty(pages());
    scratch.run("--quick --blocks 2 --jobs 3 -w 3,2,3 --runtimes rust --no-plot").succeeds();
    let trials = scratch.table("trials");
    assert!(trials.column("jobs").iter().all(|jobs| *jobs == "3"));
    let threads = trials
        .rows()
        .filter(|trial| trial.texts(["executor", "role", "judged"]) == ["threads", "arm", "true"]);
    let mut threads: Vec<&str> = threads.map(|trial| trial.text("workers")).collect();
    threads.sort_unstable();
    assert_eq!(threads, ["2", "2", "3", "3"], "once in each of two blocks");
}

#[test]
fn the_time_of_a_job_is_the_calibrated_number_of_steps() {
    let settings = &trackers().run_json()["settings"];
    let in_first_format = settings["rust_track_steps_per_second"].as_f64();
    let rate = in_first_format.or(settings["steps_per_second"]["rust"]["track"].as_f64());
    let rate = rate.unwrap_or_else(|| panic!("no rate in {settings}"));
    for job in trackers().table("jobs").rows() {
        if job.texts(["runtime", "case"]) == ["rust", ""] {
            let steps = job.number("count") as f64;
            assert!((steps - rate * 0.001).abs() <= 1.0, "{steps} at {rate}");
        }
    }
}

#[test]
fn raw_keeps_every_reading_of_the_clock() {
    let scratch = run("--runtimes rust --jobs 1 --work 500 --raw");
    let [jobs, samples] = ["jobs", "samples"].map(|name| scratch.table(name));
    for job in jobs.rows().filter(|job| job.text("case").is_empty()) {
        let of_job = ["trial", "job"];
        let own = samples.rows().filter(|row| row.texts(of_job) == job.texts(of_job));
        let times: Vec<u64> = own.map(|row| row.number("at_ns")).collect();
        assert_eq!(times.len(), 500);
        assert!(times.is_sorted());
    }
}

#[test]
fn a_verdict_that_is_not_the_documented_one_exits_with_3_if_asked_to() {
    let scratch = Scratch::empty(trackers());
    // Without threads there is no verdict about them.
    scratch.run_short("--executors processes --no-plot").exits_with(0);
    let ended = scratch.run_short("--executors processes --no-plot --expect");
    ended.exits_with(3).prints(&["INCONCLUSIVE", "was not measured"]);
    scratch.run("--replay --expect --no-plot").exits_with(3);
}

#[test]
fn absurd_values_and_options_of_other_experiments_are_refused() {
    refuses_usage(
        trackers(),
        "
        --jobs 0                  => --jobs | from 1 to
        --jobs 99999999           => --jobs | 1000000
        --work 0                  => --work | from 1 to
        --job-time 0s             => --job-time | 20ms
        --job-time 2d             => --job-time | 20ms
        --job-time fast           => --job-time | 20ms
        --job-time 1s --work 9    => --job-time | --work
        --replay --raw            => --replay | --raw
        --replay --jobs 2         => --replay | --jobs
        --urls pages              => --urls
        -w 2                      => -w
        ",
    );
    refuses_usage(
        pages(),
        "
        --workers 0               => --workers | from 1 to 1024
        -w 99999                  => --workers | from 1 to 1024
        -w 2,,4                   => --workers
        -w two                    => --workers | two
        --jobs 0                  => --jobs
        --timeout 0s              => --timeout | 20ms
        --timeout -1s             => -1
        --replay -w 2             => --replay | --workers
        --replay --timeout 1s     => --replay | --timeout
        --replay --urls x         => --replay | --urls
        --article --urls x        => --article | --urls
        --job-time 1ms            => --job-time
        --raw                     => --raw
        ",
    );
}
