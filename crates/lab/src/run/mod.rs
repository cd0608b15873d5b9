//! An experiment from the command line to the verdict.
//!
//! | module | concept |
//! |---|---|
//! | `experiment` | what an experiment is |
//! | `invocation`, `measuring` | one run of it, as its options say |
//! | `targets` | where its end writes, tried before its start |
//! | `children` | the same executable, started again to serve a run |
//! | `simulated`, `validated`, `usage` | a run on a machine that does not exist; whether it is believed; what cannot be |
//! | `repeated` | many runs one after another, for a study of the verdicts |

pub(crate) mod children;
mod experiment;
mod invocation;
mod measuring;
pub mod repeated;
mod simulated;
mod targets;
mod usage;
mod validated;

pub use children::serve_child;
pub use experiment::{Declare, Experiment};

use crate::measure::interrupt;
use crate::options::Options;
use crate::{console, text};
use invocation::Invocation;
use std::cell::OnceCell;
use std::process::ExitCode;
use usage::Usage;

/// Runs an experiment: `design` declares what is measured, judged and drawn in a runtime. Old data are
/// judged and drawn by the same function.
pub fn run(experiment: Experiment, declare: Declare) -> ExitCode {
    if let Some(code) = serve_child() {
        return code;
    }
    let about = text::about(experiment.source);
    let options = Options::parse(experiment.name, &about, experiment.groups);
    let costs = OnceCell::new();
    let invocation = Invocation { experiment, options, declare, cores: None, costs };
    match invocation.run() {
        Ok(code) => code,
        Err(error) => {
            interrupt::park_if_interrupted();
            console::err(&format!("{}: {error:#}", experiment.name));
            if error.is::<Usage>() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}
