//! Whether the origin's requests are those of the jobs.

use super::REMEDY;
use super::compared::{A_FIFTH, Compared};
use super::mixed::windows;
use anyhow::{Result, ensure};
use lab_record::rows::{JobRow, RequestRow, TrialRow};
use std::collections::BTreeMap;
use std::path::Path;

/// The origin hears of a page's end this much later than who loaded it, at most. On an idle machine
/// 0.9 ms were seen; and whoever else is busy is known to a tick of 10 ms.
const LATE_NS: u64 = 15_000_000;

/// Every request belongs to a trial, and to its block; none is accepted before its job begins; and
/// the last one ends when the jobs do, or as much later or earlier as others may have held up who
/// tells of it.
pub(crate) fn check_requests(
    path: &Path,
    requests: &[RequestRow],
    jobs: &[JobRow],
    trials: &[TrialRow],
) -> Result<Option<String>> {
    // When the requests of each trial were accepted, and when the last one ended.
    let mut served: BTreeMap<u32, (Vec<u64>, u64)> = BTreeMap::new();
    for (number, request) in requests.iter().enumerate() {
        let trial = trials.get(request.trial as usize);
        ensure!(
            trial.is_some_and(|trial| trial.block == request.block),
            "{}, line {}: trials.csv has no trial {} in block {}; {REMEDY}",
            path.display(),
            number + 2,
            request.trial,
            request.block
        );
        let (accepted, last) = served.entry(request.trial).or_default();
        accepted.push(request.accepted_ns);
        *last = request
            .accepted_ns
            .saturating_add(request.service_ns)
            .max(*last);
    }
    let mut begun: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
    for job in jobs {
        begun.entry(job.trial).or_default().extend(job.start_ns);
    }
    let mut compared = Compared::default();
    for (trial, (_, end)) in windows(jobs, trials) {
        if let Some(((accepted, last), begun)) = served.get_mut(&trial).zip(begun.get_mut(&trial)) {
            // Whichever request is whose: the second one needs that two jobs have begun, and so on.
            accepted.sort_unstable();
            begun.sort_unstable();
            let is_after = accepted.len() != begun.len()
                || accepted
                    .iter()
                    .zip(begun)
                    .all(|(request, job)| *job <= *request);
            let busy_ns = trials.get(trial as usize).map_or(0, |of| {
                let parts = [of.others_cpu_ns.map(|ns| ns.max(0) as u64), of.steal_ns];
                parts.into_iter().flatten().fold(0, u64::saturating_add)
            });
            let is_at_the_end = last.abs_diff(end) <= LATE_NS.saturating_add(busy_ns);
            compared.add(trial, is_after && is_at_the_end);
        }
    }
    compared.check(A_FIFTH, |of| {
        format!(
            "{}: the requests of {of}, do not begin and end with the jobs in jobs.csv",
            path.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_rows;

    fn trials(number: u32) -> Vec<TrialRow> {
        let numbered = (0..number).map(|trial| TrialRow {
            trial,
            ..test_rows::trial()
        });
        numbered.collect()
    }

    #[test]
    fn a_request_of_a_trial_that_is_not_there_is_named_with_its_line() {
        let request = |trial: u32, block: u32| RequestRow {
            trial,
            block,
            path: "/0".to_owned(),
            accepted_ns: 1,
            service_ns: 1,
            status: Some(200),
            bytes: 1,
            aborted: false,
        };
        let check = |rows: &[RequestRow]| check_requests(Path::new("r.csv"), rows, &[], &trials(3));
        assert!(check(&[request(2, 1)]).is_ok());
        for wrong in [request(3, 1), request(0, 2)] {
            let error = check(&[request(0, 1), wrong]).unwrap_err().to_string();
            assert!(
                error.starts_with("r.csv, line 3: trials.csv has no trial"),
                "{error}"
            );
        }
    }

    #[test]
    fn requests_may_end_later_where_others_had_the_cores() {
        const MS: u64 = 1_000_000;
        let busy = |others_cpu_ns: i64| TrialRow {
            others_cpu_ns: Some(others_cpu_ns),
            steal_ns: Some(MS),
            ..trials(1).remove(0)
        };
        let late = RequestRow {
            trial: 0,
            block: 1,
            path: "/0".to_owned(),
            accepted_ns: 3 * MS,
            service_ns: 77 * MS,
            status: Some(200),
            bytes: 1,
            aborted: false,
        };
        let check = |others_ms: i64| {
            let trials = [busy(others_ms * 1_000_000)];
            let jobs = [test_rows::job(&trials[0], 0, 2 * MS, 50 * MS)];
            let path = Path::new("r.csv");
            check_requests(path, std::slice::from_ref(&late), &jobs, &trials).unwrap()
        };
        assert_eq!(check(14), None);
        assert!(check(13).is_some());
        assert!(check(-10).is_some());
    }

    #[test]
    fn requests_of_another_run_do_not_begin_and_end_with_the_jobs() {
        const MS: u64 = 1_000_000;
        let trials = trials(10);
        let jobs = trials
            .iter()
            .map(|of| test_rows::job(of, 0, 2 * MS, 50 * MS));
        let own: Vec<JobRow> = jobs.collect();
        // The first so many are accepted at another time, or take another one.
        let check = |odd: u32, accepted_ns: u64, service_ns: u64| {
            let rows: Vec<RequestRow> = (0..10)
                .map(|trial| {
                    let (accepted_ns, service_ns) = match trial < odd {
                        true => (accepted_ns, service_ns),
                        false => (3 * MS, 48 * MS),
                    };
                    RequestRow {
                        trial,
                        block: 1,
                        path: "/0".to_owned(),
                        accepted_ns,
                        service_ns,
                        status: Some(200),
                        bytes: 1,
                        aborted: false,
                    }
                })
                .collect();
            check_requests(Path::new("r.csv"), &rows, &own, &trials)
        };
        assert_eq!(check(0, 0, 0).unwrap(), None);
        let told = check(1, 3 * MS, 63 * MS).unwrap();
        assert!(
            told.is_some(),
            "16 ms later than the jobs, on an idle machine"
        );
        assert!(check(2, MS, 49 * MS).unwrap().is_some());
        for (accepted, service) in [(MS, 49 * MS), (3 * MS, 90 * MS), (3 * MS, 9 * MS)] {
            let refused = check(3, accepted, service).unwrap_err().to_string();
            assert!(
                refused.starts_with("r.csv: the requests of 3 of 10 trials, of trial 0 first"),
                "{refused}"
            );
        }
    }
}
