//! What the pool and the background say to a worker process, and what they expect to hear.

use crate::error::PoolError;
use crate::jobs::Report;
use crate::process::{Child, ChildCommand, Frame};
use crate::protocol::{FromWorker, VERSION};
use std::time::{Duration, Instant};

/// A worker that has nothing left to do ends within this time, or is ended.
pub(super) const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) fn start(command: &ChildCommand, name: String) -> Result<Child, PoolError> {
    Ok(Child::start(&command.named(name))?)
}

/// When the worker could take a job, by its first word.
pub(super) fn ready_ns(child: &Child, hello: &Frame) -> Result<u64, PoolError> {
    match hello.parse()? {
        FromWorker::Hello { version: VERSION, ready_ns } => Ok(ready_ns),
        _ => Err(PoolError::out_of_order(child.name(), hello.line.as_str())),
    }
}

/// The number of a job that the worker did, and its report.
pub(super) fn done(child: &Child, frame: Frame) -> Result<(usize, Report), PoolError> {
    match frame.parse()? {
        FromWorker::Done(packed) => packed.unpack(frame.integers),
        _ => Err(frame.line),
    }
    .map_err(|detail| PoolError::out_of_order(child.name(), detail))
}

/// Hears the last word of a worker that is to finish, and waits for its end; gives how long
/// it had no core and its peak memory.
pub(super) fn end(
    mut child: Child,
    deadline: Instant,
) -> Result<(Option<u64>, Option<u64>), PoolError> {
    let frame = child.receive(deadline)?;
    let FromWorker::End { run_delay_ns, peak_rss_bytes } = frame.parse()? else {
        return Err(PoolError::out_of_order(child.name(), frame.line));
    };
    child.end(deadline)?;
    Ok((run_delay_ns, peak_rss_bytes))
}
