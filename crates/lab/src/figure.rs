//! From the recording to what lab-plot draws.

use crate::arm::ArmId;
use crate::claim::Claim;
use crate::recording::Recording;
use crate::words;
use anyhow::Result;
use lab_plot::{
    Bar, BarFacet, Bars, CoreFacet, CoreRow, Cores, Facet, Frame, PageBar, Row, Scaling, Series,
    Strip, Strips, Timeline, Waterfall, WaterfallPanel, Zoom,
};
use lab_record::rows::{Executor, TrialRow, VerdictRow};
use lab_record::run::RunInfo;
use lab_stats::timeline::running;
use std::collections::BTreeMap;
use std::path::Path;

/// A figure, ready to be drawn.
#[derive(Debug)]
pub struct Figure {
    /// What is added to the experiment's name in the file's name; mostly nothing.
    pub(crate) suffix: &'static str,
    chart: Chart,
}

#[derive(Debug)]
enum Chart {
    Timeline(Timeline),
    Bars(Bars),
    Scaling(Scaling),
    Waterfall(Waterfall),
    Cores(Cores),
    Strips(Strips),
}

impl From<Timeline> for Figure {
    fn from(figure: Timeline) -> Figure {
        Figure::of(Chart::Timeline(figure))
    }
}

impl From<Bars> for Figure {
    fn from(figure: Bars) -> Figure {
        Figure::of(Chart::Bars(figure))
    }
}

impl From<Scaling> for Figure {
    fn from(figure: Scaling) -> Figure {
        Figure::of(Chart::Scaling(figure))
    }
}

impl From<Waterfall> for Figure {
    fn from(figure: Waterfall) -> Figure {
        Figure::of(Chart::Waterfall(figure))
    }
}

impl From<Cores> for Figure {
    fn from(figure: Cores) -> Figure {
        Figure::of(Chart::Cores(figure))
    }
}

impl From<Strips> for Figure {
    fn from(figure: Strips) -> Figure {
        Figure::of(Chart::Strips(figure))
    }
}

impl Figure {
    fn of(chart: Chart) -> Figure {
        Figure { suffix: "", chart }
    }

    /// A further figure of the experiment: `plots/<experiment>-<suffix>.png`.
    pub fn named(mut self, suffix: &'static str) -> Figure {
        self.suffix = suffix;
        self
    }

    pub(crate) fn draw(&self, path: &Path) -> Result<()> {
        Ok(match &self.chart {
            Chart::Timeline(figure) => lab_plot::timeline(figure, path),
            Chart::Bars(figure) => lab_plot::bars(figure, path),
            Chart::Scaling(figure) => lab_plot::scaling(figure, path),
            Chart::Waterfall(figure) => lab_plot::waterfall(figure, path),
            Chart::Cores(figure) => lab_plot::cores(figure, path),
            Chart::Strips(figure) => lab_plot::strips(figure, path),
        }?)
    }
}

/// Where, when and how a run was made, for the foot of its figures.
pub fn caption(info: &RunInfo) -> String {
    let machine = &info.machine;
    let mut parts = vec![format!(
        "{} usable of {} cores",
        machine.cores.usable, machine.cores.logical
    )];
    let cores = &machine.cores;
    if cores.physical < cores.logical {
        parts.push(format!("{} physical", cores.physical));
    }
    if let Some(quota) = cores.quota {
        parts.push(format!("quota {quota:.1} cores"));
    }
    parts.extend(machine.cpu_model.clone());
    if let Some(governor) = &machine.governor {
        parts.push(format!("governor {governor}"));
    }
    if machine.virtual_machine == Some(true) {
        parts.push("virtual machine".to_owned());
    }
    if let Some(load) = machine.load_average {
        parts.push(format!("load {load:.1} before"));
    }
    parts.push(machine.kernel.clone());
    if let Some(commit) = &info.commit {
        let dirty = if info.dirty == Some(true) {
            " and changes"
        } else {
            ""
        };
        parts.push(format!("commit {commit}{dirty}"));
    }
    let day = info.date.split('T').next().unwrap_or_default();
    parts.push(day.to_owned());
    if info.blocks > 0 {
        parts.push(format!("{} blocks", info.blocks));
    }
    parts.push(format!("run {}", info.run_id));
    parts.join(" · ")
}

