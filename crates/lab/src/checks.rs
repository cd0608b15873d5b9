//! Whether saved tables belong together and are whole: what cannot be is refused, what is missing is
//! told and left out.

mod compared;
mod damage;
mod mixed;
mod progress;
mod requests;

pub(crate) use damage::damage;
pub(crate) use mixed::{check_noise, check_windows};
pub(crate) use progress::{check_samples, check_spans};
pub(crate) use requests::check_requests;

use crate::recording::Recording;
use anyhow::{Context, Result, bail, ensure};
use lab_record::rows::{JobRow, Role, SpanRow, TrialRow};
use lab_record::run::RunInfo;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What to do about files that contradict one another.
const REMEDY: &str = "the files are of different runs: restore them, or measure again";

/// The setting in `run.json` that says when the last trial began, from the run's zero: no two runs
/// have it in common. Runs of older versions lack it.
pub(crate) const LAST_TRIAL: &str = "last_trial_ns";

/// Trials stand in order and are numbered from 0, as they were written; what was measured is no
/// warm-up; and there are as many judged blocks as the run has.
pub(crate) fn check_trials(folder: &Path, trials: &[TrialRow], info: &RunInfo) -> Result<()> {
    let order = check_order(trials);
    order.with_context(|| folder.join("trials.csv").display().to_string())?;
    let judged: BTreeSet<u32> = trials
        .iter()
        .filter(|trial| trial.judged)
        .map(|trial| trial.block)
        .collect();
    ensure!(
        judged.len() == info.blocks as usize,
        "{} says that {} blocks were judged, and trials.csv has {}; {REMEDY}",
        folder.join("run.json").display(),
        info.blocks,
        judged.len()
    );
    let said = info.settings.get(LAST_TRIAL).and_then(|ns| ns.as_u64());
    let found = trials.last().map(|trial| trial.start_ns);
    if let (Some(said), Some(found)) = (said, found) {
        ensure!(
            said == found,
            "{} says that the last trial began {said} ns after the run's zero, and in trials.csv it \
             began {found} ns after that; {REMEDY}",
            folder.join("run.json").display()
        );
    }
    Ok(())
}

fn check_order(trials: &[TrialRow]) -> Result<()> {
    ensure!(!trials.is_empty(), "holds no trial: measure again");
    for (row, trial) in trials.iter().enumerate() {
        ensure!(
            trial.trial as usize == row,
            "line {}, column trial: {} stands where {row} should; rows are missing, or of two runs: \
             restore the file, or measure again",
            row + 2,
            trial.trial
        );
        ensure!(
            !(trial.judged && matches!(trial.role, Role::Warmup | Role::Scout)),
            "line {}, column judged: a warm-up cannot be judged: restore the file, or measure again",
            row + 2
        );
    }
    let back = trials.windows(2).position(|two| match two {
        [before, after] => after.start_ns < before.start_ns || after.block < before.block,
        _ => false,
    });
    if let Some(row) = back {
        bail!(
            "line {}: begins before the trial above it, or in an earlier block; the rows are of two \
             runs: restore the file, or measure again",
            row + 3
        );
    }
    let overlaps = trials.windows(2).position(|two| match two {
        [before, after] => {
            let end = before
                .closed_ns
                .map(|ns| before.start_ns.saturating_add(ns));
            end.is_some_and(|end| after.start_ns < end)
        }
        _ => false,
    });
    if let Some(row) = overlaps {
        bail!(
            "line {}: begins while the trial above it still runs; the rows are of two runs: restore \
             the file, or measure again",
            row + 3
        );
    }
    Ok(())
}

/// Number, block, runtime, executor, number of workers and case of a trial.
type Said<'a> = (u32, u32, &'a str, &'static str, u32, &'a str);

/// What a row says of the trial that it belongs to.
pub(crate) trait OfTrial {
    /// All that it repeats of it.
    fn of_trial(&self) -> Said<'_>;
}

macro_rules! of_trial {
    ($($row:ty),*) => {$(
        impl OfTrial for $row {
            fn of_trial(&self) -> Said<'_> {
                let executor = self.executor.name();
                (self.trial, self.block, &self.runtime, executor, self.workers, &self.case)
            }
        }
    )*};
}

of_trial!(TrialRow, JobRow, SpanRow);

