//! Which worker loaded which page when: rows are workers, and a bar a page.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::axis::{TimeAxis, duration};
use crate::canvas::{Area, Canvas, DASH, Stroke};
use crate::error::Result;
use crate::font::TextStyle;
use crate::interval;
use crate::key::{self, Key, Swatch};
use crate::lanes::lanes;
use crate::page::{Chart, Frame, MARGIN, TICK_EM, WIDTH};
use crate::rows::{self, Stack};
use crate::series::{Colour, GREY, INK, PAPER, Series};

/// Panels below one another on one axis of time.
#[derive(Clone, Debug)]
pub struct Waterfall {
    /// Title, subtitle, caption.
    pub frame: Frame,
    /// One an arm; at most 12.
    pub panels: Vec<WaterfallPanel>,
}

/// One trial of one arm.
#[derive(Clone, Debug)]
pub struct WaterfallPanel {
    /// What it shows, in words.
    pub title: String,
    /// Gives the colour.
    pub series: Series,
    /// How many workers there were: those that loaded nothing have a row, too.
    pub workers: u32,
    /// In any order.
    pub pages: Vec<PageBar>,
    /// What list scheduling of the known delays gives, in nanoseconds: a dashed line.
    pub bound: Option<u64>,
    /// When the last answer was in hand, in nanoseconds: a solid line.
    pub makespan: Option<u64>,
}

/// One page.
#[derive(Clone, Debug)]
pub struct PageBar {
    /// Which worker loaded it, from 0. Pages that one worker loads at once (`async`) are drawn
    /// below one another.
    pub worker: u32,
    /// Drawn into the bar where there is room.
    pub label: String,
    /// When it was handed to the pool, in nanoseconds. A thin line leads from there, or from the
    /// worker's page before, to its start.
    pub submitted: u64,
    /// When a worker began it, in nanoseconds.
    pub start: u64,
    /// When its answer was whole, in nanoseconds.
    pub end: u64,
    /// From when to when the origin says it served it, in nanoseconds: the solid part of the bar.
    /// Without it all of the bar is solid.
    pub service: Option<(u64, u64)>,
    /// Whether the answer was right; the bar of a page that failed is hatched.
    pub ok: bool,
}

/// A page and the row it is drawn in.
struct Placed<'a> {
    page: &'a PageBar,
    row: usize,
    /// When its row was last busy.
    free_from: u64,
}

/// The rows of a panel: each a lane of a worker.
struct Rows<'a> {
    labels: Vec<String>,
    placed: Vec<Placed<'a>>,
}

/// An upright line through a panel.
struct Upright {
    at: u64,
    words: String,
    dashed: bool,
}

const MOST_PANELS: usize = 12;
/// Rows beyond what a figure holds are only counted, and only so far.
const MOST_WORKERS: u32 = 10_000;
const BETWEEN: f64 = 20.0;
/// Size of the words in a bar: digits 12 pixels high, which the lowest row holds.
const LABEL_EM: f64 = 16.0;
/// From an upright line to its words.
const TO_WORDS: f64 = 7.0;
/// Height of the strip above a panel with the words of its upright lines.
const STRIP: f64 = 24.0;
/// How much of a series' colour a bar has outside the origin's own time.
const PALE: f64 = 0.4;

impl WaterfallPanel {
    /// Bound and makespan, the earlier one first.
    fn lines(&self) -> Vec<Upright> {
        let line = |name: &str, at: u64, dashed| Upright {
            at,
            words: format!("{name} {}", duration(at as f64)),
            dashed,
        };
        let bound = self.bound.map(|at| line("list scheduling", at, true));
        let makespan = self.makespan.map(|at| line("makespan", at, false));
        let mut lines: Vec<_> = [bound, makespan].into_iter().flatten().collect();
        lines.sort_by_key(|line| line.at);
        lines
    }

    fn rows(&self) -> Rows<'_> {
        let busiest = self.pages.iter().map(|page| page.worker).max();
        let workers = self
            .workers
            .max(busiest.map_or(0, |worker| worker.saturating_add(1)));
        let mut by_worker: Vec<&PageBar> = self.pages.iter().collect();
        by_worker.sort_by_key(|page| (page.worker, page.start));
        let mut groups = by_worker.chunk_by(|a, b| a.worker == b.worker).peekable();

