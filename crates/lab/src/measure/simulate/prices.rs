//! What the simulated machine costs, as was asked for.

use super::bench::Bench;
use super::{calibrate, preset};
use crate::options::Prices;
use anyhow::{Context, Result};
use lab_data::run::RunInfo;
use lab_data::settings::costs::Costs;

impl Prices {
    /// The costs. `python` is the interpreter that stands for CPython where this machine is calibrated.
    ///
    /// # Errors
    /// If the file has none, or this machine cannot be calibrated.
    pub(crate) fn costs(&self, bench: &mut Bench, python: Option<&str>) -> Result<Costs> {
        match self {
            Prices::This => calibrate::calibrate(bench, python)
                .context("this machine cannot be calibrated; --costs article needs no calibration"),
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
