//! W and C: how long a job waits and computes, from jobs that ran one after another.

use super::recording::Recording;
use crate::arms::work::WaitCompute;
use lab_data::rows::{JobRow, Role, TrialRow};
use lab_stats::formulas::waits;

impl Recording {
    /// How long a job of a pilot run waits and computes, on average over those that did not fail: C is
    /// its CPU time, W what is left of its time but for the time that it was ready and had no core.
    pub(crate) fn piloted(&self, runtime: &str, case: &str) -> Option<WaitCompute> {
        let is_pilot = |trial: &&TrialRow| {
            trial.role == Role::Pilot && trial.runtime == runtime && trial.case == case
        };
        let took = |job: &JobRow| Some((job.end_ns?.saturating_sub(job.start_ns?), job.cpu_ns?));
        let (mut jobs, mut wall_ns, mut cpu_ns, mut delay_ns) = (0.0, 0.0, 0.0, 0.0);
        for trial in self.all_trials().iter().filter(is_pilot) {
            let done = self.jobs(trial).iter().filter(|job| job.outcome == "ok");
            for (wall, cpu) in done.filter_map(took) {
                jobs += 1.0;
                wall_ns += wall as f64;
                cpu_ns += cpu as f64;
            }
            if trial.errors < trial.jobs {
                delay_ns += trial.run_delay_ns.unwrap_or(0) as f64;
            }
        }
        (jobs > 0.0).then(|| WaitCompute {
            waits_ns: waits(wall_ns, cpu_ns, delay_ns) / jobs,
            computes_ns: cpu_ns / jobs,
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
