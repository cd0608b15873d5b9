//! The same executable, started again to serve a run.

use anyhow::Result;
use lab_pool::Pool;
use lab_pool::jobs::page::trust_also;
use lab_pool::process::{ChildCommand, Guard};
use std::path::Path;
use std::process::ExitCode;

/// The first argument with which this executable is started again as a worker.
const WORKER: &str = "__worker";
/// The first argument with which it is started again to end what commands leave behind.
const GUARD: &str = "__guard";

/// Serves the run that started this executable again: as a worker, an origin or a guard. None if
/// nobody did, and this is the program itself.
pub fn serve_child() -> Option<ExitCode> {
    let child = std::env::args_os().nth(1)?;
    match child.to_str()? {
        WORKER => Some(match std::env::args_os().nth(2).map(|file| trust_also(Path::new(&file))) {
            Some(Err(error)) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
            _ => lab_pool::worker::serve(),
        }),
        lab_pool::origin::ARGUMENT => Some(lab_pool::origin::serve_child()),
        GUARD => {
            let mark = std::env::args().nth(2).unwrap_or_default();
            Some(lab_pool::process::serve_guard(&mark))
        }
        _ => None,
    }
}

/// A pool whose workers are this executable started again. They believe the authorities in a file
/// as well, if there is one.
pub(crate) fn pool(authorities: Option<&Path>) -> Result<Pool> {
    let worker = ChildCommand::this_executable("worker", [WORKER])?;
    let file = authorities.map(std::path::absolute).transpose()?;
    Ok(Pool::new(worker.args(file)))
}

/// Ends what commands leave behind, as soon as this process ends.
pub(super) fn guard() -> Result<Guard> {
    Ok(Guard::start(&ChildCommand::this_executable("guard", [GUARD])?)?)
}
