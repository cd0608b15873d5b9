//! The experiment as its user meets it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "everything in this file and its modules is a test"
)]

#[path = "../../../lab/tests/user/mod.rs"]
mod user;
mod verdicts;

use std::sync::OnceLock;
use user::Program;

static CPU_THREADS: Program = Program {
    name: "cpu-threads",
    path: env!("CARGO_BIN_EXE_cpu-threads"),
    short: &[
        "--quick",
        "--blocks",
        "2",
        "--jobs",
        "2",
        "--job-time",
        "1ms",
        "--runtimes",
        "rust,gil",
    ],
    figures: &["cpu-threads.png"],
    claims: &[
        "Multithreading is faster than serial for heavy CPU work.",
        "Multithreading is always faster than serial.",
    ],
    options: &["--jobs", "--job-time", "--work"],
    origin: false,
    times_a_round: 1,
    earlier: OnceLock::new(),
};

every_experiment!(CPU_THREADS);
