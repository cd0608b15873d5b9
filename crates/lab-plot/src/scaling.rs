//! A value against the number of workers (or another quantity), with every block a point.

use plotters_backend::DrawingBackend;

use crate::canvas::Canvas;
use crate::error::{PlotError, Result};
use crate::font::TextStyle;
use crate::interval;
use crate::key::{Key, Swatch};
use crate::mark::Mark;
use crate::page::{Chart, Frame, LABEL_EM};
use crate::panels::Grid;
use crate::scaling_axes::{self, Axes};
use crate::scaling_notes::{self, PointMark, Shade};
use crate::scaling_panel;
use crate::series::{GREY, INK, Runtime, Series};
use crate::upright;

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
    /// What a point is, for the key: "one block".
    pub point: String,
    /// What the lines' bands are, for the key: "95 % interval".
    pub interval: String,
    /// One a runtime, say; at most 12, three in a row.
    pub panels: Vec<ScalingPanel>,
}

/// The level axis.
#[derive(Clone, Debug, PartialEq)]
pub enum XAxis {
    /// Numbers of workers, above 0, on a logarithmic axis (base 2); every number that occurs in a
    /// median or a point is a tick.
    Workers,
    /// Numbers above 0 on a logarithmic axis: switch intervals, or sizes of jobs. Up to eight
    /// different ones are ticks themselves; beyond that the ticks are round.
    Log(Unit),
    /// A straight axis with round ticks, such as a share of waiting in per cent.
    Linear,
    /// Words in order: a point's first number is the index of its word.
    Categories(Vec<String>),
}

/// How the numbers of a logarithmic axis are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// As they are; their unit, if they have one, stands in the axis' label.
    Plain,
    /// The numbers are nanoseconds; every tick has its unit: "20 µs", "100 µs", "1 s".
    Nanoseconds,
}

/// The upright axis. All panels share it. It always holds every point, median, band and mark; a
/// reference line or a region may lead out of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum YAxis {
    /// From zero (or the least value, if that is negative).
    FromZero,
    /// Straight, at least from the first to the second value; more if the data ask for it.
    Linear(f64, f64),
    /// Logarithmic, for values above 0.
    Log,
    /// The same, with this value on it, wherever the data lie.
    LogWith(f64),
}

impl YAxis {
    pub(crate) fn is_log(self) -> bool {
        matches!(self, YAxis::Log | YAxis::LogWith(_))
    }
}

/// One panel.
#[derive(Clone, Debug)]
pub struct ScalingPanel {
    /// What it shows, in words.
    pub title: String,
    /// At most one of each series and runtime is best.
    pub lines: Vec<ScalingLine>,
    /// Ideal and bounds: thin, dashed, labelled at the line.
    pub references: Vec<ReferenceLine>,
    /// Usable cores: an upright dashed line there.
    pub cores: Option<f64>,
    /// Pale regions behind everything: "slower than serial".
    pub shades: Vec<Shade>,
    /// Places with a name: where two lines cross, say, or what a rule advises.
    pub marks: Vec<PointMark>,
}

/// One arm.
#[derive(Clone, Debug)]
pub struct ScalingLine {
    /// Stands at the line's right end, or in the key if there is no room.
    pub label: String,
    /// Gives colour and marker.
    pub series: Series,
    /// Gives the stroke: tells lines of one series apart.
    pub runtime: Runtime,
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
/// A panel's labels at its right take at most this share of it.
const MOST_LABELS: f64 = 0.34;

impl ScalingLine {
    pub(crate) fn mark(&self) -> Mark {
        Mark {
            series: self.series,
            runtime: self.runtime,
        }
    }
}

impl ScalingPanel {
    /// Labels that want to stand at the right end: those of all lines and references.
    pub(crate) fn end_labels(&self) -> impl Iterator<Item = &str> {
        let lines = self.lines.iter().map(|line| line.label.as_str());
        lines.chain(self.references.iter().map(|line| line.label.as_str()))
    }
}

impl Scaling {
    fn grid(&self) -> Grid {
        Grid::new(self.panels.len(), scaling_panel::ABOVE, scaling_axes::BELOW)
    }

