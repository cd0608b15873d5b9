//! One job after another, on the thread that asked: the baseline.

use super::context::{Outcome, TrialContext, now};
use crate::work::Host;
use lab_data::usage::thread_run_delay_ns;

/// Runs the trial's jobs in order.
pub(crate) fn run<H: Host>(context: &TrialContext, host: impl Fn() -> H) -> Outcome {
    let delay_before = thread_run_delay_ns();
    let host = host();
    let ready_ns = now();
    let mut jobs = Vec::with_capacity(context.trial.jobs.len());
    context.work(0, ready_ns, host, |report| jobs.push(report));
    let answered_ns = now();
    Outcome {
        ready_ns,
        answered_ns,
        closed_ns: answered_ns,
        jobs,
        run_delay_ns: delay_since(delay_before),
        workers_peak_rss_bytes: Some(0),
    }
}

/// How long this thread was ready to run and had no core since that reading, in nanoseconds.
pub(super) fn delay_since(before: Option<u64>) -> Option<u64> {
    let (after, before) = thread_run_delay_ns().zip(before)?;
    Some(after.saturating_sub(before))
}
