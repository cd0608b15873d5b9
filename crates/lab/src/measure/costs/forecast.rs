//! How long a run will take, from what is known of its jobs.

use crate::arms::arm::Arm;
use crate::arms::runtime::is_simulated;
use crate::measure::rig::Rig;
use crate::measure::rig::ready::Ready;
use anyhow::Result;
use lab_data::rows::Executor;
use lab_pool::limits::Limit;
use lab_pool::{Amount, Job, StartMethod};
use std::collections::HashMap;
use std::time::Duration;

/// How often a trial waits for the lock beside a thread that computes, before and after its jobs: its start
/// and its end took 45 ms longer at an interval of 5 ms.
const TAKES: u32 = 9;

/// Of jobs that must be tried, this part of the steps is.
const PART: u32 = 20;

/// What a job waits and computes.
type Times = (Duration, Duration);
/// How long a trial of one worker that does nothing takes, by its runtime, its kind and its start method.
pub(in crate::measure) type Starts = HashMap<(String, Executor, Option<StartMethod>), Duration>;

impl Rig {
    /// How long all arms take once, workers' start included; none if nobody knows of one of their jobs.
    /// `own` is what a job of the user's own work waits and computes.
    pub(in crate::measure) fn forecast(
        &mut self,
        arms: &[&Ready],
        own: Option<Times>,
    ) -> Result<Option<Duration>> {
        let pages: HashMap<String, Duration> =
            self.pages.iter().flat_map(|pages| pages.delays()).collect();
        let mut sum = Duration::ZERO;
        for ready in arms {
            let Some(time) = self.forecast_of(ready, own, &pages)? else { return Ok(None) };
            sum += time;
        }
        Ok(Some(sum))
    }

    fn forecast_of(
        &mut self,
        ready: &Ready,
        own: Option<Times>,
        pages: &HashMap<String, Duration>,
    ) -> Result<Option<Duration>> {
        // In virtual time.
        if is_simulated(&ready.arm.runtime) {
            return Ok(Some(Duration::ZERO));
        }
        if let Some(time) = self.contended(ready)? {
            return Ok(Some(time));
        }
        let (mut waits, mut longest, mut computes) =
            (Duration::ZERO, Duration::ZERO, Duration::ZERO);
        for same in ready.jobs.chunk_by(|a, b| a == b) {
            let Some(job) = same.first() else { continue };
            let (wait, compute) = match job {
                Job::Page(_) | Job::Command(_) if own.is_some() => own.unwrap_or_default(),
                Job::Page(page) => {
                    (pages.get(&page.url).copied().unwrap_or_default(), Duration::ZERO)
                }
                job => match self.times_of(&ready.arm.runtime, job)? {
                    Some(times) => times,
                    None => return Ok(None),
                },
            };
            waits += wait * same.len() as u32;
            computes += compute * same.len() as u32;
            longest = longest.max(wait);
        }
        let cores = self.info.machine.cores.usable.max(1);
        let workers = ready.arm.workers.max(1);
        let at_once = match (ready.arm.executor, ready.setup.limit) {
            (Executor::Threads, _) if ready.has_gil => 1.0,
            (_, Some(Limit::OneCore)) => 1.0,
            (_, Some(Limit::Quota(granted))) => granted.min(workers.into()),
            _ => workers.min(cores).into(),
        };
        let one = self.start_of(&ready.arm, ready.arm.executor);
        let mut start = match ready.arm.executor {
            Executor::Processes | Executor::Interpreters => starts(one, workers, cores),
            _ => one,
        };
        let interval = Duration::from_nanos(self.interval_of(&ready.setup)?.ns());
        for beside in &ready.setup.beside {
            start += match beside {
                Executor::Processes => self.start_of(&ready.arm, Executor::Processes),
                _ if ready.has_gil => TAKES * interval,
                _ => Duration::ZERO,
            };
        }
        Ok(Some(start + (waits / workers).max(longest) + computes.div_f64(at_once)))
    }

