//! The jobs that an experiment can ask for, as long in one runtime as in another.

use crate::measuring::Lab;
use crate::pages::Pages;
use anyhow::{Context, Result};
use lab_jobs::Job;
use lab_record::run::Mode;
use std::time::Duration;

impl Lab {
    /// Additions that take as long as asked for with `--job-time`, else `default`, in a runtime;
    /// or exactly as many as asked for with `--work`.
    ///
    /// # Errors
    /// If the runtime cannot be calibrated.
    pub fn additions(&mut self, runtime: &str, default: Duration) -> Result<Job> {
        self.asked_or(runtime, default, Job::add)
    }

    /// One of so many equal parts of [`Lab::additions`].
    ///
    /// # Errors
    /// If the runtime cannot be calibrated.
    pub fn part_of_additions(
        &mut self,
        runtime: &str,
        default: Duration,
        parts: u64,
    ) -> Result<Job> {
        self.asked_or(runtime, default, |additions| Job::add(additions / parts))
    }

    /// Additions that take about `time` in a runtime, whatever was asked for.
    ///
    /// # Errors
    /// If the runtime cannot be calibrated.
    pub fn additions_lasting(&mut self, runtime: &str, time: Duration) -> Result<Job> {
        self.lasting(runtime, time, Job::add)
    }

    /// Increments of the counter that all workers of the pool share, that take one worker alone about
    /// `time` in a runtime, whatever was asked for.
    ///
    /// # Errors
    /// If the runtime cannot be calibrated.
    pub fn increments_lasting(&mut self, runtime: &str, time: Duration) -> Result<Job> {
        self.lasting(runtime, time, Job::count)
    }

    /// A live tracker, as long or as many steps as asked for, else `default`, in a runtime.
    ///
    /// # Errors
    /// If the runtime cannot be calibrated.
    pub fn tracker(&mut self, runtime: &str, default: Duration) -> Result<Job> {
        self.asked_or(runtime, default, Job::track)
    }

    /// A job with so many points and, before each, an equal share of as many additions as asked for
    /// with `--work`, or as fit into the time asked for with `--job-time`, else into `default`.
    ///
    /// # Errors
    /// If the runtime cannot be calibrated.
    pub fn points(&mut self, runtime: &str, points: u64, default: Duration) -> Result<Job> {
        self.asked_or(runtime, default, |additions| Job::points(points, additions))
    }

    /// SHA-256 digests of `bytes` bytes for about `time` in a runtime, whatever was asked for.
    ///
    /// # Errors
    /// If the runtime cannot be calibrated.
    pub fn digests(&mut self, runtime: &str, bytes: u64, time: Duration) -> Result<Job> {
        let one = Job::hash(bytes, 1);
        self.lasting(runtime, time, |times| one.with_steps(times))
    }

    /// Pages to load: those of `--urls`; else so many from the laboratory's own origin, which is
    /// started for that, their times scaled from the article's.
    ///
    /// # Errors
    /// If the origin cannot be started.
    pub fn pages(&mut self, number: usize) -> Result<Vec<Job>> {
        if let Some(urls) = &self.urls {
            let pages = Pages::of_urls(urls, &self.options.io, &mut self.info);
            return Ok(self.add(pages));
        }
        let scale = match self.mode() {
            Mode::Quick => 1.0 / 25.0,
            Mode::Default | Mode::Thorough => 1.0 / 10.0,
            Mode::Article => 1.0,
        };
        self.pages_scaled(number, scale)
    }

    /// Pages to load from an origin of the laboratory's own, which is started for them, with `scale`
    /// times the article's times, whatever was asked for.
    ///
    /// # Errors
    /// If the origin cannot be started.
    pub fn pages_scaled(&mut self, number: usize, scale: f64) -> Result<Vec<Job>> {
        let pages = Pages::of_the_article(number, scale, &self.options.io, &mut self.info)?;
        Ok(self.add(pages))
    }

