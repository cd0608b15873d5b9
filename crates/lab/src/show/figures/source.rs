//! What a figure is drawn from: the recording, and the verdicts for its words.

use crate::design::figure::{Panel, Series, Text};
use crate::judge::Verdict;
use crate::record::{Recording, Trial};
use crate::show::words;
use lab_data::rows::Executor;
use std::time::Duration;

/// What figures are drawn from.
#[derive(Clone, Copy)]
pub(super) struct Source<'r> {
    pub(super) run: &'r Recording,
    pub(super) verdicts: &'r [Verdict],
}

impl<'r> Source<'r> {
    /// A text with its numbers.
    pub(super) fn words(&self, text: &Text) -> String {
        let text = match text {
            Text::Computed(words) => words.of(self.run),
            Text::Template(template) => template.clone(),
        };
        let mut ids: Vec<&str> = self.verdicts.iter().map(|one| one.claim_id.as_str()).collect();
        ids.dedup();
        ids.iter().fold(text, |text, id| {
            let hole = format!("{{{id}}}");
            if text.contains(&hole) { text.replace(&hole, &self.by_runtime(id)) } else { text }
        })
    }

    /// The estimates of a claim in each runtime: `Rust 98 %, CPython 3.11 0 %`.
    fn by_runtime(&self, claim_id: &str) -> String {
        let own = |verdict: &&Verdict| verdict.claim_id == claim_id && verdict.is_whole();
        let estimates = self.verdicts.iter().filter(own).filter_map(|verdict| {
            let shown = words::value(verdict.kind, verdict.estimate()?.estimate);
            Some(format!("{} {shown}", words::runtime(&verdict.runtime)))
        });
        let estimates: Vec<String> = estimates.collect();
        if estimates.is_empty() { "?".to_owned() } else { estimates.join(", ") }
    }

    /// The trials that a panel shows, each with whether its jobs noted points.
    pub(super) fn trials(&self, panel: &Panel) -> Vec<(Trial<'r>, bool)> {
        let series = panel.series.iter().filter_map(|series| match series {
            Series::Trial { arm, with_points } => Some((self.run.shown_trial(arm)?, *with_points)),
            _ => None,
        });
        series.collect()
    }

    /// About `length` in the middle of the shortest trial of some panels: for an enlarged view in which
    /// all of them have something to show. None if that is all of it.
    pub(super) fn middle(&self, panels: &[Panel], length: Duration) -> Option<lab_plot::Span> {
        let length_ns = u64::try_from(length.as_nanos()).ok()?;
        let trials = panels.iter().flat_map(|panel| self.trials(panel));
        let windows = trials.filter_map(|(trial, _)| {
            let in_flight = trial.in_flight();
            let last_start = in_flight.iter().map(|job| job.start).max()?;
            let first_end = in_flight.iter().map(|job| job.end).min()?;
            Some((last_start, first_end))
        });
        let (from, to) = windows.reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)))?;
        let middle = from.checked_add(to.checked_sub(from)? / 2)?;
        (to - from > length_ns).then(|| (middle - length_ns / 2, middle + length_ns / 2))
    }
}

/// One colour for each executor throughout.
pub(super) fn colour(executor: Executor) -> lab_plot::Series {
    match executor {
        Executor::Serial => lab_plot::Series::Serial,
        Executor::Threads => lab_plot::Series::Threads,
        Executor::Rayon => lab_plot::Series::Rayon,
        Executor::Async => lab_plot::Series::Async,
        Executor::Interpreters => lab_plot::Series::Interpreters,
        Executor::Processes => lab_plot::Series::Processes,
    }
}
