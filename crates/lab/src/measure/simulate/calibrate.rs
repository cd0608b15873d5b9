//! What this machine costs, from a few short trials on it.

use super::bench::Bench;
use super::preset;
use super::profile::middle;
use crate::measure::rig::rates::Rates;
use anyhow::{Context, Result, bail, ensure};
use lab_data::rows::Executor;
use lab_data::settings::costs::{Costs, RuntimeCosts, Spread, StartCost};
use lab_pool::jobs::page::{PageAnswer, PageRequest};
use lab_pool::origin::{Origin, Script};
use lab_pool::{Interval, Job, StartMethod, Tracking, Trial, TrialReport};
use lab_stats::summary::quantile;
use std::collections::BTreeMap;

const US: u64 = 1_000;
const MS: u64 = 1_000_000;
/// Each short trial is run so often.
const TIMES: usize = 7;
/// Linux ends a sleep up to this late on purpose.
const TIMER_SLACK_NS: u64 = 50 * US;
const SOURCE: &str = "calibrated on this machine before the run";
const GUESS: &str = "a guess";

/// A few trials of one runtime.
struct Probe<'a> {
    bench: &'a mut Bench,
    runtime: &'a str,
    rates: Rates,
}

/// Calibrates this machine: native code, and an interpreter if there is one. What cannot be seen from
/// outside is as on the articles' machine, and said to be a guess.
pub(super) fn calibrate(bench: &mut Bench, python: Option<&str>) -> Result<Costs> {
    let mut costs = preset::article();
    let mut native = Probe { bench, runtime: "rust", rates: Rates::default() };
    let late = native.overshoot(Executor::Serial, 2 * MS)?;
    let kernel = &mut costs.kernel;
    kernel.sleep = Spread::exactly(TIMER_SLACK_NS);
    kernel.wake = less(late, TIMER_SLACK_NS);
    kernel.jitter_ppm = native.jitter_ppm()?;
    kernel.slice_ns = native.slice_ns()?.unwrap_or(kernel.slice_ns);
    kernel.preempt_ns = kernel.slice_ns / 4;
    let wake_ns = middle(kernel.wake);
    costs.rust = native.runtime(&costs.rust, &[None], wake_ns)?;
    let mut sources = vec![
        ("kernel.slice_ns, sleep, wake, jitter_ppm", SOURCE),
        ("kernel.switch, preempt_ns", GUESS),
        ("rust", SOURCE),
    ];
    match python {
        Some(runtime) => {
            let mut python = Probe { bench, runtime, rates: Rates::default() };
            let methods = StartMethod::ALL.map(Some);
            costs.cpython = python.runtime(&costs.cpython, &methods, wake_ns)?;
            sources.push(("cpython", SOURCE));
        }
        None => {
            sources.push(("cpython", "as on the articles' machine: there is no interpreter here"))
        }
    }
    sources.push(("rust.turn_ns, cpython.turn_ns, rust.thread.boot", GUESS));
    costs.sources =
        sources.into_iter().map(|(of, from)| (of.to_owned(), from.to_owned())).collect();
    Ok(costs)
}

