//! From the figures that designs declare to charts of what was recorded.

use super::panels;
use super::raw;
use super::words::by_runtime;
use crate::design::Design;
use crate::design::figure::{Chart, Figure, Panel, Series, Text};
use crate::judge::Verdict;
use crate::record::{Recording, Trial};
use lab_data::run::RunInfo;
use lab_plot::{Bars, Cores, Lines, Strips, Timeline, Waterfall};
use std::time::Duration;

/// A figure that can be drawn, and what is added to the experiment's name in its file's name.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub(crate) suffix: String,
    pub(crate) figure: lab_plot::Figure,
}

/// All figures of a run, and that of its readings if it kept them.
pub(crate) fn all(designs: &[Design], run: &Recording, verdicts: &[Verdict]) -> Vec<Drawn> {
    let mut drawn: Vec<Drawn> = merged(designs)
        .iter()
        .filter_map(|figure| {
            let words = |text: &Text| in_words(text, run, verdicts);
            let chart = chart(figure, run, &words)?;
            let figure_drawn = lab_plot::Figure::new(words(&figure.title), chart)
                .subtitle(words(&figure.subtitle))
                .caption(caption(&run.info));
            Some(Drawn { suffix: figure.suffix.clone(), figure: figure_drawn })
        })
        .collect();
    drawn.extend(raw::figure(run));
    drawn
}

/// The figures of all designs: those of one name are one, and so are panels of one title in a row.
fn merged(designs: &[Design]) -> Vec<Figure> {
    let mut all: Vec<Figure> = Vec::new();
    for figure in designs.iter().flat_map(|design| &design.figures) {
        let Some(known) = all.iter_mut().find(|known| known.suffix == figure.suffix) else {
            all.push(figure.clone());
            continue;
        };
        for panel in &figure.panels {
            match known.panels.iter_mut().find(|other| is_same(other, panel)) {
                Some(other) => other.add(panel),
                None => known.panels.push(panel.clone()),
            }
        }
    }
    for figure in &mut all {
        figure.panels.sort_by_key(|panel| panel.row);
    }
    all
}

fn is_same(a: &Panel, b: &Panel) -> bool {
    let titles = (&a.title, &b.title);
    let is_same = matches!(titles, (Text::Template(a), Text::Template(b)) if a == b);
    is_same && a.row == b.row
}

impl Panel {
    /// Adds what another panel of the same title shows besides.
    fn add(&mut self, other: &Panel) {
        // What is alike in all runtimes is side by side.
        for (at, series) in other.series.iter().enumerate() {
            let place = at * (self.runtimes + 1) + self.runtimes;
            self.series.insert(place.min(self.series.len()), series.clone());
        }
        self.runtimes += 1;
        for reference in &other.references {
            if !self.references.contains(reference) {
                self.references.push(reference.clone());
            }
        }
        let (own, others) = (self.marks.take(), other.marks.clone());
        let both = own.into_iter().chain(others).collect::<Vec<_>>();
        if !both.is_empty() {
            *self = self
                .clone()
                .marks(move |run| both.iter().flat_map(|marks| marks.of(run)).collect());
        }
    }
}

/// A text with its numbers.
fn in_words(text: &Text, run: &Recording, verdicts: &[Verdict]) -> String {
    let text = match text {
        Text::Computed(words) => words.of(run),
        Text::Template(template) => template.clone(),
    };
    let mut ids: Vec<&str> = verdicts.iter().map(|one| one.claim_id.as_str()).collect();
    ids.dedup();
    ids.iter().fold(text, |text, id| {
        let hole = format!("{{{id}}}");
        if text.contains(&hole) { text.replace(&hole, &by_runtime(verdicts, id)) } else { text }
    })
}

