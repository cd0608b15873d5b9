//! What others did to this machine while it measured.
//!
//! Others are all programs but this one, its children and its origin; and the hypervisor, which
//! gives time to other machines. Run delay, involuntary switches and pressure are made by the
//! experiments themselves: they are recorded and never looked at here.

use crate::arms::runtime::is_simulated;
use lab_data::rows::TrialRow;
use lab_data::run::Noise;
use lab_data::usage::{Cost, SHORTEST_NS, TOO_MUCH};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// CPU time, summed over trials, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoiseSum {
    lasted: f64,
    /// None as soon as one trial could not tell.
    others: Option<f64>,
    steal: Option<f64>,
}

impl NoiseSum {
    /// Of no time at all.
    pub(crate) const NONE: NoiseSum = NoiseSum { lasted: 0.0, others: Some(0.0), steal: Some(0.0) };

    /// Of what one trial cost this process and all that it started, and how long it took.
    pub(crate) fn of_cost(cost: &Cost, lasted: Duration) -> NoiseSum {
        NoiseSum {
            lasted: lasted.as_nanos() as f64,
            others: cost.others_cpu_ns(0).map(|ns| ns as f64),
            steal: cost.machine.map(|machine| machine.steal_ns as f64),
        }
    }

    /// The same, but for CPU time that was ours; none if that is not known.
    pub(crate) fn without(self, ours_ns: Option<u64>) -> NoiseSum {
        let others = self.others.zip(ours_ns).map(|(others, ours)| others - ours as f64);
        NoiseSum { others, ..self }
    }

    pub(crate) fn of<'a>(trials: impl IntoIterator<Item = &'a TrialRow>) -> NoiseSum {
        // What was simulated took no time of this machine, and only lies between the others.
        let (simulated, trials): (Vec<&TrialRow>, Vec<&TrialRow>) =
            trials.into_iter().partition(|trial| is_simulated(&trial.runtime));
        // What others did is read a little before a trial and a little after it: beside trials of a
        // millisecond that counts. So it is held against all the time from the first to the last.
        let begin = trials.iter().map(|trial| trial.start_ns).min();
        let ends = trials.iter().map(|trial| trial.start_ns + trial.closed_ns.unwrap_or_default());
        let lasted = ends.max().zip(begin).map_or(0, |(end, begin)| {
            let between = simulated.iter().filter(|trial| (begin..end).contains(&trial.start_ns));
            let took: u64 = between.filter_map(|trial| trial.closed_ns).sum();
            (end - begin).saturating_sub(took)
        });
        let sum = trials.iter().fold(NoiseSum::NONE, |sum, trial| {
            sum.plus(NoiseSum {
                lasted: 0.0,
                others: trial.others_cpu_ns.map(|ns| ns as f64),
                steal: trial.steal_ns.map(|ns| ns as f64),
            })
        });
        NoiseSum { lasted: lasted as f64, ..sum }
    }

    pub(crate) fn plus(self, other: NoiseSum) -> NoiseSum {
        let both = |a: Option<f64>, b: Option<f64>| Some(a? + b?);
        NoiseSum {
            lasted: self.lasted + other.lasted,
            others: both(self.others, other.others),
            steal: both(self.steal, other.steal),
        }
    }

    /// As shares of a machine with this many cores.
    pub(crate) fn shares(self, cores: u32) -> Noise {
        let all = self.lasted * f64::from(cores);
        // Ticks may show less than nothing.
        let share = |ns: Option<f64>| Some((ns? / all).max(0.0)).filter(|_| all > 0.0);
        Noise { others_share: share(self.others), steal_share: share(self.steal) }
    }

    pub(crate) fn is_too_much(self, cores: u32) -> bool {
        self.lasted * f64::from(cores) >= SHORTEST_NS && self.shares(cores).share() > TOO_MUCH
    }
}

/// Who disturbed, by how much at worst, and what to do about it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Worst {
    others: f64,
    steal: f64,
}

impl Worst {
    pub(crate) fn and(self, noise: Noise) -> Worst {
        let worst = |so_far: f64, share: Option<f64>| so_far.max(share.unwrap_or_default());
        Worst {
            others: worst(self.others, noise.others_share),
            steal: worst(self.steal, noise.steal_share),
        }
    }

    /// `another program used up to 38 % of this machine`, and the remedy.
    pub(crate) fn words(self) -> (String, &'static str) {
        let (who, share, remedy) = match self.others >= self.steal {
            true => ("another program used", self.others, "close it, and run again"),
            false => ("the hypervisor gave to others", self.steal, "run again later, or elsewhere"),
        };
        let percent = 100.0 * share;
        (format!("{who} up to {percent:.0} % of this machine"), remedy)
    }
}

