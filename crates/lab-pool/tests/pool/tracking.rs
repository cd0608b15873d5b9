//! What the live tracker saw reaches the report, from threads and from processes.

use crate::staff::Staff;
use crate::{check, trial};
use lab_jobs::{Job, Tracking};
use lab_record::burst::GAP_NS;
use lab_record::rows::Executor;

const SAMPLES: u64 = 20_000;
const OWN: [Executor; 4] = [
    Executor::Serial,
    Executor::Threads,
    Executor::Rayon,
    Executor::Processes,
];

#[test]
fn every_sample_is_in_a_span_and_spans_are_within_their_job() {
    for executor in OWN {
        let trial = trial(executor, 3, vec![Job::track(SAMPLES); 6]);
        let report = Staff::new().pool("good").run(&trial).unwrap();
        check(&trial, &report);
        for job in &report.jobs {
            let spans = &job.report.spans;
            assert_eq!(spans.iter().map(|s| s.samples).sum::<u64>(), SAMPLES);
            assert_eq!(job.report.count, SAMPLES);
            assert!(job.report.samples.is_empty(), "{executor}");
            assert!(spans.iter().all(|s| s.start_ns <= s.end_ns));
            assert!(spans.windows(2).all(|two| two[0].end_ns <= two[1].start_ns));
            assert!(
                spans
                    .first()
                    .is_some_and(|s| job.report.start_ns <= s.start_ns)
            );
            assert!(spans.last().is_some_and(|s| s.end_ns <= job.report.end_ns));
        }
    }
}

#[test]
fn raw_samples_come_along_on_request() {
    for executor in OWN {
        let mut trial = trial(executor, 2, vec![Job::track(SAMPLES); 3]);
        trial.tracking = Tracking {
            gap_ns: GAP_NS,
            raw: true,
        };
        let report = Staff::new().pool("good").run(&trial).unwrap();
        check(&trial, &report);
        for job in &report.jobs {
            let samples = &job.report.samples;
            assert_eq!(samples.len() as u64, SAMPLES, "{executor}");
            let times_ns = samples.times_ns();
            assert!(times_ns.is_sorted());
            let first = job.report.spans.first().map(|span| span.start_ns);
            assert_eq!(times_ns.first().copied(), first);
            let last = job.report.spans.last().map(|span| span.end_ns);
            assert_eq!(times_ns.last().copied(), last);
        }
    }
}

/// Without a gap that counts, whatever the machine did, only a change of core ends a span.
#[test]
fn the_gap_that_was_asked_for_reaches_the_worker() {
    for executor in OWN {
        let mut trial = trial(executor, 2, vec![Job::track(SAMPLES); 2]);
        trial.tracking.gap_ns = 0;
        let report = Staff::new().pool("good").run(&trial).unwrap();
        check(&trial, &report);
        // The clock moves between most samples, and with a gap of 0 each move is a new span.
        let spans = report
            .jobs
            .iter()
            .map(|job| job.report.spans.len())
            .sum::<usize>();
        assert!(spans > 1000, "{executor}: {spans}");
    }
}
