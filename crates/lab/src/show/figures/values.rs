//! Panels of values: every value a point, and lines of ratios.

use super::source::Source;
use crate::arms::arm::Arm;
use crate::design::figure::{Mark, Panel, Series, Values, X};
use crate::design::quantity::{Comparison, MAKESPAN};
use crate::record::Recording;
use crate::show::words::colour;
use lab_data::rows::Executor;
use lab_plot::{Line, LinePanel, Reference, Shade, Strip, StripPanel, Stroke, Unit};
use lab_stats::crossing::below_from;
use lab_stats::interval::distribution;
use lab_stats::summary::median;
use std::collections::BTreeMap;

impl Source<'_> {
    /// Every value a point, with the median of each strip in this unit.
    pub(super) fn strips(&self, panel: &Panel, unit: Unit) -> Option<StripPanel> {
        let strips = panel.series.iter().filter_map(|series| match series {
            Series::Strip { arm, label, values: Values { of: Some(of) } } => {
                let trials = self.run.trials(arm).filter(|trial| trial.row.errors == 0);
                let values: Vec<f64> = trials.flat_map(|trial| of(&trial)).collect();
                let median = median(&values)?;
                Some(Strip {
                    label: label.clone(),
                    series: colour(arm.executor),
                    note: match unit {
                        Unit::Time => lab_stats::format::time(median),
                        Unit::Number => unit.words(median),
                    },
                    values,
                    median: Some(median),
                })
            }
            _ => None,
        });
        let strips: Vec<Strip> = strips.collect();
        let level = |(label, points): &(String, Vec<(f64, f64)>)| {
            points.first().map(|(_, value)| (label.clone(), *value))
        };
        (!strips.is_empty()).then(|| StripPanel {
            title: self.words(&panel.title),
            strips,
            references: panel.references.iter().filter_map(level).collect(),
        })
    }

    /// Lines of ratios, each block a point.
    pub(super) fn lines(&self, panel: &Panel) -> Option<LinePanel> {
        let run = self.run;
        let lines = panel.series.iter().filter_map(|series| match series {
            Series::Line { label, series, points } => run.line(label, *series, points),
            Series::OverFastest { label, arms } => {
                let points = run.points_over_fastest(arms)?;
                run.line(label, arms.first()?.executor, &points)
            }
            _ => None,
        });
        let lines: Vec<Line> = lines.collect();
        let references = panel.references.iter().cloned();
        let shades = panel.shades.iter().cloned();
        let marks = panel.marks.iter().flat_map(|marks| marks.of(run));
        let place = |mark: Mark| Some(lab_plot::Mark { label: mark.label, at: (mark.x, mark.y?) });
        (!lines.is_empty()).then(|| LinePanel {
            title: self.words(&panel.title),
            lines,
            references: references.map(|(label, points)| Reference { label, points }).collect(),
            shades: shades.map(|(label, from, to)| Shade { label, from, to }).collect(),
            marks: marks.filter_map(place).collect(),
        })
    }
}

impl Recording {
    fn line(&self, label: &str, series: Executor, points: &[(X, Comparison)]) -> Option<Line> {
        let (_, first) = points.first()?;
        let stroke = match first.quantities().first().map(|of| of.arm.runtime.as_str()) {
            Some("rust") => Stroke::Solid,
            Some("gil") => Stroke::Dashed,
            _ => Stroke::Dotted,
        };
        let place = |(x, comparison)| match x {
            &X::At(x) => Some((x, comparison)),
            X::Median(quantity) => Some((self.median(quantity)?, comparison)),
        };
        let mut placed: Vec<(f64, &Comparison)> =
            points.iter().filter_map(|(x, comparison)| place((x, comparison))).collect();
        placed.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (label, series) = (label.to_owned(), colour(series));
        let mut line = Line { label, series, stroke, ..Line::default() };
        for (x, comparison) in placed {
            let values: Vec<f64> = self.values(comparison).into_values().collect();
            line.points.extend(values.iter().map(|&value| (x, value)));
            line.median.extend(median(&values).map(|median| (x, median)));
            if let Ok(interval) = distribution(&values, self.confidence()) {
                line.band.push((x, interval.low, interval.high));
            }
        }
        (!line.points.is_empty()).then_some(line)
    }

    /// Makespans over that of the arm that is the fastest over all blocks.
    fn points_over_fastest(&self, arms: &[Arm]) -> Option<Vec<(X, Comparison)>> {
        let fastest = self.best_of(&MAKESPAN, arms)?;
        let over = |arm: &Arm| (X::from(arm.workers), MAKESPAN.on(arm) / MAKESPAN.on(&fastest));
        Some(arms.iter().map(over).collect())
    }

    /// The medians of comparisons at their places, in order: what a line shows.
    fn medians(&self, points: &[(X, Comparison)]) -> Vec<(f64, f64)> {
        self.line("", Executor::Threads, points).map_or_else(Vec::new, |line| line.median)
    }

    /// From which x on the line of medians is below a level.
    pub fn falls_below(&self, points: &[(X, Comparison)], level: f64) -> Option<f64> {
        below_from(&self.medians(points), level)
    }

    /// From which x on the line of medians is above a level, both on a log scale.
    pub fn rises_above(&self, points: &[(X, Comparison)], level: f64) -> Option<f64> {
        let logs = self.medians(points).into_iter().map(|(x, y)| (x.ln(), -y.ln()));
        below_from(&logs.collect::<Vec<_>>(), -level.ln()).map(f64::exp)
    }

    /// On a line over the fastest of these arms: where the formula, Python's default and the advice
    /// lie. Names of the same number are together.
    pub fn mark_workers(
        &self,
        arms: &[Arm],
        formula: Option<u32>,
        advice: Option<u32>,
    ) -> Vec<Mark> {
        let python = Some(self.python_default());
        let mut names: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        for (name, workers) in [("formula", formula), ("default", python), ("advice", advice)] {
            if let Some(workers) = workers {
                names.entry(workers).or_default().push(name);
            }
        }
        let points = self.points_over_fastest(arms).unwrap_or_default();
        let places = self.medians(&points);
        let mark = |(workers, names): (u32, Vec<&str>)| {
            let x = f64::from(workers);
            let (_, y) = places.iter().find(|(at, _)| *at == x)?;
            Some(Mark { label: format!("{}: {workers}", names.join(", ")), x, y: Some(*y) })
        };
        names.into_iter().filter_map(mark).collect()
    }
}
