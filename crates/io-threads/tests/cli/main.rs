//! The experiment as its user meets it; pages that do not come as they should.

#![allow(
    clippy::unwrap_used,
    reason = "everything in this file and its modules is a test"
)]

mod mixed;
mod site;
mod unseen;
mod urls;
#[path = "../../../lab/tests/user/mod.rs"]
mod user;
mod verdicts;

use nix::sys::signal::Signal;
use std::sync::OnceLock;
use user::processes::send;
use user::saved::{self, Table};
use user::{Place, Program};

static PAGES: Program = Program {
    name: "io-threads",
    path: env!("CARGO_BIN_EXE_io-threads"),
    short: &[
        "--quick",
        "--blocks",
        "2",
        "--jobs",
        "4",
        "--runtimes",
        "rust,gil",
    ],
    figures: &["io-threads.png"],
    claims: &[
        "Multithreading is useless.",
        "The more threads, the faster, up to one a page.",
        "There is no point in more threads than pages.",
    ],
    options: &["--workers", "--jobs", "--urls", "--timeout"],
    origin: true,
    times_a_round: 3,
    earlier: OnceLock::new(),
};

every_experiment!(PAGES);

/// Minutes of short trials.
const LONG: &[&str] = &["--blocks", "1000", "--jobs", "4", "--runtimes", "rust"];

#[test]
fn the_origin_served_every_page_that_a_worker_loaded() {
    let place = Place::with_earlier_run(&PAGES);
    let table = |file: &str| Table::read(&place.data().join(file));
    let (jobs, requests) = (table("jobs.csv"), table("requests.csv"));
    assert_eq!(
        requests.header,
        "trial,block,path,accepted_ns,service_ns,status,bytes,aborted"
    );
    assert_eq!(jobs.rows().count(), requests.rows().count());
    let mut loaded: Vec<(&str, u64)> = jobs
        .rows()
        .map(|job| (job.text("trial"), job.number("count")))
        .collect();
    let mut served: Vec<(&str, u64)> = requests
        .rows()
        .map(|request| (request.text("trial"), request.number("bytes")))
        .collect();
    loaded.sort_unstable();
    served.sort_unstable();
    assert_eq!(loaded, served);
    for request in requests.rows() {
        assert_eq!(request.texts(&["status", "aborted"]), ["200", "false"]);
    }
}

#[test]
fn workers_and_jobs_are_taken_at_their_word() {
    let place = Place::empty(&PAGES);
    let options = [
        "--quick",
        "--blocks",
        "2",
        "--jobs",
        "3",
        "-w",
        "3,2,3",
        "--no-plot",
    ];
    place.run_bare(&options).succeeds();
    let trials = Table::read(&place.data().join("trials.csv"));
    assert!(trials.column("jobs").iter().all(|jobs| *jobs == "3"));
    let mut threads: Vec<&str> = trials
        .rows()
        .filter(|trial| {
            let of = trial.texts(&["runtime", "executor", "role", "judged"]);
            of == ["rust", "threads", "arm", "true"]
        })
        .map(|trial| trial.text("workers"))
        .collect();
    threads.sort_unstable();
    assert_eq!(threads, ["2", "2", "3", "3"], "once in each of two blocks");
}

#[test]
fn absurd_values_are_refused() {
    let place = Place::empty(&PAGES);
    let cases: &[(&[&str], &[&str])] = &[
        (&["--workers", "0"], &["--workers", "1..=1024"]),
        (&["-w", "99999"], &["--workers", "1..=1024"]),
        (&["-w", "2,,4"], &["--workers"]),
        (&["-w", "two"], &["--workers", "two"]),
        (&["--jobs", "0"], &["--jobs"]),
        (&["--timeout", "0s"], &["--timeout", "20ms"]),
        (&["--timeout", "-1s"], &["-1"]),
        (&["--replay", "-w", "2"], &["--replay", "--workers"]),
        (&["--replay", "--timeout", "1s"], &["--replay", "--timeout"]),
        (&["--replay", "--urls", "x"], &["--replay", "--urls"]),
        (&["--article", "--urls", "x"], &["--article", "--urls"]),
        // Options of other experiments.
        (&["--job-time", "1ms"], &["--job-time"]),
        (&["--raw"], &["--raw"]),
    ];
    for (options, words) in cases {
        place.run_bare(options).refuses_usage(words);
    }
    assert!(!place.out().exists());
}

#[test]
fn the_articles_own_times_are_announced_and_taken() {
    let place = Place::empty(&PAGES);
    let options = [
        "--article",
        "--blocks",
        "2",
        "--jobs",
        "1",
        "--executors",
        "async",
    ];
    let ended = place.run_bare(&options).succeeds();
    assert!(ended.stderr.contains("in 2 blocks"), "{}", ended.stderr);
    let requests = Table::read(&place.data().join("requests.csv"));
    // What the origin waits for on purpose it waits for at least.
    for request in requests.rows() {
        assert!(request.number("service_ns") >= 300_000_000, "{request:?}");
    }
}

#[test]
fn an_origin_that_is_killed_is_named() {
    let place = Place::with_earlier_run(&PAGES);
    let mut run = place.start_by(&[], LONG);
    let origin = run.child_with("lab-origin-child");
    run.says("Measuring");
    send(origin, Signal::SIGKILL);
    run.ends().fails_saying(&["origin", "SIGKILL"]);
    place.leaves_no_process();
    saved::assert_same(PAGES.earlier(), &saved::tree(&place.out()));
}

#[test]
fn no_origin_outlives_its_run() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGKILL] {
        let place = Place::with_earlier_run(&PAGES);
        let mut run = place.start_by(&[], LONG);
        run.says("Measuring");
        send(run.pid(), signal);
        run.ends().dies_of(signal);
        place.leaves_no_process();
        place.run_bare(&["--replay"]).succeeds();
        saved::assert_same(PAGES.earlier(), &saved::tree(&place.out()));
    }
}
