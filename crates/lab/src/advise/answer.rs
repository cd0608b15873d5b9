//! Which number of workers the data support: one that is shown to be good, or one that is not shown but
//! near the best while others are slower, or none, since the jobs failed or nothing differs from chance.

use crate::measure::blocks::race::{FEWEST, MOST_ERRORS, Race, errors, fastest};
use crate::record::Recording;
use crate::show::words::times;
use lab_data::run::Noise;
use lab_data::usage::TOO_MUCH;
use lab_stats::sizing::{BLOCKS_TO_TELL, OUT, SAME, Size, best_elsewhere, shown_as_good};
use lab_stats::summary::median;

/// A number of workers that is shown to take at most 1.25 times as long as the best is better than no
/// answer.
const WIDE: f64 = 1.25;
/// In one or two rounds a neighbour that holds a core can make any trial take twice as long.
const TWICE: f64 = 2.0;

/// What the data carry.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    /// This number was shown to take at most 1.05 times as long as any other.
    Shown(u32),
    /// This one was not, for a reason; but of those that are near the best it is the smallest, and
    /// others are slower.
    Supported(u32, String),
    /// There is no advice, for a reason.
    Refused {
        /// Why.
        reason: String,
        /// The smallest number that is not shown to be slower than another; none if the jobs failed.
        fallback: Option<u32>,
    },
}

impl Answer {
    /// The number that is advised.
    pub(super) fn workers(&self) -> Option<u32> {
        match self {
            Answer::Shown(workers) | Answer::Supported(workers, _) => Some(*workers),
            Answer::Refused { .. } => None,
        }
    }
}

/// The answer from those numbers with which the jobs did not fail.
pub(super) fn answer(run: &Recording, race: &Race, sound: &[Size]) -> Answer {
    let Some(fastest) = fastest(sound) else {
        return Answer::Refused { reason: nothing_sound(run), fallback: None };
    };
    let twice = sound.iter().find_map(|size| {
        let again = race.again(size.workers);
        let reason = changed(size, &again);
        Some((again.ratios(size), reason)).filter(|_| !again.times.is_empty())
    });
    let (mut chance, changed): (Vec<f64>, _) = twice.unwrap_or_default();
    if busy(run).is_some() && fastest.times.len() < BLOCKS_TO_TELL {
        // One or two trials beside others can take any time.
        chance.push(f64::INFINITY);
    }
    let shown = sound.iter().zip(shown_as_good(sound)).find(|(_, is_shown)| *is_shown);
    let is_steady = changed.is_none();
    let reason = match (shown, changed) {
        (Some((size, _)), None) => return Answer::Shown(size.workers),
        (_, Some(changed)) => changed,
        (None, None) => not_shown(sound),
    };
    let is_near = |size: &&Size| {
        median(&size.ratios(fastest)).is_some_and(|ratio| ratio <= SAME)
            && !is_slower(size, fastest, &chance)
    };
    let nearest = sound.iter().find(is_near).unwrap_or(fastest);
    if let Some(high) = most_over_best(nearest, sound).filter(|high| *high < WIDE && is_steady) {
        let high = times(high);
        let reason =
            format!("it was shown to take at most {high} as long as the best other; {reason}");
        return Answer::Supported(nearest.workers, reason);
    }
    let others = || sound.iter().filter(|size| size.workers != fastest.workers);
    if others().any(|size| is_slower(size, fastest, &chance)) {
        return Answer::Supported(nearest.workers, reason);
    }
    Answer::Refused { reason, fallback: sound.first().map(|size| size.workers) }
}

/// The upper limit of a size's time over that of the best other, which is chosen on other rounds.
fn most_over_best(size: &Size, all: &[Size]) -> Option<f64> {
    let others: Vec<Size> = all.iter().filter(|other| *other != size).cloned().collect();
    let best = Size { workers: 0, times: best_elsewhere(&others) };
    Some(size.over(&best)?.high)
}

/// Whether a size is slower than another, beyond what chance does: its lower limit, if there are
/// enough rounds for one; else each round, by more than the same number differed from itself.
fn is_slower(size: &Size, other: &Size, chance: &[f64]) -> bool {
    if let Some(limits) = size.over(other) {
        return limits.low > SAME;
    }
    let ratios = size.ratios(other);
    let least = if ratios.len() < BLOCKS_TO_TELL { TWICE } else { OUT };
    let most = chance.iter().map(|ratio| ratio.max(1.0 / ratio)).fold(least, f64::max);
    !ratios.is_empty() && ratios.iter().all(|ratio| *ratio > most)
}

/// That a number differs from itself, in the same rounds.
fn changed(size: &Size, again: &Size) -> Option<String> {
    let twice = again.over(size)?;
    (twice.low > SAME || twice.high < 1.0 / SAME).then(|| {
        format!(
            "the machine changed too much: {workers} workers took {} as long as the same {workers} \
             workers in the same rounds; close other programs, or run it again",
            times(twice.median),
            workers = size.workers,
        )
    })
}

fn not_shown(sound: &[Size]) -> String {
    let rounds = sound.iter().map(|size| size.times.len()).max().unwrap_or(0);
    if rounds < FEWEST as usize {
        let word = if rounds == 1 { "round" } else { "rounds" };
        return format!(
            "only {rounds} {word} fitted, and it takes {FEWEST} to tell a difference of 5 % from \
             chance; give it longer with --budget, or more rounds with --blocks"
        );
    }
    format!(
        "the times scatter too much to show which number takes at most {SAME}× as long as any other; \
         close other programs, or give it longer with --budget"
    )
}

/// What others had, if that was so much that blocks were disturbed.
pub(super) fn busy(run: &Recording) -> Option<Noise> {
    run.info.noise.filter(|noise| noise.share() > TOO_MUCH)
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

/// Why the first job that failed did so.
pub(super) fn first_error(run: &Recording) -> Option<String> {
    let jobs = run.all_trials().iter().flat_map(|trial| run.jobs(trial));
    jobs.map(|job| &job.outcome).find(|outcome| *outcome != "ok").cloned()
}

#[cfg(test)]
mod tests;