/// Every row belongs to a trial, and says of it what trials.csv says.
pub(crate) fn check_rows<T: OfTrial>(path: &Path, rows: &[T], trials: &[TrialRow]) -> Result<()> {
    for (number, row) in rows.iter().enumerate() {
        let said = row.of_trial();
        let place = || format!("{}, line {}", path.display(), number + 2);
        let Some(trial) = trials.get(said.0 as usize) else {
            bail!(
                "{}, column trial: expected a number below {known}, since trials.csv has {known} \
                 trials, found {}; {REMEDY}",
                place(),
                said.0,
                known = trials.len()
            );
        };
        let known = trial.of_trial();
        let words = |(_, block, runtime, executor, workers, case): Said| {
            let words = format!("block {block}, {runtime} {executor} {workers} {case}");
            words.trim_end().to_owned()
        };
        ensure!(
            said == known,
            "{}: trial {} is {}, and trials.csv says {}; {REMEDY}",
            place(),
            said.0,
            words(said),
            words(known)
        );
    }
    Ok(())
}

/// What makes an arm, and its role.
type Arm<'a> = (&'a str, &'static str, Option<&'a str>, u32, &'a str, Role);

impl Recording {
    /// Which judged blocks lack a trial or a time of an arm that others have: what compares that arm
    /// leaves them out. Empty for a run as it was measured, even if it left arms out on purpose.
    pub(crate) fn gaps(&self) -> Vec<String> {
        let mut blocks: BTreeMap<u32, BTreeMap<Arm, usize>> = BTreeMap::new();
        for trial in self.all_trials().iter().filter(|trial| trial.judged) {
            let arm = (
                trial.runtime.as_str(),
                trial.executor.name(),
                trial.start_method.as_deref(),
                trial.workers,
                trial.case.as_str(),
                trial.role,
            );
            let times = [trial.makespan_ns, trial.window_ns];
            let is_timed = times.iter().all(|ns| ns.is_some_and(|ns| ns > 0));
            let arms = blocks.entry(trial.block).or_default();
            *arms.entry(arm).or_default() += usize::from(is_timed);
        }
        let mut whole: BTreeMap<Arm, usize> = BTreeMap::new();
        for (arm, rounds) in blocks.values().flatten() {
            let most = whole.entry(*arm).or_default();
            *most = (*most).max(*rounds);
        }
        // Of somebody's own work, an arm that is clearly out runs no more.
        let is_over = |arm: &Arm, block: u32| {
            let later = |arms: &BTreeMap<Arm, usize>| arms.contains_key(arm);
            self.is_of_own_work() && !blocks.range(block..).any(|(_, arms)| later(arms))
        };
        let mut gaps = Vec::new();
        for (block, arms) in &blocks {
            for (arm, rounds) in &whole {
                if is_over(arm, *block) {
                    continue;
                }
                if arms.get(arm).copied().unwrap_or_default() < *rounds {
                    let (runtime, executor, _, workers, case, _) = arm;
                    gaps.push(format!(
                        "block {block} lacks times of {runtime} {executor} {workers} {case}"
                    ));
                }
            }
        }
        gaps.iter_mut()
            .for_each(|gap| gap.truncate(gap.trim_end().len()));
        gaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arm::serial;
    use crate::estimate::Measure;
    use crate::recording::tests::{empty, trial, with};
    use crate::test_rows::{job, span};
    use lab_record::rows::Executor;

    /// Three blocks of serial and two threads, after a warm-up of one trial.
    fn whole() -> Vec<TrialRow> {
        let warmup = TrialRow {
            block: 0,
            role: Role::Warmup,
            judged: false,
            ..trial()
        };
        let mut trials = vec![warmup];
        for block in 1..=3 {
            for (executor, workers, ms) in [(Executor::Serial, 1, 20), (Executor::Threads, 2, 10)] {
                let number = trials.len() as u32;
                trials.push(TrialRow {
                    trial: number,
                    block,
                    executor,
                    workers,
                    start_ns: u64::from(number) * 1_000_000_000,
                    makespan_ns: Some(ms * 1_000_000),
                    window_ns: Some(ms * 1_000_000),
                    ..trial()
                });
            }
        }
        trials
    }

    fn problem(trials: &[TrialRow]) -> String {
        let info = RunInfo {
            blocks: 3,
            ..empty().info
        };
        let checked = check_trials(Path::new("data/x"), trials, &info);
        checked.map_or_else(|error| format!("{error:#}"), |()| String::new())
    }

    #[test]
    fn a_run_as_it_was_measured_has_no_gap() {
        assert_eq!(problem(&whole()), "");
        assert!(with(&whole(), &[], &[]).gaps().is_empty());
    }

    #[test]
    fn rows_of_two_runs_are_refused() {
        let mut trials = whole();
        trials[4].start_ns = 5;
        assert!(problem(&trials).starts_with("data/x/trials.csv: line 6: begins before"));
        let mut trials = whole();
        trials[3].block = 0;
        assert!(problem(&trials).contains("line 5: begins before the trial above it, or in an"));
        let mut trials = whole();
        trials[3].closed_ns = Some(1_000_000_001);
        let found = problem(&trials);
        assert!(
            found.contains("line 6: begins while the trial above it still runs"),
            "{found}"
        );
        let mut trials = whole();
        trials.truncate(5);
        let found = problem(&trials);
        assert!(
            found.contains("run.json says that 3 blocks were judged, and trials.csv has 2"),
            "{found}"
        );
        assert!(problem(&[]).contains("holds no trial"));
    }

    #[test]
    fn the_last_trial_begins_when_run_json_says_it_does() {
        let check = |ns: u64| {
            let mut info = empty().info;
            info.blocks = 3;
            info.settings.insert(LAST_TRIAL.to_owned(), ns.into());
            check_trials(Path::new("data/x"), &whole(), &info)
        };
        assert!(check(6_000_000_000).is_ok());
        let refused = check(6_000_000_001).unwrap_err().to_string();
        assert!(refused.starts_with("data/x/run.json says"), "{refused}");
        assert!(refused.contains("of different runs"), "{refused}");
    }

    #[test]
    fn a_row_of_another_trial_is_refused_with_its_line() {
        let trials = whole();
        let span = span(&job(&trials[2], 0, 0, 1), 0, 1);
        let path = Path::new("spans.csv");
        assert!(check_rows(path, std::slice::from_ref(&span), &whole()).is_ok());
        let of = |trial: u32, block: u32, case: &str| SpanRow {
            trial,
            block,
            case: case.to_owned(),
            ..span.clone()
        };
        for other in [of(2, 2, ""), of(3, 1, ""), of(99, 1, ""), of(2, 1, "other")] {
            let error = check_rows(path, &[span.clone(), other], &whole()).unwrap_err();
            let text = error.to_string();
            assert!(text.starts_with("spans.csv, line 3"), "{text}");
            assert!(text.contains("of different runs"), "{text}");
        }
    }

    #[test]
    fn a_block_without_an_arm_or_without_a_time_is_told_and_left_out() {
        let two = crate::arm::threads(2);
        let blocks = |trials: &[TrialRow]| {
            let run = with(trials, &[], &[]);
            run.ratio(Measure::Makespan, &serial(), &two).blocks
        };
        assert_eq!(blocks(&whole()), 3);
        let mut missing = whole();
        missing.remove(4);
        assert_eq!(
            with(&missing, &[], &[]).gaps(),
            ["block 2 lacks times of rust threads 2"]
        );
        assert_eq!(blocks(&missing), 2);
        let mut untimed = whole();
        untimed[5].makespan_ns = None;
        let mut unwindowed = whole();
        unwindowed[5].window_ns = None;
        assert_eq!(with(&unwindowed, &[], &[]).gaps().len(), 1);
        assert_eq!(
            with(&untimed, &[], &[]).gaps(),
            ["block 3 lacks times of rust serial 1"]
        );
        assert_eq!(blocks(&untimed), 2);
    }

    #[test]
    fn an_arm_of_own_work_that_runs_no_more_is_no_gap_and_one_that_comes_back_is() {
        let own = |trials: &[TrialRow]| {
            let mut run = with(trials, &[], &[]);
            let settings = &mut run.info.settings;
            settings.insert(crate::own::OWN_WORK.to_owned(), "command".into());
            run.gaps()
        };
        let mut out = whole();
        out.remove(5);
        assert_eq!(with(&out, &[], &[]).gaps().len(), 1);
        assert!(own(&out).is_empty());
        let mut back = whole();
        back.remove(3);
        assert_eq!(own(&back), ["block 2 lacks times of rust serial 1"]);
    }

    #[test]
    fn a_time_of_zero_gives_no_verdict_and_is_named() {
        let mut trials = whole();
        trials[5].makespan_ns = Some(0);
        let run = with(&trials, &[], &[]);
        assert_eq!(run.gaps(), ["block 3 lacks times of rust serial 1"]);
        let ratio = run.ratio(Measure::Makespan, &serial(), &crate::arm::threads(2));
        let reason = ratio.interval().unwrap_err();
        assert!(
            reason.starts_with("0 of the first arm in block 2"),
            "{reason}"
        );
    }

    #[test]
    fn one_block_gives_no_verdict() {
        let run = with(&whole()[..3], &[], &[]);
        let ratio = run.ratio(Measure::Makespan, &serial(), &crate::arm::threads(2));
        let reason = ratio.interval().unwrap_err();
        assert!(reason.contains("too few for an interval"), "{reason}");
    }
}
