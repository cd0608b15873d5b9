//! One job after another, on the thread that asked: the baseline.

use super::{Outcome, Shop, now};
use crate::error::PoolError;
use lab_jobs::Host;
use lab_record::usage::thread_run_delay_ns;

/// Runs the shop's jobs in order.
///
/// # Errors
/// None of its own.
pub fn run<H: Host>(shop: &Shop, host: impl Fn() -> H) -> Result<Outcome, PoolError> {
    let delay_before = thread_run_delay_ns();
    let host = host();
    let ready_ns = now();
    let mut jobs = Vec::with_capacity(shop.jobs.len());
    shop.work(0, ready_ns, host, |report| jobs.push(report));
    let answered_ns = now();
    let run_delay_ns = thread_run_delay_ns()
        .zip(delay_before)
        .map(|(after, before)| after.saturating_sub(before));
    Ok(Outcome {
        ready_ns,
        answered_ns,
        closed_ns: answered_ns,
        jobs,
        run_delay_ns,
        workers_peak_rss_bytes: Some(0),
    })
}
