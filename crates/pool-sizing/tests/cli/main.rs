//! The experiment as its user meets it.

#[path = "../../../lab/tests/user/mod.rs"]
mod user;

mod own;

use std::sync::OnceLock;
use user::Program;

static POOL_SIZING: Program = Program {
    name: "pool-sizing",
    path: env!("CARGO_BIN_EXE_pool-sizing"),
    short: &[
        "--quick",
        "--blocks",
        "2",
        "--jobs",
        // The formula's number is measured, and at most the number of jobs.
        "1",
        "-w",
        "1,2",
        "--runtimes",
        "rust,gil",
    ],
    figures: &["pool-sizing.png"],
    claims: &["There is no general rule for the number of threads for IO work."],
    options: &[
        "--workers",
        "--jobs",
        "--urls",
        "--timeout",
        "--command",
        "--inputs",
        "--shell",
        "--budget",
    ],
    origin: true,
    times_a_round: 1,
    earlier: OnceLock::new(),
};

every_experiment!(POOL_SIZING);
