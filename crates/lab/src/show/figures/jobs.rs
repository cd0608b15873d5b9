//! Panels that show when the jobs of a trial ran.

use super::source::Source;
use crate::arms::arm::Arm;
use crate::design::figure::{Panel, Series, Text};
use crate::record::Trial;
use crate::show::words::colour;
use lab_data::rows::{JobRow, TrialRow};
use lab_plot::{
    Bar, BarFacet, CoreFacet, CoreRow, PageBar, TimelineFacet, TimelineRow, WaterfallPanel,
};
use lab_stats::summary::median;
use std::collections::BTreeMap;

impl Source<'_> {
    /// A row per job, and how many make progress at once.
    pub(super) fn timeline(&self, panel: &Panel) -> Vec<TimelineFacet> {
        let row = |trial: &Trial, with_points: bool, job: &JobRow| {
            let own = trial.span_rows().iter().filter(|span| span.job == job.job);
            Some(TimelineRow {
                label: format!("job {}", job.job),
                begun: (job.start_ns?, job.end_ns?),
                runs: own.map(|span| (span.start_ns, span.end_ns)).collect(),
                points: if with_points { trial.points(job) } else { Vec::new() },
            })
        };
        let facet = |(trial, with_points): (Trial, bool)| TimelineFacet {
            title: self.words(&panel.title),
            series: colour(trial.row.executor),
            rows: trial.jobs().iter().filter_map(|job| row(&trial, with_points, job)).collect(),
        };
        self.trials(panel).into_iter().map(facet).collect()
    }

    /// A bar per job of a trial; or a bar per pool.
    pub(super) fn bars(&self, panel: &Panel) -> Option<BarFacet> {
        let mut facet = BarFacet { title: self.words(&panel.title), ..BarFacet::default() };
        for (trial, _) in self.trials(panel) {
            facet.series = colour(trial.row.executor);
            facet.bars.extend(trial.jobs().iter().filter_map(|job| {
                Some(Bar {
                    label: format!("job {}", job.job),
                    start: job.start_ns?,
                    end: job.end_ns?,
                    ready: None,
                    ends: Vec::new(),
                })
            }));
        }
        for series in &panel.series {
            if let Series::Pool { arm, label } = series {
                facet.series = colour(arm.executor);
                facet.bars.extend(self.pool(arm, label));
            }
        }
        (!facet.bars.is_empty()).then_some(facet)
    }

    /// All jobs of an arm: from zero to the median makespan, with the start of the pool, and the
    /// makespans of all trials.
    fn pool(&self, arm: &Arm, label: &Text) -> Option<Bar> {
        let of = |value: fn(&TrialRow) -> Option<u64>| -> Vec<f64> {
            let values = self.run.trials(arm).filter_map(|trial| value(trial.row));
            values.map(|ns| ns as f64).collect()
        };
        let ends = of(|row| row.makespan_ns);
        Some(Bar {
            label: self.words(label),
            start: 0,
            ready: median(&of(|row| row.ready_ns)).map(|ns| ns as u64),
            end: median(&ends)? as u64,
            ends: ends.into_iter().map(|ns| ns as u64).collect(),
        })
    }

    /// The pages of a trial by worker, with what the origin recorded of each.
    pub(super) fn waterfall(&self, panel: &Panel) -> Vec<WaterfallPanel> {
        let page = |trial: &Trial, job: &JobRow| {
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
        };
        let drawn = |(trial, _): (Trial, bool)| WaterfallPanel {
            title: self.words(&panel.title),
            series: colour(trial.row.executor),
            workers: trial.row.workers,
            pages: trial.jobs().iter().filter_map(|job| page(&trial, job)).collect(),
            bound: trial.list_scheduling_ns(),
            makespan: trial.row.makespan_ns,
        };
        self.trials(panel).into_iter().map(drawn).collect()
    }

    /// A row per core: which job made progress there.
    pub(super) fn cores(&self, panel: &Panel) -> Vec<CoreFacet> {
        let facet = |(trial, _): (Trial, bool)| {
            let mut rows: BTreeMap<u32, Vec<(u64, u64, u32)>> =
                (0..self.run.cores()).map(|core| (core, Vec::new())).collect();
            for span in trial.span_rows() {
                if let Some(core) = span.core {
                    let there = (span.start_ns, span.end_ns, span.job);
                    rows.entry(core).or_default().push(there);
                }
            }
            let row = |(core, spans)| CoreRow { label: format!("core {core}"), spans };
            let title = self.words(&panel.title);
            CoreFacet { title, rows: rows.into_iter().map(row).collect() }
        };
        self.trials(panel).into_iter().map(facet).collect()
    }
}
