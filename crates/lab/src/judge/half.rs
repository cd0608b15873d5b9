//! A speed-up against half of what the machine can give.

use super::decide::Judge;
use super::estimate::{Blocks, Estimate};
use crate::design::Design;
use crate::design::quantity::Quantity;
use lab_stats::faster::over_half;

impl Judge<'_> {
    /// The speed-up over half of the log speed-up that native processes reach in the same blocks: above
    /// 1 if the arm is faster.
    pub(super) fn over_half(
        &self,
        design: &Design,
        serial: &Quantity,
        arm: &Quantity,
        speed_up: Estimate,
        level: f64,
    ) -> Estimate {
        let Some(control) = self.control.as_ref() else {
            return speed_up;
        };
        let (alone, together) = control.times(&design.control_by);
        let possible = self.run.estimate(&(alone.clone() / together.clone()), level);
        let interval = speed_up.interval.and_then(|_| {
            let all = [serial, arm, &alone, &together].map(|of| self.run.blocks(of));
            let [serial, arm, alone, together] = in_common(&all);
            // What the control would take for this runtime's serial work.
            let control: Vec<f64> = serial
                .iter()
                .zip(alone.iter().zip(&together))
                .map(|(serial, (alone, together))| serial * together / alone)
                .collect();
            Ok(over_half(&serial, &arm, &control, level)?)
        });
        let measure = format!("{}, over the square root of {}", speed_up.measure, possible.measure);
        Estimate { measure, interval, ..speed_up }
    }
}

/// The values of some arms in each block that all of them have.
fn in_common<const N: usize>(arms: &[Blocks; N]) -> [Vec<f64>; N] {
    let mut all: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
    for block in arms.iter().take(1).flat_map(|first| first.keys()) {
        let values: Option<Vec<f64>> = arms.iter().map(|arm| arm.get(block).copied()).collect();
        for (column, value) in all.iter_mut().zip(values.into_iter().flatten()) {
            column.push(value);
        }
    }
    all
}
