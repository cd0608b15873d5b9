//! The rig: the machine with its pool, its pages and its tables.
//!
//! | module | concept |
//! |---|---|
//! | `trial`, `ready` | runs one trial of an arm and writes it |
//! | `store`, `rows` | the tables, and what a trial reports as their rows |
//! | `notes` | what `run.json` says of the arms |
//! | `pages`, `urls` | where pages come from |
//! | `rates`, `gate` | how fast a runtime is; which blocks are run again |
//! | `losses` | interpreters that fail in the middle |

mod gate;
mod losses;
mod notes;
pub(crate) mod pages;
pub(super) mod rates;
pub(crate) mod ready;
mod rows;
pub(crate) mod store;
mod trial;
pub(crate) mod urls;

use crate::arms::arm::Setup;
use crate::arms::runtime::Runtime;
use crate::measure::costs::Starts;
use crate::measure::simulate::bench::Bench;
use crate::options::Options;
use crate::record::Recording;
use anyhow::{Context, Result};
use gate::Gate;
use lab_data::clock;
use lab_data::rows::Executor;
use lab_data::run::{Mode, RunInfo};
use lab_data::saved::Saved;
use lab_data::settings::costs::Costs;
use lab_pool::{Interval, Job, Tracking};
use pages::{Pages, Served};
use rates::Rates;
use std::path::PathBuf;
use std::time::Duration;
use store::Tables;
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
    pub(super) starts: Starts,
    pub(super) bench: Bench,
    pub(crate) runtimes: Vec<Runtime>,
    /// Runtimes that failed on the way; or one kind of workers of one.
    lost: Vec<(String, Option<Executor>)>,
    pub(crate) gate: Gate,
    zero_ns: u64,
    /// How much virtual time the simulated twins of measured trials took so far: in the record they
    /// lie between those as if they had run there.
    virtual_ns: u64,
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
        (bench, runtimes): (Bench, Vec<Runtime>),
        (folder, has_pages): (PathBuf, bool),
        urls: Option<Urls>,
    ) -> Result<Rig> {
        let asked = options.common.switch_interval.unwrap_or(Interval::DEFAULT);
        info.settings.switch_interval_ns = Some(asked.ns());
        // Virtual time begins with the run.
        let zero_ns = if info.is_simulated() { 0 } else { clock::now_ns() };
        Ok(Rig {
            tables: Tables::create(&folder, options.track.raw, has_pages)?,
            gate: Gate::new(info.machine.cores.logical),
            urls,
            pages: Vec::new(),
            rates: Rates::default(),
            starts: Starts::default(),
            bench,
            runtimes,
            lost: Vec::new(),
            options,
            info,
            zero_ns,
            virtual_ns: 0,
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

    /// The switch interval of an arm: its own, else the run's.
    pub(super) fn interval_of(&self, setup: &Setup) -> Result<Interval> {
        match setup.switch_interval {
            Some(own) => Ok(Interval::new(own)?),
            None => Ok(self.switch_interval()),
        }
    }

    /// What a simulated machine costs, as was asked for: native code only.
    ///
    /// # Errors
    /// If this machine cannot be calibrated, or a file with costs cannot be read.
    pub(crate) fn costs(&mut self) -> Result<Costs> {
        let prices = self.options.common.costs.clone().unwrap_or_default();
        prices.costs(&mut self.bench, None, &mut self.info.warnings)
    }

    /// Adds pages of an origin that is started for them.
    pub(super) fn add_pages(&mut self, set: Served) -> Result<()> {
        let pages = if self.info.is_simulated() {
            Pages::simulated(set, self.pages.len(), &self.options.io, &mut self.info)
        } else {
            Pages::of_origin(set, &self.options.io, &mut self.info)?
        };
        if let Some(simulation) = &mut self.bench.simulation {
            simulation.add_pages(pages.delays());
        }
        self.pages.push(pages);
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
