//! A value against the number of workers (or another quantity), with every block a point.

use plotters_backend::DrawingBackend;

use crate::canvas::{Area, Canvas};
use crate::error::{PlotError, Result};
use crate::font::TextStyle;
use crate::interval;
use crate::key::{Key, Swatch};
use crate::page::{Chart, Frame, LABEL_EM, MARGIN, WIDTH};
use crate::scaling_axes::{self, Axes};
use crate::scaling_panel;
use crate::series::{GREY, INK, Series};

/// Panels beside one another that share both axes.
#[derive(Clone, Debug)]
pub struct Scaling {
    /// Title, subtitle, caption.
    pub frame: Frame,
    /// What the level axis counts, with its unit.
    pub x_label: String,
    /// What the upright axis measures, with its unit.
    pub y_label: String,
    /// How the first number of a point becomes a place.
    pub x: XAxis,
    /// How the second one does.
    pub y: YAxis,
    /// One a runtime, say; at most 12, three in a row.
    pub panels: Vec<ScalingPanel>,
}

/// The level axis.
#[derive(Clone, Debug, PartialEq)]
pub enum XAxis {
    /// Numbers of workers, above 0, on a logarithmic axis (base 2); every number that occurs in a
    /// median or a point is a tick.
    Workers,
    /// A straight axis with round ticks, such as a share of waiting in per cent.
    Linear,
    /// Words in order: a point's first number is the index of its word.
    Categories(Vec<String>),
}

/// The upright axis. All panels share it. It always holds every point, median and band; a
/// reference line may lead out of it at the top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum YAxis {
    /// From zero (or the least value, if that is negative).
    FromZero,
    /// Straight, at least from the first to the second value; more if the data ask for it.
    Linear(f64, f64),
    /// Logarithmic, for values above 0.
    Log,
}

/// One panel.
#[derive(Clone, Debug)]
pub struct ScalingPanel {
    /// What it shows, in words.
    pub title: String,
    /// At most one of each series is best.
    pub lines: Vec<ScalingLine>,
    /// Ideal and bounds: thin, dashed, labelled at the line.
    pub references: Vec<ReferenceLine>,
    /// Usable cores: an upright dashed line there.
    pub cores: Option<f64>,
}

/// One arm.
#[derive(Clone, Debug)]
pub struct ScalingLine {
    /// Stands at the line's right end, or in the key if there is no room.
    pub label: String,
    /// Gives colour and marker.
    pub series: Series,
    /// Every block: (x, value).
    pub points: Vec<(f64, f64)>,
    /// The line itself: (x, value), in order of x.
    pub median: Vec<(f64, f64)>,
    /// The interval: (x, low, high), in order of x. May be empty.
    pub band: Vec<(f64, f64, f64)>,
}

/// What the lines are held against.
#[derive(Clone, Debug)]
pub struct ReferenceLine {
    /// Stands at the line.
    pub label: String,
    /// (x, value), in order of x.
    pub points: Vec<(f64, f64)>,
}

const MOST_PANELS: usize = 12;
const IN_A_ROW: usize = 3;
const BETWEEN: f64 = 28.0;
/// A panel's labels at its right take at most this share of it.
const MOST_LABELS: f64 = 0.34;

/// Sizes that all panels share.
struct Grid {
    columns: usize,
    cell: f64,
    plot_height: f64,
    /// Room for labels right of each plot; none if they stand in the key.
    labels: Option<f64>,
}

impl ScalingPanel {
    /// Labels that want to stand at the right end: those of all lines and references.
    pub(crate) fn end_labels(&self) -> impl Iterator<Item = &str> {
        let lines = self.lines.iter().map(|line| line.label.as_str());
        lines.chain(self.references.iter().map(|line| line.label.as_str()))
    }
}

impl Scaling {
    fn grid(&self) -> Result<Grid> {
        let columns = self.panels.len().clamp(1, IN_A_ROW);
        let width = WIDTH - 2.0 * MARGIN - scaling_axes::LEFT;
        let cell = (width - BETWEEN * (columns - 1) as f64) / columns as f64;
        let plot_height = if columns == 1 { 560.0 } else { 460.0 };
        let style = TextStyle::new(LABEL_EM, INK)?;
        let widest = self
            .panels
            .iter()
            .flat_map(ScalingPanel::end_labels)
            .map(|label| style.width(label))
            .fold(0.0, f64::max);
        let most = self.panels.iter().map(|p| p.end_labels().count()).max();
        let room = widest + scaling_panel::TO_LABEL + 4.0;
        let high = most.unwrap_or(0) as f64 * scaling_panel::LABEL_PITCH;
        let fits = room <= MOST_LABELS * cell && high <= plot_height;
        Ok(Grid {
            columns,
            cell,
            plot_height,
            labels: fits.then_some(room.ceil()),
        })
    }