impl Recording {
    /// Title and subtitle of a figure; the caption is the run's: machine, commit, date.
    pub fn frame(&self, title: impl Into<String>, subtitle: impl Into<String>) -> Frame {
        Frame {
            title: title.into(),
            subtitle: subtitle.into(),
            caption: caption(&self.info),
        }
    }

    /// The first judged trial of an arm whose jobs were kept: what a figure shows.
    pub fn shown(&self, arm: &ArmId) -> Option<&TrialRow> {
        self.trials(arm).find(|trial| !self.jobs(trial).is_empty())
    }

    /// A timeline's facet of a trial: a row a job, and how many make progress at once.
    pub fn facet(&self, trial: &TrialRow, title: impl Into<String>) -> Facet {
        let rows = self
            .jobs(trial)
            .iter()
            .filter_map(|job| {
                Some(Row {
                    label: format!("job {}", job.job),
                    begun: (job.start_ns?, job.end_ns?),
                    spans: self
                        .span_rows(trial)
                        .filter(|span| span.job == job.job)
                        .map(|span| (span.start_ns, span.end_ns))
                        .collect(),
                    samples: self.samples(trial, job.job).to_vec(),
                    points: Vec::new(),
                })
            })
            .collect();
        Facet {
            title: title.into(),
            series: series(trial.executor),
            rows,
            running: running(&self.spans(trial)),
        }
    }

    /// A facet of bars of a trial: from each job's start to its end.
    pub fn bars(&self, trial: &TrialRow, title: impl Into<String>) -> BarFacet {
        let bars = self.jobs(trial).iter().filter_map(|job| {
            Some(Bar {
                label: format!("job {}", job.job),
                start: job.start_ns?,
                end: job.end_ns?,
                ..Bar::default()
            })
        });
        BarFacet {
            title: title.into(),
            series: series(trial.executor),
            bars: bars.collect(),
        }
    }

    /// A bar of an arm, of all its jobs: from zero to the median makespan, with the start of the
    /// pool, and the makespans of all trials. None if the arm was not measured.
    pub fn pool_bar(&self, arm: &ArmId, label: impl Into<String>) -> Option<Bar> {
        let median = |of: fn(&TrialRow) -> Option<u64>| {
            let values: Vec<f64> = self
                .trials(arm)
                .filter_map(of)
                .map(|ns| ns as f64)
                .collect();
            Some(lab_stats::summary::median(&values)? as u64)
        };
        Some(Bar {
            label: label.into(),
            start: 0,
            ready: median(|trial| trial.ready_ns),
            end: median(|trial| trial.makespan_ns)?,
            ends: self
                .trials(arm)
                .filter_map(|trial| trial.makespan_ns)
                .collect(),
        })
    }

    /// A facet of such bars of arms that differ in their workers or pages; without those that were
    /// not measured.
    pub fn pool_bars(
        &self,
        title: impl Into<String>,
        arms: &[(ArmId, String)],
    ) -> Option<BarFacet> {
        let (first, _) = arms.first()?;
        let bars: Vec<Bar> = arms
            .iter()
            .filter_map(|(arm, label)| self.pool_bar(arm, label))
            .collect();
        (!bars.is_empty()).then(|| BarFacet {
            title: title.into(),
            series: series(first.executor),
            bars,
        })
    }

