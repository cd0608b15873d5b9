//! Labelled rows below one another, and facets of them.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::canvas::{Area, Canvas, Point, Stroke};
use crate::error::Result;
use crate::font::TextStyle;
use crate::page::{LABEL_EM, PANEL_EM};
use crate::series::{GREY, INK, Series};

/// Height of a facet's title.
pub(crate) const TITLE: f64 = 34.0;
/// Rows of all facets together that keep a figure within about three screens.
const MOST_ROWS: usize = 120;

/// How rows are stacked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stack {
    /// Rows of one facet that are drawn.
    pub most: usize,
    /// From one row to the next, in pixels.
    pub pitch: f64,
}

impl Stack {
    /// For facets with these numbers of rows: high rows for few, low ones for many.
    pub(crate) fn new(counts: &[usize]) -> Stack {
        let most = (MOST_ROWS / counts.len().max(1)).max(4);
        let drawn: usize = counts.iter().map(|count| count.min(&most)).sum();
        Stack {
            most,
            pitch: (700.0 / drawn.max(1) as f64).floor().clamp(20.0, 32.0),
        }
    }

    /// Height of `count` rows, the line for those left out included.
    pub(crate) fn height(&self, count: usize) -> f64 {
        let lines = count.min(self.most) + usize::from(count > self.most);
        lines as f64 * self.pitch
    }

    /// The bar of row `index` in a stack that starts at `top`: its top and bottom.
    pub(crate) fn bar(&self, top: f64, index: usize) -> (f64, f64) {
        let top = top + index as f64 * self.pitch;
        // Low rows give up air before they give up the height of what stands in them.
        let air = ((self.pitch - 16.0) / 4.0).round();
        (top + air, top + self.pitch - air)
    }

    /// The label of row `index`, right-aligned before `right`.
    pub(crate) fn label<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        words: &str,
        (right, top): Point,
        index: usize,
        room: f64,
    ) -> Result<()> {
        let style = self.label_style()?;
        let (above, below) = self.bar(top, index);
        let at = (right - 12.0, (above + below) / 2.0);
        let words = style.elide(words, room - 12.0);
        canvas.text(&words, at, style.anchor(HPos::Right, VPos::Center))
    }

    /// Says how many rows are left out, if any are.
    pub(crate) fn left_out<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        (left, top): Point,
        count: usize,
    ) -> Result<()> {
        if count <= self.most {
            return Ok(());
        }
        let words = format!("{} more rows are not drawn", count - self.most);
        let (above, below) = self.bar(top, self.most);
        let style = TextStyle::new(LABEL_EM.min(self.pitch - 4.0), GREY)?;
        let style = style.anchor(HPos::Left, VPos::Center);
        canvas.text(&words, (left, (above + below) / 2.0), style)
    }

    fn label_style(&self) -> Result<TextStyle> {
        TextStyle::new(LABEL_EM.min(self.pitch - 4.0), INK)
    }

    /// The room that labels take before the plot, between bounds.
    pub(crate) fn gutter<'a>(&self, labels: impl Iterator<Item = &'a str>) -> Result<f64> {
        let style = self.label_style()?;
        let widest = labels.map(|label| style.width(label)).fold(0.0, f64::max);
        Ok((widest + 14.0).clamp(60.0, 260.0).ceil())
    }
}

/// A facet's title with its series' colour (if it has one) before it, cut to `width`.
pub(crate) fn title<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    words: &str,
    series: Option<Series>,
    (mut left, top): Point,
    width: f64,
) -> Result<()> {
    let style = TextStyle::new(PANEL_EM, INK)?;
    let middle = top + TITLE / 2.0 - 4.0;
    let right = left + width;
    if let Some(series) = series {
        let colour = Stroke::new(series.colour(), 1.0);
        canvas.marker(series.marker(), (left + 8.0, middle), 8.0, colour)?;
        left += 26.0;
    }
    let words = style.elide(words, right - left);
    canvas.text(
        &words,
        (left, middle),
        style.anchor(HPos::Left, VPos::Center),
    )
}

/// A bar between two pixels, at least `least` wide.
pub(crate) fn bar((left, right): (f64, f64), (top, bottom): (f64, f64), least: f64) -> Area {
    Area::new(left, top, right.max(left + least), bottom)
}
