//! From one declared panel to what lab-plot draws in it.

use crate::arms::arm::Arm;
use crate::design::figure::{Panel, Series, Text, Values, X};
use crate::design::quantity::{Comparison, MAKESPAN};
use crate::record::{Recording, Trial};
use lab_data::rows::{Executor, SpanRow, TrialRow};
use lab_plot::{
    Bar, BarFacet, CoreFacet, CoreRow, Line, LinePanel, Mark, PageBar, Reference, Shade, Strip,
    StripPanel, Stroke, TimelineFacet, TimelineRow, WaterfallPanel,
};
use lab_stats::crossing::below_from;
use lab_stats::interval::distribution;
use lab_stats::summary::median;
use std::collections::BTreeMap;

type Words<'w> = &'w dyn Fn(&Text) -> String;

/// The trials that a panel shows, each with whether its jobs noted points.
fn trials<'r>(run: &'r Recording, panel: &Panel) -> Vec<(Trial<'r>, bool)> {
    let series = panel.series.iter().filter_map(|series| match series {
        Series::Trial { arm, with_points } => Some((run.shown_trial(arm)?, *with_points)),
        _ => None,
    });
    series.collect()
}

/// A row per job, and how many make progress at once.
pub(super) fn timeline(run: &Recording, panel: &Panel, words: Words) -> Vec<TimelineFacet> {
    let facet = |(trial, with_points): (Trial, bool)| TimelineFacet {
        title: words(&panel.title),
        series: colour(trial.row.executor),
        rows: trial
            .jobs()
            .iter()
            .filter_map(|job| {
                let own: Vec<&SpanRow> =
                    trial.span_rows().iter().filter(|span| span.job == job.job).collect();
                Some(TimelineRow {
                    label: format!("job {}", job.job),
                    begun: (job.start_ns?, job.end_ns?),
                    runs: own.iter().map(|span| (span.start_ns, span.end_ns)).collect(),
                    points: if with_points { trial.points(job) } else { Vec::new() },
                })
            })
            .collect(),
    };
    trials(run, panel).into_iter().map(facet).collect()
}

/// A bar per job of a trial; or a bar per pool.
pub(super) fn bars(run: &Recording, panel: &Panel, words: Words) -> Option<BarFacet> {
    let mut facet = BarFacet { title: words(&panel.title), ..BarFacet::default() };
    for series in &panel.series {
        match series {
            Series::Trial { arm, .. } => {
                let Some(trial) = run.shown_trial(arm) else {
                    continue;
                };
                facet.series = colour(arm.executor);
                facet.bars.extend(trial.jobs().iter().filter_map(|job| {
                    Some(Bar {
                        label: format!("job {}", job.job),
                        start: job.start_ns?,
                        end: job.end_ns?,
                        ..Bar::default()
                    })
                }));
            }
            Series::Pool { arm, label } => {
                facet.series = colour(arm.executor);
                facet.bars.extend(pool(run, arm, words(label)));
            }
            _ => {}
        }
    }
    (!facet.bars.is_empty()).then_some(facet)
}

/// All jobs of an arm: from zero to the median makespan, with the start of the pool, and the makespans
/// of all trials.
fn pool(run: &Recording, arm: &Arm, label: String) -> Option<Bar> {
    let of = |value: fn(&TrialRow) -> Option<u64>| -> Vec<f64> {
        let values = run.trials(arm).filter_map(|trial| value(trial.row));
        values.map(|ns| ns as f64).collect()
    };
    let ends = of(|row| row.makespan_ns);
    Some(Bar {
        label,
        start: 0,
        ready: median(&of(|row| row.ready_ns)).map(|ns| ns as u64),
        end: median(&ends)? as u64,
        ends: ends.into_iter().map(|ns| ns as u64).collect(),
    })
}

/// The pages of a trial by worker, with what the origin recorded of each.
pub(super) fn waterfall(run: &Recording, panel: &Panel, words: Words) -> Vec<WaterfallPanel> {
    let drawn = |(trial, _): (Trial, bool)| {
        let pages = trial.jobs().iter().filter_map(|job| {
            let (start, end) = (job.start_ns?, job.end_ns?);
            // The connection of a job is the one that the origin accepted while it ran.
            let service = trial
                .served(job.job)
                .map(|(accepted, service)| (accepted.max(start), (accepted + service).min(end)));
            Some(PageBar {
                worker: job.worker?,
                label: job.job.to_string(),
                start,
                end,
                service: service.filter(|(from, to)| from < to),
                ok: job.outcome == "ok",
            })
        });
        WaterfallPanel {
            title: words(&panel.title),
            series: colour(trial.row.executor),
            workers: trial.row.workers,
            pages: pages.collect(),
            bound: trial.list_scheduling_ns(),
            makespan: trial.row.makespan_ns,
        }
    };
    trials(run, panel).into_iter().map(drawn).collect()
}

/// A row per core: which job made progress there.
pub(super) fn cores(run: &Recording, panel: &Panel, words: Words) -> Vec<CoreFacet> {
    let facet = |(trial, _): (Trial, bool)| {
        let mut rows: BTreeMap<u32, Vec<(u64, u64, u32)>> =
            (0..run.cores()).map(|core| (core, Vec::new())).collect();
        for span in trial.span_rows() {
            if let Some(core) = span.core {
                let there = (span.start_ns, span.end_ns, span.job);
                rows.entry(core).or_default().push(there);
            }
        }
        let rows =
            rows.into_iter().map(|(core, spans)| CoreRow { label: format!("core {core}"), spans });
        CoreFacet { title: words(&panel.title), rows: rows.collect() }
    };
    trials(run, panel).into_iter().map(facet).collect()
}

