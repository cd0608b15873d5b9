//! Blocks of trials in shuffled rounds, written as they come.

use crate::arm::{Arm, ArmId};
use crate::limits;
use crate::looks::{self, LOOKS};
use crate::measuring::Lab;
use crate::pages::Pages;
use crate::progress::Progress;
use crate::recording::{RUNTIMES, Recording, TRACKS};
use crate::shuffle::shuffled_by_group;
use crate::writing::{Kept, Place};
use anyhow::{Context, Result, bail, ensure};
use lab_jobs::Job;
use lab_pool::{Start, Trial, TrialReport};
use lab_record::rows::{Executor, Role, VerdictRow};
use oorandom::Rand64;
use serde_json::Value;
use std::time::Instant;

/// A sample in the worker that took it, on its way through the pool, and in the report.
const BYTES_A_SAMPLE: u64 = 8 + 16 + 8;

/// Of which blocks the rows of jobs and spans are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Of all: the verdicts need them.
    AllBlocks,
    /// Of the first that is judged: for the figure.
    FirstBlock,
    /// Jobs of all, spans of the first that is judged.
    JobsOfAllBlocks,
}

impl Keep {
    /// Whether the rows of jobs, and of spans, of a block are kept.
    pub(crate) fn of(self, block: u32) -> Kept {
        let first = block == 1;
        Kept {
            jobs: block > 0 && (first || self != Keep::FirstBlock),
            spans: block > 0 && (first || self == Keep::AllBlocks),
        }
    }
}

impl Lab {
    /// Runs a warm-up block and then the blocks that are judged; each runs every arm once a round,
    /// in an order shuffled from the run's seed. Where the mode has several looks, it goes on to the
    /// next one while a claim is undecided and there is time.
    ///
    /// # Errors
    /// If no arm is left by the options, or a trial cannot be run or saved.
    pub fn run_blocks(&mut self, arms: &[Arm], rounds: u32, keep: Keep) -> Result<()> {
        let looks = self.options.looks();
        self.note(LOOKS, looks.as_slice());
        let arms = self.prepare(arms, rounds)?;
        let arms: Vec<&Arm> = arms.iter().collect();
        let once = self.forecast.of_all(&mut self.pool, &arms, &self.info)?;
        let first = looks.first().copied().unwrap_or_default();
        let mut progress = match self.is_silent {
            true => Progress::hidden(),
            false => Progress::begin(first, rounds, arms.len(), once),
        };
        let mut random = Rand64::new(self.info.seed.into());
        let begun = Instant::now();
        let mut block = 0;
        for (number, &look) in looks.iter().enumerate() {
            let in_time =
                looks::is_in_time(begun.elapsed(), self.info.blocks, look, self.runtimes.len());
            if number > 0 && !(in_time && self.is_undecided()?) {
                break;
            }
            progress.up_to(look);
            while self.info.blocks < look {
                let rounds = if block == 0 { 1 } else { rounds };
                let order: Vec<Vec<&Arm>> = (0..rounds)
                    .map(|_| shuffled_by_group(&arms, &mut random))
                    .collect();
                self.run_block(block, &order, look, keep.of(block), &progress)?;
                self.info.blocks = block;
                block += 1;
            }
        }
        Ok(())
    }

    /// The arms that are left by the options, and notes of what they are and how they are run.
    pub(crate) fn prepare(&mut self, arms: &[Arm], rounds: u32) -> Result<Vec<Arm>> {
        let settled = |arm: &Arm| Arm {
            id: arm.id.clone().settled(&self.info),
            ..arm.clone()
        };
        let mut arms: Vec<Arm> = arms.iter().map(settled).collect();
        arms.retain(|arm| self.is_wanted(arm));
        // What is a control already need not be measured again as an arm like others.
        let controls = arms.iter().filter(|arm| arm.control);
        let controls: Vec<ArmId> = controls.map(|arm| arm.id.clone()).collect();
        arms.retain(|arm| arm.control || !controls.contains(&arm.id));
        if arms.iter().all(|arm| arm.control) {
            let names = Executor::ALL.map(Executor::name).join(", ");
            bail!(
                "nothing is left to measure: --executors and --runtimes leave out every arm of \
                 this experiment (there are {names})"
            );
        }
        self.check_memory(&arms)?;
        limits::check(&arms)?;
        self.note("rounds", rounds);
        self.note(RUNTIMES, self.runtimes());
        self.note("switch_interval_ns", self.switch_interval().ns());
        if arms.iter().any(tracks) {
            let gap_ns = self.tracking(self.switch_interval()).gap_ns;
            self.note(TRACKS, true);
            self.note("gap_ns", gap_ns);
        }
        for arm in &arms {
            self.spell_out(arm);
        }
        Ok(arms)
    }

    /// Runs these arms once, in this order.
    pub(crate) fn run_round(
        &mut self,
        block: u32,
        round: u32,
        arms: &[&Arm],
        keep: Kept,
        progress: &Progress,
    ) -> Result<()> {
        for arm in arms {
            progress.before(block, &arm.id);
            self.run_trial(arm, block, round, keep)
                .with_context(|| format!("block {block}, {}", arm.id))?;
            progress.after();
        }
        Ok(())
    }

