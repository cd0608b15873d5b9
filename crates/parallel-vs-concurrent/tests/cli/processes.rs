//! Runs that are interrupted, killed or robbed of a worker, and runs that meet, in place of all
//! experiments.

use crate::TRACKERS;
use crate::user::Place;
use crate::user::processes::send;
use crate::user::saved;
use nix::sys::signal::Signal;
use std::io::{BufRead, BufReader, Read};

/// Minutes of short trials: something is always going on.
const LONG: &[&str] = &[
    "--blocks",
    "1000",
    "--jobs",
    "2",
    "--job-time",
    "20ms",
    "--runtimes",
    "rust,gil",
];
/// Trials that last long enough to meddle with.
const SLOW: &[&str] = &[
    "--blocks",
    "1000",
    "--jobs",
    "2",
    "--job-time",
    "500ms",
    "--executors",
    "processes",
    "--runtimes",
    "rust",
];

#[test]
fn a_signal_ends_the_run_and_all_its_children_and_leaves_the_last_data() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        let place = Place::with_earlier_run(&TRACKERS);
        let mut run = place.start_by(&[], LONG);
        run.child_with("__worker");
        send(run.pid(), signal);
        let ended = run.ends().dies_of(signal);
        // What fails as the children go is not worth a word.
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
        place.leaves_no_process();
        saved::assert_same(TRACKERS.earlier(), &saved::tree(&place.out()));
    }
}

#[test]
fn a_signal_while_nothing_but_threads_run_does_the_same() {
    let place = Place::with_earlier_run(&TRACKERS);
    let mut run = place.start_by(&[], LONG);
    run.says("Measuring");
    send(run.pid(), Signal::SIGINT);
    run.ends().dies_of(Signal::SIGINT);
    place.leaves_no_process();
    saved::assert_same(TRACKERS.earlier(), &saved::tree(&place.out()));
}

#[test]
fn what_is_to_be_ignored_is_ignored() {
    let place = Place::empty(&TRACKERS);
    let nohup = ["sh", "-c", "trap '' HUP; exec \"$@\"", "sh"];
    let mut run = place.start_by(&nohup, TRACKERS.short);
    run.says("Measuring");
    send(run.pid(), Signal::SIGHUP);
    run.ends().succeeds();
}

#[test]
fn a_run_that_is_killed_leaves_no_child_and_the_last_data() {
    let place = Place::with_earlier_run(&TRACKERS);
    let mut run = place.start_by(&[], SLOW);
    run.child_with("__worker");
    send(run.pid(), Signal::SIGKILL);
    run.ends().dies_of(Signal::SIGKILL);
    place.leaves_no_process();
    place.run_bare(&["--replay"]).succeeds();
    // The replay has tidied up, too.
    saved::assert_same(TRACKERS.earlier(), &saved::tree(&place.out()));
}

#[test]
fn a_worker_that_is_killed_is_named_and_the_others_end() {
    let place = Place::with_earlier_run(&TRACKERS);
    let mut run = place.start_by(&[], SLOW);
    send(run.child_with("__worker"), Signal::SIGKILL);
    let ended = run.ends().fails_saying(&[
        "parallel-vs-concurrent: block ",
        ": worker process ",
        "ended early",
        "SIGKILL",
    ]);
    assert_eq!(ended.stderr.lines().count(), 2, "{}", ended.stderr);
    place.leaves_no_process();
    saved::assert_same(TRACKERS.earlier(), &saved::tree(&place.out()));
}

#[test]
fn the_second_of_two_runs_waits_and_says_so() {
    let place = Place::with_earlier_run(&TRACKERS);
    let mut first = place.start_by(&[], LONG);
    first.says("Measuring");
    let mut second = place.start(&[]);
    second.says("Another experiment is measuring on this machine; waiting");
    let mut third = place.start(&[]);
    third.says("waiting");
    send(third.pid(), Signal::SIGINT);
    third.ends().dies_of(Signal::SIGINT);
    send(first.pid(), Signal::SIGTERM);
    first.ends().dies_of(Signal::SIGTERM);
    let ended = second.ends().succeeds();
    let said: Vec<&str> = ended.stderr.lines().collect();
    assert!(
        said[0].contains("waiting") && said[1].contains("Measuring"),
        "{said:?}"
    );
    let after = saved::files(&saved::tree(&place.out()));
    assert_eq!(after, saved::files(TRACKERS.earlier()));
}

#[test]
fn who_reads_no_further_gets_no_panic() {
    for options in [TRACKERS.short, &["--help"]] {
        let place = Place::empty(&TRACKERS);
        let mut child = place.piped(options).spawn().unwrap();
        let mut first = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::with_capacity(1, stdout)
            .read_line(&mut first)
            .unwrap();
        let mut said = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        assert!(!said.contains("panicked"), "{said}");
        assert_eq!(child.wait().unwrap().code(), Some(0), "{said}");
        assert!(first.starts_with('"'), "{first}");
    }
}

#[test]
fn who_reads_neither_stdout_nor_stderr_gets_a_run() {
    let place = Place::empty(&TRACKERS);
    let mut child = place.piped(TRACKERS.short).spawn().unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let after = saved::files(&saved::tree(&place.out()));
    assert_eq!(after, saved::files(TRACKERS.earlier()));
}
