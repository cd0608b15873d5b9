//! Real runs: an arm, and the same arm under another name or made longer by count; measured,
//! recorded and judged as an experiment is.

use crate::neighbour;
use crate::rows::{Part, RunRow};
use crate::simulated::looks_in_words;
use anyhow::{Context, Result};
use lab::Repeated;
use lab::prelude::*;
use lab_record::run::RunInfo;
use oorandom::Rand64;
use std::path::PathBuf;

/// Workers and jobs of every arm: as many as the smallest machine that can run two at once has cores.
const WORKERS: u32 = 2;
/// Each CPU job takes so long in the first arm: in the many quick runs, and in the default ones, where
/// it must outlast the milliseconds until the kernel has found a core for each of two new threads, as
/// the experiments' jobs do.
const CPU_TIMES: [(Mode, Duration); 2] = [
    (Mode::Quick, Duration::from_millis(3)),
    (Mode::Default, Duration::from_millis(12)),
];
/// Each page takes so long in the first arm.
const PAGE_TIME: Duration = Duration::from_millis(4);
/// How many times as long the second arm's jobs are; 1 is the same arm under another name.
pub const EFFECTS: [f64; 4] = [1.0, 1.05, 1.1, 1.25];
/// The cases of the two arms.
const CASES: [&str; 2] = ["first", "second"];

const SLOWER: Claim = Claim {
    text: "The second arm takes longer.",
    expected: Expected::always(Decision::True),
    article: None,
};
/// Longer is longer, by however little.
const AS_LONG: Edges = Edges::TrueAbove {
    true_above: 1.0,
    false_below: 1.0,
};

/// How many runs of each kind.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    /// Quick runs of the same arm under two names.
    pub same: u32,
    /// Default runs for each effect.
    pub longer: u32,
    /// Default runs for the largest effect.
    pub longest: u32,
}

/// Measures a part.
///
/// # Errors
/// If the jobs cannot be made, or a run cannot be measured.
pub fn measure(
    part: Part,
    info: &RunInfo,
    scratch: PathBuf,
    numbers: Numbers,
) -> Result<Vec<RunRow>> {
    let mut repeated = Repeated::begin(info.clone(), scratch)?;
    let kinds = kinds(&mut repeated, part)?;
    let neighbour = part.has_neighbour().then(neighbour::start).transpose()?;
    let mut random = Rand64::new(info.seed.into());
    let mut rows = Vec::new();
    for (effect, mode) in plan(numbers, &mut random) {
        let kind = kinds
            .iter()
            .find(|kind| (kind.effect, kind.mode) == (effect, mode));
        let arms = &kind.context("an effect without arms")?.arms;
        let seed = random.rand_u64();
        let judge = if part.is_cpu() { judge_cpu } else { judge_io };
        let run = repeated.run((mode, seed), (arms, 1), judge)?;
        let row = |case: &str| run.verdicts.iter().find(|row| row.case == case);
        let whole = row("").context("a run without a verdict")?;
        rows.push(RunRow {
            part,
            effect,
            looks: looks_in_words(lab::looks_of(mode)),
            seed,
            blocks: run.blocks,
            ratio: whole.estimate,
            low: whole.low,
            high: whole.high,
            level: whole.level,
            null_low: whole.null_low,
            null_high: whole.null_high,
            control_low: whole.control_low,
            verdict: whole.verdict.clone(),
            without_control: row(WITHOUT).unwrap_or(whole).verdict.clone(),
            others_share: run.noise.others_share,
            steal_share: run.noise.steal_share,
            took_ns: run.took.as_nanos() as u64,
            judging_ns: run.judging.as_nanos() as u64,
        });
    }
    drop(neighbour);
    Ok(rows)
}

/// Every run of a part in shuffled order, so that spells of the machine fall on all of them.
fn plan(numbers: Numbers, random: &mut Rand64) -> Vec<(f64, Mode)> {
    let mut plan = vec![(1.0, Mode::Quick); numbers.same as usize];
    for effect in EFFECTS {
        let runs = match EFFECTS.last() == Some(&effect) {
            true => numbers.longest,
            false => numbers.longer,
        };
        plan.extend(vec![(effect, Mode::Default); runs as usize]);
    }
    for last in (1..plan.len()).rev() {
        plan.swap(last, random.rand_range(0..last as u64 + 1) as usize);
    }
    plan
}

/// A kind of run.
struct Kind {
    effect: f64,
    mode: Mode,
    arms: Vec<Arm>,
}

/// What each kind of run measures.
fn kinds(repeated: &mut Repeated, part: Part) -> Result<Vec<Kind>> {
    // One origin for all, so that nothing but their time tells pages apart.
    let pages = match part.is_cpu() {
        true => Vec::new(),
        false => pages(repeated.lab())?,
    };
    let mut all = Vec::new();
    for (mode, time) in CPU_TIMES {
        let jobs = match part.is_cpu() {
            true => additions(repeated.lab(), time)?,
            false => pages.clone(),
        };
        let first = jobs.first().context("no jobs")?;
        for (effect, longer) in EFFECTS.into_iter().zip(&jobs) {
            let [one, other] = pair();
            let mut arms = vec![
                Arm::new(one.clone(), first),
                Arm::new(one.again(), first),
                Arm::new(other, longer),
            ];
            if part.is_cpu() {
                arms.extend(Control::of(WORKERS).arms(first));
            }
            all.push(Kind { effect, mode, arms });
        }
    }
    Ok(all)
}

/// The CPU jobs of an arm for each effect.
fn additions(lab: &mut Lab, time: Duration) -> Result<Vec<Vec<Job>>> {
    let job = |effect| lab.additions_lasting("rust", time.mul_f64(effect));
    let jobs: Result<Vec<Job>> = EFFECTS.into_iter().map(job).collect();
    let alike = |job| vec![job; WORKERS as usize];
    Ok(jobs?.into_iter().map(alike).collect())
}

/// The pages of an arm for each effect.
fn pages(lab: &mut Lab) -> Result<Vec<Vec<Job>>> {
    let times = EFFECTS.map(|effect| [PAGE_TIME.mul_f64(effect); WORKERS as usize]);
    let pages = lab.pages_lasting(times.as_flattened())?;
    let arms = pages.chunks(WORKERS as usize);
    Ok(arms.map(<[Job]>::to_vec).collect())
}

fn pair() -> [ArmId; 2] {
    CASES.map(|case| threads(WORKERS).case(case))
}

/// The part of a verdict that needs no control.
const WITHOUT: &str = "without control";

/// Who computes needs a machine that runs two at once.
fn judge_cpu(run: &Recording) -> Vec<VerdictRow> {
    let control = Control::of(WORKERS);
    vec![
        judged(run, Measure::Window)
            .needs_control(Measure::Window, &control)
            .says(finding),
        judged(run, Measure::Window).part(WITHOUT).says(finding),
    ]
}

fn judge_io(run: &Recording) -> Vec<VerdictRow> {
    vec![judged(run, Measure::Makespan).says(finding)]
}

fn judged(run: &Recording, measure: Measure) -> Judgement<'_> {
    let [first, second] = pair();
    let ratio = run.ratio(measure, &second, &first);
    Judgement::new(run, &SLOWER, "rust", ratio, AS_LONG).null(measure, &first)
}

fn finding(times: &str) -> String {
    format!("the second arm takes {times} the time of the first")
}
