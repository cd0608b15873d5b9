//! From the figures that designs declare to charts of what was recorded.

pub(crate) mod caption;
mod jobs;
mod merge;
pub(super) mod raw;
mod source;
mod values;

use crate::design::Design;
use crate::design::figure::{Chart, Figure, Series};
use crate::judge::Verdict;
use crate::record::Recording;
use crate::show::words::colour;
use caption::{caption, of_one_block};
use lab_data::rows::Executor;
use lab_plot::{Key, Lines, Rows, Scale, Sign, Unit};
use merge::merged;
use source::Source;
use std::collections::BTreeSet;

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
    let declared = merged(designs, &drawn, source).into_iter().filter_map(|(figure, alike)| {
        let chart = chart(&figure, source)?;
        let title = lab_plot::Figure::new(titled(source.words(&figure.title), run), chart);
        let of_one = series(&figure).any(|series| matches!(series, Series::Trial { .. }));
        let of_one = if of_one { of_one_block(run.info()) } else { String::new() };
        let words = [source.words(&figure.subtitle), of_one, alike];
        let words: Vec<String> = words.into_iter().filter(|text| !text.is_empty()).collect();
        Some((figure.suffix, title.subtitle(words.join(" "))))
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
    let (run, panels) = (source.run, figure.panels.iter());
    let time = |facets| Rows { x: Scale::linear("").unit(Unit::Time), facets, ..Rows::default() };
    let chart = match &figure.chart {
        Chart::Timeline => Rows {
            key: keys(&[
                (Sign::Pale, "begun, not yet ended"),
                (Sign::Full, "making progress"),
                (Sign::Point, if has_points(figure) { "a point that the job noted" } else { "" }),
            ]),
            cores: Some(run.cores()),
            ..time(some(panels.flat_map(|panel| source.timeline(panel)))?)
        },
        Chart::Bars => {
            let rows = time(some(panels.filter_map(|panel| source.bars(panel)))?);
            Rows { key: bar_key(figure), ..rows }
        }
        Chart::Waterfall => Rows {
            key: keys(&[
                (Sign::Full, "served by the origin"),
                (Sign::Pale, "around it"),
                (Sign::Vertical { is_dashed: true }, "allowed by list scheduling"),
                (Sign::Vertical { is_dashed: false }, "took, to the last page"),
            ]),
            ..time(some(panels.flat_map(|panel| source.waterfall(panel)))?)
        },
        Chart::Cores => {
            let rows = time(some(panels.flat_map(|panel| source.cores(panel)))?);
            Rows { key: jobs::job_key(&rows.facets), ..rows }
        }
        Chart::Strips { x, point } => {
            let lines = panels.clone().flat_map(|panel| &panel.references);
            let lines: BTreeSet<&str> = lines.map(|(words, _)| words.as_str()).collect();
            let lines = lines.into_iter().map(|words| (Sign::Vertical { is_dashed: true }, words));
            let key =
                [(Sign::Dot, point.as_str()), (Sign::Median, "median, its value at the right")];
            let key: Vec<(Sign, &str)> = key.into_iter().chain(lines).collect();
            let facets = some(panels.filter_map(|panel| source.strips(panel, x.unit)))?;
            Rows { x: x.clone(), key: keys(&key), facets, ..Rows::default() }
        }
        Chart::Lines { x, y } => {
            let rows = figure.panels.iter().map(|panel| panel.row).max().unwrap_or(0) as usize + 1;
            return Some(
                Lines {
                    x: x.clone(),
                    y: y.clone(),
                    point: "one block".to_owned(),
                    band: run.interval_in_words(),
                    columns: if rows > 1 { figure.panels.len().div_ceil(rows) } else { 0 },
                    panels: some(panels.filter_map(|panel| source.lines(panel)))?,
                }
                .into(),
            );
        }
    };
    Some(chart.into())
}

fn keys(signs: &[(Sign, &str)]) -> Vec<Key> {
    signs.iter().map(|(sign, words)| Key::new(*sign, *words)).collect()
}

/// What is drawn of these figures' trials and pools.
fn series(figure: &Figure) -> impl Iterator<Item = &Series> {
    figure.panels.iter().flat_map(|panel| &panel.series)
}

fn has_points(figure: &Figure) -> bool {
    series(figure).any(|series| matches!(series, Series::Trial { with_points: true, .. }))
}

/// The colours, and what there is of pools.
fn bar_key(figure: &Figure) -> Vec<Key> {
    let executor = |series: &Series| match series {
        Series::Trial { arm, .. } | Series::Pool { arm, .. } => Some(arm.executor),
        _ => None,
    };
    let executors: BTreeSet<Executor> = series(figure).filter_map(executor).collect();
    let colours = executors.into_iter().map(|of| Key::new(Sign::Series(colour(of)), of.name()));
    let pools = [(Sign::Pale, "the pool starts"), (Sign::Point, "the end in one block")];
    let is_pool = |series: &Series| matches!(series, Series::Pool { .. });
    let pools = if series(figure).any(is_pool) { keys(&pools) } else { Vec::new() };
    colours.chain(pools).collect()
}

/// All of them; none where there are none.
fn some<T>(all: impl Iterator<Item = T>) -> Option<Vec<T>> {
    let all: Vec<T> = all.collect();
    (!all.is_empty()).then_some(all)
}
