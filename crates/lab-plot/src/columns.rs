//! The whole of a trial and, if asked for, beside it a stretch of it enlarged.

use plotters_backend::DrawingBackend;

use crate::axis::{TimeAxis, duration};
use crate::canvas::{Area, Canvas, Stroke};
use crate::error::Result;
use crate::font::TextStyle;
use crate::interval;
use crate::key::Swatch;
use crate::page::LABEL_EM;
use crate::series::{BAND, GREY};

/// A stretch of time to look at more closely, in nanoseconds; about 60 ms show slices of 5 ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zoom {
    /// Its start.
    pub from: u64,
    /// Its end, after its start.
    pub to: u64,
}

/// Height of the line that says what the two columns show.
const HEADS: f64 = 30.0;
/// Share of the plots' width that the whole view has beside a zoomed one.
const WHOLE: f64 = 0.6;
const BETWEEN: f64 = 64.0;

impl Zoom {
    pub(crate) fn check(&self, figure: &'static str) -> Result<()> {
        interval::check(|| figure.into(), "the zoom", (self.from, self.to))
    }

    /// The key's entry for the stretch that is marked.
    pub(crate) fn key(&self) -> (Swatch, String) {
        (Swatch::Bar(BAND), "enlarged at the right".into())
    }

    /// What the line above the columns takes: nothing if there is only one column.
    pub(crate) fn heads(zoom: Option<Zoom>) -> f64 {
        zoom.map_or(0.0, |_| HEADS)
    }
}

/// Where everything lies from left to right.
pub(crate) struct Columns {
    pub whole: TimeAxis,
    zoomed: Option<(Zoom, TimeAxis)>,
}

impl Columns {
    /// From zero to `end` nanoseconds, all columns on the pixels `left..right`.
    pub(crate) fn new(end: u64, zoom: Option<Zoom>, (left, right): (f64, f64)) -> Columns {
        let Some(zoom) = zoom else {
            return Columns {
                whole: TimeAxis::new(0, end, left, right),
                zoomed: None,
            };
        };
        let middle = left + ((right - left - BETWEEN) * WHOLE).round();
        Columns {
            whole: TimeAxis::new(0, end, left, middle),
            zoomed: Some((
                zoom,
                TimeAxis::new(zoom.from, zoom.to, middle + BETWEEN, right),
            )),
        }
    }

    pub(crate) fn axes(&self) -> impl Iterator<Item = &TimeAxis> {
        let zoomed = self.zoomed.iter().map(|(_, axis)| axis);
        [&self.whole].into_iter().chain(zoomed)
    }

    /// The one at the right.
    pub(crate) fn last(&self) -> &TimeAxis {
        self.zoomed.as_ref().map_or(&self.whole, |(_, axis)| axis)
    }

    /// Says above the columns what they show.
    pub(crate) fn draw_heads<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        top: f64,
    ) -> Result<()> {
        let Some((_, zoomed)) = &self.zoomed else {
            return Ok(());
        };
        let style = TextStyle::new(LABEL_EM, GREY)?;
        let (from, to) = zoomed.range();
        let words = format!("{} of it, enlarged", duration(to - from));
        canvas.text("the whole trial", (self.whole.left(), top), style)?;
        canvas.text(&words, (zoomed.left(), top), style)
    }

    /// What lies under a facet: the grid, and in the whole view the stretch that is enlarged.
    pub(crate) fn draw_ground<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        (top, bottom): (f64, f64),
    ) -> Result<()> {
        if let Some((from, to)) = self.band() {
            canvas.fill(Area::new(from, top, to, bottom), BAND)?;
        }
        for axis in self.axes() {
            axis.grid(canvas, top, bottom)?;
        }
        Ok(())
    }

    /// The edges of the stretch that is enlarged. They lie over the rows, or a short stretch of a
    /// long trial would be lost.
    pub(crate) fn draw_edges<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        (top, bottom): (f64, f64),
    ) -> Result<()> {
        for x in self.band().map_or(vec![], |(from, to)| vec![from, to]) {
            canvas.line(&[(x, top), (x, bottom)], Stroke::new(GREY, 1.0))?;
        }
        Ok(())
    }

    /// The axes themselves; they take [`TimeAxis::HEIGHT`].
    pub(crate) fn draw<B: DrawingBackend>(&self, canvas: &mut Canvas<B>, top: f64) -> Result<()> {
        self.axes().try_for_each(|axis| axis.draw(canvas, top))
    }

    fn band(&self) -> Option<(f64, f64)> {
        let (zoom, _) = self.zoomed.as_ref()?;
        Some((self.whole.px(zoom.from), self.whole.px(zoom.to)))
    }
}
