//! Who made progress when: a row a job, and under the rows how many were running at once.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::axis::{TimeAxis, duration};
use crate::canvas::{Area, Canvas, Stroke};
use crate::coverage::{COLUMNS, LEVELS, View};
use crate::error::Result;
use crate::font::TextStyle;
use crate::interval;
use crate::key::{Key, Swatch};
use crate::page::{Chart, Frame, LABEL_EM, MARGIN, TICK_EM, WIDTH};
use crate::rows::{self, Stack};
use crate::series::{BAND, Colour, GREY, INK, Marker, Series};
use crate::steps::StepPanel;

/// Facets below one another on one axis of time; beside each, if asked for, a zoomed view.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Title, subtitle, caption.
    pub frame: Frame,
    /// Usable cores: the dashed line in the step line's panel.
    pub cores: u32,
    /// One an arm, usually two to four; at most 12.
    pub facets: Vec<Facet>,
    /// What the second column shows larger; none, no second column.
    pub zoom: Option<Zoom>,
}

/// One trial of one arm.
#[derive(Clone, Debug)]
pub struct Facet {
    /// What it shows, in words, best with the share of time in which two or more were running.
    pub title: String,
    /// Gives the colour.
    pub series: Series,
    /// One a job, from the top.
    pub rows: Vec<Row>,
    /// How many jobs made progress at once: `(from this nanosecond on, so many)`, in order of
    /// time; nothing before the first.
    pub running: Vec<(u64, u32)>,
}

/// One job.
#[derive(Clone, Debug)]
pub struct Row {
    /// Stands at the left.
    pub label: String,
    /// From the job's start to its end, in nanoseconds: the pale bar.
    pub begun: (u64, u64),
    /// When it made progress, `(start, end)` in nanoseconds, in any order: solid. One that is
    /// narrower than two pixels and stands alone becomes a point.
    pub spans: Vec<(u64, u64)>,
    /// Single readings of the clock in nanoseconds; drawn as points in a view with at least
    /// three pixels for each. May be empty.
    pub samples: Vec<u64>,
}

/// A stretch of time to look at more closely, in nanoseconds; about 60 ms show slices of 5 ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zoom {
    /// Its start.
    pub from: u64,
    /// Its end, after its start.
    pub to: u64,
}

const MOST_FACETS: usize = 12;
/// Height of the step line's panel, and the air around it.
const STEPS: f64 = 80.0;
const ABOVE_STEPS: f64 = 10.0;
const BETWEEN: f64 = 26.0;
/// Height of the line that says what the two columns show.
const COLUMN_HEADS: f64 = 30.0;
/// Share of the plots' width that the whole view has beside a zoomed one.
const WHOLE: f64 = 0.6;
const BETWEEN_COLUMNS: f64 = 64.0;

/// Where everything lies from left to right.
struct Columns {
    whole: TimeAxis,
    zoomed: Option<TimeAxis>,
    cores: String,
}

impl Columns {
    fn axes(&self) -> impl Iterator<Item = &TimeAxis> {
        [&self.whole].into_iter().chain(&self.zoomed)
    }
}

