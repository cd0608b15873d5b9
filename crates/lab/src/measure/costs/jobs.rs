//! How many steps a job makes, so that it lasts as long in one runtime as in another.

use crate::arms::work::{Length, Recipe, Work};
use crate::measure::rig::Rig;
use anyhow::Result;
use lab_pool::Job;
use lab_pool::jobs::costs::{Beat, Beside};
use std::time::Duration;

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
            Recipe::Steps { of, lasts } => {
                self.lasting(runtime, Length::Fixed(*lasts), &|steps| of.with_steps(steps))?
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
            Recipe::Heartbeat { lasts, period, beside, computes } => {
                let [lasts_ns, period_ns] =
                    [lasts, period].map(|time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
                let steps = match beside {
                    Beside::Nothing => 0,
                    _ => self.steps_in(runtime, *computes, &Job::add)?,
                };
                Job::Beat(Beat { lasts_ns, period_ns, beside: *beside, steps })
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

    /// A job of as many steps as were asked for, or as it makes in the time.
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
        let rate = self.rates.steps_per_second(&mut self.bench, runtime, job)?;
        let rates = &mut self.info.settings.steps_per_second;
        let of_runtime = rates.entry(runtime.to_owned()).or_default();
        of_runtime.insert(job(1).step(), rate.round());
        Ok((rate * time.as_secs_f64()).round() as u64)
    }
}
