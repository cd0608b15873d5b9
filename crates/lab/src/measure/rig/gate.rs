//! The noise gate: which blocks are run again.

use crate::record::noise::{NoiseSum, Worst};
use lab_data::rows::TrialRow;
use lab_data::run::Noise;

/// Decides which blocks are run again.
#[derive(Debug)]
pub(crate) struct Gate {
    cores: u32,
    extra: u32,
    blocks: u32,
    judged: NoiseSum,
    /// Blocks, or attempts at them, in which others had too much.
    spoilt: u32,
    kept: u32,
    worst: Worst,
}

impl Gate {
    /// For a machine with this many cores, which all programs share.
    pub(crate) fn new(cores: u32) -> Gate {
        Gate {
            cores,
            extra: 0,
            blocks: 0,
            judged: NoiseSum::of([]),
            spoilt: 0,
            kept: 0,
            worst: Worst::default(),
        }
    }

    /// Whether the block with these trials is judged; else it is to be run again. In all, at most
    /// `most` are.
    pub(crate) fn passes(&mut self, trials: &[TrialRow], most: u32) -> bool {
        let sum = NoiseSum::of(trials);
        let is_noisy = sum.is_too_much(self.cores);
        if is_noisy {
            self.spoilt += 1;
            self.worst = self.worst.and(sum.shares(self.cores));
        }
        if is_noisy && self.extra < most {
            self.extra += 1;
            return false;
        }
        self.kept += u32::from(is_noisy);
        self.blocks += 1;
        self.judged = self.judged.plus(sum);
        true
    }

    /// What disturbed the judged blocks.
    pub(crate) fn noise(&self) -> Noise {
        self.judged.shares(self.cores)
    }

    /// What to do about it; nothing if nobody disturbed. `longer` is the
    /// option that gives the run more time.
    pub(crate) fn warning(&self, longer: &str) -> Option<String> {
        if self.spoilt == 0 {
            return None;
        }
        let (who, remedy) = self.worst.words();
        let (spoilt, all) = (self.spoilt, self.blocks + self.extra);
        let (extra, kept) = (self.extra, self.kept);
        Some(match kept {
            0 => format!(
                "{who} in {spoilt} of {all} blocks; they were measured again, so the verdicts do not \
                 rest on them"
            ),
            _ => format!(
                "{who} in {spoilt} of {all} blocks (measured again: {extra}, counted all the same: \
                 {kept}): {remedy}, or use {longer}"
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::test_rows::{beside, then};

    #[test]
    fn a_block_passes_up_to_a_tenth_of_the_machine_others_and_hypervisor_together() {
        let mut gate = Gate::new(2);
        assert!(gate.passes(&[beside(30, 0), then(10, 0)], 7));
        assert!(gate.passes(&[beside(20, 20), then(0, 0)], 7));
        assert!(gate.passes(&[beside(-10, 0), then(40, 0)], 7));
        assert_eq!(gate.warning("--thorough"), None);
        assert!(!gate.passes(&[beside(20, 20), then(10, 0)], 7));
    }

    #[test]
    fn what_the_ticks_cannot_tell_and_what_is_not_known_passes() {
        let mut gate = Gate::new(1);
        assert!(gate.passes(&[beside(100, 0)], 7), "shorter than 200 ms");
        let unknown = TrialRow { others_cpu_ns: None, steal_ns: None, ..beside(0, 0) };
        assert!(gate.passes(&[unknown], 7));
        assert_eq!(gate.noise().others_share, None);
        assert!(gate.passes(&[], 7));
        // A clock that does not advance.
        let mut gate = Gate::new(1);
        let frozen = TrialRow { closed_ns: Some(0), ..beside(30, 10) };
        assert!(gate.passes(&[frozen.clone(), frozen], 7));
        assert_eq!(gate.noise().others_share, None);
        assert_eq!(gate.noise().steal_share, None);
    }

    #[test]
    fn a_run_adds_no_more_blocks_than_it_may_and_says_what_came_of_it() {
        let mut gate = Gate::new(2);
        let noisy = [beside(76, 0), then(76, 0)];
        assert!(!gate.passes(&noisy, 1));
        assert!(gate.passes(&noisy, 1), "no more than one extra");
        assert!(gate.passes(&[beside(0, 0), then(0, 0)], 1));
        assert_eq!(gate.noise().others_share, Some(0.19));
        assert_eq!(
            gate.warning("--thorough").as_deref(),
            Some(
                "another program used up to 38 % of this machine in 2 of 3 blocks (measured again: 1, \
                 counted all the same: 1): close it, and run again, or use --thorough"
            )
        );
    }

    #[test]
    fn the_hypervisor_is_named_where_it_was_the_worse() {
        let mut gate = Gate::new(2);
        assert!(!gate.passes(&[beside(0, 50), then(0, 0)], 7));
        let warning = gate.warning("--budget").unwrap();
        assert!(warning.ends_with("so the verdicts do not rest on them"), "{warning}");
        assert!(warning.starts_with("the hypervisor gave"), "{warning}");
        assert!(gate.passes(&[beside(0, 0), then(0, 0)], 7));
        assert!(!gate.passes(&[beside(0, 50), then(0, 0)], 2));
        assert!(gate.passes(&[beside(0, 50), then(0, 0)], 2));
        let warning = gate.warning("--budget").unwrap();
        assert!(warning.contains("run again later") && warning.ends_with("or use --budget"));
    }
}
