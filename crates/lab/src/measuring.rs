//! The laboratory while it measures: blocks of trials in shuffled rounds, written as they come.

use crate::arm::{Arm, ArmId};
use crate::forecast::Forecast;
use crate::options::{self, Options};
use crate::pages::Pages;
use crate::progress::Progress;
use crate::recording::{RUNTIMES, TRACKS};
use crate::writing::{Kept, Place, Tables};
use anyhow::{Context, Result, bail, ensure};
use lab_jobs::{Amount, Job, Tracking};
use lab_pool::{Interval, Pool, Runtime, Start, Trial};
use lab_record::clock;
use lab_record::rows::{Executor, Role};
use lab_record::run::{Mode, RunInfo};
use oorandom::Rand64;
use serde_json::Value;
use std::time::Duration;

/// A sample in the worker that took it, on its way through the pool, and as a row.
const BYTES_A_SAMPLE: u64 = 3 * 16;

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
    fn of(self, block: u32) -> Kept {
        let first = block == 1;
        Kept {
            jobs: block > 0 && (first || self != Keep::FirstBlock),
            spans: block > 0 && (first || self == Keep::AllBlocks),
        }
    }
}

/// The laboratory while it measures.
#[derive(Debug)]
pub struct Lab {
    pub(crate) options: Options,
    pub(crate) info: RunInfo,
    pub(crate) tables: Tables,
    pub(crate) pages: Option<Pages>,
    pub(crate) forecast: Forecast,
    pub(crate) pool: Pool,
    pub(crate) runtimes: Vec<Runtime>,
    pub(crate) zero_ns: u64,
    pub(crate) trials: u32,
}

impl Lab {
    /// How long the run may take.
    pub fn mode(&self) -> Mode {
        self.info.mode
    }

    /// How many cores this process may use at once.
    pub fn cores(&self) -> u32 {
        self.info.machine.cores.usable
    }

    /// The numbers of workers to measure: those asked for, else these.
    pub fn workers_or(&self, default: &[u32]) -> Vec<u32> {
        let asked = &self.options.workers.workers;
        let mut workers = if asked.is_empty() { default } else { asked }.to_vec();
        workers.sort_unstable();
        workers.dedup();
        workers
    }

    /// The number of jobs: the one asked for, else this.
    pub fn jobs_or(&self, default: usize) -> usize {
        self.options.jobs.jobs.map_or(default, |jobs| jobs as usize)
    }

    /// The runtimes to measure in: those asked for, else all that there are.
    pub fn runtimes(&self) -> Vec<String> {
        self.runtimes.iter().map(ToString::to_string).collect()
    }

    /// Additions that take as long as asked for with `--job-time`, else `default`, in a runtime;
    /// or exactly as many as asked for with `--work`.
    ///
    /// # Errors
    /// If the runtime cannot be calibrated.
    pub fn additions(&mut self, runtime: &str, default: Duration) -> Result<Job> {
        self.asked_or(runtime, default, Job::add)
    }

    /// Additions that take about `time` in a runtime, whatever was asked for.
    ///
    /// # Errors
    /// If the runtime cannot be calibrated.
    pub fn additions_lasting(&mut self, runtime: &str, time: Duration) -> Result<Job> {
        self.lasting(runtime, time, Job::add)
    }

