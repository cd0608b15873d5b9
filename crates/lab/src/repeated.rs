//! Runs one after another, each measured, recorded and judged as an experiment is, to see how often
//! verdicts are wrong. Only its tables are in a scratch folder, and nobody is told of its progress.

use crate::Keep;
use crate::arm::Arm;
use crate::experiment::{pool, wait_for_others};
use crate::forecast::Forecast;
use crate::measuring::{Lab, zero_ns};
use crate::noise::Gate;
use crate::options::Options;
use crate::recording::Recording;
use crate::writing::Tables;
use anyhow::{Context, Result};
use lab_pool::Runtime;
use lab_record::lock::Lock;
use lab_record::rows::VerdictRow;
use lab_record::run::{Mode, Noise, RunInfo};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A laboratory that measures natively, again and again.
#[derive(Debug)]
pub struct Repeated {
    lab: Lab,
    _lock: Option<Lock>,
}

/// A run of many, as it was judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Its verdicts.
    pub verdicts: Vec<VerdictRow>,
    /// How many blocks were judged.
    pub blocks: u32,
    /// What disturbed it.
    pub noise: Noise,
    /// How long all of it took.
    pub took: Duration,
    /// How long reading the record and judging it took of that, at all looks.
    pub judging: Duration,
}

impl Repeated {
    /// Keeps the tables of the run that goes on in `scratch`, a folder that is made, and holds the
    /// machine for itself until it is dropped.
    ///
    /// # Errors
    /// If the folder or the tables cannot be made.
    pub fn begin(info: RunInfo, scratch: PathBuf) -> Result<Repeated> {
        std::fs::create_dir_all(&scratch)
            .with_context(|| format!("{} cannot be made", scratch.display()))?;
        let lab = Lab {
            options: Options::default(),
            tables: Tables::create(&scratch, false, true)?,
            urls: None,
            pages: Vec::new(),
            forecast: Forecast::default(),
            pool: pool()?,
            runtimes: vec![Runtime::Rust],
            zero_ns: zero_ns(),
            trials: 0,
            gate: Gate::new(info.machine.cores.logical),
            folder: scratch,
            judge: |_| Vec::new(),
            judging: Duration::ZERO,
            is_silent: true,
            info,
        };
        Ok(Repeated {
            lab,
            _lock: wait_for_others(),
        })
    }

    /// The laboratory, which makes the jobs: calibrated once for all runs, as once a run.
    pub fn lab(&mut self) -> &mut Lab {
        &mut self.lab
    }

    /// Measures a run of these arms from a seed, with the looks of a mode, and judges it.
    ///
    /// # Errors
    /// Those of [`Lab::run_blocks`]; and if what was recorded cannot be read.
    pub fn run(
        &mut self,
        (mode, seed): (Mode, u64),
        (arms, rounds): (&[Arm], u32),
        judge: fn(&Recording) -> Vec<VerdictRow>,
    ) -> Result<Judged> {
        let begun = Instant::now();
        let lab = &mut self.lab;
        let asked = &mut lab.options.common;
        asked.quick = mode == Mode::Quick;
        asked.thorough = mode == Mode::Thorough;
        asked.article = mode == Mode::Article;
        lab.info.mode = mode;
        lab.info.seed = seed;
        lab.info.noise = None;
        lab.info.blocks = 0;
        lab.tables = Tables::create(&lab.folder, false, true)?;
        lab.trials = 0;
        lab.gate = Gate::new(lab.info.machine.cores.logical);
        lab.judge = judge;
        lab.judging = Duration::ZERO;
        lab.run_blocks(arms, rounds, Keep::FirstBlock)?;
        let noise = lab.gate.noise();
        lab.info.noise = Some(noise);
        let (_, verdicts) = lab.look()?;
        Ok(Judged {
            verdicts,
            blocks: lab.info.blocks,
            noise,
            took: begun.elapsed(),
            judging: lab.judging,
        })
    }
}
