//! Rows that show when the jobs of a trial ran.

use super::source::Source;
use crate::arms::arm::Arm;
use crate::design::figure::{Panel, Series, Text};
use crate::record::Trial;
use crate::show::words::{colour, worker};
use lab_data::rows::{JobRow, TrialRow};
use lab_plot::{Facet, Item, Key, Row, Sign, Span, Unit, Vertical};
use lab_stats::summary::median;
use std::collections::BTreeMap;

/// Colours that tell jobs apart, before they come again.
const JOB_COLOURS: u32 = 8;

impl Source<'_> {
    /// A row per job: pale while begun, solid while making progress.
    pub(super) fn timeline(&self, panel: &Panel) -> Vec<Facet> {
        let facet = |(trial, with_points): (Trial, bool)| {
            let series = colour(trial.row.executor);
            let row = |job: &JobRow| {
                let own = trial.span_rows().iter().filter(|span| span.job == job.job);
                let runs = own.map(|span| ns((span.start_ns, span.end_ns))).collect();
                let mut items = vec![bar(begun(job)?, series, true), Item::Spans(runs, series)];
                if with_points {
                    let points = trial.points(job).into_iter().map(|at| at as f64);
                    items.push(Item::Points(points.collect()));
                }
                Some(Row { label: format!("job {}", job.job), items, note: String::new() })
            };
            let rows = trial.jobs().iter().filter_map(row).collect();
            Facet { series: Some(series), ..self.facet(panel, rows) }
        };
        self.trials(panel).into_iter().map(facet).collect()
    }

    /// A bar per job of each trial, and per pool.
    pub(super) fn bars(&self, panel: &Panel) -> Option<Facet> {
        let trials = self.trials(panel);
        let is_one = trials.len() == 1;
        let jobs = trials.iter().flat_map(|(trial, _)| {
            let executor = trial.row.executor;
            let name = if is_one { "job" } else { worker(executor) };
            trial.jobs().iter().filter_map(move |job| {
                let (from, to) = begun(job)?;
                Some(Row {
                    label: format!("{name} {}", job.job),
                    items: vec![bar((from, to), colour(executor), false)],
                    note: Unit::Time.words(to - from),
                })
            })
        });
        let pools = panel.series.iter().filter_map(|series| match series {
            Series::Pool { arm, label } => self.pool(arm, label),
            _ => None,
        });
        let rows: Vec<Row> = jobs.chain(pools).collect();
        (!rows.is_empty()).then(|| self.facet(panel, rows))
    }

    /// All jobs of an arm: from zero to the median makespan, with the start of the pool, and the
    /// makespans of all trials.
    fn pool(&self, arm: &Arm, label: &Text) -> Option<Row> {
        let of = |value: fn(&TrialRow) -> Option<u64>| -> Vec<f64> {
            let values = self.run.trials(arm).filter_map(|trial| value(trial.row));
            values.map(|ns| ns as f64).collect()
        };
        let ends = of(|row| row.makespan_ns);
        let (series, end) = (colour(arm.executor), median(&ends)?);
        let ready = median(&of(|row| row.ready_ns)).unwrap_or(0.0).min(end);
        Some(Row {
            label: self.words(label),
            items: vec![
                bar((0.0, ready), series, true),
                bar((ready, end), series, false),
                Item::Points(ends),
            ],
            note: Unit::Time.words(end),
        })
    }

    /// The pages of a trial by worker, with what the origin recorded of each.
    pub(super) fn waterfall(&self, panel: &Panel) -> Vec<Facet> {
        let facet = |(trial, _): (Trial, bool)| {
            let lines = [
                (trial.row.makespan_ns, false, "took"),
                (trial.list_scheduling_ns(), true, "allowed"),
            ];
            let lines = lines.into_iter().filter_map(|(at, is_dashed, name)| {
                let at = at? as f64;
                Some(Vertical { at, is_dashed, words: format!("{name} {}", Unit::Time.words(at)) })
            });
            Facet {
                series: Some(colour(trial.row.executor)),
                verticals: lines.collect(),
                ..self.facet(panel, by_worker(&trial))
            }
        };
        self.trials(panel).into_iter().map(facet).collect()
    }

    /// A row per core: which job made progress there.
    pub(super) fn cores(&self, panel: &Panel) -> Vec<Facet> {
        let facet = |(trial, _): (Trial, bool)| {
            let mut cores: BTreeMap<u32, Vec<(f64, f64, u32)>> =
                (0..self.run.cores()).map(|core| (core, Vec::new())).collect();
            for span in trial.span_rows() {
                if let Some(core) = span.core {
                    let there = (span.start_ns as f64, span.end_ns as f64, span.job);
                    cores.entry(core).or_default().push(there);
                }
            }
            let row = |(core, spans)| Row {
                label: format!("core {core}"),
                items: vec![Item::Jobs(spans)],
                note: String::new(),
            };
            self.facet(panel, cores.into_iter().map(row).collect())
        };
        self.trials(panel).into_iter().map(facet).collect()
    }

    fn facet(&self, panel: &Panel, rows: Vec<Row>) -> Facet {
        Facet { title: self.words(&panel.title), rows, ..Facet::default() }
    }
}

