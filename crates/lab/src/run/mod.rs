//! An experiment from the command line to the verdict.
//!
//! | module | concept |
//! |---|---|
//! | `experiment` | what an experiment is |
//! | `invocation`, `measuring` | one run of it, as its options say |
//! | `targets` | where its end writes, tried before its start |
//! | `children` | the same executable, started again to serve a run |
//! | `repeated` | many runs one after another, for a study of the verdicts |

pub(crate) mod children;
mod experiment;
mod invocation;
mod measuring;
pub mod repeated;
mod targets;

pub use children::serve_child;
pub use experiment::{Declare, Experiment};

use crate::measure::interrupt;
use crate::options::Options;
use crate::{console, text};
use invocation::Invocation;
use std::process::ExitCode;

/// Runs an experiment: `design` declares what is measured, judged and drawn in a runtime. Old data are
/// judged and drawn by the same function.
pub fn run(experiment: Experiment, declare: Declare) -> ExitCode {
    if let Some(code) = serve_child() {
        return code;
    }
    let about = text::about(experiment.source);
    let options = Options::parse(experiment.name, &about, experiment.groups);
    let invocation = Invocation { experiment, options, declare };
    match invocation.run() {
        Ok(code) => code,
        Err(error) => {
            interrupt::park_if_interrupted();
            console::err(&format!("{}: {error:#}", experiment.name));
            ExitCode::FAILURE
        }
    }
}
