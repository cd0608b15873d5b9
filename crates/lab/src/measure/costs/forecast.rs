//! How long a run will take, from what is known of its jobs.

use crate::arms::arm::Arm;
use crate::measure::rig::Rig;
use crate::measure::rig::ready::Ready;
use anyhow::Result;
use lab_data::rows::Executor;
use lab_pool::limits::Limit;
use lab_pool::{Amount, Job, StartMethod};
use std::collections::HashMap;
use std::time::Duration;

/// What a job waits and computes.
type Times = (Duration, Duration);
/// How long a worker takes to start and to end, by its runtime, its kind and its start method.
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
        let start = match ready.arm.executor {
            Executor::Processes | Executor::Interpreters => {
                starts(self.start_of(&ready.arm), workers, cores)
            }
            _ => Duration::ZERO,
        };
        Ok(Some(start + (waits / workers).max(longest) + computes.div_f64(at_once)))
    }

    /// How long one worker takes to start, to do nothing, and to end; measured when it is first asked for. What
    /// fails here fails in its trial as well, and is reported there.
    fn start_of(&mut self, arm: &Arm) -> Duration {
        let key = (arm.runtime.clone(), arm.executor, arm.start_method);
        if let Some(known) = self.starts.get(&key) {
            return *known;
        }
        let one = self.bench.start_of(&key.0, arm.executor, arm.start_method).unwrap_or_default();
        self.starts.insert(key, one);
        one
    }

    /// How long a job waits and how long it computes; none if nobody knows. With others on the same counter
    /// an increment takes longer, nobody knows how much.
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
