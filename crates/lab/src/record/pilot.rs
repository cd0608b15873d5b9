//! W and C of jobs that ran one after another.

use super::recording::Recording;
use crate::arms::work::WaitCompute;
use lab_data::rows::{Role, TrialRow};
use lab_pool::TrialReport;
use lab_stats::formulas::waits;

/// Adds up what jobs that ran one after another took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    jobs: u32,
    wall_ns: f64,
    cpu_ns: f64,
    delay_ns: f64,
}

impl Sum {
    /// Of the jobs that did not fail.
    pub(crate) fn of_reports<'r>(reports: impl IntoIterator<Item = &'r TrialReport>) -> Sum {
        let mut sum = Sum::default();
        for report in reports {
            let before = sum.jobs;
            let done = report.jobs.iter().filter(|job| job.report.error.is_none());
            for job in done {
                let report = &job.report;
                if let Some(cpu_ns) = report.cpu_ns {
                    sum.add(report.end_ns.saturating_sub(report.start_ns), cpu_ns);
                }
            }
            if sum.jobs > before {
                sum.delay_ns += report.run_delay_ns.unwrap_or(0) as f64;
            }
        }
        sum
    }

    fn add(&mut self, wall_ns: u64, cpu_ns: u64) {
        self.jobs += 1;
        self.wall_ns += wall_ns as f64;
        self.cpu_ns += cpu_ns as f64;
    }

    /// On average per job; none without jobs.
    pub(crate) fn mean(&self) -> Option<WaitCompute> {
        let jobs = f64::from(self.jobs);
        (self.jobs > 0).then(|| WaitCompute {
            waits_ns: waits(self.wall_ns, self.cpu_ns, self.delay_ns) / jobs,
            computes_ns: self.cpu_ns / jobs,
        })
    }
}

impl Recording {
    /// How long a job of a pilot run waits and computes, on average: C is its CPU time, W what is left
    /// of its time but for the time that it was ready and had no core.
    pub(crate) fn piloted(&self, runtime: &str, case: &str) -> Option<WaitCompute> {
        let mut sum = Sum::default();
        let is_pilot = |trial: &&TrialRow| {
            trial.role == Role::Pilot && trial.runtime == runtime && trial.case == case
        };
        for trial in self.all_trials().iter().filter(is_pilot) {
            let done = self.jobs(trial).iter().filter(|job| job.outcome == "ok");
            for job in done {
                if let (Some(start), Some(end), Some(cpu)) = (job.start_ns, job.end_ns, job.cpu_ns)
                {
                    sum.add(end.saturating_sub(start), cpu);
                }
            }
            if trial.errors < trial.jobs {
                sum.delay_ns += trial.run_delay_ns.unwrap_or(0) as f64;
            }
        }
        sum.mean()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delay_is_neither_waiting_nor_computing() {
        let mut sum = Sum::default();
        sum.add(10, 2);
        sum.add(20, 4);
        sum.delay_ns = 4.0;
        let mean = sum.mean().unwrap();
        assert_eq!((mean.waits_ns, mean.computes_ns), (10.0, 3.0));
        assert_eq!(Sum::default().mean(), None);
    }
}
