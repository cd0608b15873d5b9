//! Real runs: an arm, and the same arm under another name or made longer by count; measured,
//! recorded and judged as an experiment is.

use crate::longer::{EFFECTS, WORKERS, design};
use crate::neighbour;
use crate::part::Part;
use crate::rows::{RunRow, looks_in_words};
use anyhow::{Context, Result};
use lab::design::work::{Work, additions_lasting};
use lab::judge::{Verdict, judge};
use lab::measure::looks_of;
use lab::repeated::Repeated;
use lab_data::run::{Mode, Noise, RunInfo};
use lab_stats::shuffle::shuffle;
use oorandom::Rand64;
use std::path::PathBuf;
use std::slice::from_ref;
use std::time::Duration;

/// How long each CPU job takes in the first arm of the many quick runs.
const CPU_TIME: Duration = Duration::from_millis(3);
/// In default runs it must outlast the milliseconds until the kernel has found a core for each of two
/// new threads, as the experiments' jobs do.
const LONGER_CPU_TIME: Duration = Duration::from_millis(12);
/// How long each page takes in the first arm.
const PAGE_TIME: Duration = Duration::from_millis(4);

/// How many runs of each kind.
#[derive(Clone, Copy, Debug)]
struct Numbers {
    /// Quick runs of the same arm under two names.
    same: u32,
    /// Default runs for each effect.
    longer: u32,
    /// Default runs for the largest effect.
    longest: u32,
}

/// On the machine as it is.
const IDLE: Numbers = Numbers { same: 300, longer: 10, longest: 40 };
/// Beside a neighbour, where hardly a run is decided before its last look, and so all take long.
const BESIDE: Numbers = Numbers { same: 300, longer: 5, longest: 20 };

/// Measures a part; as a first look, with a tenth of the runs.
///
/// # Errors
/// If the jobs cannot be made, or a run cannot be measured.
pub fn measure(
    part: Part,
    info: &RunInfo,
    scratch: PathBuf,
    is_quick: bool,
) -> Result<Vec<RunRow>> {
    let mut repeated = Repeated::begin(info.clone(), scratch)?;
    // One origin for all, so that nothing but their time tells pages apart.
    let pages = if part.is_cpu() { Vec::new() } else { pages(&mut repeated)? };
    let mut random = Rand64::new(info.seed.into());
    let numbers = if part.has_neighbour() { BESIDE } else { IDLE };
    let plan = plan(numbers, if is_quick { 10 } else { 1 }, &mut random);
    // How many steps a job makes is found out while nothing else runs.
    let first = jobs(part, &pages, (1.0, Mode::Quick));
    repeated.run(&[design(part, part.is_cpu(), first)], Mode::Quick, info.seed)?;
    let neighbour = part.has_neighbour().then(neighbour::start).transpose()?;
    let mut rows = Vec::new();
    for (effect, mode) in plan {
        let jobs = jobs(part, &pages, (effect, mode));
        // Who computes needs a machine that runs two at once.
        let design_of = |needs_control| design(part, needs_control, jobs.clone());
        let (seed, decides) = (random.rand_u64(), design_of(part.is_cpu()));
        let measured = repeated.run(from_ref(&decides), mode, seed)?;
        let without_control = judge(&[design_of(false)], &measured.run);
        let only = |verdicts: Vec<Verdict>| verdicts.into_iter().next().context("no verdict");
        let (verdict, without_control) = (only(measured.verdicts)?, only(without_control)?);
        let info = measured.run.info();
        let noise = info.noise.unwrap_or(Noise { others_share: None, steal_share: None });
        rows.push(RunRow {
            part,
            effect,
            looks: looks_in_words(looks_of(mode)),
            seed,
            blocks: info.blocks,
            ratio: verdict.judged.map(|i| i.estimate),
            low: verdict.judged.map(|i| i.low),
            high: verdict.judged.map(|i| i.high),
            level: verdict.judged.map(|i| i.level),
            null_low: verdict.replicate.map(|i| i.low),
            null_high: verdict.replicate.map(|i| i.high),
            control_low: verdict.control_low,
            verdict: verdict.decision,
            without_control: without_control.decision,
            others_share: noise.others_share,
            steal_share: noise.steal_share,
            took_ns: measured.took.as_nanos() as u64,
            judging_ns: measured.judging.as_nanos() as u64,
        });
    }
    drop(neighbour);
    Ok(rows)
}

/// Every run of a part in shuffled order, so that what disturbs the machine for a while falls on all of them.
fn plan(numbers: Numbers, fewer: u32, random: &mut Rand64) -> Vec<(f64, Mode)> {
    let mut plan = vec![(1.0, Mode::Quick); (numbers.same / fewer) as usize];
    for effect in EFFECTS {
        let is_longest = EFFECTS.last() == Some(&effect);
        let runs = if is_longest { numbers.longest } else { numbers.longer };
        plan.extend(vec![(effect, Mode::Default); (runs / fewer) as usize]);
    }
    shuffle(&mut plan, random);
    plan
}

/// The jobs of the two arms.
fn jobs(part: Part, pages: &[Vec<Work>], (effect, mode): (f64, Mode)) -> [Vec<Work>; 2] {
    let time = if mode == Mode::Quick { CPU_TIME } else { LONGER_CPU_TIME };
    [1.0, effect].map(|effect| {
        if part.is_cpu() {
            return additions_lasting(time.mul_f64(effect)).times(WORKERS);
        }
        let at = EFFECTS.iter().position(|one| *one == effect);
        at.and_then(|at| pages.get(at)).cloned().unwrap_or_default()
    })
}

/// The pages of an arm for each effect.
fn pages(repeated: &mut Repeated) -> Result<Vec<Vec<Work>>> {
    let times = EFFECTS.map(|effect| [PAGE_TIME.mul_f64(effect); WORKERS as usize]);
    let pages = repeated.lab().pages_lasting(times.as_flattened())?;
    Ok(pages.chunks(WORKERS as usize).map(<[Work]>::to_vec).collect())
}
