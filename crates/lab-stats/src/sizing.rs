//! How many workers: a formula, and what can be shown by measuring.

use crate::interval::{LEVEL, ratio};

/// Times that differ by less than this factor are as good as one another: nobody would notice.
pub const SAME: f64 = 1.05;

/// Goetz's rule (*Java Concurrency in Practice*, 2006): N = P × (1 + W/C), rounded. While one of N
/// jobs computes, the others wait, and P of them compute at once.
///
/// `waits` and `computes` are W and C, the waiting and the computing of a job in one unit;
/// `parallel` is P, how many jobs can compute at the same instant: the usable cores, or 1 under a
/// global lock. At least 1 and at most `jobs`, since a worker without a job is none; so many if
/// nothing computes. `None` for times below zero or NaN, for two zeros, without cores or jobs.
pub fn goetz(waits: f64, computes: f64, parallel: u32, jobs: u32) -> Option<u32> {
    let sound = waits >= 0.0 && computes >= 0.0 && waits + computes > 0.0;
    if !sound || parallel == 0 || jobs == 0 {
        return None;
    }
    let workers = f64::from(parallel) * (1.0 + waits / computes);
    // Infinite if nothing computes; the cast of what is too large gives the largest.
    Some((workers.round() as u32).clamp(1, jobs))
}

/// The work of a job: how long it waited, and how long it computed. The unit is the caller's.
///
/// `wall` from its start to its end, `cpu` the CPU time, `delay` the time that it was ready to run
/// and had no core, which is neither. Several cores at once compute for longer than the wall shows:
/// then nothing was waited for.
pub fn waits(wall: f64, cpu: f64, delay: f64) -> f64 {
    (wall - cpu - delay).max(0.0)
}

/// Python's default number of threads of a `ThreadPoolExecutor` since 3.8: min(32, cores + 4).
pub fn python_default(cores: u32) -> u32 {
    cores.saturating_add(4).min(32)
}

/// One size and its times, one a block, in the same order of blocks for all sizes.
#[derive(Clone, Debug, PartialEq)]
pub struct Size {
    /// Number of workers.
    pub workers: u32,
    /// How long all jobs took, above zero.
    pub times: Vec<f64>,
}

/// Whether each of some sizes was *shown* to take at most [`SAME`] times as long as any other: the
/// upper 95 % limit of its ratio to every other lies below that. To pass, it must pass against each,
/// so that no correction for their number is needed (intersection–union, Berger 1982; Hsu 1984,
/// "multiple comparisons with the best"). A limit that merely does not exclude 1 would reward noise.
///
/// All false if the machine was too noisy; true for a single size.
pub fn shown_as_good(sizes: &[Size]) -> Vec<bool> {
    // The upper limit of a two-sided interval at 90 % is a one-sided one at 95 %.
    let level = 1.0 - 2.0 * (1.0 - LEVEL);
    let is_as_good = |size: &Size, other: &Size| {
        let same = size.workers == other.workers;
        let limit = || ratio(&size.times, &other.times, level).map(|interval| interval.high);
        same || limit().is_ok_and(|high| high < SAME)
    };
    sizes
        .iter()
        .map(|size| sizes.iter().all(|other| is_as_good(size, other)))
        .collect()
}

/// The index of the size with the least mean log time in the given blocks: the best, chosen from
/// them. `None` if no size has a time there.
pub fn best(sizes: &[Size], blocks: impl Fn(usize) -> bool) -> Option<usize> {
    let mean_log = |size: &Size| {
        let chosen = size.times.iter().enumerate().filter(|(at, _)| blocks(*at));
        let logs: Vec<f64> = chosen.map(|(_, time)| time.ln()).collect();
        (!logs.is_empty()).then(|| logs.iter().sum::<f64>() / logs.len() as f64)
    };
    let means = sizes.iter().map(mean_log).enumerate();
    means
        .filter_map(|(index, mean)| Some((index, mean?)))
        .filter(|(_, mean)| !mean.is_nan())
        .min_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(index, _)| index)
}

/// The times of the best size, block by block, where the best is chosen from the other half of the
/// blocks: from the even ones for an odd one and the other way round. So the choice never rests on
/// the block on which it is judged, and every block is judged.
///
/// Fewer than two blocks give nothing; sizes without a time in every block are left out.
pub fn best_elsewhere(sizes: &[Size]) -> Vec<f64> {
    let blocks = sizes.iter().map(|size| size.times.len()).max().unwrap_or(0);
    let whole: Vec<Size> = sizes
        .iter()
        .filter(|size| size.times.len() == blocks)
        .cloned()
        .collect();
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
        Size {
            workers,
            times: times.to_vec(),
        }
    }

    #[test]
    fn the_formula_by_hand() {
        assert_eq!(goetz(4.0, 1.0, 2, 100), Some(10));
        assert_eq!(goetz(4.0, 1.0, 1, 100), Some(5));
        assert_eq!(goetz(0.0, 1.0, 2, 100), Some(2));
        assert_eq!(goetz(0.3, 1.0, 2, 100), Some(3), "2.6 is nearer to 3");
        assert_eq!(goetz(9.0, 1.0, 4, 16), Some(16), "no more than jobs");
        assert_eq!(goetz(1.0, 0.0, 2, 64), Some(64), "nothing computes");
        assert_eq!(goetz(f64::MAX, 1e-300, 2, 7), Some(7));
    }

    #[test]
    fn what_is_no_time_gives_no_number() {
        for (waits, computes) in [(-1.0, 1.0), (1.0, -1.0), (f64::NAN, 1.0), (0.0, 0.0)] {
            assert_eq!(goetz(waits, computes, 2, 10), None, "{waits} {computes}");
        }
        assert_eq!(goetz(1.0, 1.0, 0, 10), None);
        assert_eq!(goetz(1.0, 1.0, 2, 0), None);
    }

    #[test]
    fn waiting_is_what_is_neither_computing_nor_queueing() {
        assert_eq!(waits(10.0, 2.0, 1.0), 7.0);
        assert_eq!(waits(10.0, 19.0, 0.0), 0.0, "two cores at once");
    }

    #[test]
    fn python_asks_for_four_more_than_cores_and_for_32_at_most() {
        assert_eq!([1, 2, 28, 64].map(python_default), [5, 6, 32, 32]);
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
        assert_eq!(shown_as_good(&noisy[..1]), [true]);
        assert!(shown_as_good(&[]).is_empty());
    }

    #[test]
    fn too_few_blocks_show_nothing() {
        let once = [size(4, &[100.0]), size(8, &[200.0])];
        assert_eq!(shown_as_good(&once), [false, false]);
    }

    #[test]
    fn the_best_is_judged_where_it_was_not_chosen() {
        // Even blocks choose the first, odd ones the second; each is judged on the other's.
        let sizes = [
            size(2, &[10.0, 30.0, 10.0, 30.0]),
            size(4, &[20.0, 20.0, 20.0, 20.0]),
        ];
        assert_eq!(best(&sizes, |block| block % 2 == 0), Some(0));
        assert_eq!(best_elsewhere(&sizes), [20.0, 30.0, 20.0, 30.0]);
        assert!(best_elsewhere(&[size(2, &[10.0])]).is_empty());
        assert!(best_elsewhere(&[]).is_empty());
        let gap = [size(2, &[10.0, 10.0]), size(4, &[1.0])];
        assert_eq!(best_elsewhere(&gap), [10.0, 10.0]);
    }
}