/// Every value a point, with the median of each strip.
pub(super) fn strips(run: &Recording, panel: &Panel, words: Words) -> Option<StripPanel> {
    let strips = panel.series.iter().filter_map(|series| match series {
        Series::Strip { arm, label, values: Values { of: Some(of) } } => {
            let trials = run.trials(arm).filter(|trial| trial.row.errors == 0);
            let values: Vec<f64> = trials.flat_map(|trial| of(&trial)).collect();
            let median = median(&values);
            (!values.is_empty()).then(|| Strip {
                label: label.clone(),
                series: colour(arm.executor),
                note: median.map(lab_stats::format::time).unwrap_or_default(),
                values,
                median,
            })
        }
        _ => None,
    });
    let strips: Vec<Strip> = strips.collect();
    let references = panel
        .references
        .iter()
        .filter_map(|(label, points)| points.first().map(|(_, value)| (label.clone(), *value)));
    (!strips.is_empty()).then(|| StripPanel {
        title: words(&panel.title),
        strips,
        references: references.collect(),
    })
}

/// Lines of ratios, each block a point.
pub(super) fn lines(run: &Recording, panel: &Panel, words: Words) -> Option<LinePanel> {
    let lines = panel.series.iter().filter_map(|series| match series {
        Series::Line { label, series, points } => line(run, label, *series, points),
        Series::OverFastest { label, arms } => {
            line(run, label, arms.first()?.executor, &over_fastest(run, arms)?)
        }
        _ => None,
    });
    let lines: Vec<Line> = lines.collect();
    let reference = |(label, points): &(String, Vec<(f64, f64)>)| Reference {
        label: label.clone(),
        points: points.clone(),
    };
    let shade = |(label, from, to): &(String, Option<f64>, Option<f64>)| Shade {
        label: label.clone(),
        from: *from,
        to: *to,
    };
    let marks = panel.marks.iter().flat_map(|marks| marks.of(run));
    let marks = marks.filter_map(|mark| Some(Mark { label: mark.label, at: (mark.x, mark.y?) }));
    (!lines.is_empty()).then(|| LinePanel {
        title: words(&panel.title),
        lines,
        references: panel.references.iter().map(reference).collect(),
        shades: panel.shades.iter().map(shade).collect(),
        marks: marks.collect(),
    })
}

fn line(
    run: &Recording,
    label: &str,
    series: Executor,
    points: &[(X, Comparison)],
) -> Option<Line> {
    let first = points.first()?;
    let runtime = first.1.quantities().first().map(|of| of.arm.runtime.clone());
    let mut line = Line {
        label: label.to_owned(),
        series: colour(series),
        stroke: stroke(runtime.as_deref().unwrap_or_default()),
        ..Line::default()
    };
    let mut placed: Vec<(f64, &Comparison)> = points
        .iter()
        .filter_map(|(x, comparison)| {
            let x = match x {
                X::At(x) => Some(*x),
                X::Median(quantity) => run.median(quantity),
            };
            Some((x?, comparison))
        })
        .collect();
    placed.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (x, comparison) in placed {
        let values: Vec<f64> = run.values(comparison).into_values().collect();
        line.points.extend(values.iter().map(|&value| (x, value)));
        line.median.extend(median(&values).map(|median| (x, median)));
        if let Ok(interval) = distribution(&values, run.confidence()) {
            line.band.push((x, interval.low, interval.high));
        }
    }
    (!line.points.is_empty()).then_some(line)
}

impl Recording {
    /// The medians of comparisons at their places, in order: what a line shows.
    pub fn medians(&self, points: &[(X, Comparison)]) -> Vec<(f64, f64)> {
        line(self, "", Executor::Threads, points).map_or_else(Vec::new, |line| line.median)
    }

    /// The median makespans of arms over that of the fastest, by their number of workers.
    pub fn over_fastest(&self, arms: &[Arm]) -> Vec<(f64, f64)> {
        over_fastest(self, arms).map_or_else(Vec::new, |points| self.medians(&points))
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

/// Makespans over that of the arm that is the fastest over all blocks.
fn over_fastest(run: &Recording, arms: &[Arm]) -> Option<Vec<(X, Comparison)>> {
    let fastest = run.best_of(&MAKESPAN, arms)?;
    let over = |arm: &Arm| (X::from(arm.workers), MAKESPAN.on(arm) / MAKESPAN.on(&fastest));
    Some(arms.iter().map(over).collect())
}

/// One colour for each executor throughout.
pub(super) fn colour(executor: Executor) -> lab_plot::Series {
    match executor {
        Executor::Serial => lab_plot::Series::Serial,
        Executor::Threads => lab_plot::Series::Threads,
        Executor::Rayon => lab_plot::Series::Rayon,
        Executor::Async => lab_plot::Series::Async,
        Executor::Processes => lab_plot::Series::Processes,
    }
}

fn stroke(runtime: &str) -> Stroke {
    match runtime {
        "rust" => Stroke::Solid,
        "gil" => Stroke::Dashed,
        _ => Stroke::Dotted,
    }
}
