//! How fast this machine makes the steps of a job, so that a job can be asked for by duration.

use crate::cpu_meter::CpuMeter;
use crate::desk::{Desk, Tracking, perform};
use crate::host::Native;
use crate::job::Job;
use crate::page::Loader;
use lab_record::clock;
use std::sync::atomic::AtomicBool;

/// A measurement shorter than this is too short to trust, in nanoseconds.
const LONG_ENOUGH_NS: u64 = 10_000_000;
const MEASUREMENTS: usize = 5;
/// No step is so short that so many take no time: then it is the clock that stands still.
const MOST_STEPS: u64 = 1 << 32;

/// Steps a second of a job on the calling thread, the median of five measurements of about 10 ms;
/// `job` makes the job from a number of steps.
///
/// To be done once a run and recorded: calibrating before each trial would put the noise of the
/// calibration into every ratio. None if the job fails or the clock stands still.
pub fn steps_per_second(job: impl Fn(u64) -> Job) -> Option<f64> {
    let mut steps = 1;
    while time(&job(steps))? < LONG_ENOUGH_NS {
        steps *= 2;
        if steps > MOST_STEPS {
            return None;
        }
    }
    let mut rates = Vec::with_capacity(MEASUREMENTS);
    for _ in 0..MEASUREMENTS {
        rates.push(steps as f64 / time(&job(steps))? as f64 * 1e9);
    }
    rates.sort_by(f64::total_cmp);
    rates
        .get(MEASUREMENTS / 2)
        .copied()
        .filter(|r| r.is_finite())
}

/// What the live tracker adds to a bare loop that reads the clock and stores what it read, in
/// nanoseconds a sample: the median of interleaved pairs. None if the tracker fails.
pub fn recorder_ns_per_sample() -> Option<f64> {
    const SAMPLES: usize = 50_000;
    const PAIRS: usize = 15;
    let job = Job::track(SAMPLES as u64);
    let mut store = vec![0u64; SAMPLES];
    let mut added = Vec::with_capacity(PAIRS);
    for _ in 0..PAIRS {
        let tracked = time(&job)?;
        let start = clock::now_ns();
        for slot in &mut store {
            *slot = clock::now_ns();
        }
        let bare = clock::now_ns() - start;
        std::hint::black_box(&store);
        added.push((tracked as f64 - bare as f64) / SAMPLES as f64);
    }
    added.sort_by(f64::total_cmp);
    added.get(PAIRS / 2).copied()
}

fn time(job: &Job) -> Option<u64> {
    let mut desk = Desk {
        host: Native,
        tracking: Tracking::default(),
        stop: &AtomicBool::new(false),
        counter: None,
        loader: &Loader::new(),
        meter: CpuMeter::default(),
    };
    let report = perform(job, &mut desk);
    report
        .error
        .is_none()
        .then(|| report.end_ns - report.start_ns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_positive_number() {
        assert!(steps_per_second(Job::add).unwrap() > 0.0);
    }

    #[test]
    fn a_job_that_fails_has_no_rate() {
        assert_eq!(steps_per_second(Job::count), None);
    }
}
