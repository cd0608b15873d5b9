//! How many steps per second a runtime makes of a kind of job.
//!
//! A run has one calibration for each kind of job and runtime: to calibrate before each trial would
//! put its noise into every ratio.

use crate::measure::simulate::bench::Bench;
use anyhow::{Context, Result, bail, ensure};
use lab_data::rows::Executor;
use lab_pool::{Job, PoolError, Trial};
use std::collections::HashMap;
use std::time::Duration;

/// A measurement of a rate shorter than this is too short to trust.
const LONG_ENOUGH: Duration = Duration::from_millis(10);
/// The rate is the median of this many measurements.
const MEASUREMENTS: usize = 5;

/// Steps per second, by runtime and what a step is.
#[derive(Debug, Default)]
pub(crate) struct Rates(HashMap<(String, String), f64>);

impl Rates {
    /// Steps per second of a kind of job in a runtime, one job at a time; `job` makes one with this many
    /// steps. Measured when it is first asked for.
    pub(crate) fn steps_per_second(
        &mut self,
        bench: &mut Bench,
        runtime: &str,
        job: &dyn Fn(u64) -> Job,
    ) -> Result<f64> {
        let key = (runtime.to_owned(), job(1).step());
        if let Some(rate) = self.0.get(&key) {
            return Ok(*rate);
        }
        let rate = measure(bench, runtime, job)
            .with_context(|| format!("the rate of {} jobs in {runtime}", key.1))?;
        self.0.insert(key, rate);
        Ok(rate)
    }
}

/// The median of several measurements of at least [`LONG_ENOUGH`] each.
fn measure(bench: &mut Bench, runtime: &str, job: &dyn Fn(u64) -> Job) -> Result<f64> {
    let runtime: lab_pool::Runtime = runtime.parse()?;
    let mut time = |steps: u64| -> Result<Duration> {
        let report =
            bench.run(&Trial::new(runtime.clone(), Executor::Serial, 1, vec![job(steps)]))?;
        let done = report.jobs.first().context("no job was reported")?;
        if let Some(error) = &done.report.error {
            let interpreter = runtime.to_string();
            bail!(PoolError::Python { interpreter, what: error.clone() });
        }
        let lasted = done.report.end_ns.saturating_sub(done.report.start_ns);
        Ok(Duration::from_nanos(lasted))
    };
    let mut steps = 1u64;
    while time(steps)? < LONG_ENOUGH {
        steps = steps.checked_mul(2).context("its clock does not advance")?;
    }
    let mut rates = Vec::with_capacity(MEASUREMENTS);
    for _ in 0..MEASUREMENTS {
        rates.push(steps as f64 / time(steps)?.as_secs_f64());
    }
    let rate = lab_stats::summary::median(&rates).context("no rate")?;
    ensure!(rate.is_finite() && rate > 0.0, "its clock does not advance");
    Ok(rate)
}
