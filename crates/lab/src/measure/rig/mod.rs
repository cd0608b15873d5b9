//! The rig: the machine with its pool, its pages and its tables. It runs one trial and writes it.

mod gate;
pub(crate) mod pages;
mod rates;
pub(crate) mod ready;
pub(crate) mod store;
pub(crate) mod urls;

use crate::arms::arm::{Setup, serial};
use crate::arms::runtime::Runtime;
use crate::arms::work::{WaitCompute, Work};
use crate::options::Options;
use crate::record::Recording;
use anyhow::{Context, Result};
use gate::Gate;
use lab_data::clock;
use lab_data::rows::{Executor, Role};
use lab_data::run::{Case, Mode, RunInfo, StartUp};
use lab_data::saved::Saved;
use lab_pool::{Background, Interval, Job, Pool, Start, Tracking, Trial, TrialReport};
use pages::{Pages, Served};
use rates::Rates;
use ready::Ready;
use std::path::PathBuf;
use std::time::Duration;
use store::{Keep, Place, Tables};
use urls::Urls;

/// A run while it is measured.
#[derive(Debug)]
pub(crate) struct Rig {
    pub(crate) options: Options,
    pub(crate) info: RunInfo,
    pub(crate) tables: Tables,
    /// What was asked for with `--urls`.
    pub(crate) urls: Option<Urls>,
    pub(crate) pages: Vec<Pages>,
    pub(super) rates: Rates,
    pub(super) pool: Pool,
    pub(crate) runtimes: Vec<Runtime>,
    pub(crate) gate: Gate,
    zero_ns: u64,
    trials: u32,
    /// When the last trial that is kept began, from the run's zero.
    last_trial_ns: Option<u64>,
    /// Where the run is written.
    folder: PathBuf,
    /// Whether nobody waits to be told how far it is.
    pub(crate) is_silent: bool,
    /// How long reading the record and judging it took so far.
    pub(crate) judging: Duration,
}

impl Rig {
    /// A rig that writes into a folder.
    pub(crate) fn new(
        (options, mut info): (Options, RunInfo),
        (pool, runtimes): (Pool, Vec<Runtime>),
        (folder, has_pages): (PathBuf, bool),
        urls: Option<Urls>,
    ) -> Result<Rig> {
        let asked = options.common.switch_interval.unwrap_or(Interval::DEFAULT);
        info.settings.switch_interval_ns = Some(asked.ns());
        Ok(Rig {
            tables: Tables::create(&folder, options.track.raw, has_pages)?,
            gate: Gate::new(info.machine.cores.logical),
            urls,
            pages: Vec::new(),
            rates: Rates::default(),
            pool,
            runtimes,
            options,
            info,
            zero_ns: clock::now_ns(),
            trials: 0,
            last_trial_ns: None,
            folder,
            is_silent: false,
            judging: Duration::ZERO,
        })
    }

    /// Begins another run in the place of the last one, with the same pool, pages and rates.
    pub(crate) fn begin_again(&mut self, mode: Mode, seed: u64, looks: &[u32]) -> Result<()> {
        self.info.mode = mode;
        self.info.seed = seed;
        self.info.blocks = 0;
        self.info.noise = None;
        self.info.settings.looks = looks.to_vec();
        self.tables = Tables::create(&self.folder, false, true)?;
        self.gate = Gate::new(self.info.machine.cores.logical);
        self.trials = 0;
        self.last_trial_ns = None;
        self.judging = Duration::ZERO;
        Ok(())
    }

    /// After how long a thread that waits for a GIL asks for it: as asked for, else as in
    /// CPython.
    pub(crate) fn switch_interval(&self) -> Interval {
        self.options.common.switch_interval.unwrap_or(Interval::DEFAULT)
    }

    pub(super) fn tracking(&self, switch_interval: Interval) -> Tracking {
        Tracking { raw: self.options.track.raw, ..Tracking::for_interval(switch_interval.ns()) }
    }

    /// Reads what was recorded so far.
    pub(crate) fn so_far(&mut self) -> Result<Recording> {
        self.tables.flush()?;
        let saved = Saved::so_far(&self.folder, self.info.clone())?;
        Ok(Recording::of(saved))
    }

    /// Ends the tables and notes what is only known at the end.
    pub(crate) fn finish(mut self, longer: &str) -> Result<RunInfo> {
        self.info.settings.last_trial_ns = self.last_trial_ns;
        self.info.noise = Some(self.gate.noise());
        self.info.warnings.extend(self.gate.warning(longer));
        self.info.tables = self.tables.finish()?;
        Ok(self.info)
    }

    /// Runs jobs one after another, outside of all blocks, to know how long they wait and compute.
    pub(super) fn pilot(
        &mut self,
        runtime: &Runtime,
        case: &str,
        jobs: &[Work],
    ) -> Result<Option<WaitCompute>> {
        let jobs = self.resolve(&runtime.name, jobs)?;
        self.run_pilot(runtime, case, jobs)?;
        Ok(self.so_far()?.piloted(&runtime.name, case))
    }

