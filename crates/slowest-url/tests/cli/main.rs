//! The experiment as its user meets it.

#[path = "../../../lab/tests/user/mod.rs"]
mod user;

use std::sync::OnceLock;
use user::Program;

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
    earlier: OnceLock::new(),
};

every_experiment!(SLOWEST_URL);
