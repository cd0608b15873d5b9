//! How many workers: what can be shown by measuring.

use crate::interval::LEVEL;
use crate::median::{Limits, limits};
use crate::summary::median;

/// Times that differ by less than this factor are as good as one another: nobody would notice.
pub const SAME: f64 = 1.05;

/// A size that takes this many times as long as another in every block is clearly out, …
pub const OUT: f64 = 1.10;
/// … once there are this many blocks.
pub const BLOCKS_TO_TELL: usize = 3;

/// One size and its times, one per block, in the same order of blocks for all sizes. A size that was
/// left out after some blocks has fewer.
#[derive(Clone, Debug, PartialEq)]
pub struct Size {
    /// Number of workers.
    pub workers: u32,
    /// How long all jobs took, above zero.
    pub times: Vec<f64>,
}

impl Size {
    /// How many times its time is that of another: the median over the blocks that both have, with
    /// limits of which each is wrong in at most 5 % of runs. `None` with fewer than five blocks.
    pub fn over(&self, other: &Size) -> Option<Limits> {
        limits(&self.ratios(other), 1.0 - LEVEL)
    }

    /// How many times its time is that of another in each of the blocks that both have.
    pub fn ratios(&self, other: &Size) -> Vec<f64> {
        self.times.iter().zip(&other.times).map(|(a, b)| a / b).collect()
    }
}

/// Those that have a time in every block.
fn whole(sizes: &[Size]) -> Vec<&Size> {
    let blocks = sizes.iter().map(|size| size.times.len()).max().unwrap_or(0);
    let is_whole = |size: &&Size| size.times.len() == blocks;
    sizes.iter().filter(is_whole).collect()
}

/// Whether each of the sizes was *shown* to take at most [`SAME`] times as long as the best: the
/// upper 95 % limit of its time over that of the best other lies below that, where the best other is
/// chosen on other blocks ([`best_elsewhere`]); and its median over every single other lies below
/// that as well. A limit that merely does not exclude 1 would reward noise.
///
/// Sizes that are [`clearly_out`] are neither shown to be good nor the best. All false if the machine
/// was too noisy, or with fewer than five blocks; true for a size that is alone
/// and has a time.
pub fn shown_as_good(sizes: &[Size]) -> Vec<bool> {
    let out = clearly_out(sizes);
    let running: Vec<&Size> =
        sizes.iter().zip(out).filter(|(_, is_out)| !is_out).map(|(size, _)| size).collect();
    let is_shown = |size: &Size| {
        let others = running.iter().filter(|other| other.workers != size.workers);
        let others: Vec<Size> = others.map(|other| (*other).clone()).collect();
        let to_best = size.over(&Size { workers: 0, times: best_elsewhere(&others) });
        let is_near = |other| size.over(other).is_some_and(|ratio| ratio.median < SAME);
        let is_as_good =
            || to_best.is_some_and(|ratio| ratio.high < SAME) && others.iter().all(is_near);
        let is_alone = others.is_empty() && !size.times.is_empty();
        running.contains(&size) && (is_alone || is_as_good())
    };
    sizes.iter().map(is_shown).collect()
}

/// Whether each of the sizes takes so much longer than another, block for block, that no further
/// block could make it the advice: more than [`OUT`] times in each of at least [`BLOCKS_TO_TELL`].
/// A size that has fewer blocks than others is out already.
pub fn clearly_out(sizes: &[Size]) -> Vec<bool> {
    let whole = whole(sizes);
    let is_slower = |size: &Size, other: &Size| {
        let mut pairs = size.times.iter().zip(&other.times);
        size.times.len() >= BLOCKS_TO_TELL && pairs.all(|(time, other)| *time > OUT * other)
    };
    let is_out =
        |size: &Size| !whole.contains(&size) || whole.iter().any(|other| is_slower(size, other));
    sizes.iter().map(is_out).collect()
}

