//! What others did to this machine while it measured, and the gate that runs a block again.
//!
//! Others are all programs but this one, its children and its origin; and the hypervisor, which
//! gives time to other machines. Run delay, involuntary switches and pressure are made by the
//! experiments themselves: they are recorded and never looked at here.

use lab_record::rows::TrialRow;
use lab_record::run::Noise;
use lab_record::usage::{SHORTEST_NS, TOO_MUCH};
use std::collections::BTreeMap;

/// CPU time, summed over trials, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoiseSum {
    lasted: f64,
    /// None as soon as one trial could not tell.
    others: Option<f64>,
    steal: Option<f64>,
}

impl NoiseSum {
    pub(crate) fn of<'a>(trials: impl IntoIterator<Item = &'a TrialRow>) -> NoiseSum {
        let nothing = NoiseSum {
            lasted: 0.0,
            others: Some(0.0),
            steal: Some(0.0),
        };
        let trials: Vec<&TrialRow> = trials.into_iter().collect();
        // What others did is read a little before a trial and a little after it: beside trials of a
        // millisecond that counts. So it is held against all the time from the first to the last.
        let begin = trials.iter().map(|trial| trial.start_ns).min();
        let ends = trials
            .iter()
            .map(|trial| trial.start_ns + trial.closed_ns.unwrap_or_default());
        let lasted = ends.max().zip(begin).map_or(0, |(end, begin)| end - begin);
        let sum = trials.iter().fold(nothing, |sum, trial| {
            sum.plus(NoiseSum {
                lasted: 0.0,
                others: trial.others_cpu_ns.map(|ns| ns as f64),
                steal: trial.steal_ns.map(|ns| ns as f64),
            })
        });
        NoiseSum {
            lasted: lasted as f64,
            ..sum
        }
    }

    pub(crate) fn plus(self, other: NoiseSum) -> NoiseSum {
        let both = |a: Option<f64>, b: Option<f64>| Some(a? + b?);
        NoiseSum {
            lasted: self.lasted + other.lasted,
            others: both(self.others, other.others),
            steal: both(self.steal, other.steal),
        }
    }

    /// As shares of a machine with so many cores.
    pub(crate) fn shares(self, cores: u32) -> Noise {
        let all = self.lasted * f64::from(cores);
        // Ticks may show less than nothing.
        let share = |ns: Option<f64>| Some((ns? / all).max(0.0)).filter(|_| all > 0.0);
        Noise {
            others_share: share(self.others),
            steal_share: share(self.steal),
        }
    }

    fn is_too_much(self, cores: u32) -> bool {
        let Noise {
            others_share,
            steal_share,
        } = self.shares(cores);
        let share = others_share.unwrap_or_default() + steal_share.unwrap_or_default();
        self.lasted * f64::from(cores) >= SHORTEST_NS && share > TOO_MUCH
    }
}

/// Who disturbed, by how much at worst, and what to do about it.
#[derive(Clone, Copy, Debug, Default)]
struct Worst {
    others: f64,
    steal: f64,
}

impl Worst {
    fn and(self, noise: Noise) -> Worst {
        let worst = |so_far: f64, share: Option<f64>| so_far.max(share.unwrap_or_default());
        Worst {
            others: worst(self.others, noise.others_share),
            steal: worst(self.steal, noise.steal_share),
        }
    }

    /// `another program used up to 38 % of this machine`, and the remedy.
    fn words(self) -> (String, &'static str) {
        let (who, share, remedy) = match self.others >= self.steal {
            true => (
                "another program used",
                self.others,
                "close it, and run again",
            ),
            false => (
                "the hypervisor gave to others",
                self.steal,
                "run again later, or elsewhere",
            ),
        };
        let percent = 100.0 * share;
        (
            format!("{who} up to {percent:.0} % of this machine"),
            remedy,
        )
    }
}

/// The judged trials by their blocks.
fn judged_blocks(trials: &[TrialRow]) -> BTreeMap<u32, Vec<&TrialRow>> {
    let mut blocks: BTreeMap<u32, Vec<&TrialRow>> = BTreeMap::new();
    for trial in trials.iter().filter(|trial| trial.judged) {
        blocks.entry(trial.block).or_default().push(trial);
    }
    blocks
}

/// What others had of the judged blocks, as shares of a machine with so many cores.
pub(crate) fn noise_of(trials: &[TrialRow], cores: u32) -> Noise {
    let blocks = judged_blocks(trials);
    let sums = blocks.into_values().map(NoiseSum::of);
    let all = sums.reduce(NoiseSum::plus).unwrap_or(NoiseSum::of([]));
    all.shares(cores)
}

