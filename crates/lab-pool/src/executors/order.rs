//! Reports in order of submission.

use crate::trial::JobReport;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Puts together what workers have to report. Each took its jobs in order, so that this is a merge:
/// one copy, where sorting would be several of what may be a million reports.
pub(crate) fn merge(mut of_workers: Vec<Vec<JobReport>>) -> Vec<JobReport> {
    of_workers.retain(|reports| !reports.is_empty());
    if of_workers.len() < 2 {
        return of_workers.pop().unwrap_or_default();
    }
    let mut merged = Vec::with_capacity(of_workers.iter().map(Vec::len).sum());
    let mut rest: Vec<_> = of_workers
        .into_iter()
        .map(|reports| reports.into_iter().peekable())
        .collect();
    let mut heads: BinaryHeap<_> = rest
        .iter_mut()
        .enumerate()
        .filter_map(|(worker, reports)| Some(Reverse((reports.peek()?.job, worker))))
        .collect();
    while let Some(Reverse((_, worker))) = heads.pop() {
        // As many of this worker as come before everybody else's.
        let until = heads.peek().map_or(usize::MAX, |Reverse((job, _))| *job);
        let reports = &mut rest[worker];
        while let Some(report) = reports.next_if(|report| report.job < until) {
            merged.push(report);
        }
        if let Some(next) = reports.peek() {
            heads.push(Reverse((next.job, worker)));
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_jobs::{Answer, Report};

    fn reports(worker: usize, jobs: &[usize]) -> Vec<JobReport> {
        let report = |&job| JobReport {
            job,
            worker,
            submitted_ns: 0,
            report: Report {
                start_ns: 0,
                end_ns: 0,
                cpu_ns: None,
                count: 0,
                answer: Answer::default(),
                error: None,
                spans: vec![],
                samples: lab_record::burst::Samples::default(),
            },
        };
        jobs.iter().map(report).collect()
    }

    #[test]
    fn reports_of_many_workers_come_in_order_of_their_jobs() {
        let of_workers = vec![
            reports(0, &[0, 3, 4, 9]),
            reports(1, &[]),
            reports(2, &[1, 2, 8]),
            reports(3, &[5, 6, 7, 10, 11]),
        ];
        let merged = merge(of_workers);
        let jobs: Vec<usize> = merged.iter().map(|report| report.job).collect();
        assert_eq!(jobs, (0..12).collect::<Vec<_>>());
        let workers: Vec<usize> = merged.iter().map(|report| report.worker).collect();
        assert_eq!(workers, [0, 2, 2, 0, 0, 3, 3, 3, 2, 0, 3, 3]);
    }

    #[test]
    fn one_worker_or_none_is_no_matter() {
        assert!(merge(vec![]).is_empty());
        assert!(merge(vec![vec![], vec![]]).is_empty());
        assert_eq!(merge(vec![vec![], reports(1, &[0, 1])]).len(), 2);
    }
}