    /// The same, for jobs that are known already. The record has them at once.
    pub(crate) fn run_pilot(
        &mut self,
        runtime: &Runtime,
        case: &str,
        jobs: Vec<Job>,
    ) -> Result<()> {
        let pilot = Ready {
            arm: serial().of_case(runtime, case),
            jobs,
            setup: Setup::default(),
            role: Role::Pilot,
            has_gil: runtime.has_gil,
        };
        let keep = Keep { jobs: true, spans: false };
        self.run_trial(&pilot, 0, 0, keep)
            .with_context(|| format!("one after another, {}", pilot.arm.key()))?;
        self.tables.end_block()
    }

    /// Runs a trial and writes it to the tables.
    pub(super) fn run_trial(
        &mut self,
        ready: &Ready,
        block: u32,
        round: u32,
        keep: Keep,
    ) -> Result<TrialReport> {
        let arm = &ready.arm;
        let switch_interval = self.interval_of(&ready.setup)?;
        let trial = Trial {
            runtime: arm.runtime.parse()?,
            executor: arm.executor,
            workers: arm.workers as usize,
            start: if ready.setup.is_warm { Start::Warm } else { Start::Cold },
            jobs: ready.jobs.clone(),
            background: ready.setup.beside.iter().map(|&executor| busy(executor)).collect(),
            tracking: self.tracking(switch_interval),
            switch_interval,
            start_method: arm.start_method,
        };
        let before = self.origins_cpu_ns();
        let report = self.pool.run(&trial)?;
        let origin_cpu_ns =
            self.origins_cpu_ns().zip(before).map(|(after, before)| after.saturating_sub(before));
        let place = Place {
            trial: self.trials,
            block,
            round,
            role: if block == 0 && ready.role != Role::Pilot { Role::Warmup } else { ready.role },
            run_zero_ns: self.zero_ns,
        };
        self.trials += 1;
        self.last_trial_ns = Some(report.zero_ns.saturating_sub(self.zero_ns));
        let mut requests = Vec::new();
        for pages in &mut self.pages {
            requests.extend(pages.take_requests(&ready.jobs, &report)?);
        }
        self.tables.write_trial(&place, ready, &report, &requests, origin_cpu_ns, keep)?;
        Ok(report)
    }

    /// Notes what the arms are and how they are run.
    pub(super) fn note(&mut self, arms: &[&Ready], rounds: u32) -> Result<()> {
        let interval = self.switch_interval();
        let gap_ns = self.tracking(interval).gap_ns;
        let settings = &mut self.info.settings;
        settings.rounds = Some(rounds);
        if arms.iter().any(|ready| ready.jobs.iter().any(tracks)) {
            settings.tracks = true;
            settings.gap_ns = Some(gap_ns);
        }
        for ready in arms {
            let own = self.interval_of(&ready.setup)?;
            let is_own = ready.setup.switch_interval.is_some();
            let beside = ready.setup.beside.iter().map(|&executor| {
                let one = busy(executor);
                format!("{} on {}", one.job.kind(), one.executor)
            });
            let gap_ns = is_own.then(|| self.tracking(own).gap_ns);
            let case = self.info.cases.entry(ready.arm.case.clone()).or_default();
            if case.job.is_some() {
                continue;
            }
            *case = Case {
                job: ready.jobs.first().map(|job| job.kind().to_owned()),
                start: Some(if ready.setup.is_warm { StartUp::Before } else { StartUp::Counted }),
                beside: beside.collect(),
                switch_interval_ns: is_own.then(|| own.ns()),
                gap_ns,
                tasks: u32::try_from(ready.jobs.len()).ok(),
                ..case.clone()
            };
        }
        Ok(())
    }

    /// The switch interval of an arm: its own, else the run's.
    pub(super) fn interval_of(&self, setup: &Setup) -> Result<Interval> {
        match setup.switch_interval {
            Some(own) => Ok(Interval::new(own)?),
            None => Ok(self.switch_interval()),
        }
    }

    /// CPU time that the origins have used so far; none if one cannot be asked.
    fn origins_cpu_ns(&self) -> Option<u64> {
        self.pages.iter().map(Pages::origin_cpu_ns).sum()
    }

    /// Adds pages of an origin that is started for them.
    pub(super) fn add_pages(&mut self, set: Served) -> Result<()> {
        self.pages.push(Pages::of_origin(set, &self.options.io, &mut self.info)?);
        Ok(())
    }

    /// Adds the pages of `--urls`, if that was given.
    pub(super) fn add_urls(&mut self) -> bool {
        let urls = self.urls.as_ref();
        let pages = urls.map(|urls| Pages::of_urls(urls, &self.options.io, &mut self.info));
        self.pages.extend(pages);
        self.urls.is_some()
    }

    /// The pages of `--urls` as jobs.
    pub(crate) fn urls_as_jobs(&mut self) -> Vec<Job> {
        self.add_urls();
        self.pages.iter().flat_map(|pages| pages.jobs().to_vec()).collect()
    }

    /// The port of an echo peer, which is started if there is no origin yet.
    pub(super) fn echo_port(&mut self) -> Result<u16> {
        if self.pages.is_empty() {
            self.pages.push(Pages::none()?);
        }
        let port = self.pages.iter().find_map(Pages::echo_port);
        port.context("there is no echo peer beside the pages of --urls")
    }
}

/// Whether a job records when it makes progress.
fn tracks(job: &Job) -> bool {
    matches!(job, Job::Hash(_)) || job.readings() > 0
}

/// A job that computes until the measured ones are done.
fn busy(executor: Executor) -> Background {
    Background { executor, job: Job::add(0).until_stopped() }
}
