//! How long things will take: the machine's rates, and the length of a run.

use crate::arm::Arm;
use crate::pages::Pages;
use crate::recording::has_gil;
use crate::sweep::WaitCompute;
use anyhow::{Context, Result, bail, ensure};
use lab_jobs::{Amount, Job, Tracking};
use lab_pool::{Interval, Pool, Runtime, Start, StartMethod, Trial};
use lab_record::rows::Executor;
use lab_record::run::RunInfo;
use std::collections::HashMap;
use std::time::Duration;

/// Starting and ending a process takes about so long: this executable again.
const START_OF_PROCESS: Duration = Duration::from_micros(1500);

/// A measurement of a rate shorter than this is too short to trust.
const LONG_ENOUGH: Duration = Duration::from_millis(10);
/// The rate is the median of so many measurements.
const MEASUREMENTS: usize = 5;

/// What is known of how long a job takes.
#[derive(Debug, Default)]
pub(crate) struct Forecast {
    rates: HashMap<(String, &'static str), f64>,
    pages: HashMap<String, Duration>,
    /// What a job of somebody's own work waits and computes.
    own: Option<(Duration, Duration)>,
}

impl Forecast {
    /// Steps a second of a kind of job in a runtime, one job at a time; `job` makes one of so many
    /// steps. Measured when it is first asked for, so that a run has one calibration: to do it
    /// before each trial would put its noise into every ratio.
    pub(crate) fn steps_per_second(
        &mut self,
        pool: &mut Pool,
        runtime: &Runtime,
        job: &impl Fn(u64) -> Job,
    ) -> Result<f64> {
        let key = (runtime.to_string(), job(1).kind());
        if let Some(rate) = self.rates.get(&key) {
            return Ok(*rate);
        }
        let rate = measure_rate(pool, runtime, job)
            .with_context(|| format!("the rate of {} jobs in {runtime}", key.1))?;
        self.rates.insert(key, rate);
        Ok(rate)
    }

    /// Remembers how long an origin's pages take.
    pub(crate) fn learn_pages(&mut self, pages: &Pages) {
        self.pages.extend(pages.delays());
    }

    /// Remembers what a job of somebody's own work is like.
    pub(crate) fn learn_own(&mut self, mean: WaitCompute) {
        let time = |ns: f64| Duration::from_nanos(ns as u64);
        self.own = Some((time(mean.waits_ns), time(mean.computes_ns)));
    }

    /// How long all arms take once, workers' start included.
    pub(crate) fn of_all(
        &mut self,
        pool: &mut Pool,
        arms: &[&Arm],
        info: &RunInfo,
    ) -> Result<Duration> {
        let mut sum = Duration::ZERO;
        for arm in arms {
            sum += self.of(pool, arm, info)?;
        }
        Ok(sum)
    }

    fn of(&mut self, pool: &mut Pool, arm: &Arm, info: &RunInfo) -> Result<Duration> {
        let cores = info.machine.cores.usable.max(1);
        let runtime: Runtime = arm.id.runtime.parse()?;
        let mut waits = Duration::ZERO;
        let mut longest = Duration::ZERO;
        let mut computes = Duration::ZERO;
        // Jobs of an arm are mostly the same.
        for same in arm.jobs.chunk_by(|a, b| a == b) {
            let Some(job) = same.first() else { continue };
            let (wait, compute) = self.of_job(pool, &runtime, job)?;
            waits += wait * same.len() as u32;
            computes += compute * same.len() as u32;
            longest = longest.max(wait);
        }
        let workers = match arm.id.executor {
            Executor::Serial => 1,
            _ => arm.id.workers.max(1),
        };
        let at_once = match arm.id.executor {
            Executor::Threads if has_gil(info, &arm.id.runtime) => 1,
            _ => workers.min(cores),
        };
        let start = match arm.id.executor {
            Executor::Processes => start_of_process(arm.id.start_method) * workers / cores,
            _ => Duration::ZERO,
        };
        Ok(start + (waits / workers).max(longest) + computes / at_once)
    }