    /// A facet whose rows are cores: which job made progress where.
    pub fn cores_facet(&self, trial: &TrialRow, title: impl Into<String>) -> CoreFacet {
        let mut rows: BTreeMap<u32, Vec<(u64, u64, u32)>> =
            (0..self.cores()).map(|core| (core, Vec::new())).collect();
        for span in self.span_rows(trial) {
            if let Some(core) = span.core {
                let there = (span.start_ns, span.end_ns, span.job);
                rows.entry(core).or_default().push(there);
            }
        }
        CoreFacet {
            title: title.into(),
            rows: rows
                .into_iter()
                .map(|(core, spans)| CoreRow {
                    label: format!("core {core}"),
                    spans,
                })
                .collect(),
        }
    }

    /// A strip of values in milliseconds, one a point, with their median.
    pub fn strip(&self, label: impl Into<String>, like: &ArmId, values_ns: &[f64]) -> Strip {
        let points: Vec<f64> = values_ns.iter().map(|ns| ns / 1e6).collect();
        let median = lab_stats::summary::median(&points);
        Strip {
            label: label.into(),
            series: series(like.executor),
            note: median.map(words::short).unwrap_or_default(),
            points,
            median,
            band: None,
        }
    }

    /// About `length_ns` in the middle of the shortest of the trials: for a zoomed view in which
    /// all of them have something to show. None if that is all of it.
    pub fn zoom(&self, trials: &[&TrialRow], length_ns: u64) -> Option<Zoom> {
        let windows = trials.iter().filter_map(|trial| {
            let in_flight = self.in_flight(trial);
            let last_start = in_flight.iter().map(|job| job.start).max()?;
            let first_end = in_flight.iter().map(|job| job.end).min()?;
            Some((last_start, first_end))
        });
        let (from, to) = windows.reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)))?;
        let middle = from.checked_add(to.checked_sub(from)? / 2)?;
        (to - from > length_ns).then(|| Zoom {
            from: middle - length_ns / 2,
            to: middle + length_ns / 2,
        })
    }

    /// A waterfall's panel of a trial: its pages by worker, with what the origin says of each.
    pub fn waterfall(&self, trial: &TrialRow, title: impl Into<String>) -> WaterfallPanel {
        let pages = self
            .jobs(trial)
            .iter()
            .filter_map(|job| {
                let (start, end) = (job.start_ns?, job.end_ns?);
                // The connection of a job is the one that the origin accepted while it ran.
                let service = self.served(trial, job.job).map(|(accepted, service)| {
                    (accepted.max(start), (accepted + service).min(end))
                });
                Some(PageBar {
                    worker: job.worker?,
                    label: job.job.to_string(),
                    submitted: job.submitted_ns,
                    start,
                    end,
                    service: service.filter(|(from, to)| from < to),
                    ok: job.outcome == "ok",
                })
            })
            .collect();
        WaterfallPanel {
            title: title.into(),
            series: series(trial.executor),
            workers: trial.workers,
            pages,
            bound: self.scheduled(trial),
            makespan: trial.makespan_ns,
        }
    }
}

/// The series of an executor: one colour each throughout.
pub(crate) fn series(executor: Executor) -> Series {
    match executor {
        Executor::Serial => Series::Serial,
        Executor::Threads => Series::Threads,
        Executor::Rayon => Series::Rayon,
        Executor::Async => Series::Async,
        Executor::Processes => Series::Processes,
    }
}

/// An estimate in a title: `97 %`, or `?` where there is none.
pub fn shown(estimate: &crate::estimate::Estimate) -> String {
    estimate
        .value()
        .map_or("?".to_owned(), |value| words::value(estimate.kind, value))
}

/// The estimate of a claim in each runtime, as it stands in a title: `Rust 98 %, CPython 3.11 0 %`.
pub fn by_runtime(verdicts: &[VerdictRow], claim: &Claim) -> String {
    let own = |row: &&VerdictRow| row.claim == claim.text && row.case.is_empty();
    let estimates: Vec<String> = verdicts
        .iter()
        .filter(own)
        .filter_map(|row| {
            let runtime = words::runtime(&row.runtime);
            Some(format!("{runtime} {}", words::estimate(row)?))
        })
        .collect();
    match estimates.is_empty() {
        true => "?".to_owned(),
        false => estimates.join(", "),
    }
}