        let mut rows = Rows {
            labels: Vec::new(),
            placed: Vec::new(),
        };
        for worker in 0..workers.min(MOST_WORKERS) {
            let first = rows.labels.len();
            rows.labels.push(format!("worker {worker}"));
            let Some(pages) = groups.next_if(|group| group.iter().all(|p| p.worker == worker))
            else {
                continue;
            };
            let times: Vec<_> = pages.iter().map(|page| (page.start, page.end)).collect();
            let mut busy_until: Vec<u64> = Vec::new();
            for (page, lane) in pages.iter().zip(lanes(&times)) {
                if lane >= busy_until.len() {
                    busy_until.resize(lane + 1, 0);
                    rows.labels.resize(first + lane + 1, String::new());
                }
                let free_from = busy_until.get(lane).copied().unwrap_or(0);
                rows.placed.push(Placed {
                    page,
                    row: first + lane,
                    free_from,
                });
                if let Some(until) = busy_until.get_mut(lane) {
                    *until = page.end;
                }
            }
        }
        rows
    }
}

impl Waterfall {
    fn stack(&self) -> Stack {
        let rows = self.panels.iter().map(|panel| panel.rows().labels.len());
        Stack::new(&rows.collect::<Vec<_>>())
    }

    fn pages(&self) -> impl Iterator<Item = &PageBar> {
        self.panels.iter().flat_map(|panel| &panel.pages)
    }

    /// Room right of the plots for the words of the lines there.
    fn beside(&self) -> Result<f64> {
        let style = TextStyle::new(TICK_EM, INK)?;
        let words = self.panels.iter().filter_map(|panel| panel.lines().pop());
        Ok(words
            .map(|line| style.width(&line.words) + TO_WORDS)
            .fold(30.0, f64::max))
    }

    fn end(&self) -> u64 {
        let lines = self
            .panels
            .iter()
            .flat_map(|panel| [panel.bound, panel.makespan]);
        self.pages()
            .map(|page| {
                page.service
                    .map_or(page.end, |service| page.end.max(service.1))
            })
            .chain(lines.flatten())
            .max()
            .unwrap_or(0)
    }
}

impl Chart for Waterfall {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn key(&self) -> Key {
        let mut key = Vec::new();
        if self.pages().any(|page| page.service.is_some()) {
            key.push((
                Swatch::Inset(GREY, GREY.tint(PALE)),
                "served by the origin (dark), within the worker’s own time (pale)".into(),
            ));
        } else {
            key.push((
                Swatch::Bar(GREY),
                "a page, from its start to its answer".into(),
            ));
        }
        if self.pages().any(|page| page.submitted < page.start) {
            key.push((
                Swatch::Line(GREY.tint(0.6)),
                "submitted, not yet begun".into(),
            ));
        }
        if self.pages().any(|page| !page.ok) {
            key.push((Swatch::Hatched(GREY), "failed".into()));
        }
        Key(key)
    }

    fn check(&self) -> Result<()> {
        interval::count("waterfall", "panels", self.panels.len(), MOST_PANELS)?;
        if self.pages().next().is_none() {
            interval::count("waterfall", "pages", 0, 1)?;
        }
        for panel in &self.panels {
            for page in &panel.pages {
                let place = || format!("panel “{}”, page “{}”", panel.title, page.label);
                interval::check(place, "the page", (page.start, page.end))?;
                if let Some(service) = page.service {
                    interval::check(place, "the origin's service", service)?;
                }
            }
        }
        Ok(())
    }

    fn body_height(&self) -> Result<f64> {
        let stack = self.stack();
        let panels = self.panels.iter().map(|panel| {
            let rows = panel.rows().labels.len();
            rows::TITLE + STRIP + stack.height(rows) + BETWEEN
        });
        Ok(panels.sum::<f64>() - BETWEEN + 6.0 + TimeAxis::HEIGHT)
    }

