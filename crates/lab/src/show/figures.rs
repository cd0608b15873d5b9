//! From the figures that designs declare to charts of what was recorded.

pub(crate) mod caption;
mod jobs;
mod merge;
pub(super) mod raw;
mod source;
mod values;

use crate::design::Design;
use crate::design::figure::{Chart, Figure};
use crate::judge::Verdict;
use crate::record::Recording;
use caption::caption;
use lab_plot::{Bars, Cores, Lines, Strips, Timeline, Waterfall};
use merge::merged;
use source::Source;

/// A figure that can be drawn, and what is added to the experiment's name in its file's name.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub(crate) suffix: String,
    pub(crate) figure: lab_plot::Figure,
}

/// All figures of a run, and that of its readings if it kept them.
pub(crate) fn all(designs: &[Design], run: &Recording, verdicts: &[Verdict]) -> Vec<Drawn> {
    let drawn = merge::drawn(designs);
    // Titles name what is shown.
    let is_drawn = |verdict: &&Verdict| drawn.contains(&verdict.runtime.as_str());
    let verdicts: Vec<Verdict> = verdicts.iter().filter(is_drawn).cloned().collect();
    let source = Source { run, verdicts: &verdicts };
    let declared = merged(designs).into_iter().filter_map(|figure| {
        let chart = chart(&figure, source)?;
        let title = lab_plot::Figure::new(titled(source.words(&figure.title), run), chart);
        Some((figure.suffix, title.subtitle(source.words(&figure.subtitle))))
    });
    let raw = raw::figure(run).map(|figure| (raw::SUFFIX.to_owned(), figure));
    let drawn = declared.chain(raw);
    drawn
        .map(|(suffix, figure)| Drawn { suffix, figure: figure.caption(caption(run.info())) })
        .collect()
}

/// The title, which says first of all if nothing was measured.
fn titled(title: String, run: &Recording) -> String {
    match run.info().is_simulated() {
        true => format!("{}: {title}", capital(&caption::simulated(run.info()))),
        false => title,
    }
}

/// With a capital letter.
fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// The chart with everything that was recorded for it; none if that is nothing.
fn chart(figure: &Figure, source: Source) -> Option<lab_plot::Chart> {
    let (run, panels) = (source.run, &figure.panels);
    let zoomed = |length: &Option<_>| length.and_then(|length| source.middle(panels, length));
    let panels = panels.iter();
    Some(match &figure.chart {
        Chart::Timeline { zoom } => {
            let facets = some(panels.flat_map(|panel| source.timeline(panel)))?;
            Timeline { cores: run.cores(), zoom: zoomed(zoom), facets }.into()
        }
        Chart::Bars => Bars { facets: some(panels.filter_map(|panel| source.bars(panel)))? }.into(),
        Chart::Waterfall => {
            Waterfall { panels: some(panels.flat_map(|panel| source.waterfall(panel)))? }.into()
        }
        Chart::Cores { zoom } => {
            let facets = some(panels.flat_map(|panel| source.cores(panel)))?;
            Cores { zoom: zoomed(zoom), facets }.into()
        }
        Chart::Strips { y, point } => {
            let panels = some(panels.filter_map(|panel| source.strips(panel, y.unit)))?;
            Strips { y: y.clone(), point: point.clone(), panels }.into()
        }
        Chart::Lines { x, y } => {
            let rows = figure.panels.iter().map(|panel| panel.row).max().unwrap_or(0) as usize + 1;
            Lines {
                x: x.clone(),
                y: y.clone(),
                point: "one block".to_owned(),
                band: run.interval_in_words(),
                columns: if rows > 1 { figure.panels.len().div_ceil(rows) } else { 0 },
                panels: some(panels.filter_map(|panel| source.lines(panel)))?,
            }
            .into()
        }
    })
}

/// All of them; none where there are none.
fn some<T>(all: impl Iterator<Item = T>) -> Option<Vec<T>> {
    let all: Vec<T> = all.collect();
    (!all.is_empty()).then_some(all)
}
