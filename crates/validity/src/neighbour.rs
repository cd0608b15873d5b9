//! A busy process beside the runs: this executable started again.
//!
//! It ends when its stdin does, and so never outlives its parent. It is not reaped before its end:
//! until then its time counts as that of other programs, as a neighbour's does.

use anyhow::{Context, Result};
use lab_pool::process::{Child, ChildCommand, reply};
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The first argument with which this executable is started again as a neighbour.
const ARGUMENT: &str = "__neighbour";
/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves as a neighbour, if that is what this process was started for.
pub fn serve() -> Option<ExitCode> {
    (std::env::args_os().nth(1)? == ARGUMENT).then(|| {
        let spinner = std::thread::Builder::new().spawn(|| {
            let mut sum = 0u64;
            loop {
                sum = black_box(sum.wrapping_add(1));
            }
        });
        let said = reply(&serde_json::json!({ "busy": true }), &[]);
        if spinner.is_err() || said.is_err() {
            return ExitCode::FAILURE;
        }
        // However the parent ends, this ends.
        match std::io::copy(&mut std::io::stdin(), &mut std::io::sink()) {
            Ok(_) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        }
    })
}

/// Starts a neighbour, which is busy until it is dropped.
///
/// # Errors
/// If it cannot be started, or does not say that it is there.
pub fn start() -> Result<Child> {
    let command = ChildCommand::this_executable("busy neighbour", [ARGUMENT])?;
    let mut child = Child::start(&command)?;
    child.receive(Instant::now() + PATIENCE).context("the busy neighbour does not answer")?;
    Ok(child)
}
