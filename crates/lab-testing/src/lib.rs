//! The harness of user-level tests: an experiment as its user meets it, that is the real program,
//! its exit code, what it prints, what it leaves on the disk, and which processes it leaves.
//!
//! It links no other crate of the laboratory: a test knows of an experiment what its folder, its
//! help and its saved data say ([`Described`]), so that a new experiment is tested as soon as its
//! folder is there. The tests are in `tests/user`, one binary for all experiments, which builds their
//! programs first ([`experiments`]).
//!
//! Every run has its own folder for `--out` and another one for temporary files: so the machine-wide
//! lock of one test does not hold up the next, and every process that a run starts, however deep,
//! can be recognised by its environment.
//!
//! - `LAB_PROGRAMS=FOLDER` tests the programs in a folder as they are, instead of building them.
//! - `LAB_REQUIRE_PYTHON=1` makes a test fail that would be skipped because there is no Python.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "everything here serves tests, which fail by panicking"
)]

mod described;
mod ended;
mod experiments;
pub mod processes;
mod recorded;
mod running;
mod scratch;
pub mod site;
mod table;
mod tree;

pub use described::Described;
pub use ended::Ended;
pub use experiments::{Experiment, SEED, each, experiment, experiments};
pub use running::Running;
pub use scratch::Scratch;
pub use table::{Row, Table};
pub use tree::{Tree, assert_same, files, tree, write_tree};

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace.
pub fn workspace() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    folder.canonicalize().unwrap()
}

/// Whether there is a `python3` that runs. Where there is none, the caller is to be skipped, which is
/// printed; a test that is not to be skipped (`LAB_REQUIRE_PYTHON=1`) fails instead.
pub fn has_python() -> bool {
    // A program of this name that is there and cannot run is no Python.
    let output = Command::new("python3").args(["-c", ""]).output();
    if output.is_ok_and(|output| output.status.success()) {
        return true;
    }
    let is_required = std::env::var_os("LAB_REQUIRE_PYTHON").is_some_and(|value| value == "1");
    assert!(!is_required, "there is no python3, and it is required");
    println!("skipped: there is no python3");
    false
}
