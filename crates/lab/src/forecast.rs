//! How long things will take: the machine's rates, and the length of a run.

use crate::arm::Arm;
use crate::pages::Pages;
use anyhow::{Context, Result};
use lab_jobs::{Amount, Job, steps_per_second};
use lab_record::rows::Executor;
use std::collections::HashMap;
use std::time::Duration;

/// Starting and ending a worker of any kind takes about so long; a process takes longer.
const START_OF_PROCESS: Duration = Duration::from_micros(1500);

/// A byte to a process on the same machine and back takes about so long where everybody idles.
const ROUND_TRIP_NS: u64 = 100_000;

/// What is known of how long a job takes.
#[derive(Debug, Default)]
pub(crate) struct Forecast {
    rates: HashMap<&'static str, f64>,
    pages: HashMap<String, Duration>,
}

impl Forecast {
    /// Steps a second of a kind of job; measured when it is first asked for, so that one run has
    /// one calibration.
    pub(crate) fn steps_per_second(&mut self, job: &impl Fn(u64) -> Job) -> Result<f64> {
        let kind = job(1).kind();
        if let Some(rate) = self.rates.get(kind) {
            return Ok(*rate);
        }
        let rate = steps_per_second(job)
            .with_context(|| format!("no rate could be measured for a {kind} job"))?;
        self.rates.insert(kind, rate);
        Ok(rate)
    }

    /// Remembers how long the origin's pages take.
    pub(crate) fn learn_pages(&mut self, pages: &Pages) {
        self.pages = pages.delays().collect();
    }

    /// How long all arms take once, workers' start included.
    pub(crate) fn of_all(&mut self, arms: &[&Arm], cores: u32) -> Result<Duration> {
        let mut sum = Duration::ZERO;
        for arm in arms {
            sum += self.of(arm, cores)?;
        }
        Ok(sum)
    }

    fn of(&mut self, arm: &Arm, cores: u32) -> Result<Duration> {
        let mut waits = Duration::ZERO;
        let mut longest = Duration::ZERO;
        let mut computes = Duration::ZERO;
        for job in &arm.jobs {
            let (wait, compute) = self.of_job(job)?;
            waits += wait;
            computes += compute;
            longest = longest.max(wait);
        }
        let workers = match arm.id.executor {
            Executor::Serial => 1,
            _ => arm.id.workers.max(1),
        };
        let start = match arm.id.executor {
            Executor::Processes => START_OF_PROCESS * workers / cores.max(1),
            _ => Duration::ZERO,
        };
        Ok(start + (waits / workers).max(longest) + computes / workers.min(cores.max(1)))
    }

    /// How long a job waits and how long it computes.
    fn of_job(&mut self, job: &Job) -> Result<(Duration, Duration)> {
        let steps = match job.amount() {
            Some(Amount::Steps(steps)) => steps,
            _ => 0,
        };
        let mut lasts = |steps: u64, kind: &dyn Fn(u64) -> Job| -> Result<Duration> {
            let rate = self.steps_per_second(&|steps| kind(steps))?;
            Ok(Duration::from_secs_f64(steps as f64 / rate))
        };
        let none = Duration::ZERO;
        Ok(match job {
            Job::Add { .. } => (none, lasts(steps, &Job::add)?),
            Job::Track { .. } => (none, lasts(steps, &Job::track)?),
            Job::Hash { bytes, .. } => (none, lasts(steps, &|n| Job::hash(*bytes, n))?),
            // An increment of a shared counter costs what an addition does, or more.
            Job::Count { .. } => (none, lasts(steps, &Job::add)?),
            Job::Echo { .. } => (
                Duration::from_nanos(steps.saturating_mul(ROUND_TRIP_NS)),
                none,
            ),
            Job::Page(request) => {
                let known = self.pages.get(&request.url).copied();
                (known.unwrap_or(none), none)
            }
            Job::Wait { ns } => (Duration::from_nanos(*ns), none),
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
