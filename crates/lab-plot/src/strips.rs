//! Every value of a category as a point, on a logarithmic axis.

use plotters_backend::DrawingBackend;

use crate::canvas::Canvas;
use crate::error::{PlotError, Result};
use crate::font::TextStyle;
use crate::interval;
use crate::key::{Key, Swatch};
use crate::page::{Chart, Frame, TICK_EM};
use crate::panels::Grid;
use crate::series::{GREY, INK, Series};
use crate::strips_panel;
use crate::upright::{self, Upright, extent};

/// Panels beside one another that share the upright axis, which is logarithmic.
#[derive(Clone, Debug)]
pub struct Strips {
    /// Title, subtitle, caption.
    pub frame: Frame,
    /// What the upright axis measures, with its unit.
    pub y_label: String,
    /// What a point is, for the key: "one answer".
    pub point: String,
    /// What the bands are, for the key: "95 % interval".
    pub interval: String,
    /// One a runtime, say; at most 12, three in a row.
    pub panels: Vec<StripPanel>,
}

/// One panel.
#[derive(Clone, Debug)]
pub struct StripPanel {
    /// What it shows, in words.
    pub title: String,
    /// Its categories from the left; at most 12, and up to 6 are best.
    pub strips: Vec<Strip>,
    /// Level dashed lines, each with its words and its value: "switch interval 5 ms". The axis
    /// always holds them.
    pub references: Vec<(String, f64)>,
}

/// One category.
#[derive(Clone, Debug)]
pub struct Strip {
    /// Stands under it, in two or three lines if need be.
    pub label: String,
    /// Gives the colour.
    pub series: Series,
    /// All values, above 0, in the unit of the axis; a million is not too many. None at all are
    /// said to be none.
    pub points: Vec<f64>,
    /// A short thick line.
    pub median: Option<f64>,
    /// The median's interval, (low, high).
    pub band: Option<(f64, f64)>,
    /// Stands beside the median (or the points, if there is no median): "5.2 ms". May be empty.
    pub note: String,
}

const MOST_PANELS: usize = 12;
const MOST_STRIPS: usize = 12;

impl Strips {
    fn grid(&self) -> Result<Grid> {
        let style = TextStyle::new(TICK_EM, INK)?;
        let cell = Grid::new(self.panels.len(), strips_panel::ABOVE, 0.0).cell;
        let lines = self.panels.iter().flat_map(|panel| {
            let slot = cell / panel.strips.len().max(1) as f64;
            let labels = panel.strips.iter();
            labels.map(move |strip| strips_panel::label_lines(&strip.label, style, slot).len())
        });
        let lines = lines.max().unwrap_or(0) as f64;
        let below = strips_panel::TO_LABEL + lines * style.leading();
        Ok(Grid::new(self.panels.len(), strips_panel::ABOVE, below))
    }

    fn strips(&self) -> impl Iterator<Item = &Strip> {
        self.panels.iter().flat_map(|panel| &panel.strips)
    }

    /// From below the least to above the greatest of everything.
    fn range(&self) -> (f64, f64) {
        let own = self.strips().flat_map(|strip| {
            let band = strip.band.into_iter().flat_map(|(low, high)| [low, high]);
            strip.points.iter().copied().chain(strip.median).chain(band)
        });
        let references = self.panels.iter().flat_map(|panel| &panel.references);
        let all = own.chain(references.map(|reference| reference.1));
        let (low, high) = extent(all).unwrap_or((1.0, 1.0));
        // A tenth of the axis stays empty, and at least a little on either side of a single value.
        let air = (high / low).powf(0.05).clamp(1.15, 1e9);
        (
            (low / air).max(f64::MIN_POSITIVE),
            (high * air).min(f64::MAX),
        )
    }
}

impl Chart for Strips {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn key(&self) -> Key {
        let mut key = Vec::new();
        if self.strips().any(|strip| !strip.points.is_empty()) {
            key.push((Swatch::Dot(GREY), self.point.clone()));
            key.push((Swatch::Bar(GREY), "many of them (darker: more)".into()));
        }
        if self.strips().any(|strip| strip.median.is_some()) {
            key.push((Swatch::Line(INK), "median".into()));
        }
        if self.strips().any(|strip| strip.band.is_some()) {
            key.push((Swatch::Bar(GREY.tint(0.25)), self.interval.clone()));
        }
        Key(key)
    }

    fn check(&self) -> Result<()> {
        interval::count("figure of strips", "panels", self.panels.len(), MOST_PANELS)?;
        if self.strips().all(|strip| strip.points.is_empty()) {
            interval::count("figure of strips", "points", 0, 1)?;
        }
        for panel in &self.panels {
            if panel.strips.len() > MOST_STRIPS {
                interval::count("panel", "strips", panel.strips.len(), MOST_STRIPS)?;
            }
            for strip in &panel.strips {
                let place = || format!("panel “{}”, strip “{}”", panel.title, strip.label);
                let points = strip.points.iter().map(|&value| ("a point", value));
                let median = strip.median.map(|value| ("the median", value));
                let band = strip.band.into_iter();
                let band = band.flat_map(|(low, high)| [("the band", low), ("the band", high)]);
                for (what, value) in points.chain(median).chain(band) {
                    positive(place, what, value)?;
                }
            }
            for (words, value) in &panel.references {
                let place = || format!("panel “{}”, line “{words}”", panel.title);
                positive(place, "the value", *value)?;
            }
        }
        Ok(())
    }

    fn body_height(&self) -> Result<f64> {
        Ok(upright::HEAD + self.grid()?.height())
    }

    fn draw_body<B: DrawingBackend>(&self, canvas: &mut Canvas<B>, top: f64) -> Result<()> {
        upright::draw_words(canvas, &self.y_label, top)?;
        let grid = self.grid()?;
        let places = grid.places(top + upright::HEAD);
        let range = self.range();
        for (panel, (area, first)) in self.panels.iter().zip(places) {
            let axis = Upright::new(range, true, area);
            axis.draw(canvas, area, first)?;
            strips_panel::draw(canvas, panel, &axis, area)?;
        }
        Ok(())
    }
}

fn positive(place: impl Fn() -> String, what: &'static str, value: f64) -> Result<()> {
    if value.is_normal() && value > 0.0 {
        return Ok(());
    }
    let place = place();
    Err(PlotError::Value { place, what, value })
}