/// What others had of the judged blocks of a run, where it was much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disturbance {
    worst: Worst,
    /// In how many of how many blocks; none if only all blocks together show it.
    blocks: Option<(usize, usize)>,
}

impl Disturbance {
    /// None if it was little, or cannot be seen.
    pub(crate) fn of(trials: &[TrialRow], cores: u32) -> Option<Disturbance> {
        let mut blocks: BTreeMap<u32, Vec<&TrialRow>> = BTreeMap::new();
        for trial in trials.iter().filter(|trial| trial.judged) {
            blocks.entry(trial.block).or_default().push(trial);
        }
        let sums = blocks.values().map(|block| NoiseSum::of(block.iter().copied()));
        let noisy: Vec<NoiseSum> = sums.clone().filter(|sum| sum.is_too_much(cores)).collect();
        if noisy.is_empty() {
            // The ticks may tell of all blocks what they cannot tell of one.
            let all = sums.reduce(NoiseSum::plus).filter(|sum| sum.is_too_much(cores))?;
            return Some(Disturbance {
                worst: Worst::default().and(all.shares(cores)),
                blocks: None,
            });
        }
        let worst = noisy.iter().fold(Worst::default(), |worst, sum| worst.and(sum.shares(cores)));
        Some(Disturbance { worst, blocks: Some((noisy.len(), blocks.len())) })
    }
}

impl fmt::Display for Disturbance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (who, remedy) = self.worst.words();
        match self.blocks {
            Some((number, all)) => write!(f, "{who} in {number} of {all} blocks: {remedy}"),
            None => write!(f, "{who} meanwhile: {remedy}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::test_rows::{beside, then};
    use lab_data::usage::{MachineTimes, Resources};

    #[test]
    fn a_simulated_twin_neither_hides_a_neighbour_nor_dilutes_it() {
        let at = |start_ns, row: TrialRow| TrialRow { start_ns, ..row };
        let twin = TrialRow {
            runtime: "sim-rust".to_owned(),
            others_cpu_ns: None,
            steal_ns: None,
            ..beside(0, 0)
        };
        let ms = 1_000_000;
        let between =
            [at(0, beside(40, 0)), at(100 * ms, twin.clone()), at(200 * ms, beside(0, 0))];
        let behind = [between[0].clone(), at(100 * ms, beside(0, 0)), at(200 * ms, twin)];
        for trials in [&between, &behind] {
            assert_eq!(NoiseSum::of(trials).shares(2).others_share, Some(0.1));
        }
        assert_eq!(NoiseSum::of(&between[1..2]).shares(2).others_share, None);
    }

    /// The machine was at work for 100 ms of 100 on two cores, and nobody else was there.
    #[test]
    fn what_this_program_and_its_children_use_is_nobody_elses() {
        let used = |ms: u64| Some(Resources { cpu_ns: ms * 1_000_000, ..Resources::default() });
        let trial = |own, children| {
            let cost = Cost {
                own: used(own),
                children: used(children),
                machine: Some(MachineTimes { busy_ns: 100_000_000, steal_ns: 0 }),
                peak_rss_bytes: None,
            };
            NoiseSum::of_cost(&cost, Duration::from_millis(100))
        };
        for (sum, others) in [
            (trial(20, 80), 0.0),
            (trial(20, 20), 0.3),
            (trial(20, 20).without(Some(60_000_000)), 0.0),
            (trial(20, 20).plus(trial(100, 0)), 0.15),
        ] {
            assert_eq!(sum.shares(2).others_share, Some(others));
            assert_eq!(sum.is_too_much(2), others > 0.1);
        }
        assert_eq!(trial(20, 80).without(None).shares(2).others_share, None);
    }

    #[test]
    fn a_neighbour_that_comes_and_goes_is_told_by_the_blocks_in_which_it_was_there() {
        let block = |number: u32, judged: bool, others_ms: i64| {
            let at = |row: TrialRow| TrialRow { block: number, judged, ..row };
            [at(beside(others_ms, 0)), at(then(others_ms, 0))]
        };
        let all =
            |second: bool| [block(1, true, 0), block(2, second, 76), block(3, true, 5)].concat();
        // A block of 100 ms on two cores is one that the ticks can tell of, on one core it is not.
        let brief: Vec<TrialRow> =
            (1..=4).map(|number| TrialRow { block: number, ..beside(50, 0) }).collect();
        for (trials, cores, share, when) in [
            (all(true), 2, "38 %", Some("in 1 of 3 blocks")),
            (all(false), 2, "", None), // an attempt that is not judged
            (brief, 1, "50 %", Some("meanwhile")),
        ] {
            let told = Disturbance::of(&trials, cores).map(|others| others.to_string());
            let expected = when.map(|when| {
                let who = "another program used up to";
                format!("{who} {share} of this machine {when}: close it, and run again")
            });
            assert_eq!(told, expected);
        }
    }
}
