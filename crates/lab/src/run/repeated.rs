//! Runs one after another, each measured, recorded and judged as an experiment is, to see how often
//! verdicts are wrong. Only their tables are in a scratch folder, and nobody is shown their progress.

use super::children;
use crate::arms::runtime::Runtime;
use crate::design::Design;
use crate::design::schedule::Schedule;
use crate::judge::{Verdict, is_worth_going_on, judge};
use crate::measure::blocks::Until;
use crate::measure::lab::Lab;
use crate::measure::rig::Rig;
use crate::measure::simulate::bench::Bench;
use crate::measure::turn::wait_for_others;
use crate::options::{Options, looks_of};
use crate::record::Recording;
use anyhow::{Context, Result};
use lab_data::lock::Lock;
use lab_data::run::{Mode, RunInfo};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Native runs with one pool, one origin and one calibration, so that nothing but what a design
/// declares differs between them.
#[derive(Debug)]
pub struct Repeated {
    rig: Rig,
    _lock: Option<Lock>,
}

/// One of the runs.
#[derive(Debug)]
pub struct Measured {
    /// What was recorded.
    pub run: Recording,
    /// The verdicts.
    pub verdicts: Vec<Verdict>,
    /// How long all of it took.
    pub took: Duration,
    /// How long reading the record and judging it took of that, at all looks.
    pub judging: Duration,
}

impl Repeated {
    /// Keeps the tables of the current run in `scratch`, a folder that is made, and holds the
    /// machine for itself until it is dropped.
    ///
    /// # Errors
    /// If the folder or the tables cannot be made.
    pub fn begin(info: RunInfo, scratch: PathBuf) -> Result<Repeated> {
        std::fs::create_dir_all(&scratch)
            .with_context(|| format!("{} cannot be made", scratch.display()))?;
        let options = (Options::default(), info);
        let bench = Bench::new(children::pool(None)?);
        let mut rig = Rig::new(options, (bench, vec![Runtime::rust()]), (scratch, true), None)?;
        rig.is_silent = true;
        Ok(Repeated { rig, _lock: wait_for_others() })
    }

    /// What designs may ask of the machine: pages, say.
    pub fn lab(&mut self) -> Lab<'_> {
        Lab::measuring(&mut self.rig)
    }

    /// Measures these designs from a seed, with the looks of a mode, and judges them.
    ///
    /// # Errors
    /// If a trial cannot be run or saved, or what was recorded cannot be read.
    pub fn run(&mut self, designs: &[Design], mode: Mode, seed: u64) -> Result<Measured> {
        let begun = Instant::now();
        let (rig, looks) = (&mut self.rig, looks_of(mode));
        rig.begin_again(mode, seed, looks)?;
        let schedule = Schedule::of(designs);
        rig.run(&schedule, &Until::Looks(looks.to_vec()), &|run| {
            is_worth_going_on(&judge(designs, run))
        })?;
        rig.info.noise = Some(rig.gate.noise());
        let judging = Instant::now();
        let run = rig.so_far()?;
        let verdicts = judge(designs, &run);
        Ok(Measured {
            run,
            verdicts,
            took: begun.elapsed(),
            judging: rig.judging + judging.elapsed(),
        })
    }
}
