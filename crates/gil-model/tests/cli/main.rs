//! The experiment as its user meets it.

#[path = "../../../lab/tests/user/mod.rs"]
mod user;

use std::sync::OnceLock;
use user::Program;

static GIL_MODEL: Program = Program {
    name: "gil-model",
    path: env!("CARGO_BIN_EXE_gil-model"),
    short: &["--quick", "--blocks", "2", "--runtimes", "gil"],
    figures: &[
        "gil-model.png",
        "gil-model-convoy.png",
        "gil-model-timeline.png",
    ],
    claims: &["The modelled GIL behaves like CPython's."],
    options: &["--raw"],
    origin: false,
    times_a_round: 6,
    earlier: OnceLock::new(),
};

every_experiment!(GIL_MODEL);
