//! The experiment as its user meets it.

#![allow(
    clippy::unwrap_used,
    reason = "everything in this file and its modules is a test"
)]

#[path = "../../../lab/tests/user/mod.rs"]
mod user;

use std::sync::OnceLock;
use user::saved::Table;
use user::{Place, Program};

static IO_PROCESSES: Program = Program {
    name: "io-processes",
    path: env!("CARGO_BIN_EXE_io-processes"),
    short: &[
        "--quick",
        "--blocks",
        "2",
        "--jobs",
        "2",
        "--runtimes",
        "rust,gil",
    ],
    figures: &["io-processes.png"],
    claims: &["Multiprocessing is bad for IO."],
    options: &["--workers", "--jobs"],
    origin: true,
    times_a_round: 1,
    earlier: OnceLock::new(),
};

every_experiment!(IO_PROCESSES);

/// Also where everything else is scaled.
#[test]
fn the_deciding_arms_load_pages_of_the_articles_length() {
    let place = Place::with_earlier_run(&IO_PROCESSES);
    let table = |file: &str| Table::read(&place.data().join(file));
    let (trials, requests) = (table("trials.csv"), table("requests.csv"));
    let all: Vec<_> = trials.rows().collect();
    let is_whole = |case: &str| case == "long pages";
    let mut loaded = 0;
    for request in requests.rows() {
        if is_whole(all[request.number("trial") as usize].text("case")) {
            loaded += 1;
            // What the origin waits for on purpose it waits for at least.
            assert!(request.number("service_ns") >= 115_000_000, "{request:?}");
        }
    }
    let measured = all.iter().filter(|trial| trial.text("block") != "0");
    let asked: u64 = measured
        .filter(|trial| is_whole(trial.text("case")))
        .map(|trial| trial.number("jobs"))
        .sum();
    assert!(asked > 0);
    assert_eq!(loaded, asked);
}
