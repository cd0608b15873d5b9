//! Why there is no advice: what was measured says nothing about the work, or too little.

use super::plan::FEWEST;
use crate::measure::blocks::race::{MOST_ERRORS, Race, errors, fastest};
use crate::record::Recording;
use lab_stats::median::Limits;
use lab_stats::sizing::{SAME, Size};

/// Why the number that was shown to be good is not advised, or that there is none; none if it is.
pub(super) fn refusal(
    run: &Recording,
    race: &Race,
    sound: &[Size],
    shown: Option<&Size>,
) -> Option<String> {
    let Some(fastest) = fastest(sound) else {
        return Some(nothing_sound(run));
    };
    if shown.is_none() {
        return Some(nothing_shown(sound, fastest.workers));
    }
    let (workers, twice) = sound.iter().find_map(|size| {
        let twice = race.again(size.workers).over(size)?;
        Some((size.workers, twice))
    })?;
    let differs = |limits: &Limits| limits.low > SAME || limits.high < 1.0 / SAME;
    differs(&twice).then(|| {
        format!(
            "the machine changed too much: {workers} workers took {:.2}× as long as the same \
             {workers} workers in the same blocks. Close other programs, or run it again",
            twice.median
        )
    })
}

fn nothing_sound(run: &Recording) -> String {
    let share = errors(run.all_trials());
    if run.info.blocks == 0 && share <= MOST_ERRORS {
        return "nothing was judged: the run ended before its first block. Run it again, and give it \
                longer with --budget"
            .to_owned();
    }
    let cause = first_error(run).unwrap_or_else(|| "no cause was kept".to_owned());
    format!(
        "{:.0} % of the jobs failed, where at most {:.0} % may. The first: {cause}",
        100.0 * share,
        100.0 * MOST_ERRORS
    )
}

fn nothing_shown(sound: &[Size], fastest: u32) -> String {
    let blocks = sound.iter().map(|size| size.times.len()).max().unwrap_or(0);
    if blocks < FEWEST as usize {
        let often = match blocks {
            1 => "once".to_owned(),
            _ => format!("{blocks} times"),
        };
        return format!(
            "the numbers that were not clearly slower were measured {often}, and it takes {FEWEST} \
             times to tell a difference from chance ({fastest} had the least time). Give it longer with \
             --budget, or more with --blocks"
        );
    }
    format!(
        "the machine was too noisy: none of {} numbers of workers was shown to take at most {SAME}× \
         as long as any other ({fastest} had the least time). Close other programs, or give it \
         longer with --budget",
        sound.len()
    )
}

/// Why the first job that failed did so.
pub(super) fn first_error(run: &Recording) -> Option<String> {
    let jobs = run.all_trials().iter().flat_map(|trial| run.jobs(trial));
    jobs.map(|job| &job.outcome).find(|outcome| *outcome != "ok").cloned()
}

#[cfg(test)]
mod tests {
    use crate::record::test_rows::{recorded, trial};
    use lab_data::rows::{Executor, Role, TrialRow};
    use lab_data::run::{OwnWork, WorkKind};

    /// The reason why there is no advice, of own work with this many judged blocks.
    fn refused(blocks: u32, trials: &[TrialRow]) -> String {
        let mut run = recorded(trials, &[], &[]);
        run.info.blocks = blocks;
        run.info.settings.own_work = Some(OwnWork {
            kind: WorkKind::Command,
            jobs: 2,
            budget_ms: 1,
            command: None,
            inputs: None,
            shell: false,
        });
        run.advice().unwrap().refused.unwrap_or_default()
    }

    #[test]
    fn what_was_not_judged_is_told_from_what_failed() {
        let warmup =
            |errors| TrialRow { block: 0, role: Role::Warmup, judged: false, errors, ..trial() };
        assert!(refused(0, &[warmup(0)]).starts_with("nothing was judged"));
        assert!(refused(0, &[warmup(1)]).starts_with("100 % of the jobs failed"));
    }

    #[test]
    fn too_few_blocks_are_counted_of_what_was_not_out() {
        let on = |block: u32, workers: u32, ns: u64| TrialRow {
            block,
            workers,
            executor: Executor::Threads,
            makespan_ns: Some(ns),
            window_ns: Some(ns),
            ..trial()
        };
        let mut trials: Vec<TrialRow> = (1..=3).map(|block| on(block, 1, 900)).collect();
        for block in 1..=4 {
            trials.extend([on(block, 4, 100), on(block, 8, 101)]);
        }
        let reason = refused(4, &trials);
        let words = ["not clearly slower were measured 4 times", "(4 had the least time)"];
        for part in words.into_iter().chain(["--budget", "--blocks"]) {
            assert!(reason.contains(part), "{reason}");
        }
        let once = refused(1, &[on(1, 4, 100), on(1, 8, 101)]);
        assert!(once.contains("were measured once"), "{once}");
    }
}
