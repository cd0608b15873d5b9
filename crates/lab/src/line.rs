//! Lines of a scaling figure: ratios of times, with every block a point.

use crate::arm::ArmId;
use crate::estimate::Measure;
use crate::figure::series;
use crate::recording::Recording;
use lab_plot::{Runtime, ScalingLine};
use lab_stats::interval::distribution;
use lab_stats::summary::median;
use std::collections::BTreeMap;

impl Recording {
    /// A line over the numbers of workers: how many times the makespan of `unit` the arms take, block
    /// by block. Every block is a point; the median; and the interval that decides, of the mean on a
    /// log scale.
    pub fn line(&self, label: &str, like: &ArmId, measure: Measure, unit: &ArmId) -> ScalingLine {
        // A panel shows one runtime, so that lines need not tell which.
        let mut line = empty(label, like, Runtime::Native);
        let units = self.blocks(unit, |trial| Measure::Makespan.of(trial));
        for workers in self.workers(like) {
            let times = self.blocks(&like.clone().with(workers), |trial| measure.of(trial));
            self.add(&mut line, workers.into(), &times, &units);
        }
        line
    }

    /// A line over any quantity: at each x, how many times the time of the second arm the first one
    /// takes, block by block. Its stroke tells the runtime of the first.
    pub fn ratios(
        &self,
        label: &str,
        measure: Measure,
        arms: &[(f64, ArmId, ArmId)],
    ) -> ScalingLine {
        let Some((_, like, _)) = arms.first() else {
            return empty(label, &crate::arm::serial(), Runtime::Native);
        };
        let mut line = empty(label, like, stroke(&like.runtime));
        for (x, arm, unit) in arms {
            let [times, units] = [arm, unit].map(|arm| self.blocks(arm, |trial| measure.of(trial)));
            self.add(&mut line, *x, &times, &units);
        }
        line
    }

    /// A line of the second arm over any quantity: at each x, how many times as fast as the first it
    /// is, block by block.
    pub fn speed_ups(
        &self,
        label: &str,
        measure: Measure,
        arms: &[(f64, ArmId, ArmId)],
    ) -> ScalingLine {
        let line = self.ratios(label, measure, arms);
        let own = arms.first().map(|(_, _, arm)| series(arm.executor));
        ScalingLine {
            series: own.unwrap_or(line.series),
            ..line
        }
    }

    /// What the bands of lines are: `98.3 % interval`, the one that decides.
    pub fn interval_words(&self) -> String {
        format!("{} % interval", (1000.0 * self.confidence()).round() / 10.0)
    }

    /// Adds the blocks that have both, their median and their interval.
    fn add(
        &self,
        line: &mut ScalingLine,
        x: f64,
        times: &BTreeMap<u32, f64>,
        units: &BTreeMap<u32, f64>,
    ) {
        let values: Vec<f64> = times
            .iter()
            .filter_map(|(block, time)| Some(time / units.get(block)?))
            .collect();
        line.points.extend(values.iter().map(|&value| (x, value)));
        line.median
            .extend(median(&values).map(|median| (x, median)));
        if let Ok(interval) = distribution(&values, self.confidence()) {
            line.band.push((x, interval.low, interval.high));
        }
    }
}

fn empty(label: &str, like: &ArmId, runtime: Runtime) -> ScalingLine {
    ScalingLine {
        label: label.to_owned(),
        series: series(like.executor),
        runtime,
        points: Vec::new(),
        median: Vec::new(),
        band: Vec::new(),
    }
}

fn stroke(runtime: &str) -> Runtime {
    match runtime {
        "rust" => Runtime::Native,
        "gil" => Runtime::Gil,
        _ => Runtime::CPython,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arm::{serial, threads};
    use crate::looks::LOOKS;
    use crate::recording::tests::{trial, with};
    use lab_record::rows::{Executor, TrialRow};

    #[test]
    fn the_band_is_the_interval_that_decides_and_is_called_by_its_level() {
        let of = |block: u32, executor, workers, ms: u64| TrialRow {
            block,
            executor,
            workers,
            makespan_ns: Some(ms * 1_000_000),
            ..trial()
        };
        let blocks = (1..=7).flat_map(|block| {
            let ms = 10 + u64::from(block);
            [
                of(block, Executor::Serial, 1, 20),
                of(block, Executor::Threads, 2, ms),
            ]
        });
        let mut run = with(&blocks.collect::<Vec<_>>(), &[], &[]);
        assert_eq!(run.interval_words(), "95 % interval");
        let looks = vec![7, 14, 28];
        run.info.settings.insert(LOOKS.to_owned(), looks.into());
        assert_eq!(run.interval_words(), "98.3 % interval");
        let line = run.line("", &threads(2), Measure::Makespan, &serial());
        let judged = run.ratio(Measure::Makespan, &threads(2), &serial());
        let judged = judged.interval().unwrap();
        let [(x, low, high)] = line.band[..] else {
            panic!("{:?}", line.band);
        };
        assert_eq!(x, 2.0);
        assert!((low - judged.low).abs() < 1e-12 && (high - judged.high).abs() < 1e-12);
    }
}