impl Timeline {
    fn stack(&self) -> Stack {
        let counts: Vec<_> = self.facets.iter().map(|facet| facet.rows.len()).collect();
        Stack::new(&counts)
    }

    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.facets.iter().flat_map(|facet| &facet.rows)
    }

    /// The last instant of anything.
    fn end(&self) -> u64 {
        let running = self.facets.iter().filter_map(|facet| facet.running.last());
        self.rows()
            .flat_map(|row| row.spans.iter().map(|s| s.1).chain([row.begun.1]))
            .chain(running.map(|step| step.0))
            .chain(self.zoom.map(|zoom| zoom.to))
            .max()
            .unwrap_or(0)
    }

    /// The rows for which there is room.
    fn drawn_rows(&self) -> impl Iterator<Item = &Row> {
        let most = self.stack().most;
        let facets = self.facets.iter();
        facets.flat_map(move |facet| facet.rows.iter().take(most))
    }

    /// Whether any span is drawn as a point.
    fn has_points(&self) -> bool {
        let Ok(columns) = self.columns() else {
            return false;
        };
        columns.axes().any(|axis| {
            let view = View::new(axis.range(), axis.right() - axis.left());
            self.drawn_rows()
                .any(|row| !view.draw(&row.spans).points.is_empty())
        })
    }

    fn columns(&self) -> Result<Columns> {
        let labels = self.drawn_rows().map(|row| row.label.as_str());
        let left = MARGIN + self.stack().gutter(labels)?.max(134.0);
        let cores = match self.cores {
            1 => "1 core".to_owned(),
            n => format!("{n} cores"),
        };
        let beside = TextStyle::new(TICK_EM, GREY)?.width(&cores) + 10.0;
        let right = WIDTH - MARGIN - beside;
        let end = self.end();
        let Some(zoom) = self.zoom else {
            return Ok(Columns {
                whole: TimeAxis::new(0, end, left, right),
                zoomed: None,
                cores,
            });
        };
        let width = right - left - BETWEEN_COLUMNS;
        let whole = (width * WHOLE).round();
        Ok(Columns {
            whole: TimeAxis::new(0, end, left, left + whole),
            zoomed: Some(TimeAxis::new(
                zoom.from,
                zoom.to,
                left + whole + BETWEEN_COLUMNS,
                right,
            )),
            cores,
        })
    }
}

impl Chart for Timeline {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn key(&self) -> Key {
        let mut key = vec![
            (Swatch::Bar(GREY.tint(PALE)), "begun, not yet ended".into()),
            (
                Swatch::Bar(GREY),
                "making progress (lighter: some of the time)".into(),
            ),
        ];
        if self.has_points() {
            key.push((Swatch::Dot(GREY), "progress too short for a bar".into()));
        }
        if self.zoom.is_some() {
            key.push((Swatch::Bar(BAND), "enlarged at the right".into()));
        }
        Key(key)
    }

    fn check(&self) -> Result<()> {
        interval::count("timeline", "facets", self.facets.len(), MOST_FACETS)?;
        if self.rows().next().is_none() {
            interval::count("timeline", "rows", 0, 1)?;
        }
        for facet in &self.facets {
            for row in &facet.rows {
                let place = || format!("facet “{}”, row “{}”", facet.title, row.label);
                interval::check(place, "the job", row.begun)?;
                for &span in &row.spans {
                    interval::check(place, "a span", span)?;
                }
            }
        }
        if let Some(zoom) = self.zoom {
            interval::check(|| "the timeline".into(), "the zoom", (zoom.from, zoom.to))?;
        }
        Ok(())
    }

    fn body_height(&self) -> Result<f64> {
        let stack = self.stack();
        let facets: f64 = self
            .facets
            .iter()
            .map(|facet| rows::TITLE + stack.height(facet.rows.len()) + ABOVE_STEPS + STEPS)
            .sum();
        let heads = if self.zoom.is_some() {
            COLUMN_HEADS
        } else {
            0.0
        };
        let between = BETWEEN * (self.facets.len().saturating_sub(1)) as f64;
        Ok(heads + facets + between + TimeAxis::HEIGHT)
    }

