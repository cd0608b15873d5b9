//! The next job goes to the next idle worker.

use crate::staff::Staff;
use crate::{check, trial};
use lab_jobs::Job;
use lab_record::rows::Executor;

/// While one worker is at the long job, the others take the short ones in order: so whatever was
/// begun before its end has a lower number than whatever was begun after. Had the jobs been dealt
/// out beforehand, the long one's worker would come back to an early job of its own.
#[test]
fn a_long_job_holds_up_none_but_its_worker() {
    for executor in Executor::ALL {
        if executor == Executor::Serial {
            continue;
        }
        let mut jobs = vec![Job::Wait { ns: 2_000_000_000 }];
        jobs.extend(vec![Job::Wait { ns: 10_000 }; 50]);
        let trial = trial(executor, 2, jobs);
        let report = Staff::new().pool("good").run(&trial).unwrap();
        check(&trial, &report);
        let (long, short) = report.jobs.split_first().unwrap();
        let (before, after): (Vec<_>, Vec<_>) = short
            .iter()
            .partition(|job| job.report.start_ns < long.report.end_ns);
        assert!(
            before.iter().all(|job| job.worker != long.worker),
            "{executor}"
        );
        let last_before = before.iter().map(|job| job.job).max();
        let first_after = after.iter().map(|job| job.job).min();
        assert!(last_before > Some(1), "{executor}: {last_before:?}");
        assert!(
            first_after.is_none() || last_before < first_after,
            "{executor}: {last_before:?} {first_after:?}"
        );
    }
}

#[test]
fn a_worker_does_one_job_after_another_and_in_order() {
    for executor in Executor::ALL {
        let trial = trial(executor, 3, vec![Job::Wait { ns: 10_000 }; 100]);
        let report = Staff::new().pool("good").run(&trial).unwrap();
        check(&trial, &report);
        for worker in 0..3 {
            let its: Vec<_> = report.jobs.iter().filter(|j| j.worker == worker).collect();
            let in_turn =
                |two: &[&lab_pool::JobReport]| two[0].report.end_ns <= two[1].report.start_ns;
            assert!(its.windows(2).all(in_turn), "{executor}");
        }
    }
}
