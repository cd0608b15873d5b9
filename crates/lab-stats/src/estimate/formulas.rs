//! How many workers, by formulas.

/// Goetz's rule (*Java Concurrency in Practice*, 2006): N = P × (1 + W/C), rounded. While one of N
/// jobs computes, the others wait, and P of them compute at once.
///
/// `waits` and `computes` are W and C, the waiting and the computing of a job in one unit;
/// `parallel` is P, how many jobs can compute at the same instant: the usable cores, or 1 under a
/// global lock. At least 1 and at most `jobs`, since a worker without a job is none; `jobs` if
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formula_by_hand() {
        for (waits, computes, parallel, jobs, workers) in [
            (4.0, 1.0, 2, 100, Some(10)),
            (4.0, 1.0, 1, 100, Some(5)),
            (0.0, 1.0, 2, 100, Some(2)),
            // 2.6 is nearer to 3.
            (0.3, 1.0, 2, 100, Some(3)),
            // No more than there are jobs; all of them if nothing computes.
            (9.0, 1.0, 4, 16, Some(16)),
            (1.0, 0.0, 2, 64, Some(64)),
            (f64::MAX, 1e-300, 2, 7, Some(7)),
            // What is no time, and neither cores nor jobs, give no number.
            (-1.0, 1.0, 2, 10, None),
            (1.0, -1.0, 2, 10, None),
            (f64::NAN, 1.0, 2, 10, None),
            (0.0, 0.0, 2, 10, None),
            (1.0, 1.0, 0, 10, None),
            (1.0, 1.0, 2, 0, None),
        ] {
            assert_eq!(goetz(waits, computes, parallel, jobs), workers, "{waits} {computes}");
        }
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
}
