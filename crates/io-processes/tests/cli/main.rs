//! The experiment as its user meets it.

#[path = "../../../lab/tests/user/mod.rs"]
mod user;

use std::sync::OnceLock;
use user::Program;

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