/// The chart with everything that was recorded for it; none if that is nothing.
fn chart(
    figure: &Figure,
    run: &Recording,
    words: &dyn Fn(&Text) -> String,
) -> Option<lab_plot::Chart> {
    let trials = || {
        let series = figure.panels.iter().flat_map(|panel| &panel.series);
        let arms = series.filter_map(|series| match series {
            Series::Trial { arm, .. } => Some(arm),
            _ => None,
        });
        arms.filter_map(|arm| run.shown_trial(arm)).collect::<Vec<_>>()
    };
    let panels = figure.panels.iter();
    Some(match &figure.chart {
        Chart::Timeline { zoom } => {
            let facets: Vec<_> =
                panels.flat_map(|panel| panels::timeline(run, panel, words)).collect();
            (!facets.is_empty()).then(|| {
                Timeline {
                    cores: run.cores(),
                    zoom: zoom.and_then(|length| middle(&trials(), length)),
                    facets,
                }
                .into()
            })?
        }
        Chart::Bars => {
            let facets: Vec<_> =
                panels.filter_map(|panel| panels::bars(run, panel, words)).collect();
            (!facets.is_empty()).then(|| Bars { facets }.into())?
        }
        Chart::Waterfall => {
            let panels: Vec<_> =
                panels.flat_map(|panel| panels::waterfall(run, panel, words)).collect();
            (!panels.is_empty()).then(|| Waterfall { panels }.into())?
        }
        Chart::Cores { zoom } => {
            let facets: Vec<_> =
                panels.flat_map(|panel| panels::cores(run, panel, words)).collect();
            (!facets.is_empty()).then(|| {
                Cores { zoom: zoom.and_then(|length| middle(&trials(), length)), facets }.into()
            })?
        }
        Chart::Strips { y, point } => {
            let panels: Vec<_> =
                panels.filter_map(|panel| panels::strips(run, panel, words)).collect();
            (!panels.is_empty())
                .then(|| Strips { y: y.clone(), point: point.clone(), panels }.into())?
        }
        Chart::Lines { x, y } => {
            let rows = figure.panels.iter().map(|panel| panel.row).max().unwrap_or(0) as usize + 1;
            let columns = if rows > 1 { figure.panels.len().div_ceil(rows) } else { 0 };
            let panels: Vec<_> =
                panels.filter_map(|panel| panels::lines(run, panel, words)).collect();
            (!panels.is_empty()).then(|| {
                Lines {
                    x: x.clone(),
                    y: y.clone(),
                    point: "one block".to_owned(),
                    band: run.interval_in_words(),
                    columns,
                    panels,
                }
                .into()
            })?
        }
    })
}

/// About `length` in the middle of the shortest of the trials: for an enlarged view in which all of
/// them have something to show. None if that is all of it.
fn middle(trials: &[Trial], length: Duration) -> Option<lab_plot::Span> {
    let length_ns = u64::try_from(length.as_nanos()).ok()?;
    let windows = trials.iter().filter_map(|trial| {
        let in_flight = trial.in_flight();
        let last_start = in_flight.iter().map(|job| job.start).max()?;
        let first_end = in_flight.iter().map(|job| job.end).min()?;
        Some((last_start, first_end))
    });
    let (from, to) = windows.reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)))?;
    let middle = from.checked_add(to.checked_sub(from)? / 2)?;
    (to - from > length_ns).then(|| (middle - length_ns / 2, middle + length_ns / 2))
}

/// Where, when and how a run was made, for the foot of its figures.
pub fn caption(info: &RunInfo) -> String {
    let machine = &info.machine;
    let cores = &machine.cores;
    let mut parts = vec![format!("{} usable of {} cores", cores.usable, cores.logical)];
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
        let dirty = if info.dirty == Some(true) { " and changes" } else { "" };
        parts.push(format!("commit {commit}{dirty}"));
    }
    parts.push(info.date.split('T').next().unwrap_or_default().to_owned());
    if info.blocks > 0 {
        parts.push(format!("{} blocks", info.blocks));
    }
    parts.push(format!("run {}", info.run_id));
    parts.join(" · ")
}