impl Probe<'_> {
    fn trial(
        &mut self,
        executor: Executor,
        workers: usize,
        jobs: Vec<Job>,
        start_method: Option<StartMethod>,
    ) -> Result<TrialReport> {
        let report = self.bench.run(&Trial {
            tracking: Tracking::for_interval(Interval::DEFAULT.ns()),
            start_method,
            ..Trial::new(self.runtime.parse()?, executor, workers, jobs)
        })?;
        let failed = report.jobs.iter().find_map(|job| job.report.error.clone());
        ensure!(failed.is_none(), "{}", failed.unwrap_or_default());
        Ok(report)
    }

    /// How long each job of a trial took.
    fn lengths(report: &TrialReport) -> Vec<u64> {
        let jobs = report.jobs.iter();
        jobs.map(|job| job.report.end_ns.saturating_sub(job.report.start_ns)).collect()
    }

    /// How much longer a wait takes than it was to.
    fn overshoot(&mut self, executor: Executor, ns: u64) -> Result<Spread> {
        let report = self.trial(executor, 1, vec![Job::wait(ns); 20], None)?;
        let late = Self::lengths(&report).into_iter().map(|took| took.saturating_sub(ns));
        spread(late.collect())
    }

    /// How much equal jobs differ, one after another.
    fn jitter_ppm(&mut self) -> Result<u32> {
        let steps = self.rate(&Job::add)? / 200.0;
        let report = self.trial(Executor::Serial, 1, vec![Job::add(steps as u64); 20], None)?;
        let took = spread(Self::lengths(&report))?;
        let half = (took.high_ns - took.low_ns) as f64 / 2.0;
        Ok((1e6 * half / middle(took).max(1) as f64) as u32)
    }

    /// How long the kernel lets one of two threads run on a core that both want: with four times as many
    /// threads as cores. None if it never took a core away.
    fn slice_ns(&mut self) -> Result<Option<u64>> {
        let workers = 2 * lab_data::machine::Machine::read().cores.usable.clamp(1, 64) as usize;
        let steps = self.rate(&Job::track)? / 25.0;
        let report =
            self.trial(Executor::Threads, workers, vec![Job::track(steps as u64); workers], None)?;
        let whole = report.jobs.iter().flat_map(|job| match job.report.spans.as_slice() {
            // The first begins and the last ends with the job.
            [_, inner @ .., _] => inner,
            _ => &[],
        });
        let lengths: Vec<f64> = whole.map(|span| (span.end_ns - span.start_ns) as f64).collect();
        Ok(quantile(&lengths, 0.5).map(|ns| (ns as u64).clamp(500 * US, 100 * MS)))
    }

    fn rate(&mut self, job: &dyn Fn(u64) -> Job) -> Result<f64> {
        self.rates.steps_per_second(self.bench, self.runtime, job)
    }

    /// All that a runtime costs; `known` where nothing can be seen.
    fn runtime(
        &mut self,
        known: &RuntimeCosts,
        methods: &[Option<StartMethod>],
        wake_ns: u64,
    ) -> Result<RuntimeCosts> {
        const HASHED: u64 = 1 << 16;
        let hash = Job::hash(HASHED, 1);
        let mut step_ps = BTreeMap::new();
        for (kind, job, parts) in [
            ("add", &(Job::add as fn(u64) -> Job) as &dyn Fn(u64) -> Job, 1),
            ("track", &Job::track, 1),
            ("points", &|steps| Job::points(1, steps), 1),
            ("hash", &|times| hash.with_steps(times), HASHED),
        ] {
            let ps = 1e12 / (self.rate(job)? * parts as f64);
            step_ps.insert(kind.to_owned(), (ps.round() as u64).max(1));
        }
        let is_native = methods.len() == 1;
        let mut process = BTreeMap::new();
        for method in methods {
            // Not every version has every method.
            if let Ok(cost) = self.process(*method, wake_ns) {
                process.insert(method.map_or("", StartMethod::name).to_owned(), cost);
            }
        }
        ensure!(!process.is_empty(), "{} starts no process", self.runtime);
        let (page, page_wait) = self.page(wake_ns)?;
        Ok(RuntimeCosts {
            step_ps,
            thread: self.thread(known.thread, is_native, wake_ns)?,
            process,
            start_method: self.default_start()?,
            to_thread: self.hand_over(Executor::Threads, 1000)?,
            to_process: self.hand_over(Executor::Processes, 100)?,
            page,
            page_wait,
            loop_wait: self.overshoot(Executor::Async, 2 * MS)?,
            ..known.clone()
        })
    }

    /// The start of a thread, from a pool of eight whose jobs wait. CPython's pool waits until each runs:
    /// its time is that of both, and of two wake-ups.
    fn thread(&mut self, known: StartCost, is_native: bool, wake_ns: u64) -> Result<StartCost> {
        const WORKERS: usize = 8;
        let mut each = Vec::new();
        for _ in 0..TIMES {
            let report =
                self.trial(Executor::Threads, WORKERS, vec![Job::wait(10 * MS); WORKERS], None)?;
            let last = report.jobs.iter().map(|job| job.report.start_ns).max().unwrap_or_default();
            each.push(last.saturating_sub(report.zero_ns + wake_ns) / WORKERS as u64);
        }
        let each = spread(each)?;
        if is_native {
            return Ok(StartCost { spawn: each, boot: known.boot });
        }
        let both = less(each, 2 * wake_ns);
        let half = Spread::new(both.low_ns.max(20 * US) / 2, both.high_ns.max(20 * US) / 2);
        Ok(StartCost { spawn: half, boot: half })
    }

    /// The start of a process: until its first job begins, less what whoever asks needs for it. CPython's
    /// pool starts its only worker before it takes the next job. In native code, of three whose jobs wait,
    /// each begins its job as much later than the one before as a start takes whoever asks, with others
    /// beside it, as in a pool.
    fn process(&mut self, method: Option<StartMethod>, wake_ns: u64) -> Result<StartCost> {
        let (workers, job) = match method {
            Some(_) => (1, Job::wait(MS)),
            None => (3, Job::wait(20 * MS)),
        };
        let jobs = vec![job; 3];
        // A server that starts others starts itself before the first one.
        self.trial(Executor::Processes, workers, jobs.clone(), method)?;
        let (mut spawn, mut boot) = (Vec::new(), Vec::new());
        for _ in 0..TIMES {
            let report = self.trial(Executor::Processes, workers, jobs.clone(), method)?;
            let mut began: Vec<u64> = report.jobs.iter().map(|job| job.report.start_ns).collect();
            began.sort_unstable();
            let [first, .., last] = began.as_slice() else { bail!("a job is missing") };
            let submitted = |job: usize| report.jobs.get(job).map(|job| job.submitted_ns);
            let asked_ns = match method {
                Some(_) => {
                    submitted(1).zip(submitted(0)).map_or(0, |(two, one)| two.saturating_sub(one))
                }
                None => (last - first) / 2,
            };
            let first_ns = first.saturating_sub(report.zero_ns);
            spawn.push(asked_ns.min(first_ns));
            boot.push(first_ns.saturating_sub(asked_ns + 2 * wake_ns));
        }
        Ok(StartCost { spawn: spread(spawn)?, boot: spread(boot)? })
    }

    /// How it starts processes by itself: as it says after it has started one.
    fn default_start(&mut self) -> Result<Option<String>> {
        let report = self.trial(Executor::Processes, 1, vec![Job::add(0)], None)?;
        Ok(report.start_method.map(|method| method.name().to_owned()))
    }

    /// A job's way to the only worker and back.
    fn hand_over(&mut self, executor: Executor, jobs: usize) -> Result<Spread> {
        let report = self.trial(executor, 1, vec![Job::add(0); jobs], None)?;
        let starts: Vec<u64> = report.jobs.iter().map(|job| job.report.start_ns).collect();
        let apart = starts.windows(2).map(|two| two[1].saturating_sub(two[0]));
        spread(apart.collect())
    }

    /// What a client computes for a page, and how much longer it waits than the page takes.
    fn page(&mut self, wake_ns: u64) -> Result<(Spread, Spread)> {
        const DELAY_NS: u64 = 5 * MS;
        let origin = Origin::start(&Origin::command()?, Script::lasting(&[DELAY_NS; 15], 1))?;
        let pages = origin.script().pages.iter().map(|served| {
            let answer = PageAnswer { status: 200, length: served.body_bytes, crc32: served.crc32 };
            Job::page(PageRequest {
                url: origin.url(&served.path),
                timeout_ns: 5_000 * MS,
                max_bytes: served.body_bytes,
                expect: Some(answer),
            })
        });
        let before = origin.cpu_ns();
        let report = self.trial(Executor::Serial, 1, pages.collect(), None)?;
        let served = origin.cpu_ns().zip(before).map(|(after, before)| after - before);
        self.bench.noise = self.bench.noise.without(served);
        let computes = report.jobs.iter().map(|job| job.report.cpu_ns.unwrap_or(200 * US));
        let computes: Vec<u64> = computes.collect();
        let waits = Self::lengths(&report).into_iter().zip(&computes).map(|(took, computes)| {
            took.saturating_sub(DELAY_NS + computes + TIMER_SLACK_NS + wake_ns)
        });
        Ok((spread(computes.clone())?, spread(waits.collect())?))
    }
}

fn less(cost: Spread, ns: u64) -> Spread {
    Spread::new(cost.low_ns.saturating_sub(ns), cost.high_ns.saturating_sub(ns))
}

/// From the 10th to the 90th percentile, but no further above the median than that is above the 10th,
/// twice: what is beyond was somebody else's doing.
fn spread(all: Vec<u64>) -> Result<Spread> {
    let all: Vec<f64> = all.into_iter().map(|ns| ns as f64).collect();
    let of = |share| quantile(&all, share).context("nothing was measured");
    let (low, middle, high) = (of(0.1)?, of(0.5)?, of(0.9)?);
    Ok(Spread::new(low as u64, high.min(middle + 2.0 * (middle - low)) as u64))
}
