//! Measures somebody's own work: first a few jobs one by one, then all of it on several numbers of
//! workers, in blocks, within the budget.

use crate::arm::{Arm, ArmId, serial, threads};
use crate::measuring::Lab;
use crate::plan::{Asked, Plan, TooLong, Work, plan};
use crate::print;
use crate::recording::{RUNTIMES, Recording};
use crate::words;
use crate::writing::Kept;
use anyhow::{Context, Result, bail};
use lab_jobs::Job;
use lab_pool::TrialReport;
use lab_record::rows::{Role, TrialRow};
use lab_stats::sizing::waits;
use std::time::{Duration, Instant};

/// The case of the jobs that are run one by one, to know what they are like.
pub(crate) const SCOUT: &str = "scout";
/// Scouting takes at most this share of the budget, …
const SCOUTING: u32 = 10;
/// … and no more jobs than this.
const SCOUTS: usize = 24;

/// W and C: how long a job waits and computes, on average.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaitCompute {
    /// Waiting, in nanoseconds.
    pub waits_ns: f64,
    /// Computing, in nanoseconds.
    pub computes_ns: f64,
}

/// Sums what jobs that ran one by one took.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    jobs: u32,
    wall_ns: f64,
    cpu_ns: f64,
    delay_ns: f64,
}

impl Sum {
    fn add(&mut self, wall_ns: u64, cpu_ns: u64) {
        self.jobs += 1;
        self.wall_ns += wall_ns as f64;
        self.cpu_ns += cpu_ns as f64;
    }

    fn mean(&self) -> Option<WaitCompute> {
        let jobs = f64::from(self.jobs);
        (self.jobs > 0).then(|| WaitCompute {
            waits_ns: waits(self.wall_ns, self.cpu_ns, self.delay_ns) / jobs,
            computes_ns: self.cpu_ns / jobs,
        })
    }
}

impl Lab {
    /// Runs jobs one by one, outside of all blocks, to know how long they wait and compute. It is
    /// recorded as such: [`Recording::wait_compute`] gives the same from the record. None if
    /// all of them failed.
    ///
    /// # Errors
    /// If they cannot be run or saved.
    pub fn scout(&mut self, arm: &ArmId, jobs: &[Job]) -> Result<Option<WaitCompute>> {
        let report = self.run_scout(arm, jobs)?;
        let mut sum = Sum::default();
        add_report(&mut sum, &report);
        Ok(sum.mean())
    }

    fn run_scout(&mut self, arm: &ArmId, jobs: &[Job]) -> Result<TrialReport> {
        let keep = Kept {
            jobs: true,
            spans: false,
        };
        self.run_trial(&Arm::new(arm.clone(), jobs).scout(), 0, 0, keep)
            .with_context(|| format!("one by one, {arm}"))
    }

    /// Measures somebody's own work on numbers of workers around the formula's, within the budget.
    /// The last thing that is measured.
    ///
    /// # Errors
    /// If it would take longer than the budget, or a trial cannot be run or saved.
    pub fn sweep(&mut self, jobs: &[Job]) -> Result<()> {
        let begun = Instant::now();
        let budget = self.budget();
        print::err("Trying a few jobs one by one.");
        let Some(mean) = self.scout_some(jobs, budget / SCOUTING)? else {
            // The advice will be refused with what the jobs say.
            self.note(RUNTIMES, self.runtimes());
            return Ok(());
        };
        let work = Work {
            jobs: u32::try_from(jobs.len()).unwrap_or(u32::MAX),
            waits: mean.waits_ns / 1e9,
            computes: mean.computes_ns / 1e9,
            cores: self.cores(),
        };
        let left = budget.saturating_sub(begun.elapsed());
        let asked = Asked {
            workers: &self.options.workers.workers,
            blocks: self.options.common.blocks,
        };
        let plan = match plan(&work, left, &asked) {
            Ok(plan) => plan,
            Err(TooLong(needed)) => bail!(
                "{} are too short for jobs of {}: give it about {} with --budget",
                seconds(budget),
                words::time(mean.waits_ns + mean.computes_ns),
                seconds(needed + begun.elapsed())
            ),
        };
        self.forecast.learn_own(mean);
        self.run_plan(&plan, jobs, budget.saturating_sub(begun.elapsed()))
    }

    /// Single jobs from all over the list, until the time is over.
    fn scout_some(&mut self, jobs: &[Job], time: Duration) -> Result<Option<WaitCompute>> {
        let begun = Instant::now();
        let mut sum = Sum::default();
        for job in spread(jobs, SCOUTS) {
            let report = self.run_scout(&serial().case(SCOUT), &[job])?;
            add_report(&mut sum, &report);
            if begun.elapsed() > time {
                break;
            }
        }
        Ok(sum.mean())
    }

    fn run_plan(&mut self, plan: &Plan, jobs: &[Job], time: Duration) -> Result<()> {
        let some = spread(jobs, plan.jobs as usize);
        if some.len() < jobs.len() {
            print::err(&format!(
                "Measuring {} of the {} jobs, from all over the list, to keep within the budget.",
                some.len(),
                jobs.len()
            ));
        }
        let mut arms: Vec<Arm> = plan
            .workers
            .iter()
            .map(|&n| Arm::new(threads(n), &some))
            .collect();
        if plan.workers.contains(&plan.formula) {
            arms.push(Arm::new(threads(plan.formula).again(), &some));
        }
        self.race(&arms, plan.blocks, time)
    }
}

impl Recording {
    /// How long a job of an arm that was scouted waits and computes, on average: C is its CPU time, W
    /// what is left of its time but for the time that it was ready and had no core.
    pub fn wait_compute(&self, arm: &ArmId) -> Option<WaitCompute> {
        let mut sum = Sum::default();
        let is_scout = |trial: &&TrialRow| trial.role == Role::Scout && arm.is_of(trial);
        let scouts = self.all_trials().iter().filter(is_scout);
        for trial in scouts {
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

fn add_report(sum: &mut Sum, report: &TrialReport) {
    let done = report.jobs.iter().filter(|job| job.report.error.is_none());
    let before = sum.jobs;
    for job in done {
        if let Some(cpu_ns) = job.report.cpu_ns {
            sum.add(
                job.report.end_ns.saturating_sub(job.report.start_ns),
                cpu_ns,
            );
        }
    }
    if sum.jobs > before {
        sum.delay_ns += report.run_delay_ns.unwrap_or(0) as f64;
    }
}

/// So many of the jobs, from all over the list and in its order; all if there are no more.
fn spread(jobs: &[Job], number: usize) -> Vec<Job> {
    let number = number.min(jobs.len());
    (0..number)
        .filter_map(|at| jobs.get(at * jobs.len() / number).cloned())
        .collect()
}

fn seconds(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds < 100.0 => format!("{:.0} s", seconds.ceil()),
        seconds => format!("{:.0} min", (seconds / 60.0).ceil()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_taken_from_all_over_the_list() {
        let jobs: Vec<Job> = (0..10).map(|ns| Job::Wait { ns }).collect();
        assert_eq!(spread(&jobs, 3), [0, 3, 6].map(|ns| Job::Wait { ns }));
        assert_eq!(spread(&jobs, 20), jobs);
        assert!(spread(&[], 3).is_empty());
    }

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
