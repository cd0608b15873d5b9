//! What a design may ask: of the machine while a run is measured, of the record when it is judged
//! again, or of nobody when it is only described.

use super::rig::Rig;
use super::rig::pages::Served;
use crate::arms::runtime::{self, Runtime};
use crate::arms::work::{self, WaitCompute, Work};
use crate::console;
use crate::record::{self, Recording};
use anyhow::Result;
use lab_data::rows::Executor;
use lab_data::run::{Mode, PageSet, RunInfo};
use std::time::Duration;

/// The case in which a design measures arms with a quota, by which a record shows whether it could.
pub const QUOTA: &str = "quota";

/// What a design may ask.
#[derive(Debug)]
pub struct Lab<'s> {
    source: Source<'s>,
    /// Sets of pages that this design has asked for so far.
    sets: usize,
    /// Designs that were made before this one.
    designs: usize,
}

#[derive(Debug)]
enum Source<'s> {
    /// A run that is being measured.
    Machine(&'s mut Rig),
    /// A run that was measured.
    Record(&'s Recording),
    /// A run that is only described, as it would be on this machine.
    Nobody(&'s RunInfo),
}

impl<'s> Lab<'s> {
    pub(crate) fn measuring(rig: &'s mut Rig) -> Lab<'s> {
        Lab { source: Source::Machine(rig), sets: 0, designs: 0 }
    }

    pub(crate) fn replaying(run: &'s Recording) -> Lab<'s> {
        Lab { source: Source::Record(run), sets: 0, designs: 0 }
    }

    pub(crate) fn describing(info: &'s RunInfo) -> Lab<'s> {
        Lab { source: Source::Nobody(info), sets: 0, designs: 0 }
    }

    /// Goes on without an interpreter that failed while its design was made.
    ///
    /// # Errors
    /// The error itself, if it is no interpreter's; and if no runtime is left.
    pub(crate) fn lose(&mut self, runtime: &Runtime, error: anyhow::Error) -> Result<()> {
        match &mut self.source {
            Source::Machine(rig) => {
                console::err(&rig.lose(&runtime.name, Executor::Serial, error)?);
                Ok(())
            }
            _ => Err(error),
        }
    }

    /// Ends a design; the next one is given the same pages.
    pub(crate) fn end_design(&mut self) {
        self.sets = 0;
        self.designs += 1;
    }

    /// What is known of the run.
    fn info(&self) -> &RunInfo {
        match &self.source {
            Source::Machine(rig) => &rig.info,
            Source::Record(run) => &run.info,
            Source::Nobody(info) => info,
        }
    }

    /// How long the run may take.
    pub fn mode(&self) -> Mode {
        self.info().mode
    }

    /// The runtimes of the run.
    pub fn runtimes(&self) -> Vec<Runtime> {
        runtime::of_run(self.info())
    }

    /// The simulated runtime that this machine was calibrated for: native code, and the newest interpreter
    /// with a lock. None for the others.
    pub fn model_of(&self, runtime: &Runtime) -> Option<Runtime> {
        runtime.model_in(self.info())
    }

    /// One of three values, by the mode: quick, default (and thorough), the article's own.
    pub fn by_mode<T>(&self, quick: T, default: T, article: T) -> T {
        match self.mode() {
            Mode::Quick => quick,
            Mode::Default | Mode::Thorough => default,
            Mode::Article => article,
        }
    }

    /// Whether this design is of the runtime that figures show first.
    pub fn is_first(&self) -> bool {
        let mut all = self.runtimes();
        runtime::in_order(&mut all);
        let first =
            runtime::drawn(all.iter().map(|one| (one.name(), one.has_gil()))).first().copied();
        first == all.get(self.designs).map(Runtime::name)
    }

    /// How many cores this process may use at once.
    pub fn cores(&self) -> u32 {
        self.info().machine.cores.usable
    }

    /// How many of the machine's cores are cores of their own, and no hyper-threads of others.
    pub fn physical_cores(&self) -> u32 {
        self.info().machine.cores.physical
    }

    /// Whether arms with a quota can be measured here or, in a run that was measured, were.
    pub fn may_set_quota(&self) -> bool {
        match &self.source {
            Source::Machine(_) => lab_pool::limits::may_set_quota(),
            Source::Record(run) => run.all_trials().iter().any(|trial| trial.case == QUOTA),
            Source::Nobody(_) => true,
        }
    }

    /// How many cores' worth of time this process may have: its quota, where that is less than the
    /// cores that it can use.
    pub fn granted_cores(&self) -> f64 {
        self.info().machine.cores.granted()
    }

    /// How many threads a pool of CPython's has here if nobody says how many.
    pub fn python_default(&self) -> u32 {
        record::python_default(self.info())
    }

    /// The numbers of workers to measure, in order: those asked for, else these.
    pub fn workers(&self, default: &[u32]) -> Vec<u32> {
        let asked = &self.info().settings.workers;
        let mut workers = if asked.is_empty() { default } else { asked }.to_vec();
        workers.sort_unstable();
        workers.dedup();
        workers
    }

    /// The number of jobs: the one asked for, else this.
    pub fn jobs_or(&self, default: u32) -> u32 {
        self.info().settings.jobs.unwrap_or(default)
    }

    /// After how long a thread that waits for a GIL asks for it: as asked for, else as in CPython.
    pub fn switch_interval(&self) -> Duration {
        let asked = self.info().settings.switch_interval_ns.map(Duration::from_nanos);
        asked.unwrap_or(lab_pool::Interval::DEFAULT.duration())
    }

    /// Whether pages come from the laboratory's own origin, and not from `--urls`.
    pub fn has_origin(&self) -> bool {
        match &self.source {
            Source::Machine(rig) => rig.urls.is_none(),
            Source::Record(run) => !run.info.settings.page_paths.is_empty(),
            Source::Nobody(_) => true,
        }
    }

    /// Pages to load: those of `--urls`; else this many from the laboratory's own origin, which is
    /// started for that, their times scaled from the article's.
    ///
    /// # Errors
    /// If the origin cannot be started.
    pub fn pages(&mut self, number: u32) -> Result<Vec<Work>> {
        let scale = self.by_mode(1.0 / 25.0, 1.0 / 10.0, 1.0);
        self.set(Served::Article { pages: number, scale }, true)
    }

    /// Pages of an origin that is started for them, with `scale` times the article's times, whatever
    /// was asked for.
    ///
    /// # Errors
    /// If the origin cannot be started.
    pub fn pages_scaled(&mut self, number: u32, scale: f64) -> Result<Vec<Work>> {
        self.set(Served::Article { pages: number, scale }, false)
    }

    /// Pages of an origin that is started for them; each takes as long as it says, and in nothing else
    /// do they differ.
    ///
    /// # Errors
    /// If the origin cannot be started.
    pub fn pages_lasting(&mut self, times: &[Duration]) -> Result<Vec<Work>> {
        let ns = |time: &Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.set(Served::Lasting(times.iter().map(ns).collect()), false)
    }

    /// The next set of pages, which is made when the first design asks for it; those of `--urls` may
    /// take the place of some.
    fn set(&mut self, set: Served, may_be_urls: bool) -> Result<Vec<Work>> {
        let at = self.sets;
        let number = set.pages();
        self.sets += 1;
        match &mut self.source {
            Source::Machine(rig) => {
                if rig.pages.len() <= at && !(may_be_urls && rig.add_urls()) {
                    rig.add_pages(set)?;
                }
                let jobs = rig.pages.get(at).map(|pages| pages.jobs().to_vec());
                Ok(jobs.unwrap_or_default().into_iter().map(Work::from).collect())
            }
            Source::Record(run) => {
                let recorded = run.info.settings.page_sets.get(at).map(PageSet::pages);
                Ok(work::page().times(recorded.unwrap_or(number)))
            }
            Source::Nobody(_) => Ok(work::page().times(number)),
        }
    }

    /// Runs jobs one after another, before all blocks, to know how long each waits and computes. It is
    /// recorded, so that a run that is judged again has the same. Where nothing is measured, as the
    /// jobs themselves say. None if all of them failed, or do not say it.
    ///
    /// # Errors
    /// If they cannot be run or saved.
    pub fn pilot(
        &mut self,
        runtime: &Runtime,
        case: &str,
        jobs: &[Work],
    ) -> Result<Option<WaitCompute>> {
        match &mut self.source {
            Source::Machine(rig) => rig.pilot(runtime, case, jobs),
            Source::Record(run) => Ok(run.piloted(&runtime.name, case)),
            Source::Nobody(_) => Ok(jobs.first().and_then(Work::wait_compute)),
        }
    }
}