    fn lines(&self) -> impl Iterator<Item = &ScalingLine> {
        self.panels.iter().flat_map(|panel| &panel.lines)
    }

    fn cell_height(grid: &Grid) -> f64 {
        scaling_panel::ABOVE + grid.plot_height + scaling_axes::BELOW
    }
}

impl Chart for Scaling {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn key(&self) -> Key {
        let mut key: Vec<(Swatch, String)> = Vec::new();
        let in_key = self.grid().is_ok_and(|grid| grid.labels.is_none());
        let mut add = |swatch: Swatch, words: &str| {
            let entry = (swatch, words.to_owned());
            if !key.contains(&entry) {
                key.push(entry);
            }
        };
        if in_key {
            for line in self.lines() {
                add(Swatch::Series(line.series), &line.label);
            }
        }
        if self.lines().any(|line| !line.points.is_empty()) {
            add(Swatch::Dot(GREY), "one block");
        }
        if self.lines().any(|line| line.band.len() > 1) {
            add(Swatch::Bar(GREY.tint(0.25)), "interval");
        }
        Key(key)
    }

    fn check(&self) -> Result<()> {
        interval::count("scaling figure", "panels", self.panels.len(), MOST_PANELS)?;
        if !self
            .lines()
            .any(|line| !(line.points.is_empty() && line.median.is_empty()))
        {
            interval::count("scaling figure", "points", 0, 1)?;
        }
        for panel in &self.panels {
            let of = |label: &str| format!("panel “{}”, line “{label}”", panel.title);
            for line in &panel.lines {
                let band = line
                    .band
                    .iter()
                    .flat_map(|&(x, low, high)| [(x, low), (x, high)]);
                for (x, y) in line.points.iter().chain(&line.median).copied().chain(band) {
                    self.check_point(|| of(&line.label), x, y)?;
                }
            }
            for line in &panel.references {
                for &(x, y) in &line.points {
                    self.check_point(|| of(&line.label), x, y)?;
                }
            }
            if let Some(cores) = panel.cores {
                self.check_point(|| format!("panel “{}”, cores", panel.title), cores, 1.0)?;
            }
        }
        if let YAxis::Linear(from, to) = self.y
            && let Some(value) = [from, to].into_iter().find(|value| !value.is_finite())
        {
            let place = "the upright axis".into();
            let what = "an end";
            return Err(PlotError::Value { place, what, value });
        }
        Ok(())
    }

    fn body_height(&self) -> Result<f64> {
        let grid = self.grid()?;
        let rows = self.panels.len().div_ceil(grid.columns) as f64;
        Ok(scaling_axes::HEAD + rows * Self::cell_height(&grid) + (rows - 1.0) * BETWEEN)
    }

    fn draw_body<B: DrawingBackend>(&self, canvas: &mut Canvas<B>, top: f64) -> Result<()> {
        let grid = self.grid()?;
        let labels = grid.labels.unwrap_or(12.0);
        scaling_axes::draw_y_label(canvas, &self.y_label, top)?;
        for (i, panel) in self.panels.iter().enumerate() {
            let (row, column) = (i / grid.columns, i % grid.columns);
            let left = MARGIN + scaling_axes::LEFT + column as f64 * (grid.cell + BETWEEN);
            let above = row as f64 * (Self::cell_height(&grid) + BETWEEN);
            let plot_top = top + scaling_axes::HEAD + above + scaling_panel::ABOVE;
            let area = Area::new(
                left,
                plot_top,
                left + grid.cell - labels,
                plot_top + grid.plot_height,
            );
            let axes = Axes::new(self, area);
            axes.draw(canvas, &self.x_label, column == 0)?;
            scaling_panel::draw(canvas, panel, &axes, grid.labels.is_some(), grid.cell)?;
        }
        Ok(())
    }
}

impl Scaling {
    fn check_point(&self, place: impl Fn() -> String, x: f64, y: f64) -> Result<()> {
        let refuse = |what, value| {
            Err(PlotError::Value {
                place: place(),
                what,
                value,
            })
        };
        let on_axis = match &self.x {
            XAxis::Workers => x > 0.0,
            XAxis::Linear => true,
            XAxis::Categories(words) => (0.0..words.len() as f64).contains(&x),
        };
        if !x.is_finite() || !on_axis {
            return refuse("an x", x);
        }
        if !y.is_finite() || (self.y == YAxis::Log && y <= 0.0) {
            return refuse("a value", y);
        }
        Ok(())
    }
}
