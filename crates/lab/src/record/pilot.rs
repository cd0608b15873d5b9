//! W and C: how long a job waits and computes, from jobs that ran one after another.

use super::recording::Recording;
use crate::arms::work::WaitCompute;
use lab_data::rows::{JobRow, Role, TrialRow};
use lab_stats::formulas::waits;

impl Recording {
    /// How long a job of a pilot run waits and computes, on average over those that did not fail: C is
    /// its CPU time, W what is left of its time but for the time that it was ready and had no core.
    pub(crate) fn piloted(&self, runtime: &str, case: &str) -> Option<WaitCompute> {
        let (mut jobs, mut wall_ns, mut cpu_ns) = (0.0, 0.0, 0.0);
        for (wall, cpu) in self.pilot_jobs(runtime, case) {
            jobs += 1.0;
            wall_ns += wall as f64;
            cpu_ns += cpu as f64;
        }
        let ran = self.pilots(runtime, case).filter(|trial| trial.errors < trial.jobs);
        let delay_ns: f64 = ran.map(|trial| trial.run_delay_ns.unwrap_or(0) as f64).sum();
        (jobs > 0.0).then(|| WaitCompute {
            waits_ns: waits(wall_ns, cpu_ns, delay_ns) / jobs,
            computes_ns: cpu_ns / jobs,
        })
    }

    /// How long each job of a pilot run took that did not fail, and its CPU time, in nanoseconds.
    pub(crate) fn pilot_jobs(&self, runtime: &str, case: &str) -> impl Iterator<Item = (u64, u64)> {
        let took = |job: &JobRow| Some((job.end_ns?.saturating_sub(job.start_ns?), job.cpu_ns?));
        let jobs = self.pilots(runtime, case).flat_map(|trial| self.jobs(trial));
        jobs.filter(|job| job.outcome == "ok").filter_map(took)
    }

    fn pilots(&self, runtime: &str, case: &str) -> impl Iterator<Item = &TrialRow> {
        self.all_trials().iter().filter(move |trial| {
            trial.role == Role::Pilot && trial.runtime == runtime && trial.case == case
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::test_rows::{job, recorded, trial};

    #[test]
    fn delay_is_neither_waiting_nor_computing() {
        let pilot = |number, errors| TrialRow {
            trial: number,
            role: Role::Pilot,
            case: "pilot".to_owned(),
            run_delay_ns: Some(4),
            errors,
            ..trial()
        };
        let trials = [pilot(0, 0), pilot(1, 1)];
        let took = |of: &TrialRow, number, end_ns, cpu_ns| JobRow {
            cpu_ns: Some(cpu_ns),
            ..job(of, number, 0, end_ns)
        };
        let failed = JobRow { outcome: "no".to_owned(), ..took(&trials[1], 0, 99, 99) };
        let jobs = [took(&trials[0], 0, 10, 2), took(&trials[0], 1, 20, 4), failed];
        let piloted = |case| recorded(&trials, &jobs, &[]).piloted("rust", case);
        let (waits_ns, computes_ns) = (10.0, 3.0);
        assert_eq!(piloted("pilot"), Some(WaitCompute { waits_ns, computes_ns }));
        assert_eq!(piloted("another"), None);
    }
}
