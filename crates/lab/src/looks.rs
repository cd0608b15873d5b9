//! Looks at the record: how many blocks there are before each, and when a run is at its end.
//!
//! A run that looks several times and stops as soon as it likes what it sees is wrong more often
//! than it says (after every block: in 23 % of runs, not 5). So the looks stand in `run.json` before
//! the run, and share the 5 % among them (Bonferroni).

use crate::judgement::ONE_CORE;
use crate::recording::Recording;
use lab_record::rows::VerdictRow;
use lab_record::run::Mode;
use lab_stats::interval::LEVEL;
use lab_stats::verdict::{Decision, any_level};
use std::time::Duration;

/// The setting that lists after how many blocks the record is looked at.
pub(crate) const LOOKS: &str = "looks";

/// In the default mode a run goes on while it is undecided, if the next look comes within so long a
/// runtime: as long as people wait for a figure, and fourteen experiments in three runtimes then take
/// twenty minutes.
const TIME_A_RUNTIME: Duration = Duration::from_secs(30);

/// After how many blocks the record is looked at, if nobody says otherwise.
pub fn of_mode(mode: Mode) -> &'static [u32] {
    match mode {
        Mode::Quick => &[5],
        Mode::Default => &[7, 14, 28],
        Mode::Article => &[7],
        Mode::Thorough => &[28],
    }
}

/// Whether the next look comes in time, going by the blocks so far.
pub(crate) fn is_in_time(taken: Duration, blocks: u32, next: u32, runtimes: usize) -> bool {
    let needed = taken.as_secs_f64() * f64::from(next) / f64::from(blocks.max(1));
    needed <= TIME_A_RUNTIME.as_secs_f64() * runtimes as f64
}

/// Whether more blocks could decide a claim that is not decided yet. Parts of claims decide nothing,
/// and no number of blocks makes up for a core or an arm that is missing.
pub(crate) fn is_worth_going_on(verdicts: &[VerdictRow]) -> bool {
    verdicts.iter().any(|row| {
        row.case.is_empty()
            && row.verdict == Decision::Inconclusive.to_string()
            && row.low.is_some()
            && !row.reason.ends_with(ONE_CORE)
    })
}

impl Recording {
    /// The level of every interval that decides: 5 % of wrong verdicts, shared among the looks.
    pub fn confidence(&self) -> f64 {
        any_level(LEVEL, self.looks().len())
    }

    /// How many blocks the last look would have had, if the run ended before it.
    pub(crate) fn looks_left_out(&self) -> Option<u32> {
        let last = self.looks().last().copied()?;
        (last > self.info.blocks).then_some(last)
    }

    /// One if the run does not say.
    fn looks(&self) -> Vec<u32> {
        let setting = self.info.settings.get(LOOKS);
        let blocks = setting.and_then(|list| list.as_array());
        blocks
            .into_iter()
            .flatten()
            .filter_map(|blocks| u32::try_from(blocks.as_u64()?).ok())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::tests::empty;

    #[test]
    fn several_looks_share_the_five_per_cent() {
        let mut run = empty();
        assert_eq!(run.confidence(), LEVEL, "a run that does not say had one");
        run.info.settings.insert(LOOKS.to_owned(), vec![5].into());
        assert_eq!(run.confidence(), LEVEL);
        run.info
            .settings
            .insert(LOOKS.to_owned(), vec![7, 14, 28].into());
        assert!((run.confidence() - (1.0 - 0.05 / 3.0)).abs() < 1e-12);
        run.info.blocks = 14;
        assert_eq!(run.looks_left_out(), Some(28));
        run.info.blocks = 28;
        assert_eq!(run.looks_left_out(), None);
    }

    #[test]
    fn the_next_look_must_come_within_half_a_minute_a_runtime() {
        let seconds = Duration::from_secs;
        assert!(is_in_time(seconds(15), 7, 14, 1));
        assert!(!is_in_time(seconds(16), 7, 14, 1));
        assert!(is_in_time(seconds(45), 14, 28, 3));
        assert!(!is_in_time(seconds(46), 14, 28, 3));
    }
}
