//! The laboratory measured: against bare loops, against list scheduling, and against the same work
//! in Python. `scripts/bench` runs it; what it must reach stands in `goals`.
//!
//! Everything is a ratio, or a time, of one run: the subjects of a comparison are measured in
//! rounds, one right after the other, in an order that turns; each round gives a ratio, and the
//! median of the rounds is held against the goal. Rounds during which others had more than a tenth
//! of the machine do not count, and are tried once more; where most do not count, there is no ratio.
//!
//! | module | concept |
//! |---|---|
//! | `goals` | what is compared with what, and what it must reach |
//! | `parts` | what is measured, part by part |
//! | `rounds`, `watch` | rounds in turning order, and what others did meanwhile |
//! | `process` | a process from start to end: time, and memory with its children |
//! | `tasks`, `pipeline`, `desk`, `tools`, `trials` | ours, in processes of its own |
//! | `python` | the environment with Python's tools, and the scripts |
//! | `limits` | what fits into the machine |
//! | `rows`, `results` | the tables, and what comes of them |
//! | [`saved`], `block`, `picture` | saved data as text and figures, for the README |
//!
//! Invariants: what is written and drawn is made outside of every timed part. Results, text and
//! figures are made from the saved tables and from nothing else.

mod bench;
mod block;
mod desk;
mod goals;
mod limits;
mod options;
mod parts;
mod picture;
mod pipeline;
mod process;
mod python;
mod results;
mod rounds;
mod rows;
pub mod saved;
mod slopes;
mod tasks;
mod tools;
mod trials;
mod watch;

pub use rows::{NAME, RESULTS, ResultRow};

use std::process::ExitCode;

/// The first argument with which this executable is started again as a desk.
const DESK: &str = "__desk";
/// The first argument with which it is started again to end what commands leave behind.
const GUARD: &str = "__guard";

/// What `main` does: a child's work if it was started as one, else a run of the benchmarks.
pub fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let rest = words.get(1..).unwrap_or_default();
    match words.first().map(String::as_str) {
        Some(trials::WORKER) => lab_pool::worker::serve(),
        Some(tasks::TASK) => tasks::serve(rest),
        Some(DESK) => desk::serve(tools::answer),
        Some(GUARD) => lab_child::serve_guard(rest.first().map_or("", String::as_str)),
        _ => options::run(),
    }
}
