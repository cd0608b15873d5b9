//! What these jobs answer natively, and in the world in which the answer is another.

use super::*;
use crate::jobs::Report;
use crate::pool::tests::{pool, trial};
use crate::{Job, Runtime};
use lab_data::rows::Executor;

fn run(executor: Executor, job: Job) -> Report {
    let trial = trial(Runtime::Rust, executor, 1, vec![job]);
    pool().run(&trial).unwrap().jobs.remove(0).report
}

/// The two numbers of an answer.
fn numbers(report: &Report) -> [u64; 2] {
    assert_eq!(report.error, None);
    let text = report.answer.to_string();
    let (first, second) = text.split_once(' ').unwrap();
    [first, second].map(|number| number.parse().unwrap())
}

#[test]
fn a_child_copies_what_it_writes_to_and_not_what_it_reads() {
    let bytes = 32 << 20;
    for (held, shares) in [
        (Held::Bytes, true),
        (Held::Objects, true),
        (Held::Some, true),
        // To look at these is to count.
        (Held::Counted, false),
    ] {
        let report = run(Executor::Serial, Job::Fork(Fork { held, bytes }));
        let [child, parent] = numbers(&report);
        // What this process has freed before is not always given back, and need not grow again.
        assert!(held != Held::Bytes || parent >= bytes / 2, "{parent}");
        assert_eq!(child < bytes / 20, shares, "{held:?}: {child}");
        assert_eq!(child > bytes / 2, !shares, "{held:?}: {child}");
    }
}

#[test]
fn parked_threads_have_addresses_and_little_memory() {
    let park = |parked, workers| run(Executor::Serial, Job::Park(Park { parked, workers }));
    let threads = park(Parked::Threads, 40);
    let [resident, addresses] = numbers(&threads);
    assert_eq!(threads.count, 40);
    assert!(addresses >= 30 * (8 << 20), "{addresses}");
    assert!(resident < 40 * (1 << 20), "{resident}");
    let [resident, _] = numbers(&park(Parked::Tasks, 10_000));
    assert!(resident < 10_000 * (10 << 10), "{resident}");
    assert!(park(Parked::Interpreters, 1).error.is_some());
}

#[test]
fn each_payload_arrives_whole_and_its_hand_overs_come_in_order() {
    let to = |to| Job::HandOver(HandOver { to, bytes: vec![0, 1000, 3 << 20], times: 2 });
    for partner in [Partner::Thread, Partner::Process] {
        let report = run(Executor::Serial, to(partner));
        assert_eq!(report.error, None);
        assert_eq!((report.count, report.spans.len()), (6, 6));
        assert_eq!(report.answer, (2 * (1000 + (3u64 << 20))).into());
    }
    let job = to(Partner::View);
    assert!(run(Executor::Serial, job.clone()).error.is_some());
    assert!(job.check(6, &1.into()).is_err(), "what got lost on the way");
    let unfit = trial(Runtime::Rust, Executor::Threads, 1, vec![job]);
    assert!(pool().run(&unfit).unwrap_err().to_string().contains("cannot run a hand-over job"));
}

#[test]
fn a_heart_beats_until_its_time_is_over_whatever_its_loop_computes() {
    for beside in [Beside::Nothing, Beside::Loop, Beside::Thread] {
        let (lasts_ns, period_ns, steps) = (20_000_000, 1_000_000, 100_000);
        let job = Job::Beat(Beat { lasts_ns, period_ns, beside, steps });
        let report = run(Executor::Async, job);
        assert_eq!(report.error, None, "{beside:?}");
        assert_eq!(report.count, report.spans.len() as u64);
        let beats: u64 = report.spans.iter().map(|beat| beat.end_ns - beat.start_ns).sum();
        assert!(beats >= lasts_ns, "{beside:?}: {beats}");
        assert!(report.spans.windows(2).all(|two| two[0].end_ns == two[1].start_ns));
    }
}