/// What others had of the judged blocks, with what to do about it; none if it was little, or cannot
/// be seen.
pub(crate) fn disturbance(trials: &[TrialRow], cores: u32) -> Option<String> {
    let blocks = judged_blocks(trials);
    let sums = blocks
        .values()
        .map(|block| NoiseSum::of(block.iter().copied()));
    let noisy: Vec<NoiseSum> = sums.clone().filter(|sum| sum.is_too_much(cores)).collect();
    // The ticks may tell of all blocks what they cannot tell of one.
    let all = sums
        .reduce(NoiseSum::plus)
        .filter(|sum| sum.is_too_much(cores));
    let (who, when) = match (noisy.len(), all) {
        (0, None) => return None,
        (0, Some(all)) => (
            Worst::default().and(all.shares(cores)),
            "meanwhile".to_owned(),
        ),
        (number, _) => (
            noisy
                .iter()
                .fold(Worst::default(), |worst, sum| worst.and(sum.shares(cores))),
            format!("in {number} of {} blocks", blocks.len()),
        ),
    };
    let (who, remedy) = who.words();
    Some(format!("{who} {when}: {remedy}"))
}

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
    /// For a machine of so many cores, which all programs share.
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
        Some(format!(
            "{who} in {} of {} blocks ({} run again, {} judged all the same): {remedy}, or use \
             {longer}",
            self.spoilt,
            self.blocks + self.extra,
            self.extra,
            self.kept
        ))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::recording::tests::trial;

    const MS: i64 = 1_000_000;

    /// The second trial of two, one right after the other.
    fn then(others_ms: i64, steal_ms: u64) -> TrialRow {
        TrialRow {
            start_ns: 100 * MS as u64,
            ..beside(others_ms, steal_ms)
        }
    }

    /// A trial of 100 ms beside which others used so many.
    fn beside(others_ms: i64, steal_ms: u64) -> TrialRow {
        TrialRow {
            closed_ns: Some(100 * MS as u64),
            others_cpu_ns: Some(others_ms * MS),
            steal_ns: Some(steal_ms * MS as u64),
            ..trial()
        }
    }

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
        let unknown = TrialRow {
            others_cpu_ns: None,
            steal_ns: None,
            ..beside(0, 0)
        };
        assert!(gate.passes(&[unknown], 7));
        assert_eq!(gate.noise().others_share, None);
        assert!(gate.passes(&[], 7));
        // A clock that does not advance.
        let mut gate = Gate::new(1);
        let frozen = TrialRow {
            closed_ns: Some(0),
            ..beside(30, 10)
        };
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
                "another program used up to 38 % of this machine in 2 of 3 blocks (1 run again, 1 \
                 judged all the same): close it, and run again, or use --thorough"
            )
        );
    }

    #[test]
    fn a_neighbour_that_comes_and_goes_is_told_by_the_blocks_in_which_it_was_there() {
        let block = |number: u32, judged: bool, others_ms: i64| {
            let at = |row: TrialRow| TrialRow {
                block: number,
                judged,
                ..row
            };
            [at(beside(others_ms, 0)), at(then(others_ms, 0))]
        };
        let all =
            |second: bool| [block(1, true, 0), block(2, second, 76), block(3, true, 5)].concat();
        assert_eq!(
            disturbance(&all(true), 2).as_deref(),
            Some(
                "another program used up to 38 % of this machine in 1 of 3 blocks: close it, and run again"
            )
        );
        assert_eq!(
            disturbance(&all(false), 2),
            None,
            "an attempt that is not judged"
        );
        // A block of 100 ms on two cores is one that the ticks can tell of, on one core it is not.
        let brief: Vec<TrialRow> = (1..=4)
            .map(|number| TrialRow {
                block: number,
                ..beside(50, 0)
            })
            .collect();
        assert_eq!(
            disturbance(&brief, 1).as_deref(),
            Some(
                "another program used up to 50 % of this machine meanwhile: close it, and run again"
            )
        );
    }

    #[test]
    fn the_hypervisor_is_named_where_it_was_the_worse() {
        let mut gate = Gate::new(2);
        assert!(!gate.passes(&[beside(0, 50), then(0, 0)], 7));
        let warning = gate.warning("--budget").unwrap();
        assert!(warning.ends_with("or use --budget"), "{warning}");
        assert!(warning.starts_with("the hypervisor gave"), "{warning}");
        assert!(warning.contains("run again later"), "{warning}");
    }
}