/// What the colours of jobs mean.
pub(super) fn job_key(facets: &[Facet]) -> Vec<Key> {
    let items = facets.iter().flat_map(|facet| &facet.rows).flat_map(|row| &row.items);
    let spans = items.filter_map(|item| match item {
        Item::Jobs(spans) => Some(spans),
        _ => None,
    });
    let jobs = spans.flatten().map(|span| span.2 + 1).max().unwrap_or(0);
    let key = (0..jobs.min(JOB_COLOURS)).map(|colour| {
        let alike = (colour..jobs).step_by(JOB_COLOURS as usize).map(|job| job.to_string());
        let alike: Vec<String> = alike.collect();
        Key::new(Sign::Job(colour), format!("job {}", alike.join(", ")))
    });
    key.chain([Key::new(Sign::Ground, "none of them")]).collect()
}

/// A row per worker; more for one that loads several pages at once.
fn by_worker(trial: &Trial) -> Vec<Row> {
    let series = colour(trial.row.executor);
    let mut pages: Vec<(u32, Span, &JobRow)> =
        trial.jobs().iter().filter_map(|job| Some((job.worker?, begun(job)?, job))).collect();
    pages.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.0.total_cmp(&b.1.0)));
    // Until when each row of each worker is taken.
    let mut workers: BTreeMap<u32, Vec<(f64, Vec<Item>)>> =
        (0..trial.row.workers).map(|worker| (worker, vec![(0.0, Vec::new())])).collect();
    for (worker, (from, to), job) in pages {
        let rows = workers.entry(worker).or_default();
        let at = rows.iter().position(|(until, _)| *until <= from);
        let at = at.unwrap_or_else(|| {
            rows.push((0.0, Vec::new()));
            rows.len() - 1
        });
        rows[at].0 = to;
        if job.outcome != "ok" {
            rows[at].1.push(Item::Frame((from, to), series));
            continue;
        }
        // The connection of a job is the one that the origin accepted while it ran.
        let served =
            trial.served(job.job).map(|(accepted, service)| ns((accepted, accepted + service)));
        let served = served.map(|(start, end)| (start.max(from), end.min(to)));
        let served = served.filter(|(start, end)| start < end);
        let words = job.job.to_string();
        let span = served.unwrap_or((from, to));
        rows[at].1.extend(served.map(|_| bar((from, to), series, true)));
        rows[at].1.push(Item::Bar { span, series, is_pale: false, words });
    }
    let rows = workers.into_iter().flat_map(|(worker, rows)| {
        rows.into_iter().enumerate().map(move |(i, (_, items))| Row {
            label: if i == 0 { format!("worker {worker}") } else { String::new() },
            items,
            note: String::new(),
        })
    });
    rows.collect()
}

/// A bar without words.
fn bar(span: Span, series: lab_plot::Series, is_pale: bool) -> Item {
    Item::Bar { span, series, is_pale, words: String::new() }
}

/// From a job's start to its end.
fn begun(job: &JobRow) -> Option<Span> {
    Some(ns((job.start_ns?, job.end_ns?)))
}

fn ns((from, to): (u64, u64)) -> Span {
    (from as f64, to as f64)
}
