//! Panels of values: every value a point, and lines of ratios.

use super::source::Source;
use crate::design::figure::{Mark, Panel, Series, Values, X};
use crate::design::quantity::{Comparison, MAKESPAN};
use crate::record::Recording;
use crate::show::words::colour;
use lab_data::rows::Executor;
use lab_plot::{Facet, Item, Line, LinePanel, Reference, Row, Shade, Stroke, Unit, Vertical};
use lab_stats::crossing::below_from;
use lab_stats::interval::distribution;
use lab_stats::summary::median;

/// Up to this number of points lie above the line of their median.
const FEW: usize = 40;

impl Source<'_> {
    /// Every value a point, with the median of each row in this unit.
    pub(super) fn strips(&self, panel: &Panel, unit: Unit) -> Option<Facet> {
        let row = |label: &str, executor, values: Vec<f64>, words: &dyn Fn(f64) -> String| {
            let (few, median) = (values.len() <= FEW, median(&values)?);
            if panel.has_no_medians {
                let items = vec![Item::Values(values, colour(executor))];
                return Some(Row { label: label.to_owned(), items, note: String::new() });
            }
            let mut items = vec![Item::Values(values, colour(executor)), Item::Median(median)];
            if few {
                items.reverse();
            }
            Some(Row { label: label.to_owned(), items, note: words(median) })
        };
        let over = |label: &str, executor, ratio: &Comparison| {
            let values = self.run.values(ratio).into_values().collect();
            row(label, executor, values, &lab_stats::format::ratio)
        };
        let rows = panel.series.iter().filter_map(|series| match series {
            Series::Strip { arm, label, values: Values { of: Some(of) } } => {
                let trials = self.run.trials(arm).filter(|trial| trial.row.errors == 0);
                let values = trials.flat_map(|trial| of(&trial)).collect();
                row(label, arm.executor, values, &|median| match unit {
                    Unit::Time => lab_stats::format::time(median),
                    _ => unit.words(median),
                })
            }
            Series::Ratio { label, executor, ratio } => over(label, *executor, ratio),
            Series::OverFastest { label, arm, all } => {
                let fastest = self.run.best_of(&MAKESPAN, all)?;
                let ratio = MAKESPAN.on(arm) / MAKESPAN.on(&fastest);
                over(&self.words(label), arm.executor, &ratio)
            }
            _ => None,
        });
        let rows: Vec<Row> = rows.collect();
        let line = |(_, points): &(String, Vec<(f64, f64)>)| {
            let (_, at) = *points.first()?;
            Some(Vertical { at, is_dashed: true, words: String::new() })
        };
        (!rows.is_empty()).then(|| Facet {
            title: self.words(&panel.title),
            rows,
            verticals: panel.references.iter().filter_map(line).collect(),
            ..Facet::default()
        })
    }

    /// Lines of ratios, each block a point.
    pub(super) fn lines(&self, panel: &Panel) -> Option<LinePanel> {
        let run = self.run;
        let lines = panel.series.iter().filter_map(|series| match series {
            Series::Line { label, series, points } => run.line(label, *series, points),
            _ => None,
        });
        let mut lines: Vec<Line> = lines.collect();
        for at in 0..lines.len() {
            let alike = lines[..at].iter().filter(|line| line.series == lines[at].series).count();
            lines[at].stroke = Stroke::ALL[alike % Stroke::ALL.len()];
        }
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
        let place = |(x, comparison)| match x {
            &X::At(x) => Some((x, comparison)),
            X::Median(quantity) => Some((self.median(quantity)?, comparison)),
        };
        let mut placed: Vec<(f64, &Comparison)> =
            points.iter().filter_map(|(x, comparison)| place((x, comparison))).collect();
        placed.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (label, series) = (label.to_owned(), colour(series));
        let mut line = Line { label, series, ..Line::default() };
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
}
