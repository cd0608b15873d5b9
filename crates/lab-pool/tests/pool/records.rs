//! What a job recorded and what a trial cost reach the report, from threads and from processes.

use crate::staff::{run, trial};
use lab_data::rows::Executor;
use lab_pool::{Job, Runtime};

const SAMPLES: u64 = 20_000;
/// No machine makes this many additions in no time.
const ADDITIONS: u64 = 10_000_000;

#[test]
fn every_sample_is_in_a_span_within_its_job_and_comes_along_on_request() {
    for executor in Runtime::Rust.executors() {
        if executor == Executor::Async {
            continue;
        }
        for raw in [false, true] {
            let mut trial = trial(executor, 3, vec![Job::track(SAMPLES); 6]);
            trial.tracking.raw = raw;
            for job in run(&trial).jobs {
                let (spans, samples) = (job.report.spans, job.report.samples);
                assert_eq!(spans.iter().map(|s| s.samples).sum::<u64>(), SAMPLES);
                assert!(spans.iter().all(|s| s.start_ns <= s.end_ns));
                assert!(spans.windows(2).all(|two| two[0].end_ns <= two[1].start_ns));
                let (first, last) = (spans[0].start_ns, spans[spans.len() - 1].end_ns);
                assert!(job.report.start_ns <= first && last <= job.report.end_ns);
                let times_ns = samples.times_ns();
                if raw {
                    assert_eq!(times_ns.len() as u64, SAMPLES, "{executor}");
                    assert!(times_ns.is_sorted());
                    let ends = (times_ns[0], times_ns[times_ns.len() - 1]);
                    assert_eq!(ends, (first, last));
                } else {
                    assert!(times_ns.is_empty(), "{executor}");
                }
            }
        }
        // The clock moves between most samples, and with a gap of 0 each move is a new span.
        let mut trial = trial(executor, 2, vec![Job::track(SAMPLES); 2]);
        trial.tracking.gap_ns = 0;
        let report = run(&trial);
        let spans: usize = report.jobs.iter().map(|job| job.report.spans.len()).sum();
        assert!(spans > 1000, "{executor}: {spans}");
    }
}

#[test]
fn costs_are_known_for_every_executor_and_include_the_children() {
    for executor in Runtime::Rust.executors() {
        let job = match executor {
            Executor::Async => Job::mix(1, ADDITIONS, 1),
            _ => Job::add(ADDITIONS),
        };
        let report = run(&trial(executor, 2, vec![job; 2]));
        assert!(report.run_delay_ns.is_some(), "{executor}");
        assert!(report.peak_rss_bytes > Some(0), "{executor}");
        assert!(report.cost.machine.is_some(), "{executor}");
        let used =
            if executor == Executor::Processes { report.cost.children } else { report.cost.own };
        assert!(used.unwrap().cpu_ns > 0, "{executor}");
        for job in &report.jobs {
            // Tasks share a thread, so that none has CPU time of its own.
            let has_own = job.report.cpu_ns > Some(0);
            assert_eq!(has_own, executor != Executor::Async, "{executor}");
        }
    }
}