    /// Room for labels right of each plot; none if there is not enough: they stand in the key.
    fn label_room(&self, grid: &Grid) -> Result<Option<f64>> {
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
        let fits = room <= MOST_LABELS * grid.cell && high <= grid.plot_height;
        Ok(fits.then_some(room.ceil()))
    }

    fn lines(&self) -> impl Iterator<Item = &ScalingLine> {
        self.panels.iter().flat_map(|panel| &panel.lines)
    }
}

impl Chart for Scaling {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn key(&self) -> Key {
        let mut key: Vec<(Swatch, String)> = Vec::new();
        let in_key = matches!(self.label_room(&self.grid()), Ok(None));
        let mut add = |swatch: Swatch, words: &str| {
            let entry = (swatch, words.to_owned());
            if !key.contains(&entry) {
                key.push(entry);
            }
        };
        if in_key {
            for line in self.lines() {
                add(Swatch::Mark(line.mark()), &line.label);
            }
        }
        if self.lines().any(|line| !line.points.is_empty()) {
            add(Swatch::Dot(GREY), &self.point);
        }
        if self.lines().any(|line| line.band.len() > 1) {
            add(Swatch::Bar(GREY.tint(0.25)), &self.interval);
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
            for shade in &panel.shades {
                let of = || format!("panel “{}”, region “{}”", panel.title, shade.label);
                for edge in shade.region.edges() {
                    self.check_value(of, edge)?;
                }
            }
            for mark in &panel.marks {
                let of = || format!("panel “{}”, mark “{}”", panel.title, mark.label);
                self.check_point(of, mark.x, mark.y.unwrap_or(1.0))?;
            }
        }
        let ends = match self.y {
            YAxis::Linear(from, to) => vec![from, to],
            YAxis::LogWith(value) => vec![value],
            YAxis::FromZero | YAxis::Log => Vec::new(),
        };
        ends.into_iter()
            .try_for_each(|end| self.check_value(|| "the upright axis".to_owned(), end))
    }

    fn body_height(&self) -> Result<f64> {
        Ok(upright::HEAD + self.grid().height())
    }

    fn draw_body<B: DrawingBackend>(&self, canvas: &mut Canvas<B>, top: f64) -> Result<()> {
        let grid = self.grid();
        let labels = self.label_room(&grid)?;
        upright::draw_words(canvas, &self.y_label, top)?;
        let places = grid.places(top + upright::HEAD);
        for (panel, (mut area, first)) in self.panels.iter().zip(places) {
            area.right -= labels.unwrap_or(12.0);
            let axes = Axes::new(self, area);
            scaling_notes::draw_shades(canvas, panel, &axes)?;
            axes.draw(canvas, &self.x_label, first)?;
            scaling_panel::draw(canvas, panel, &axes, labels.is_some(), grid.cell)?;
        }
        Ok(())
    }
}

impl Scaling {
    fn check_point(&self, place: impl Fn() -> String, x: f64, y: f64) -> Result<()> {
        let on_axis = match &self.x {
            XAxis::Workers | XAxis::Log(_) => x > 0.0,
            XAxis::Linear => true,
            XAxis::Categories(words) => (0.0..words.len() as f64).contains(&x),
        };
        if !x.is_finite() || !on_axis {
            let (place, what) = (place(), "an x");
            return Err(PlotError::Value {
                place,
                what,
                value: x,
            });
        }
        self.check_value(place, y)
    }

    fn check_value(&self, place: impl Fn() -> String, value: f64) -> Result<()> {
        if value.is_finite() && !(self.y.is_log() && value <= 0.0) {
            return Ok(());
        }
        let (place, what) = (place(), "a value");
        Err(PlotError::Value { place, what, value })
    }
}
