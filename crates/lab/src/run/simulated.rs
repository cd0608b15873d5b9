//! A run on a machine that does not exist.

use super::children;
use super::invocation::Invocation;
use super::usage::Usage;
use crate::arms::arm::Arm;
use crate::arms::runtime::{Runtime, is_simulated, newest_with_lock, of_run};
use crate::design::Design;
use crate::measure::runtimes;
use crate::measure::simulate::Simulation;
use crate::measure::simulate::bench::Bench;
use crate::measure::simulate::profile::unprofiled;
use crate::options::{Group, Prices};
use anyhow::Result;
use lab_data::machine::{Cores, Machine};
use lab_data::run::RunInfo;
use lab_data::settings::costs::SimulatedRun;
use lab_pool::Wanted;

/// Virtual time has no noise that a run must begin with: one seed, unless another is asked for.
const SEED: u64 = 1;

impl Invocation {
    /// Refuses what nobody can simulate.
    pub(super) fn check_simulated(&self) -> Result<(), Usage> {
        let options = &self.options;
        let refused = |why: &str| Err(Usage(format!("--simulate {why}")));
        if options.io.urls.is_some() && !options.is_own_work() {
            return refused(
                "knows the times of the laboratory's own pages only: leave out --urls, or give them to \
                 pool-sizing",
            );
        }
        if self.experiment.groups.contains(&Group::Model) {
            return refused(
                "makes no sense here: what is compared is this machine and a simulation of it",
            );
        }
        let has_odd = options.common.simulate.iter().any(|cores| !cores.is_multiple_of(2));
        if options.common.pairs.is_some() && has_odd {
            return refused("needs an even number of cores with --pairs: two to each core");
        }
        if options.track.raw {
            return refused(
                "reads no clock, so that there are no readings to keep: leave out --raw",
            );
        }
        Ok(())
    }

    /// Refuses an experiment none of whose claims can be judged, since what its jobs take is not known.
    pub(super) fn check_profiles(&self, designs: &[Design]) -> Result<(), Usage> {
        let unknown = |design: &Design, arm: &Arm| {
            let declared = design.declared(arm)?;
            unprofiled(&declared.jobs)
        };
        let mut first = None;
        for design in designs {
            for part in design.claims.iter().flat_map(|claim| &claim.parts) {
                let Ok(basis) = &part.basis else { continue };
                let arms = basis.arms();
                let kind = arms.iter().find_map(|arm| unknown(design, arm));
                if kind.is_none() && arms.iter().all(|arm| is_simulated(&arm.runtime)) {
                    return Ok(());
                }
                first = first.or(kind);
            }
        }
        let what = first.map_or("it compares runtimes that are not simulated".to_owned(), |kind| {
            format!("nothing says how long its {kind} jobs take on another machine")
        });
        Err(Usage(format!("{} cannot be simulated: {what}", self.experiment.name)))
    }

    /// Whether anything is measured: also where the machine is calibrated for a simulation.
    pub(super) fn needs_machine(&self) -> bool {
        let prices = self.options.common.costs.clone().unwrap_or_default();
        self.cores.is_none() || prices == Prices::This && self.costs.get().is_none()
    }

    /// Whether it is another machine of the same command.
    pub(super) fn is_later(&self) -> bool {
        self.cores.is_some() && self.cores != self.options.common.simulate.first().copied()
    }

    /// What is known of a run on so many cores, and who runs its trials.
    pub(super) fn simulated(&self, cores: u32) -> Result<(RunInfo, Bench, Vec<Runtime>)> {
        let common = &self.options.common;
        let seed = common.seed.unwrap_or(SEED);
        let mut info = self.info(seed);
        info.machine = imagined(cores);
        info.clock_resolution_ns = 1;
        info.warnings.clear();
        let mut bench = Bench::new(children::pool(None)?);
        let costs = match self.costs.get() {
            Some(costs) => costs.clone(),
            None => {
                let prices = common.costs.clone().unwrap_or_default();
                let python = match prices {
                    Prices::This => runtimes::first_python(&mut bench.pool),
                    _ => None,
                };
                let costs = prices.costs(&mut bench, python.as_deref(), &mut info.warnings)?;
                self.costs.get_or_init(|| costs).clone()
            }
        };
        let run = SimulatedRun { cores, costs, pairs_percent: common.pairs, broken: common.broken };
        info.settings.simulated = Some(run.clone());
        bench.simulation = Some(Simulation::new(run, seed));
        let is_wanted = |runtime: &Runtime| {
            let named = runtime.name().parse().ok();
            let includes =
                |wanted: &Wanted| named.as_ref().is_some_and(|name| wanted.includes(name));
            common.runtimes.is_empty() || common.runtimes.iter().any(includes)
        };
        let names = Runtime::simulated().into_iter().filter(is_wanted);
        info.settings.runtimes = names.map(|runtime| runtime.name().to_owned()).collect();
        if info.settings.runtimes.is_empty() {
            let names = lab_pool::Runtime::SIMULATED.join(", ");
            return Err(Usage(format!("no runtime is left to simulate; there are: {names}")).into());
        }
        let runtimes = of_run(&info);
        Ok((info, bench, runtimes))
    }
}

/// This machine as the simulation has it: calibrated now, and noted.
pub(super) fn model_of_this(bench: &mut Bench, info: &mut RunInfo) -> Result<Simulation> {
    let python = newest_with_lock(info).map(|one| one.runtime.clone());
    let costs = Prices::This.costs(bench, python.as_deref(), &mut info.warnings)?;
    let run =
        SimulatedRun { cores: info.machine.cores.usable, costs, pairs_percent: None, broken: None };
    info.settings.simulated = Some(run.clone());
    Ok(Simulation::new(run, info.seed))
}

/// A machine of which nothing is known but its cores.
fn imagined(cores: u32) -> Machine {
    let cores = Cores { logical: cores, physical: cores, usable: cores, ..Cores::default() };
    Machine { kernel: "simulated".to_owned(), cores, ..Machine::default() }
}