    /// How long a job waits and how long it computes.
    fn of_job(
        &mut self,
        pool: &mut Pool,
        runtime: &Runtime,
        job: &Job,
    ) -> Result<(Duration, Duration)> {
        let steps = match job.amount() {
            Some(Amount::Steps(steps)) => steps,
            _ => 0,
        };
        let own = self.own;
        let mut lasts = |steps: u64, kind: &dyn Fn(u64) -> Job| -> Result<Duration> {
            let rate = self.steps_per_second(pool, runtime, &|steps| kind(steps))?;
            Ok(Duration::from_secs_f64(steps as f64 / rate))
        };
        let none = Duration::ZERO;
        Ok(match job {
            Job::Add { .. } => (none, lasts(steps, &Job::add)?),
            Job::Track { .. } => (none, lasts(steps, &Job::track)?),
            Job::Hash { .. } => (none, lasts(steps, &|n| job.with_steps(n))?),
            // With others on the same counter an increment takes longer, nobody knows how much.
            Job::Count { .. } => (none, lasts(steps, &Job::count)?),
            Job::Echo { lasts_ns, .. } => {
                (Duration::from_nanos(lasts_ns.unwrap_or_default()), none)
            }
            Job::Page(_) | Job::Command(_) if own.is_some() => own.unwrap_or_default(),
            Job::Command(_) => (none, none),
            Job::Page(request) => {
                let known = self.pages.get(&request.url).copied();
                (known.unwrap_or(none), none)
            }
            Job::Wait { ns } => (Duration::from_nanos(*ns), none),
            Job::Points { points, additions } => {
                let all = points.saturating_mul(*additions);
                (none, lasts(all, &|n| Job::points(*points, n))?)
            }
            Job::Mix {
                rounds,
                additions,
                wait_ns,
            } => (
                Duration::from_nanos(wait_ns.saturating_mul(*rounds)),
                lasts(additions.saturating_mul(*rounds), &Job::add)?,
            ),
        })
    }
}

/// Starting and ending a process takes about so long, in CPython by its start method.
fn start_of_process(method: Option<StartMethod>) -> Duration {
    match method {
        None => START_OF_PROCESS,
        Some(StartMethod::Fork) => Duration::from_millis(5),
        Some(StartMethod::Forkserver) => Duration::from_millis(20),
        Some(StartMethod::Spawn) => Duration::from_millis(70),
    }
}

/// The median of several measurements of at least [`LONG_ENOUGH`] each.
fn measure_rate(pool: &mut Pool, runtime: &Runtime, job: &impl Fn(u64) -> Job) -> Result<f64> {
    let mut time = |steps: u64| -> Result<Duration> {
        let report = pool.run(&Trial {
            runtime: runtime.clone(),
            executor: Executor::Serial,
            workers: 1,
            start: Start::Cold,
            jobs: vec![job(steps)],
            background: Vec::new(),
            tracking: Tracking::default(),
            switch_interval: Interval::DEFAULT,
            start_method: None,
        })?;
        let done = report.jobs.first().context("no job was reported")?;
        if let Some(error) = &done.report.error {
            bail!("{error}");
        }
        let lasted = done.report.end_ns.saturating_sub(done.report.start_ns);
        Ok(Duration::from_nanos(lasted))
    };
    let mut steps = 1u64;
    while time(steps)? < LONG_ENOUGH {
        steps = steps.checked_mul(2).context("its clock stands still")?;
    }
    let mut rates = Vec::with_capacity(MEASUREMENTS);
    for _ in 0..MEASUREMENTS {
        rates.push(steps as f64 / time(steps)?.as_secs_f64());
    }
    let rate = lab_stats::summary::median(&rates).context("no rate")?;
    ensure!(rate.is_finite() && rate > 0.0, "its clock stands still");
    Ok(rate)
}
