//! The experiment as its user meets it.

#[path = "../../../lab/tests/user/mod.rs"]
mod user;

use std::sync::OnceLock;
use user::Program;

static RULE_OF_THUMB: Program = Program {
    name: "rule-of-thumb",
    path: env!("CARGO_BIN_EXE_rule-of-thumb"),
    short: &[
        "--quick",
        "--blocks",
        "2",
        "--jobs",
        "2",
        "--runtimes",
        "rust,gil",
    ],
    figures: &["rule-of-thumb.png"],
    claims: &["Threads if it is IO bound, processes if it is CPU bound."],
    options: &["--jobs"],
    origin: false,
    times_a_round: 3,
    earlier: OnceLock::new(),
};

every_experiment!(RULE_OF_THUMB);