    /// Pages to load from an origin of the laboratory's own, which is started for them; each takes as
    /// long as it says, and in nothing else do they differ.
    ///
    /// # Errors
    /// If the origin cannot be started.
    pub fn pages_lasting(&mut self, times: &[Duration]) -> Result<Vec<Job>> {
        let pages = Pages::lasting(times, &self.options.io, &mut self.info)?;
        Ok(self.add(pages))
    }

    fn add(&mut self, pages: Pages) -> Vec<Job> {
        let jobs = pages.jobs().to_vec();
        self.forecast.learn_pages(&pages);
        self.pages.push(pages);
        jobs
    }

    /// An echo with the peer in the origin's process, which is started for that: a byte and back,
    /// again and again for so long.
    ///
    /// # Errors
    /// If the origin cannot be started.
    pub fn echo(&mut self, lasts: Duration) -> Result<Job> {
        self.echo_computing(lasts, [0, 0])
    }

    /// As [`Lab::echo`], by a client that computes for so long with every answer, and for so long
    /// while a byte is on its way, in this runtime.
    ///
    /// # Errors
    /// If the origin cannot be started, or the runtime cannot be calibrated.
    pub fn echo_and_compute(
        &mut self,
        runtime: &str,
        lasts: Duration,
        computes: Duration,
        meanwhile: Duration,
    ) -> Result<Job> {
        let additions = self.steps_in(runtime, computes, &Job::add)?;
        let meanwhile = self.steps_in(runtime, meanwhile, &Job::add)?;
        self.echo_computing(lasts, [additions, meanwhile])
    }

    fn echo_computing(&mut self, lasts: Duration, [additions, meanwhile]: [u64; 2]) -> Result<Job> {
        if self.pages.is_empty() {
            self.pages.push(Pages::none()?);
        }
        let port = self.pages.iter().find_map(Pages::echo_port);
        let port = port.context("there is no echo peer beside the pages of --urls")?;
        Ok(Job::Echo {
            port,
            lasts_ns: Some(lasts.as_nanos() as u64),
            additions,
            meanwhile,
        })
    }

    fn asked_or(
        &mut self,
        runtime: &str,
        default: Duration,
        job: impl Fn(u64) -> Job,
    ) -> Result<Job> {
        match self.options.cpu.work {
            Some(steps) => Ok(job(steps)),
            None => self.lasting(runtime, self.options.cpu.job_time.unwrap_or(default), job),
        }
    }

    /// A job that alone takes about `time` in a runtime, whatever was asked for, and waits for the
    /// share `waiting` of it: it computes and waits by turns, so many `rounds`. One that never waits
    /// is additions.
    ///
    /// # Errors
    /// If the runtime cannot be calibrated.
    pub fn mix(&mut self, runtime: &str, time: Duration, rounds: u32, waiting: f64) -> Result<Job> {
        if waiting <= 0.0 {
            return self.additions_lasting(runtime, time);
        }
        let round = time / rounds.max(1);
        let wait = round.mul_f64(waiting.min(1.0));
        let additions = self.steps_in(runtime, round - wait, &Job::add)?;
        Ok(Job::Mix {
            rounds: rounds.into(),
            additions,
            wait_ns: u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX),
        })
    }

    fn lasting(&mut self, runtime: &str, time: Duration, job: impl Fn(u64) -> Job) -> Result<Job> {
        let steps = self.steps_in(runtime, time, &job)?;
        Ok(job(steps.max(1)))
    }

    /// How many steps of a job a runtime makes in `time`, from its calibration, which is noted.
    fn steps_in(
        &mut self,
        runtime: &str,
        time: Duration,
        job: &impl Fn(u64) -> Job,
    ) -> Result<u64> {
        let kind = job(1).kind();
        let rate = self
            .forecast
            .steps_per_second(&mut self.pool, &runtime.parse()?, job)?;
        self.note(&format!("{runtime}_{kind}_steps_per_second"), rate.round());
        Ok((rate * time.as_secs_f64()).round() as u64)
    }
}
