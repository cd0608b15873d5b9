//! How long a run will take, from what is known of its jobs.

use crate::measure::rig::Rig;
use crate::measure::rig::ready::Ready;
use anyhow::Result;
use lab_data::rows::Executor;
use lab_pool::{Amount, Job, StartMethod};
use std::collections::HashMap;
use std::time::Duration;

/// Starting and ending a process takes about this: this executable again.
const START_OF_PROCESS: Duration = Duration::from_micros(1500);
/// One of CPython 3.14; eight were seen to take 159 ms.
const START_OF_INTERPRETER: Duration = Duration::from_millis(20);

/// What a job waits and computes.
type Times = (Duration, Duration);

impl Rig {
    /// How long all arms take once, workers' start included. `own` is what a job of the user's own work
    /// waits and computes.
    pub(in crate::measure) fn forecast(
        &mut self,
        arms: &[&Ready],
        own: Option<Times>,
    ) -> Result<Duration> {
        let pages: HashMap<String, Duration> =
            self.pages.iter().flat_map(|pages| pages.delays()).collect();
        let mut sum = Duration::ZERO;
        for ready in arms {
            sum += self.forecast_of(ready, own, &pages)?;
        }
        Ok(sum)
    }

    fn forecast_of(
        &mut self,
        ready: &Ready,
        own: Option<Times>,
        pages: &HashMap<String, Duration>,
    ) -> Result<Duration> {
        let (mut waits, mut longest, mut computes) =
            (Duration::ZERO, Duration::ZERO, Duration::ZERO);
        for same in ready.jobs.chunk_by(|a, b| a == b) {
            let Some(job) = same.first() else { continue };
            let (wait, compute) = match job {
                Job::Page(_) | Job::Command(_) if own.is_some() => own.unwrap_or_default(),
                Job::Page(page) => {
                    (pages.get(&page.url).copied().unwrap_or_default(), Duration::ZERO)
                }
                job => self.times_of(&ready.arm.runtime, job)?,
            };
            waits += wait * same.len() as u32;
            computes += compute * same.len() as u32;
            longest = longest.max(wait);
        }
        let cores = self.info.machine.cores.usable.max(1);
        let workers = ready.arm.workers.max(1);
        let at_once = match ready.arm.executor {
            Executor::Threads if ready.has_gil => 1,
            _ => workers.min(cores),
        };
        let start = match ready.arm.executor {
            Executor::Processes => start_of_process(ready.arm.start_method) * workers / cores,
            // One after another: a lock of the whole process is held meanwhile.
            Executor::Interpreters => START_OF_INTERPRETER * workers,
            _ => Duration::ZERO,
        };
        Ok(start + (waits / workers).max(longest) + computes / at_once)
    }

    /// How long a job waits and how long it computes; with others on the same counter an increment
    /// takes longer, nobody knows how much.
    fn times_of(&mut self, runtime: &str, job: &Job) -> Result<Times> {
        if let Job::Wait(wait) = job {
            return Ok((Duration::from_nanos(wait.ns), Duration::ZERO));
        }
        if let Job::Echo(echo) = job {
            return Ok((Duration::from_nanos(echo.lasts_ns.unwrap_or_default()), Duration::ZERO));
        }
        if let Job::Beat(beat) = job {
            return Ok((Duration::from_nanos(beat.lasts_ns), Duration::ZERO));
        }
        let (wait_ns, steps, one): (u64, u64, Box<dyn Fn(u64) -> Job>) = match job {
            Job::Mix(mix) => (
                mix.wait_ns.saturating_mul(mix.rounds),
                mix.additions.saturating_mul(mix.rounds),
                Box::new(Job::add),
            ),
            Job::Points(of) => {
                let points = of.points;
                let all = points.saturating_mul(of.additions);
                (0, all, Box::new(move |n| Job::points(points, n)))
            }
            job => {
                let Some(Amount::Steps(steps)) = job.amount() else {
                    return Ok((Duration::ZERO, Duration::ZERO));
                };
                let job = job.clone();
                (0, steps, Box::new(move |n| job.with_steps(n)))
            }
        };
        let rate = self.rates.steps_per_second(&mut self.bench, runtime, &one)?;
        Ok((Duration::from_nanos(wait_ns), Duration::from_secs_f64(steps as f64 / rate)))
    }
}

/// Starting and ending a process takes about this, in CPython by its start method.
fn start_of_process(method: Option<StartMethod>) -> Duration {
    match method {
        None => START_OF_PROCESS,
        Some(StartMethod::Fork) => Duration::from_millis(5),
        Some(StartMethod::Forkserver) => Duration::from_millis(20),
        Some(StartMethod::Spawn) => Duration::from_millis(70),
    }
}