    fn draw_body<B: DrawingBackend>(&self, canvas: &mut Canvas<B>, top: f64) -> Result<()> {
        let columns = self.columns()?;
        let stack = self.stack();
        let lines = self.facets.iter().map(|facet| facet.running.as_slice());
        let steps = StepPanel::new(self.cores, lines);
        let mut y = top;
        if let Some(zoomed) = &columns.zoomed {
            column_heads(canvas, &columns.whole, zoomed, y)?;
            y += COLUMN_HEADS;
        }
        for (i, facet) in self.facets.iter().enumerate() {
            if i > 0 {
                y += BETWEEN;
            }
            let width = WIDTH - MARGIN - columns.whole.left();
            rows::title(
                canvas,
                &facet.title,
                facet.series,
                (columns.whole.left(), y),
                width,
            )?;
            y += rows::TITLE;
            let rows_bottom = y + stack.height(facet.rows.len());
            let bottom = rows_bottom + ABOVE_STEPS + STEPS;

            for axis in columns.axes() {
                let whole = std::ptr::eq(axis, &columns.whole);
                let band = self.zoom.filter(|_| whole);
                let band = band.map(|zoom| (axis.px(zoom.from), axis.px(zoom.to)));
                if let Some((from, to)) = band {
                    canvas.fill(Area::new(from, y, to, bottom), BAND)?;
                }
                axis.grid(canvas, y, bottom)?;
                let view = View::new(axis.range(), axis.right() - axis.left());
                for (index, row) in facet.rows.iter().take(stack.most).enumerate() {
                    let height = stack.bar(y, index);
                    draw_row(canvas, axis, view, row, facet.series.colour(), height)?;
                }
                let area = axis.area(rows_bottom + ABOVE_STEPS, bottom);
                steps.draw(canvas, axis, area, &facet.running, facet.series.colour())?;
                if whole {
                    steps.draw_axis(canvas, area, MARGIN)?;
                }
                // Its edges lie over the rows, or a short stretch of a long trial would be lost.
                for x in band.map_or(vec![], |(from, to)| vec![from, to]) {
                    canvas.line(&[(x, y), (x, bottom)], Stroke::new(GREY, 1.0))?;
                }
            }

            let left = columns.whole.left();
            for (index, row) in facet.rows.iter().take(stack.most).enumerate() {
                stack.label(canvas, &row.label, (left, y), index, left - MARGIN)?;
            }
            stack.left_out(canvas, (left, y), facet.rows.len())?;
            let last = columns.zoomed.as_ref().unwrap_or(&columns.whole);
            let area = last.area(rows_bottom + ABOVE_STEPS, bottom);
            let style = TextStyle::new(TICK_EM, GREY)?.anchor(HPos::Left, VPos::Center);
            canvas.text(
                &columns.cores,
                (last.right() + 9.0, steps.cores_y(area)),
                style,
            )?;
            y = bottom;
        }
        columns.whole.draw(canvas, y)?;
        if let Some(zoomed) = &columns.zoomed {
            zoomed.draw(canvas, y)?;
        }
        Ok(())
    }
}

/// How much of a series' colour a pale bar has.
const PALE: f64 = 0.25;

fn column_heads<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    whole: &TimeAxis,
    zoomed: &TimeAxis,
    top: f64,
) -> Result<()> {
    let style = TextStyle::new(LABEL_EM, GREY)?;
    let (from, to) = zoomed.range();
    let words = format!("{} of it, enlarged", duration(to - from));
    canvas.text("the whole trial", (whole.left(), top), style)?;
    canvas.text(&words, (zoomed.left(), top), style)
}

fn draw_row<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    axis: &TimeAxis,
    view: View,
    row: &Row,
    colour: Colour,
    height: (f64, f64),
) -> Result<()> {
    let (from, to) = axis.range();
    let seen = |&at: &u64| at as f64 >= from && at as f64 <= to;
    if row.begun.1 as f64 >= from && row.begun.0 as f64 <= to {
        let begun = (axis.px(row.begun.0), axis.px(row.begun.1));
        canvas.fill(rows::bar(begun, height, 1.5), colour.tint(PALE))?;
    }
    let drawn = view.draw(&row.spans);
    let x = |column: usize| (axis.left() + column as f64 / COLUMNS).min(axis.right());
    for run in drawn.runs {
        let share = f64::from(run.level) / f64::from(LEVELS);
        let solid = colour.over(colour.tint(PALE), share);
        canvas.fill(rows::bar((x(run.first), x(run.end)), height, 0.5), solid)?;
    }
    let middle = (height.0 + height.1) / 2.0;
    for at in drawn.points {
        let stroke = Stroke::new(colour, 1.0);
        canvas.marker(Marker::Disc, (axis.px(at), middle), 3.0, stroke)?;
    }
    let samples = row.samples.iter().filter(|at| seen(at)).count();
    if samples as f64 * 3.0 <= axis.right() - axis.left() {
        for &at in row.samples.iter().filter(|at| seen(at)) {
            let stroke = Stroke::new(INK, 1.0);
            canvas.marker(Marker::Disc, (axis.px(at), middle), 1.5, stroke)?;
        }
    }
    Ok(())
}