    /// A live tracker, as long or as many steps as asked for, else `default`, in a runtime.
    ///
    /// # Errors
    /// If the runtime cannot be calibrated.
    pub fn tracker(&mut self, runtime: &str, default: Duration) -> Result<Job> {
        self.asked_or(runtime, default, Job::track)
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
    /// If the file cannot be read or a line is no address; if the origin cannot be started.
    pub fn pages(&mut self, number: usize) -> Result<Vec<Job>> {
        let scale = match self.mode() {
            Mode::Quick => 1.0 / 25.0,
            Mode::Default | Mode::Thorough => 1.0 / 10.0,
            Mode::Article => 1.0,
        };
        let pages = Pages::open(&self.options.io, number, scale, &mut self.info)?;
        let jobs = pages.jobs().to_vec();
        self.forecast.learn_pages(&pages);
        self.pages = Some(pages);
        Ok(jobs)
    }

    /// An echo with the peer in the origin's process, which is started for that: `round_trips`
    /// times a byte and back.
    ///
    /// # Errors
    /// If the origin cannot be started.
    pub fn echo(&mut self, round_trips: u64) -> Result<Job> {
        if self.pages.is_none() {
            self.pages = Some(Pages::none()?);
        }
        let port = self.pages.as_ref().and_then(Pages::echo_port);
        let port = port.context("there is no echo peer beside the pages of --urls")?;
        Ok(Job::Echo {
            port,
            amount: Amount::Steps(round_trips),
        })
    }

    /// Says what a case stands for, in `run.json`: how many jobs, say. Job, start, switch interval
    /// and background are noted by themselves.
    pub fn describe_case(&mut self, case: &str, what: &[(&str, Value)]) {
        let what = what
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        self.info.cases.insert(case.to_owned(), what);
    }

    /// Notes a setting of the whole run, in `run.json`.
    pub fn note(&mut self, name: &str, value: impl Into<Value>) {
        self.info.settings.insert(name.to_owned(), value.into());
    }

    /// Runs a warm-up block and then the blocks that are judged; each runs every arm once a round,
    /// in an order shuffled from the run's seed.
    ///
    /// # Errors
    /// If no arm is left by the options, or a trial cannot be run or saved.
    pub fn run_blocks(&mut self, arms: &[Arm], rounds: u32, keep: Keep) -> Result<()> {
        let mut arms: Vec<&Arm> = arms.iter().filter(|arm| self.is_wanted(arm)).collect();
        // What is a control already need not be measured again as an arm like others.
        let controls: Vec<&ArmId> = arms.iter().filter(|a| a.control).map(|a| &a.id).collect();
        arms.retain(|arm| arm.control || !controls.contains(&&arm.id));
        if arms.iter().all(|arm| arm.control) {
            let names = Executor::ALL.map(Executor::name).join(", ");
            bail!(
                "nothing is left to measure: --executors and --runtimes leave out every arm of \
                 this experiment (there are {names})"
            );
        }
        self.check_memory(&arms)?;
        let blocks = self
            .options
            .common
            .blocks
            .unwrap_or_else(|| options::blocks(self.mode()));
        self.info.blocks = blocks;
        self.note("rounds", rounds);
        self.note(RUNTIMES, self.runtimes());
        self.note("switch_interval_ns", self.switch_interval().ns());
        if arms.iter().any(|arm| tracks(arm)) {
            let gap_ns = self.tracking(self.switch_interval()).gap_ns;
            self.note(TRACKS, true);
            self.note("gap_ns", gap_ns);
        }
        for arm in &arms {
            self.spell_out(arm);
        }
        let cores = self.cores();
        let once = self.forecast.of_all(&mut self.pool, &arms, cores)?;
        let progress = Progress::begin(blocks, rounds, arms.len(), once);
        let mut random = Rand64::new(self.info.seed.into());
        for block in 0..=blocks {
            for round in 0..if block == 0 { 1 } else { rounds } {
                for arm in shuffled_by_group(&arms, &mut random) {
                    progress.before(block, &arm.id);
                    self.run_trial(arm, block, round, keep.of(block))
                        .with_context(|| format!("block {block}, {}", arm.id))?;
                    progress.after();
                }
            }
        }
        Ok(())
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

    fn run_trial(&mut self, arm: &Arm, block: u32, round: u32, keep: Kept) -> Result<()> {
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
            start_method: None,
        };
        let origin_before = self.pages.as_ref().and_then(Pages::origin_cpu_ns);
        let report = self.pool.run(&trial)?;
        let origin_cpu_ns = self
            .pages
            .as_ref()
            .and_then(Pages::origin_cpu_ns)
            .zip(origin_before)
            .map(|(after, before)| after.saturating_sub(before));
        let place = Place {
            trial: self.trials,
            block,
            round,
            role: match block {
                0 => Role::Warmup,
                _ => arm.role(),
            },
            run_zero_ns: self.zero_ns,
        };
        self.trials += 1;
        let requests = match &mut self.pages {
            Some(pages) => pages.take_requests(&report)?,
            None => Vec::new(),
        };
        self.tables
            .write_trial(&place, arm, &report, &requests, origin_cpu_ns, keep)
    }

    fn is_wanted(&self, arm: &Arm) -> bool {
        let executors = &self.options.common.executors;
        arm.control || executors.is_empty() || executors.contains(&arm.id.executor)
    }

    /// Refuses a run whose samples would not fit into memory, before it is begun.
    fn check_memory(&self, arms: &[&Arm]) -> Result<()> {
        let samples = |arm: &&Arm| {
            let of = |job: &Job| match (job, job.amount()) {
                (Job::Track { .. }, Some(Amount::Steps(steps))) => steps,
                _ => 0,
            };
            arm.jobs.iter().map(of).fold(0, u64::saturating_add)
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

    /// How long a thread that waits for a GIL is patient: as long as asked for, else as CPython.
    pub fn switch_interval(&self) -> Interval {
        let asked = self.options.common.switch_interval;
        asked.unwrap_or(Interval::DEFAULT)
    }

    fn tracking(&self, switch_interval: Interval) -> Tracking {
        Tracking {
            raw: self.options.track.raw,
            ..Tracking::for_interval(switch_interval.ns())
        }
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

    fn lasting(&mut self, runtime: &str, time: Duration, job: impl Fn(u64) -> Job) -> Result<Job> {
        let kind = job(1).kind();
        let rate = self
            .forecast
            .steps_per_second(&mut self.pool, &runtime.parse()?, &job)?;
        let steps = (rate * time.as_secs_f64()).round().max(1.0) as u64;
        self.note(&format!("{runtime}_{kind}_steps_per_second"), rate.round());
        Ok(job(steps))
    }
}

/// Whether jobs of the arm record when they make progress.
fn tracks(arm: &Arm) -> bool {
    let is_tracked = |job: &Job| matches!(job, Job::Track { .. } | Job::Hash { .. });
    arm.jobs.iter().any(is_tracked)
}

/// The zero of a run: now.
pub(crate) fn zero_ns() -> u64 {
    clock::now_ns()
}

/// The groups in shuffled order, the arms of each shuffled.
fn shuffled_by_group<'a>(arms: &[&'a Arm], random: &mut Rand64) -> Vec<&'a Arm> {
    let mut groups: Vec<(&str, Vec<&Arm>)> = Vec::new();
    for arm in arms {
        match groups.iter_mut().find(|(name, _)| *name == arm.group) {
            Some((_, group)) => group.push(arm),
            None => groups.push((&arm.group, vec![arm])),
        }
    }
    shuffle(&mut groups, random);
    for (_, group) in &mut groups {
        shuffle(group, random);
    }
    groups.into_iter().flat_map(|(_, group)| group).collect()
}

/// Fisher–Yates.
fn shuffle<T>(items: &mut [T], random: &mut Rand64) {
    for last in (1..items.len()).rev() {
        let other = random.rand_range(0..last as u64 + 1) as usize;
        items.swap(last, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arms_of_a_group_follow_one_another() {
        let arms: Vec<Arm> = (0..12)
            .map(|n| Arm::new(crate::arm::threads(n), &[]).near(&(n % 3).to_string()))
            .collect();
        let arms: Vec<&Arm> = arms.iter().collect();
        let order = shuffled_by_group(&arms, &mut Rand64::new(1));
        assert_eq!(order.len(), 12);
        let groups: Vec<&str> = order.iter().map(|arm| arm.group.as_str()).collect();
        assert_eq!(groups.chunk_by(|a, b| a == b).count(), 3, "{groups:?}");
    }

    #[test]
    fn a_seed_gives_one_order_and_all_items() {
        let shuffled = |seed| {
            let mut items: Vec<u32> = (0..20).collect();
            shuffle(&mut items, &mut Rand64::new(seed));
            items
        };
        assert_eq!(shuffled(1), shuffled(1));
        assert_ne!(shuffled(1), shuffled(2));
        let mut sorted = shuffled(3);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..20).collect::<Vec<_>>());
    }
}
