//! What the simulated machine costs, as was asked for.

use super::bench::Bench;
use super::{calibrate, preset};
use crate::options::Prices;
use anyhow::{Context, Result};
use lab_data::machine::Machine;
use lab_data::run::RunInfo;
use lab_data::settings::costs::Costs;
use lab_data::usage::{Cost, Meter, TOO_MUCH};
use std::time::{Duration, Instant};

impl Prices {
    /// The costs. `python` is the interpreter that stands for CPython where this machine is calibrated.
    /// Adds a warning if others used it meanwhile.
    ///
    /// # Errors
    /// If the file has none, or this machine cannot be calibrated.
    pub(crate) fn costs(
        &self,
        bench: &mut Bench,
        python: Option<&str>,
        warnings: &mut Vec<String>,
    ) -> Result<Costs> {
        match self {
            Prices::This => {
                let (meter, begun) = (Meter::start(), Instant::now());
                let costs = calibrate::calibrate(bench, python).context(
                    "this machine cannot be calibrated; --costs article needs no calibration",
                )?;
                warnings.extend(disturbed(&meter.stop(), begun.elapsed()));
                Ok(costs)
            }
            Prices::Article => Ok(preset::article()),
            Prices::Saved(file) => {
                let simulated = RunInfo::read(file)?.settings.simulated;
                let simulated = simulated.with_context(|| {
                    format!(
                        "{} has no costs: give the run.json of a run that was simulated",
                        file.display()
                    )
                })?;
                Ok(simulated.costs)
            }
        }
    }
}

/// What is said if others used a good part of the machine while it was calibrated. An interpreter that has
/// not ended counts as another, so that a third of what it could use is granted.
fn disturbed(cost: &Cost, took: Duration) -> Option<String> {
    const GRANTED: f64 = 0.33;
    let all_ns = took.as_nanos() as f64 * f64::from(Machine::read().cores.logical);
    let share = cost.others_cpu_ns(0)? as f64 / all_ns;
    (share > TOO_MUCH + GRANTED).then(|| {
        format!(
            "other programs used about {:.0} % of this machine while it was calibrated, so that the \
             simulation's costs are too high: close them, and run again, or use --costs article",
            100.0 * share
        )
    })
}