    fn draw_body<B: DrawingBackend>(&self, canvas: &mut Canvas<B>, top: f64) -> Result<()> {
        let stack = self.stack();
        let all: Vec<_> = self.panels.iter().map(WaterfallPanel::rows).collect();
        let labels = all
            .iter()
            .flat_map(|rows| rows.labels.iter().take(stack.most))
            .map(String::as_str);
        let left = MARGIN + stack.gutter(labels)?;
        let axis = TimeAxis::new(0, self.end(), left, WIDTH - MARGIN - self.beside()?);
        let mut y = top;
        for (i, (panel, rows)) in self.panels.iter().zip(&all).enumerate() {
            if i > 0 {
                y += BETWEEN;
            }
            rows::title(
                canvas,
                &panel.title,
                Some(panel.series),
                (left, y),
                WIDTH - MARGIN - left,
            )?;
            let plot = y + rows::TITLE + STRIP;
            let bottom = plot + stack.height(rows.labels.len());
            axis.grid(canvas, plot, bottom)?;
            for (index, label) in rows.labels.iter().take(stack.most).enumerate() {
                stack.label(canvas, label, (left, plot), index, left - MARGIN)?;
            }
            for placed in rows.placed.iter().filter(|placed| placed.row < stack.most) {
                let height = stack.bar(plot, placed.row);
                draw_page(canvas, &axis, placed, panel.series.colour(), height)?;
            }
            stack.left_out(canvas, (left, plot), rows.labels.len())?;
            draw_lines(canvas, &axis, panel, (y + rows::TITLE, plot, bottom))?;
            y = bottom;
        }
        axis.draw(canvas, y + 6.0)
    }
}

fn draw_page<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    axis: &TimeAxis,
    placed: &Placed,
    colour: Colour,
    height: (f64, f64),
) -> Result<()> {
    let page = placed.page;
    let bar = rows::bar((axis.px(page.start), axis.px(page.end)), height, 1.5);
    let waiting_from = page.submitted.max(placed.free_from);
    if waiting_from < page.start {
        let line = [
            (axis.px(waiting_from), bar.middle()),
            (bar.left, bar.middle()),
        ];
        canvas.line(&line, Stroke::new(colour.tint(0.6), 2.0))?;
    }
    let ground = if !page.ok {
        key::failed(canvas, bar, colour)?;
        PAPER
    } else if let Some((from, to)) = page.service {
        canvas.fill(bar, colour.tint(PALE))?;
        let inset = (height.0 + 2.0, height.1 - 2.0);
        canvas.fill(rows::bar((axis.px(from), axis.px(to)), inset, 1.0), colour)?;
        colour
    } else {
        canvas.fill(bar, colour)?;
        colour
    };
    // A hair of paper between pages that follow one another at once.
    let edge = Area::new(bar.right - 1.0, bar.top, bar.right, bar.bottom);
    if page.ok && bar.width() > 6.0 {
        canvas.fill(edge, PAPER)?;
    }
    draw_label(canvas, &page.label, bar, ground)
}

/// The page's label in its bar, if there is room.
fn draw_label<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    label: &str,
    bar: Area,
    ground: Colour,
) -> Result<()> {
    let light = ground.lightness() > 0.5;
    let style = TextStyle::new(LABEL_EM, if light { INK } else { PAPER })?;
    let width = style.width(label);
    if width + 10.0 > bar.width() {
        return Ok(());
    }
    let at = ((bar.left + bar.right) / 2.0, bar.middle());
    if ground == PAPER {
        let behind = Area::new(
            at.0 - width / 2.0 - 3.0,
            bar.top + 2.0,
            at.0 + width / 2.0 + 3.0,
            bar.bottom - 2.0,
        );
        canvas.fill(behind, PAPER)?;
    }
    canvas.text(label, at, style.anchor(HPos::Center, VPos::Center))
}

/// Bound and makespan through a panel, each with its words in the strip above: those of the
/// earlier one left of it, those of the later (or only) one right of it.
fn draw_lines<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    axis: &TimeAxis,
    panel: &WaterfallPanel,
    (strip, plot, bottom): (f64, f64, f64),
) -> Result<()> {
    let style = TextStyle::new(TICK_EM, INK)?;
    let lines = panel.lines();
    let mut free_from = 0.0;
    for (i, line) in lines.iter().enumerate() {
        let x = axis.px(line.at);
        let path = [(x, strip + 2.0), (x, bottom)];
        if line.dashed {
            canvas.dashed(&path, DASH, Stroke::new(INK, 1.5))?;
        } else {
            canvas.line(&path, Stroke::new(INK, 2.0))?;
        }
        let width = style.width(&line.words);
        let last = i + 1 == lines.len();
        let left = match last {
            true => (x + TO_WORDS).max(free_from),
            false => (x - TO_WORDS - width).max(8.0),
        };
        free_from = left + width + TO_WORDS;
        let at = (left, (strip + plot) / 2.0);
        canvas.text(&line.words, at, style.anchor(HPos::Left, VPos::Center))?;
    }
    Ok(())
}
