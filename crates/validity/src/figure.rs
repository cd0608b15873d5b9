//! Error rate and power over the size of the effect.

use crate::machine::Machine;
use crate::rows::{Condition, Part};
use crate::rules::FASTER_OR_SLOWER;
use crate::study::Study;
use crate::targets::{LARGE, MOST_WRONG, looks_of_default};
use anyhow::Result;
use lab::figure::caption;
use lab_plot::{
    Frame, PointMark, ReferenceLine, Runtime, Scaling, ScalingLine, ScalingPanel, Series, XAxis,
    YAxis,
};
use lab_stats::rate::Rate;
use std::path::Path;

impl Study {
    /// Draws the figure into the PNG at `path`.
    ///
    /// # Errors
    /// If there is nothing to draw, or the file cannot be written.
    pub fn draw(&self, path: &Path) -> Result<()> {
        Ok(lab_plot::scaling(&self.figure(), path)?)
    }

    fn figure(&self) -> Scaling {
        let conditions = self.conditions();
        let of = |part, machine: &str| -> Vec<&Condition> {
            let rows = conditions.iter().filter(|row| {
                row.part == part
                    && row.machine == machine
                    && row.is_as_decided()
                    && row.rule.starts_with(FASTER_OR_SLOWER.name)
                    && row.effect <= LARGE
            });
            rows.collect()
        };
        let simulated = Machine::ALL.into_iter().map(|machine| {
            let title = format!("simulated, {} machine", machine.name());
            panel(title, &of(Part::Simulated, machine.name()))
        });
        let real = Part::ALL
            .into_iter()
            .filter(|part| *part != Part::Simulated);
        let real = real.map(|part| panel(format!("real {}", part.name()), &of(part, "")));
        let panels = simulated.chain(real).flatten().collect();
        Scaling {
            frame: Frame {
                title: self.title(&conditions),
                subtitle: format!(
                    "Verdicts on “the second arm takes longer” in runs that look after {} blocks, by \
                     how much longer its jobs are. At 0 % every verdict is wrong (ring: in runs of 5 \
                     blocks).",
                    looks_of_default().replace('/', ", ")
                ),
                caption: caption(&self.info),
            },
            x_label: "longer by, in per cent".to_owned(),
            y_label: "share of runs, in per cent".to_owned(),
            x: XAxis::Linear,
            y: YAxis::Linear(0.0, 100.0),
            point: String::new(),
            interval: "95 % limits".to_owned(),
            panels,
        }
    }

    /// What the real runs on an idle machine say, else what all say.
    fn title(&self, conditions: &[Condition]) -> String {
        let sum = |effect: f64, of: fn(&Condition) -> u32| -> (u32, u32) {
            let rows = conditions.iter().filter(|row| {
                row.part != Part::Simulated
                    && !row.part.has_neighbour()
                    && row.is_as_decided()
                    && row.effect == effect
            });
            rows.fold((0, 0), |(hits, runs), row| {
                (hits + of(row), runs + row.runs)
            })
        };
        let (wrong, same) = sum(1.0, |row| row.wrong);
        let (right, longer) = sum(LARGE, |row| row.right);
        match same > 0 && longer > 0 {
            true => format!(
                "{wrong} of {same} real runs say that an arm differs from itself; {right} of \
                 {longer} find that one made 25 % longer takes longer"
            ),
            false => "How often verdicts are wrong, and how often they are found".to_owned(),
        }
    }
}

/// None without a condition of default looks.
fn panel(title: String, rows: &[&Condition]) -> Option<ScalingPanel> {
    let default = looks_of_default();
    let mut shown: Vec<&Condition> = rows
        .iter()
        .copied()
        .filter(|r| r.looks == default)
        .collect();
    shown.sort_by(|a, b| a.effect.total_cmp(&b.effect));
    let last = percent_longer(shown.last()?);
    let right: Vec<&Condition> = shown
        .iter()
        .copied()
        .filter(|row| row.has_truth())
        .collect();
    let quick = rows.iter().find(|row| row.looks == "5" && !row.has_truth());
    Some(ScalingPanel {
        title,
        lines: vec![
            line("right", Runtime::Native, &right, Condition::right_rate),
            line("wrong", Runtime::CPython, &shown, Condition::wrong_rate),
        ],
        references: vec![ReferenceLine {
            label: format!("{:.0} %", 100.0 * MOST_WRONG),
            points: vec![(0.0, 100.0 * MOST_WRONG), (last, 100.0 * MOST_WRONG)],
        }],
        cores: None,
        shades: Vec::new(),
        marks: quick
            .map(|row| PointMark {
                label: format!("{} of {}", row.wrong, row.runs),
                x: percent_longer(row),
                y: Some(100.0 * row.wrong_share),
            })
            .into_iter()
            .collect(),
    })
}

fn line(
    label: &str,
    runtime: Runtime,
    rows: &[&Condition],
    rate: fn(&Condition) -> Rate,
) -> ScalingLine {
    let rates = || rows.iter().map(|row| (percent_longer(row), rate(row)));
    ScalingLine {
        label: label.to_owned(),
        series: Series::Serial,
        runtime,
        points: Vec::new(),
        median: rates().map(|(x, rate)| (x, 100.0 * rate.share)).collect(),
        band: rates()
            .map(|(x, rate)| (x, 100.0 * rate.low, 100.0 * rate.high))
            .collect(),
    }
}

fn percent_longer(row: &Condition) -> f64 {
    100.0 * (row.effect - 1.0)
}
