//! The experiment as its user meets it; and, in place of all experiments, what can go wrong while
//! one runs or with what it saved.

#![allow(
    clippy::unwrap_used,
    reason = "everything in this file and its modules is a test"
)]

mod damage;
mod disk;
mod options;
mod processes;
#[path = "../../../lab/tests/user/mod.rs"]
mod user;

use std::sync::OnceLock;
use user::saved::Table;
use user::{Place, Program};

static TRACKERS: Program = Program {
    name: "parallel-vs-concurrent",
    path: env!("CARGO_BIN_EXE_parallel-vs-concurrent"),
    short: &[
        "--quick",
        "--blocks",
        "2",
        "--jobs",
        "2",
        "--job-time",
        "2ms",
        "--runtimes",
        "rust",
    ],
    figures: &[
        "parallel-vs-concurrent.png",
        "parallel-vs-concurrent-crowded.png",
    ],
    claims: &[
        "In multithreading, threads run in parallel.",
        "There can only be one thread running at any given time.",
    ],
    options: &["--jobs", "--job-time", "--work", "--raw"],
    origin: false,
    times_a_round: 1,
    earlier: OnceLock::new(),
};

every_experiment!(TRACKERS);

#[test]
fn on_one_core_nothing_is_said_about_parallelism() {
    let place = Place::empty(&TRACKERS);
    if place.run_on_one_core().is_none() {
        return;
    }
    for row in Table::read(&place.data().join("verdicts.csv")).rows() {
        assert_eq!(row.text("verdict"), "INCONCLUSIVE");
        assert!(row.text("reason").contains("one core"), "{row:?}");
    }
}
