//! How the measured work would fare on machines that do not exist: simulated, and called so.

use super::advice::{Advice, Elsewhere, Simulated};
use super::design::PILOT;
use crate::arms::runtime::Runtime;
use crate::measure::rig::Rig;
use crate::record::Recording;
use anyhow::{Context, Result};
use lab_data::run::OtherMachines;
use lab_sim::{Executor, MOST_CORES, Plan, PoolCosts, Profile, SimError, Step, simulate};
use lab_stats::formulas::goetz;
use lab_stats::sizing::SAME;

/// Of a longer list so many jobs are simulated, and the time is that of all.
const MOST_JOBS: u32 = 10_000;
/// On a machine of few cores no more workers than this are tried.
const FEW_WORKERS: u32 = 64;

/// Notes on which machines the work is to be simulated, and what they cost. `error` is from how many to how
/// many times the measured time the simulation was found to give.
///
/// # Errors
/// If this machine cannot be calibrated, or the file with the costs cannot be read.
pub(super) fn prepare(rig: &mut Rig, error: Option<(f64, f64)>) -> Result<()> {
    let cores = rig.options.common.simulate.clone();
    if cores.is_empty() {
        return Ok(());
    }
    let costs = rig.costs()?;
    if let Some(own) = &mut rig.info.settings.own_work {
        let (low, high) = error.unzip();
        own.elsewhere = Some(OtherMachines { cores, costs, low, high });
    }
    Ok(())
}

impl Advice {
    /// With how the work would fare on the machines that were asked for.
    ///
    /// # Errors
    /// If no machine is like that.
    pub(crate) fn and_elsewhere(mut self, run: &Recording) -> Result<Advice> {
        let own = run.info.settings.own_work.as_ref();
        let Some(other) = own.and_then(|own| own.elsewhere.as_ref()) else {
            return Ok(self);
        };
        let model = Model { run, other, jobs: jobs(run) };
        if model.jobs.is_empty() {
            return Ok(self);
        }
        let machines = other.cores.iter().map(|cores| model.on(*cores, &self));
        let machines = machines.collect::<Result<_, SimError>>();
        let machines = machines.context("your own work cannot be simulated")?;
        let measured = self.tried.iter().find(|tried| Some(tried.workers) == self.workers);
        let over_measured = measured.and_then(|tried| {
            let ns = model.makespan_ns(self.cores, tried.workers, self.jobs_measured).ok()?;
            Some(ns as f64 / 1e9 / tried.seconds)
        });
        self.simulated =
            Some(Simulated { machines, over_measured, low: other.low, high: other.high });
        Ok(self)
    }
}

/// The work, and what a machine costs.
struct Model<'r> {
    run: &'r Recording,
    other: &'r OtherMachines,
    /// Those that were tried one after another.
    jobs: Vec<Profile>,
}

impl Model<'_> {
    /// The smallest number of workers that takes at most [`SAME`] times as long as any other.
    fn on(&self, cores: u32, advice: &Advice) -> Result<Elsewhere, SimError> {
        let mean = advice.waits_ms.zip(advice.computes_ms);
        let formula = mean.and_then(|(waits, computes)| goetz(waits, computes, cores, MOST_CORES));
        let jobs = advice.jobs.clamp(1, MOST_JOBS);
        let most = FEW_WORKERS.max(cores.saturating_mul(2)).min(jobs);
        let powers = (0..).map(|n| 1 << n).take_while(|power| *power < most);
        let mut workers: Vec<u32> = powers.chain([cores, most]).chain(formula).collect();
        workers.iter_mut().for_each(|n| *n = (*n).clamp(1, most));
        workers.sort_unstable();
        workers.dedup();
        let times = workers.into_iter().map(|n| Ok((n, self.makespan_ns(cores, n, jobs)? as f64)));
        let times = times.collect::<Result<Vec<(u32, f64)>, SimError>>()?;
        let least = times.iter().map(|(_, ns)| *ns).fold(f64::INFINITY, f64::min);
        let first = times.into_iter().find(|(_, ns)| *ns <= SAME * least);
        let (workers, ns) = first.unwrap_or((1, least));
        let seconds = ns / 1e9 * f64::from(advice.jobs) / f64::from(jobs);
        Ok(Elsewhere { cores, workers, seconds })
    }

    fn makespan_ns(&self, cores: u32, workers: u32, jobs: u32) -> Result<u64, SimError> {
        let costs = &self.other.costs;
        let jobs = self.jobs.iter().cycle().take(jobs as usize).cloned().collect();
        let pool = PoolCosts {
            start: costs.rust.thread,
            hand_over: costs.rust.to_thread,
            ..PoolCosts::default()
        };
        let plan = Plan {
            kernel: costs.kernel,
            pool,
            seed: self.run.info.seed,
            records: false,
            ..Plan::exact(cores, Executor::Threads, workers as usize, jobs)
        };
        Ok(simulate(&plan)?.answered_ns)
    }
}

