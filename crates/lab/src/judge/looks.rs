//! Looks at the record: how they share the 5 % of wrong verdicts.
//!
//! A run that looks several times and stops as soon as it likes what it sees is wrong more often
//! than it says (after every block: in 23 % of runs, not 5). So the looks are written down in
//! `run.json` before the run, and share the 5 % among them (Bonferroni).

use crate::record::Recording;
use lab_stats::interval::LEVEL;
use lab_stats::verdict::any_level;

impl Recording {
    /// The level of every interval that decides: 5 % of wrong verdicts, shared among the looks.
    pub fn confidence(&self) -> f64 {
        any_level(LEVEL, self.info.settings.looks.len())
    }

    /// What the bands of lines are: `98.3 % interval`, the one that decides.
    pub fn interval_in_words(&self) -> String {
        format!("{} % interval", (1000.0 * self.confidence()).round() / 10.0)
    }

    /// How many blocks the last look would have had, if the run ended before it.
    pub(super) fn looks_left_out(&self) -> Option<u32> {
        let last = self.info.settings.looks.last().copied()?;
        (last > self.info.blocks).then_some(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::test_rows::recorded;

    #[test]
    fn several_looks_share_the_five_per_cent() {
        let mut run = recorded(&[], &[], &[]);
        assert_eq!(run.confidence(), LEVEL, "a run that does not say had one");
        run.info.settings.looks = vec![5];
        assert_eq!(run.confidence(), LEVEL);
        run.info.settings.looks = vec![7, 14, 28];
        assert!((run.confidence() - (1.0 - 0.05 / 3.0)).abs() < 1e-12);
        assert_eq!(run.interval_in_words(), "98.3 % interval");
        run.info.blocks = 14;
        assert_eq!(run.looks_left_out(), Some(28));
        run.info.blocks = 28;
        assert_eq!(run.looks_left_out(), None);
    }
}