/// The index of the size that is best in the given blocks: the least median of its time over the
/// block's mean (geometric, over the sizes), so that a block in which the machine was slow counts
/// like others. `None` if no size has a time there.
pub fn best(sizes: &[Size], blocks: impl Fn(usize) -> bool) -> Option<usize> {
    let most = sizes.iter().map(|size| size.times.len()).max()?;
    let whole = whole(sizes);
    let mean_log = |block: usize| {
        let logs = whole.iter().filter_map(|size| size.times.get(block));
        logs.map(|time| time.ln()).sum::<f64>() / whole.len() as f64
    };
    let means: Vec<f64> = (0..most).map(mean_log).collect();
    let typical = |size: &Size| {
        let chosen = size.times.iter().zip(&means).enumerate();
        let logs: Vec<f64> = chosen
            .filter(|(at, _)| blocks(*at))
            .map(|(_, (time, mean))| time.ln() - mean)
            .collect();
        median(&logs)
    };
    let all = sizes.iter().map(typical).enumerate();
    all.filter_map(|(index, log)| Some((index, log?)))
        .min_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(index, _)| index)
}

/// The times of the best size, block by block, where the best is chosen from the other half of the
/// blocks: from the even ones for an odd one and the other way round. So the choice never rests on
/// the block on which it is judged, and every block is judged.
///
/// Fewer than two blocks give nothing; sizes without a time in every block are left out.
pub fn best_elsewhere(sizes: &[Size]) -> Vec<f64> {
    let whole: Vec<Size> = whole(sizes).into_iter().cloned().collect();
    let blocks = whole.first().map_or(0, |size| size.times.len());
    (0..blocks)
        .map_while(|block| {
            let best = best(&whole, |other| other % 2 != block % 2)?;
            whole.get(best)?.times.get(block).copied()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(workers: u32, times: &[f64]) -> Size {
        Size { workers, times: times.to_vec() }
    }

    #[test]
    fn a_size_is_shown_as_good_against_every_other_or_not_at_all() {
        let steady = [
            size(1, &[200.0, 202.0, 199.0, 201.0, 200.0]),
            size(4, &[102.0, 101.0, 102.0, 103.0, 101.0]),
            size(8, &[100.0, 101.0, 100.0, 101.0, 100.0]),
        ];
        assert_eq!(shown_as_good(&steady), [false, true, true]);
        let noisy = [
            size(4, &[100.0, 130.0, 90.0, 120.0, 99.0]),
            size(8, &[110.0, 95.0, 121.0, 93.0, 120.0]),
        ];
        assert_eq!(shown_as_good(&noisy), [false, false]);
        let once = [size(4, &[100.0]), size(8, &[200.0])];
        assert_eq!(shown_as_good(&once), [false, false], "too few blocks");
        let left_out = [size(1, &[200.0; 3]), size(4, &[100.0; 5]), size(8, &[100.0; 5])];
        assert_eq!(shown_as_good(&left_out), [false, true, true]);
        let alone = [size(1, &[200.0; 3]), size(4, &[100.0; 3])];
        assert_eq!(shown_as_good(&alone), [false, true], "the other is out");
        assert_eq!(shown_as_good(&noisy[..1]), [true]);
        assert_eq!(shown_as_good(&[size(4, &[])]), [false], "without a time");
        assert!(shown_as_good(&[]).is_empty());
        // At the limit it is not below it.
        let once = [size(1, &[10.5, 10.0, 10.0, 10.0, 10.0]), size(4, &[10.0; 5])];
        assert_eq!(shown_as_good(&once), [false, true]);
        // Good beside whichever was the best in the other blocks, and not below the limit beside one.
        let in_turns = [1.0, 1.3].repeat(4);
        let sizes = [size(1, &[SAME; 7]), size(2, &in_turns[..7]), size(4, &in_turns[1..])];
        assert!(!shown_as_good(&sizes)[0]);
    }

    #[test]
    fn a_block_in_which_the_machine_was_slow_counts_like_others() {
        let sizes = [size(1, &[1.0, 8.0, 22.0]), size(2, &[1.1, 7.6, 24.2])];
        assert_eq!(best(&sizes, |_| true), Some(0));
        assert_eq!(best(&sizes, |block| block == 1), Some(1));
        assert_eq!(best(&[size(1, &[0.1]), size(2, &[0.2])], |_| true), Some(0), "in any unit");
    }

    #[test]
    fn half_the_speed_from_within_a_block_on_does_not_hide_what_the_others_show() {
        let sizes = [
            size(2, &[101.0, 100.0, 99.0, 205.0, 200.0, 199.0, 101.0, 100.0]),
            size(8, &[100.0, 100.0, 101.0, 102.0, 201.0, 200.0, 100.0, 99.0]),
        ];
        assert_eq!(shown_as_good(&sizes), [true, true]);
    }

    #[test]
    fn what_is_slower_in_each_of_three_blocks_is_out() {
        let two = [size(1, &[200.0, 190.0]), size(2, &[100.0, 101.0])];
        assert_eq!(clearly_out(&two), [false, false]);
        let three = [
            size(1, &[200.0, 190.0, 400.0]),
            size(2, &[100.0, 101.0, 205.0]),
            size(4, &[115.0, 99.0, 210.0]),
        ];
        assert_eq!(clearly_out(&three), [true, false, false]);
        let before = [size(1, &[200.0; 3]), size(2, &[100.0; 4])];
        assert_eq!(clearly_out(&before), [true, false]);
        assert!(clearly_out(&[]).is_empty());
        for (slow, is_out) in [(OUT, false), (2.0, true)] {
            let sizes = [size(1, &[slow; 3]), size(2, &[1.0; 3])];
            assert_eq!(clearly_out(&sizes), [is_out, false]);
        }
    }

    #[test]
    fn a_wrong_size_is_advised_in_a_few_of_a_hundred_runs_and_a_right_one_mostly() {
        let mut random = oorandom::Rand64::new(11);
        let mut given = |truth: [f64; 4], scatter: f64| {
            let mut runs = [0; 4];
            for _ in 0..500 {
                let mut sizes: Vec<Size> = (0..4).map(|at| size(at as u32, &[])).collect();
                for _ in 0..12 {
                    // From somewhere in one of six blocks on the machine runs at half its speed.
                    let slow_from = random.rand_range(0..24);
                    for (at, size) in sizes.iter_mut().enumerate() {
                        let pace = if at as u64 > slow_from { 2.0 } else { 1.0 };
                        // The sum of twelve has the spread 1.
                        let normal = (0..12).map(|_| random.rand_float()).sum::<f64>() - 6.0;
                        size.times.push(pace * truth[at] * (scatter * normal).exp());
                    }
                }
                if let Some(first) = shown_as_good(&sizes).iter().position(|shown| *shown) {
                    runs[first] += 1;
                }
            }
            runs
        };
        for scatter in [0.015, 0.03] {
            let right = given([1.0, 1.0, 1.0, 1.0], scatter);
            assert!(right.iter().sum::<i32>() > 475, "{right:?}");
            assert!(right[0] > 350, "{right:?}");
            let wrong = given([1.06, 1.0, 1.0, 1.0], scatter);
            assert!(wrong[0] <= 25, "{wrong:?}");
            let wrong = given([1.15, 1.0, 1.02, 1.0], scatter);
            assert!(wrong[0] <= 5 && wrong[1..].iter().sum::<i32>() > 450, "{wrong:?}");
        }
    }

    #[test]
    fn the_best_is_judged_where_it_was_not_chosen() {
        // Even blocks choose the first, odd ones the second; each is judged on the other's.
        let sizes = [size(2, &[10.0, 30.0, 10.0, 30.0]), size(4, &[20.0, 20.0, 20.0, 20.0])];
        assert_eq!(best(&sizes, |block| block % 2 == 0), Some(0));
        assert_eq!(best_elsewhere(&sizes), [20.0, 30.0, 20.0, 30.0]);
        assert!(best_elsewhere(&[size(2, &[10.0])]).is_empty());
        assert!(best_elsewhere(&[]).is_empty());
        let gap = [size(2, &[10.0, 10.0]), size(4, &[1.0])];
        assert_eq!(best_elsewhere(&gap), [10.0, 10.0]);
    }
}
