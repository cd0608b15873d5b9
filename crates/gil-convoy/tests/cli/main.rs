//! The experiment as its user meets it.

#[path = "../../../lab/tests/user/mod.rs"]
mod user;

use std::sync::OnceLock;
use user::Program;

static GIL_CONVOY: Program = Program {
    name: "gil-convoy",
    path: env!("CARGO_BIN_EXE_gil-convoy"),
    short: &["--quick", "--blocks", "2", "--runtimes", "rust,gil"],
    figures: &["gil-convoy.png"],
    claims: &["A busy thread does not slow a thread that waits for IO."],
    options: &[],
    origin: false,
    times_a_round: 24,
    earlier: OnceLock::new(),
};

every_experiment!(GIL_CONVOY);
