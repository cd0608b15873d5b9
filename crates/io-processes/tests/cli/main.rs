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
    earlier: OnceLock::new(),
};

every_experiment!(IO_PROCESSES);

/// Also where everything else is scaled.
#[test]
fn the_deciding_arms_load_pages_of_the_articles_length() {
    let place = Place::with_earlier_run(&IO_PROCESSES);
    let table = |file: &str| Table::read(&place.data().join(file));
    let (trials, requests) = (table("trials.csv"), table("requests.csv"));
    let cases: Vec<&str> = trials.rows().map(|trial| trial.text("case")).collect();
    let mut whole = 0;
    for request in requests.rows() {
        if cases[request.number("trial") as usize] == "article's pages" {
            whole += 1;
            // What the origin waits for on purpose it waits for at least.
            assert!(request.number("service_ns") >= 330_000_000, "{request:?}");
        }
    }
    assert_eq!(whole, 2 * 2 * 2 * 2, "pages, executors, runtimes, blocks");
}