/// The jobs that were tried one after another: each computes half, waits, and computes the rest. What they
/// wait in the mean is what the advice says.
fn jobs(run: &Recording) -> Vec<Profile> {
    let rust = Runtime::rust().name;
    let Some(mean) = run.piloted(&rust, PILOT) else {
        return Vec::new();
    };
    let all: Vec<(u64, u64)> = run.pilot_jobs(&rust, PILOT).collect();
    let waited: u64 = all.iter().map(|(wall, cpu)| wall.saturating_sub(*cpu)).sum();
    let share = mean.waits_ns * all.len() as f64 / (waited as f64).max(1.0);
    let profile = |(wall, cpu): (u64, u64)| {
        let waits = (wall.saturating_sub(cpu) as f64 * share) as u64;
        let half = cpu / 2;
        Profile::new(vec![Step::Native(half), Step::Wait(waits), Step::Native(cpu - half)])
    };
    all.into_iter().map(profile).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::test_rows::{job, recorded, trial};
    use lab_data::rows::{JobRow, Role, TrialRow};
    use lab_data::run::OwnWork;
    use lab_data::settings::costs::{Costs, KernelCosts};

    const MS: u64 = 1_000_000;

    /// Forty jobs, which compute for 10 ms and wait for `waits` ms.
    fn run(waits: u64, cores: &[u32]) -> Recording {
        let pilot =
            TrialRow { role: Role::Pilot, case: PILOT.to_owned(), judged: false, ..trial() };
        let took = JobRow { cpu_ns: Some(10 * MS), ..job(&pilot, 0, 0, (10 + waits) * MS) };
        let mut run = recorded(&[pilot], &[took], &[]);
        let kernel = KernelCosts { slice_ns: 4 * MS, preempt_ns: MS, ..KernelCosts::default() };
        run.info.settings.own_work = Some(OwnWork {
            jobs: 40,
            elsewhere: Some(OtherMachines {
                cores: cores.to_vec(),
                costs: Costs { kernel, ..Costs::default() },
                low: Some(0.8),
                high: Some(1.25),
            }),
            ..OwnWork::default()
        });
        run
    }

    fn simulated(waits: u64, cores: &[u32]) -> Vec<(u32, u32, f64)> {
        let run = run(waits, cores);
        let advice = run.advice().unwrap().and_elsewhere(&run).unwrap();
        let machines = advice.simulated.unwrap().machines.into_iter();
        machines.map(|one| (one.cores, one.workers, one.seconds)).collect()
    }

    #[test]
    fn what_computes_wants_the_cores_and_what_waits_the_formula() {
        assert_eq!(simulated(0, &[4, 8]), [(4, 4, 0.1), (8, 8, 0.05)]);
        // One core computes for 400 ms, and nothing takes less. The formula says 4 and 16; of forty jobs the
        // last ones of so few workers would wait while nobody computes.
        assert_eq!(simulated(30, &[1, 4]), [(1, 32, 0.402), (4, 40, 0.121)]);
    }

    #[test]
    fn a_machine_that_is_none_is_an_error() {
        let run = run(0, &[0]);
        let error = run.advice().unwrap().and_elsewhere(&run).unwrap_err();
        assert!(format!("{error:#}").contains("not 0"), "{error:#}");
    }
}
