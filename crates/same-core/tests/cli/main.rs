//! The experiment as its user meets it.

#[path = "../../../lab/tests/user/mod.rs"]
mod user;

use std::sync::OnceLock;
use user::Program;

static SAME_CORE: Program = Program {
    name: "same-core",
    path: env!("CARGO_BIN_EXE_same-core"),
    short: &[
        "--quick",
        "--blocks",
        "2",
        "--job-time",
        "2ms",
        "--runtimes",
        "rust,gil",
    ],
    figures: &["same-core.png"],
    claims: &["The threading module runs all threads on the same CPU core."],
    options: &["--jobs", "--job-time", "--work", "--raw"],
    origin: false,
    times_a_round: 1,
    earlier: OnceLock::new(),
};

every_experiment!(SAME_CORE);