    /// Runs a block until the noise gate lets it pass, always in the same order, so that the order
    /// of what is judged follows from the seed. At most `most` blocks of the run are run again.
    fn run_block(
        &mut self,
        block: u32,
        order: &[Vec<&Arm>],
        most: u32,
        keep: Kept,
        progress: &Progress,
    ) -> Result<()> {
        loop {
            for (round, arms) in (0..).zip(order) {
                self.run_round(block, round, arms, keep, progress)?;
            }
            // A warm-up is not judged, so that it cannot be spoilt.
            if block == 0 || self.gate.passes(self.tables.block(), most) {
                return self.tables.end_block();
            }
            self.tables.spoil_block()?;
            progress.again(order.iter().map(Vec::len).sum());
        }
    }

    /// Judges what was recorded so far.
    fn is_undecided(&mut self) -> Result<bool> {
        let (_, verdicts) = self.look()?;
        Ok(looks::is_worth_going_on(&verdicts))
    }

    /// Reads what was recorded so far, and judges it.
    pub(crate) fn look(&mut self) -> Result<(Recording, Vec<VerdictRow>)> {
        let begun = Instant::now();
        self.tables.flush()?;
        let run = Recording::of(&self.folder, self.info.clone())?;
        let verdicts = (self.judge)(&run);
        self.judging += begun.elapsed();
        Ok((run, verdicts))
    }

    /// What a case of the arm stands for, besides what the experiment says of it.
    fn spell_out(&mut self, arm: &Arm) {
        let start = match arm.start {
            Start::Cold => "counted",
            Start::Warm => "before",
        };
        let mut what: Vec<(&str, Value)> = vec![("start", start.into())];
        if let Some(job) = arm.jobs.first() {
            what.push(("job", job.kind().into()));
        }
        if let Some(interval) = arm.switch_interval {
            what.push(("switch_interval_ns", interval.ns().into()));
            what.push(("gap_ns", self.tracking(interval).gap_ns.into()));
        }
        let beside: Vec<String> = arm
            .background
            .iter()
            .map(|beside| format!("{} on {}", beside.job.kind(), beside.executor))
            .collect();
        what.push(("beside", beside.into()));
        let case = self.info.cases.entry(arm.id.case.clone()).or_default();
        for (name, value) in what {
            case.entry(name.to_owned()).or_insert(value);
        }
    }

    /// Runs a trial and writes it to the tables.
    pub(crate) fn run_trial(
        &mut self,
        arm: &Arm,
        block: u32,
        round: u32,
        keep: Kept,
    ) -> Result<TrialReport> {
        let switch_interval = arm
            .switch_interval
            .unwrap_or_else(|| self.switch_interval());
        let trial = Trial {
            runtime: arm.id.runtime.parse()?,
            executor: arm.id.executor,
            workers: arm.id.workers as usize,
            start: arm.start,
            jobs: arm.jobs.clone(),
            background: arm.background.clone(),
            tracking: self.tracking(switch_interval),
            switch_interval,
            start_method: arm.id.start_method,
        };
        let origins_before = self.origins_cpu_ns();
        let report = self.pool.run(&trial)?;
        let origin_cpu_ns = self
            .origins_cpu_ns()
            .zip(origins_before)
            .map(|(after, before)| after.saturating_sub(before));
        let place = Place {
            trial: self.trials,
            block,
            round,
            role: match block {
                0 if !arm.scout => Role::Warmup,
                _ => arm.role(),
            },
            run_zero_ns: self.zero_ns,
        };
        self.trials += 1;
        let mut requests = Vec::new();
        for pages in &mut self.pages {
            requests.extend(pages.take_requests(&arm.jobs, &report)?);
        }
        self.tables
            .write_trial(&place, arm, &report, &requests, origin_cpu_ns, keep)?;
        Ok(report)
    }

    /// CPU time that the origins have used so far; none if one cannot be asked.
    fn origins_cpu_ns(&self) -> Option<u64> {
        self.pages.iter().map(Pages::origin_cpu_ns).sum()
    }

    fn is_wanted(&self, arm: &Arm) -> bool {
        let executors = &self.options.common.executors;
        arm.control || executors.is_empty() || executors.contains(&arm.id.executor)
    }

    /// Refuses a run whose samples would not fit into memory, before it is begun.
    fn check_memory(&self, arms: &[Arm]) -> Result<()> {
        let samples = |arm: &Arm| {
            let readings = arm.jobs.iter().map(Job::readings);
            readings.fold(0, u64::saturating_add)
        };
        let most = arms.iter().map(samples).max().unwrap_or_default();
        let needed = most.saturating_mul(BYTES_A_SAMPLE);
        let free = lab_record::machine::free_memory_bytes().unwrap_or(u64::MAX);
        ensure!(
            !self.options.track.raw || needed < free / 2,
            "--raw would keep {most} samples of a trial in memory, about {:.1} GB, and this machine \
             has {:.1} GB free: ask for less with --work or --job-time",
            needed as f64 / 1e9,
            free as f64 / 1e9
        );
        Ok(())
    }
}

/// Whether jobs of the arm record when they make progress.
fn tracks(arm: &Arm) -> bool {
    let is_tracked = |job: &Job| matches!(job, Job::Hash { .. }) || job.readings() > 0;
    arm.jobs.iter().any(is_tracked)
}
