//! Which numbers of workers are worth a try on some work, and which can be spared.

/// More workers are tried only if they are asked for: each may be a connection to somebody's server.
pub(super) const MOST: u32 = 64;
/// Of two numbers that are nearer to one another than this, one suffices.
const APART: f64 = 1.3;
/// This many numbers are enough to see where the time stops falling.
const A_FEW: usize = 5;

/// What is known of the work before it is measured on several workers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    /// How many jobs there are.
    pub jobs: u32,
    /// W: how long a job waits, in seconds.
    pub waits: f64,
    /// C: how long it computes, in seconds.
    pub computes: f64,
    /// How many can compute at once.
    pub cores: u32,
    /// How many threads a pool of CPython's has here if nobody says how many.
    pub python_default: u32,
    /// How many of the cores other programs leave idle.
    pub idle: f64,
}

impl Work {
    /// About how long `jobs` of the jobs take on `workers`, in seconds: rounds of jobs that wait, or
    /// the time of the cores that others leave, whichever is longer.
    pub(super) fn forecast(&self, workers: u32, jobs: u32) -> f64 {
        let rounds = f64::from(jobs.div_ceil(workers.max(1)));
        // The kernel gives a share even where others use all.
        let idle = self.idle.max(f64::from(self.cores) / 4.0);
        let at_once = f64::from(workers.min(self.cores).max(1)).min(idle);
        let computing = f64::from(jobs) * self.computes / at_once;
        (rounds * (self.waits + self.computes)).max(computing)
    }

    /// Everything that may be worth a try, no more than the jobs.
    pub(super) fn candidates(&self, formula: u32) -> Vec<u32> {
        let most = MOST.min(self.jobs);
        let (half, twice) = (formula.div_ceil(2), formula.saturating_mul(2));
        let default = self.python_default;
        let mut workers = vec![half, formula, twice, default, self.cores, 1, most];
        for power in (1..).map(|n| 1 << n).take_while(|&power| power < most) {
            let near =
                |&other: &u32| f64::from(power.max(other)) / f64::from(power.min(other)) < APART;
            if !workers.iter().any(near) {
                workers.push(power);
            }
        }
        sorted(workers.into_iter().map(|n| n.clamp(1, most)).collect())
    }
}

/// Leaves out the number that lies in the smallest gap, but for the first, the last, and those to be
/// kept; false if there are but a few.
pub(super) fn thin_out(workers: &mut Vec<u32>, keep: &[u32]) -> bool {
    let gaps = workers.windows(3).filter_map(|three| match three {
        [below, n, above] if !keep.contains(n) => Some((*n, f64::from(*above) / f64::from(*below))),
        _ => None,
    });
    let smallest = gaps.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(n, _)| n);
    leave_out(workers, smallest, A_FEW)
}

/// Leaves out the number that is farthest from the formula's, but for those to be kept; false if
/// only so many are left.
pub(super) fn drop_farthest(
    workers: &mut Vec<u32>,
    formula: u32,
    keep: &[u32],
    fewest: usize,
) -> bool {
    let far = |&n: &u32| (f64::from(n) / f64::from(formula)).ln().abs();
    let others = workers.iter().copied().filter(|n| !keep.contains(n));
    let farthest = others.max_by(|a, b| far(a).total_cmp(&far(b)));
    leave_out(workers, farthest, fewest)
}

/// Leaves out what lies above the formula's number, the largest first, and then what lies nearest below
/// it: of two numbers that are far apart, one is seen to be slower soon. False if only so many are
/// left.
pub(super) fn drop_between(workers: &mut Vec<u32>, formula: u32, fewest: usize) -> bool {
    let largest = workers.iter().copied().filter(|n| *n != formula).max();
    leave_out(workers, largest, fewest)
}

fn leave_out(workers: &mut Vec<u32>, number: Option<u32>, fewest: usize) -> bool {
    let number = number.filter(|_| workers.len() > fewest);
    workers.retain(|&other| Some(other) != number);
    number.is_some()
}

pub(super) fn sorted(mut workers: Vec<u32>) -> Vec<u32> {
    workers.sort_unstable();
    workers.dedup();
    workers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forecast_is_rounds_of_waiting_or_the_cores_time() {
        for (waits, computes, workers, seconds) in
            [(1.0, 0.0, 4, 3.0), (0.0, 1.0, 4, 5.0), (0.0, 1.0, 1, 10.0)]
        {
            let work = Work { jobs: 10, waits, computes, cores: 2, python_default: 6, idle: 2.0 };
            assert_eq!(work.forecast(workers, 10), seconds);
        }
        let mut busy =
            Work { jobs: 10, waits: 0.0, computes: 1.0, cores: 2, python_default: 6, idle: 1.0 };
        assert_eq!(busy.forecast(4, 10), 10.0, "others hold one of two cores");
        busy.idle = 0.0;
        assert_eq!(busy.forecast(4, 10), 20.0);
    }

    #[test]
    fn the_smallest_gap_is_thinned_out_first() {
        let mut workers = vec![1, 2, 4, 6, 8, 16, 32, 64];
        assert!(thin_out(&mut workers, &[2, 6]));
        assert_eq!(workers, [1, 2, 4, 6, 16, 32, 64]);
        while thin_out(&mut workers, &[2, 6]) {}
        assert_eq!(workers, [1, 2, 6, 16, 64]);
        assert!(!thin_out(&mut vec![1, 2, 3, 4, 5, 6], &[2, 3, 4, 5]));
    }

    #[test]
    fn the_last_two_are_the_formulas_number_and_one_that_is_far_from_it() {
        for (formula, left) in [(4, [1, 4]), (1, [1, 2]), (16, [1, 16])] {
            let mut workers = vec![1, 2, 4, 6, 16];
            while drop_between(&mut workers, formula, 2) {}
            assert_eq!(workers, left);
        }
        let mut workers = vec![1, 2, 4, 6, 16];
        while drop_farthest(&mut workers, 4, &[6], 2) {}
        assert_eq!(workers, [4, 6]);
    }
}
