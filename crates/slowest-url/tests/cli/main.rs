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

static SLOWEST_URL: Program = Program {
    name: "slowest-url",
    path: env!("CARGO_BIN_EXE_slowest-url"),
    short: &["--quick", "--blocks", "2", "--runtimes", "rust,gil"],
    figures: &["slowest-url.png", "slowest-url-threads.png"],
    claims: &[
        "At best, the time is that of the slowest page; 8 threads then gain little.",
        "It does not matter in which order the pages are asked for.",
    ],
    options: &[],
    origin: true,
    times_a_round: 1,
    earlier: OnceLock::new(),
};

every_experiment!(SLOWEST_URL);

/// Each order has pages of its own, and a job loads the page of its number.
#[test]
fn the_slow_page_stands_where_its_case_says() {
    let place = Place::with_earlier_run(&SLOWEST_URL);
    let table = |file: &str| Table::read(&place.data().join(file));
    let (trials, requests) = (table("trials.csv"), table("requests.csv"));
    let run = std::fs::read(place.data().join("run.json")).unwrap();
    let run: serde_json::Value = serde_json::from_slice(&run).unwrap();
    let sets = run["settings"]["page_sets"].as_array().unwrap();
    assert_eq!(
        sets.len(),
        4,
        "one a hundred times slower, and three orders"
    );
    let cases: Vec<&str> = trials.rows().map(|trial| trial.text("case")).collect();
    let mut slow_pages = 0;
    for request in requests.rows() {
        let case = cases[request.number("trial") as usize];
        let path = format!("/page/{}", run["cases"][case]["slow_page"]);
        if request.text("path") == path {
            slow_pages += 1;
            // What the origin waits for on purpose it waits for at least.
            assert!(request.number("service_ns") >= 40_000_000, "{request:?}");
        }
    }
    let measured = trials.rows().filter(|trial| trial.text("block") != "0");
    assert_eq!(slow_pages, measured.count(), "one a trial");
}