    /// How long one worker of this kind takes to start, to do nothing, and to end; measured when it is first
    /// asked for. What fails here fails in its trial as well, and is reported there.
    fn start_of(&mut self, arm: &Arm, executor: Executor) -> Duration {
        let key = (arm.runtime.clone(), executor, arm.start_method);
        if let Some(known) = self.starts.get(&key) {
            return *known;
        }
        let one = self.bench.start_of(&key.0, executor, arm.start_method).unwrap_or_default();
        self.starts.insert(key, one);
        one
    }

    /// How long an arm takes whose threads increment one counter, which is longer than by themselves, nobody
    /// knows how much: tried with a part of the steps. None of all others, and of those that fail, as they will
    /// again.
    fn contended(&mut self, ready: &Ready) -> Result<Option<Duration>> {
        let part = |job: &Job| match (job, job.amount()) {
            (Job::Tally(_) | Job::Count(_), Some(Amount::Steps(steps))) => {
                Some(job.with_steps(steps.div_ceil(PART.into())))
            }
            _ => None,
        };
        let is_alone = ready.arm.workers < 2
            || !matches!(ready.arm.executor, Executor::Threads | Executor::Rayon);
        let Some(jobs) =
            ready.jobs.iter().map(part).collect::<Option<Vec<Job>>>().filter(|_| !is_alone)
        else {
            return Ok(None);
        };
        let trial = self.trial(ready, jobs)?;
        let Ok(report) = self.bench.run(&trial) else { return Ok(None) };
        let lasted =
            report.jobs.iter().map(|job| job.report.end_ns.saturating_sub(job.report.start_ns));
        Ok(lasted.max().map(|ns| Duration::from_nanos(ns) * PART))
    }

    /// How long a job waits and how long it computes; none if nobody knows.
    fn times_of(&mut self, runtime: &str, job: &Job) -> Result<Option<Times>> {
        let waits = |ns| Ok(Some((Duration::from_nanos(ns), Duration::ZERO)));
        let (wait_ns, steps, one): (u64, u64, Box<dyn Fn(u64) -> Job>) = match job {
            Job::Wait(wait) => return waits(wait.ns),
            Job::Echo(echo) => return waits(echo.lasts_ns.unwrap_or_default()),
            Job::Beat(beat) => return waits(beat.lasts_ns),
            // To ask takes next to nothing.
            Job::Cores(_) | Job::Command(_) => return waits(0),
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
                let Some(Amount::Steps(steps)) = job.amount() else { return Ok(None) };
                let job = job.clone();
                (0, steps, Box::new(move |n| job.with_steps(n)))
            }
        };
        if steps == 0 {
            return waits(wait_ns);
        }
        let rate = self.rates.steps_per_second(&mut self.bench, runtime, &one)?;
        let computes = Duration::from_secs_f64(steps as f64 / rate);
        Ok(Some((Duration::from_nanos(wait_ns), computes)))
    }
}

/// How long so many workers take to start and to end, of which one alone takes `one`: they start side by side,
/// as many at once as there are cores.
fn starts(one: Duration, workers: u32, cores: u32) -> Duration {
    one * workers.div_ceil(cores.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_start_as_they_were_recorded_to_do() {
        // On two cores: how long one worker took from before its start until it had ended, and how long a
        // pool of so many, in milliseconds.
        for (what, one, workers, recorded) in [
            ("rust", 3.8, 2, 4.5),
            ("rust", 3.8, 16, 33.2),
            ("rust", 3.8, 32, 69.1),
            ("fork", 12.3, 2, 17.5),
            ("fork", 12.3, 16, 95.6),
            ("forkserver", 64.9, 2, 71.8),
            ("forkserver", 64.9, 8, 250.9),
            ("spawn", 151.5, 2, 159.9),
            ("interpreters", 105.3, 4, 236.1),
            ("interpreters", 105.3, 8, 438.8),
        ] {
            let forecast = starts(Duration::from_secs_f64(one / 1e3), workers, 2);
            let ratio = 1e3 * forecast.as_secs_f64() / recorded;
            assert!((1.0 / 1.5..=1.5).contains(&ratio), "{what}, {workers} workers: {ratio}");
        }
    }
}
