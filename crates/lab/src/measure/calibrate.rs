//! How many steps a job makes, so that it lasts as long in one runtime as in another.
//!
//! A run has one calibration for each kind of job and runtime: to calibrate before each trial would
//! put its noise into every ratio.

use super::rig::Rig;
use crate::design::work::{Length, Recipe, Work};
use anyhow::{Context, Result, bail, ensure};
use lab_data::rows::Executor;
use lab_pool::{Interval, Job, Pool, Start, Tracking, Trial};
use std::collections::HashMap;
use std::time::Duration;

/// A measurement of a rate shorter than this is too short to trust.
const LONG_ENOUGH: Duration = Duration::from_millis(10);
/// The rate is the median of so many measurements.
const MEASUREMENTS: usize = 5;

/// Steps per second, by runtime and kind of job.
#[derive(Debug, Default)]
pub(super) struct Rates(HashMap<(String, &'static str), f64>);

impl Rates {
    /// Steps per second of a kind of job in a runtime, one job at a time; `job` makes one of so many
    /// steps. Measured when it is first asked for.
    pub(super) fn steps_per_second(
        &mut self,
        pool: &mut Pool,
        runtime: &str,
        job: &dyn Fn(u64) -> Job,
    ) -> Result<f64> {
        let key = (runtime.to_owned(), job(1).kind());
        if let Some(rate) = self.0.get(&key) {
            return Ok(*rate);
        }
        let rate = measure(pool, runtime, job)
            .with_context(|| format!("the rate of {} jobs in {runtime}", key.1))?;
        self.0.insert(key, rate);
        Ok(rate)
    }
}

impl Rig {
    /// The jobs that these recipes are in a runtime.
    pub(crate) fn resolve(&mut self, runtime: &str, jobs: &[Work]) -> Result<Vec<Job>> {
        let mut resolved: Vec<Job> = Vec::with_capacity(jobs.len());
        // Jobs of an arm are mostly the same.
        for alike in jobs.chunk_by(|a, b| a == b) {
            let Some(work) = alike.first() else { continue };
            let job = self.job(runtime, &work.0)?;
            resolved.extend(std::iter::repeat_n(job, alike.len()));
        }
        Ok(resolved)
    }

    fn job(&mut self, runtime: &str, recipe: &Recipe) -> Result<Job> {
        Ok(match recipe {
            Recipe::Ready(job) => job.clone(),
            Recipe::Additions { lasts, parts } => {
                self.lasting(runtime, *lasts, &|steps| Job::add(steps / parts))?
            }
            Recipe::Increments { lasts } => {
                self.lasting(runtime, Length::Fixed(*lasts), &Job::count)?
            }
            Recipe::Tracker { lasts } => self.lasting(runtime, *lasts, &Job::track)?,
            Recipe::Points { points, lasts } => {
                self.lasting(runtime, *lasts, &|additions| Job::points(*points, additions))?
            }
            Recipe::Digests { bytes, lasts } => {
                let one = Job::hash(*bytes, 1);
                self.lasting(runtime, Length::Fixed(*lasts), &|times| one.with_steps(times))?
            }
            Recipe::Mix { lasts, waiting, .. } if *waiting <= 0.0 => {
                self.lasting(runtime, Length::Fixed(*lasts), &Job::add)?
            }
            Recipe::Mix { lasts, turns, waiting } => {
                let turn = *lasts / (*turns).max(1);
                let wait = turn.mul_f64(waiting.min(1.0));
                let additions = self.steps_in(runtime, turn - wait, &Job::add)?;
                let wait_ns = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
                Job::mix((*turns).into(), additions, wait_ns)
            }
            Recipe::Echo { lasts, computes, meanwhile } => {
                let lasts_ns = u64::try_from(lasts.as_nanos()).unwrap_or(u64::MAX);
                let mut steps = |time: Duration| match time {
                    Duration::ZERO => Ok(0),
                    time => self.steps_in(runtime, time, &Job::add),
                };
                let (additions, meanwhile) = (steps(*computes)?, steps(*meanwhile)?);
                Job::echo(self.echo_port()?, Some(lasts_ns), additions, meanwhile)
            }
        })
    }

    /// A job of so many steps as were asked for, or as it makes in the time.
    fn lasting(&mut self, runtime: &str, length: Length, job: &dyn Fn(u64) -> Job) -> Result<Job> {
        let cpu = &self.options.cpu;
        let time = match length {
            Length::Fixed(time) => time,
            Length::Asked(default) => match (cpu.work, cpu.job_time) {
                (Some(steps), _) => return Ok(job(steps)),
                (None, asked) => asked.unwrap_or(default),
            },
        };
        let steps = self.steps_in(runtime, time, job)?;
        Ok(job(steps.max(1)))
    }

    /// How many steps of a job a runtime makes in `time`, from its calibration, which is noted.
    fn steps_in(&mut self, runtime: &str, time: Duration, job: &dyn Fn(u64) -> Job) -> Result<u64> {
        let rate = self.rates.steps_per_second(&mut self.pool, runtime, job)?;
        let rates = &mut self.info.settings.steps_per_second;
        let of_runtime = rates.entry(runtime.to_owned()).or_default();
        of_runtime.insert(job(1).kind().to_owned(), rate.round());
        Ok((rate * time.as_secs_f64()).round() as u64)
    }
}

/// The median of several measurements of at least [`LONG_ENOUGH`] each.
fn measure(pool: &mut Pool, runtime: &str, job: &dyn Fn(u64) -> Job) -> Result<f64> {
    let runtime: lab_pool::Runtime = runtime.parse()?;
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
