//! What a trial cost is known on this kernel, and includes the children.

use crate::staff::Staff;
use crate::{check, trial};
use lab_jobs::Job;
use lab_record::rows::Executor;

/// No machine makes so many additions in no time.
const ADDITIONS: u64 = 10_000_000;

#[test]
fn costs_are_told_for_every_executor() {
    for executor in Executor::ALL {
        let job = match executor {
            Executor::Async => Job::Mix {
                rounds: 1,
                additions: ADDITIONS,
                wait_ns: 1,
            },
            _ => Job::add(ADDITIONS),
        };
        let trial = trial(executor, 2, vec![job; 2]);
        let report = Staff::new().pool("good").run(&trial).unwrap();
        check(&trial, &report);
        assert!(report.run_delay_ns.is_some(), "{executor}");
        assert!(report.peak_rss_bytes > Some(0), "{executor}");
        assert!(report.cost.machine.is_some(), "{executor}");
        let cpu_ns = if executor == Executor::Processes {
            report.cost.children.unwrap().cpu_ns
        } else {
            report.cost.own.unwrap().cpu_ns
        };
        assert!(cpu_ns > 0, "{executor}");
        for job in &report.jobs {
            // Tasks share a thread, so that none has CPU time of its own.
            if executor == Executor::Async {
                assert_eq!(job.report.cpu_ns, None);
            } else {
                assert!(job.report.cpu_ns > Some(0), "{executor}");
            }
        }
    }
}
