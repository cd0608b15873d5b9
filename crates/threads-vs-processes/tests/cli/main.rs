//! The experiment as its user meets it.

#[path = "../../../lab/tests/user/mod.rs"]
mod user;

use std::sync::OnceLock;
use user::Program;

static THREADS_VS_PROCESSES: Program = Program {
    name: "threads-vs-processes",
    path: env!("CARGO_BIN_EXE_threads-vs-processes"),
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
    figures: &["threads-vs-processes.png"],
    claims: &["Multiprocessing and multithreading are basically the same thing."],
    options: &["--jobs", "--job-time", "--work"],
    origin: false,
    times_a_round: 1,
    earlier: OnceLock::new(),
};

every_experiment!(THREADS_VS_PROCESSES);
