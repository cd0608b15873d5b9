//! What the simulated machine costs, as was asked for.

use super::bench::Bench;
use super::{calibrate, preset};
use crate::options::Prices;
use crate::record::noise::{NoiseSum, Worst};
use anyhow::{Context, Result, bail};
use lab_data::machine::Machine;
use lab_data::run::RunInfo;
use lab_data::settings::costs::Costs;
use serde_json::{Value, json};

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
                bench.noise = NoiseSum::NONE;
                let costs = calibrate::calibrate(bench, python).context(
                    "this machine cannot be calibrated; --costs article needs no calibration",
                )?;
                warnings.extend(disturbed(bench.noise));
                Ok(costs)
            }
            Prices::Article => Ok(preset::article()),
            Prices::Saved(file) => {
                let info = RunInfo::read(file)?;
                let simulated = info.settings.simulated.with_context(|| {
                    format!(
                        "{} has no costs: give the run.json of a run that was simulated",
                        file.display()
                    )
                })?;
                match impossible(&simulated.costs) {
                    None => Ok(simulated.costs),
                    Some(what) => bail!(
                        "{} has costs that no machine has ({what}): give another one, or --costs article",
                        file.display()
                    ),
                }
            }
        }
    }
}

/// What no machine costs, by its name: more than an hour, scattering by more than itself, no slice at all.
fn impossible(costs: &Costs) -> Option<String> {
    const HOUR_NS: u64 = 3_600_000_000_000;
    fn above(most: u64, name: &str, value: &Value) -> Option<String> {
        match value {
            Value::Object(parts) => {
                let mut parts = parts.iter();
                parts.find_map(|(part, value)| above(most, &format!("{name}.{part}"), value))
            }
            value => value.as_u64().filter(|ns| *ns > most).map(|ns| format!("{name} is {ns}")),
        }
    }
    let Costs { kernel, rust, cpython, .. } = costs;
    let scatters = kernel.jitter_ppm > 1_000_000;
    let of = |name: &str, value: Value| above(HOUR_NS, name, &value);
    (kernel.slice_ns == 0)
        .then(|| "kernel.slice_ns is 0".to_owned())
        .or_else(|| scatters.then(|| format!("kernel.jitter_ppm is {}", kernel.jitter_ppm)))
        .or_else(|| of("kernel", json!(kernel)))
        .or_else(|| of("rust", json!(rust)))
        .or_else(|| of("cpython", json!(cpython)))
}

/// What is said if others used a good part of the machine while it was calibrated.
fn disturbed(noise: NoiseSum) -> Option<String> {
    let cores = Machine::read().cores.logical;
    let (who, remedy) = Worst::default().and(noise.shares(cores)).words();
    noise.is_too_much(cores).then(|| {
        format!(
            "{who} while it was calibrated, so that the simulation's costs are too high: {remedy}, or use \
             --costs article"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_that_no_machine_has_are_named() {
        let with = |of: fn(&mut Costs)| {
            let mut costs = preset::article();
            of(&mut costs);
            impossible(&costs)
        };
        assert_eq!(with(|_| ()), None);
        for (found, name) in [
            (with(|costs| costs.kernel.slice_ns = 0), "kernel.slice_ns is 0"),
            (with(|costs| costs.kernel.jitter_ppm = 2_000_000), "kernel.jitter_ppm is 2000000"),
            (
                with(|costs| costs.rust.thread.boot.high_ns = u64::MAX),
                "rust.thread.boot.high_ns is",
            ),
            (
                with(|costs| costs.cpython.step_ps.values_mut().for_each(|ps| *ps = u64::MAX)),
                "cpython.step_ps.add is",
            ),
        ] {
            assert!(found.clone().unwrap_or_default().starts_with(name), "{found:?}");
        }
    }
}
