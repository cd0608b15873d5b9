//! A key: marks with their meaning, in one line under the subtitle (or more, if they do not fit).

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::canvas::{Area, Canvas, Point, Stroke};
use crate::error::Result;
use crate::font::TextStyle;
use crate::mark::Mark;
use crate::page::LABEL_EM;
use crate::series::{Colour, GREY, INK, Marker, PAPER};

/// What is drawn before a key's words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Swatch {
    /// A bar of this colour.
    Bar(Colour),
    /// A narrow bar of the first colour in a higher one of the second.
    Inset(Colour, Colour),
    /// A single point.
    Dot(Colour),
    /// A thin line.
    Line(Colour),
    /// An outlined bar, hatched.
    Hatched(Colour),
    /// A line with its marker.
    Mark(Mark),
}

/// Width of a swatch, its distance to its words, and theirs to the next swatch.
const SWATCH: f64 = 34.0;
const TO_WORDS: f64 = 9.0;
const TO_NEXT: f64 = 34.0;
const ROW: f64 = 28.0;
const ABOVE: f64 = 8.0;

/// Marks and their meaning.
#[derive(Clone, Debug, Default)]
pub(crate) struct Key(pub Vec<(Swatch, String)>);

impl Key {
    /// The height that [`Key::draw`] takes in a page that is `width` pixels wide.
    pub(crate) fn height(&self, width: f64) -> Result<f64> {
        Ok(match self.places(width)?.last() {
            Some((_, y, _)) => ABOVE + y + ROW,
            None => 0.0,
        })
    }

    /// Left end and top of each entry, and its words as far as they fit.
    fn places(&self, width: f64) -> Result<Vec<(f64, f64, String)>> {
        let style = TextStyle::new(LABEL_EM, INK)?;
        let mut places = Vec::new();
        let (mut x, mut y) = (0.0, 0.0);
        for (_, words) in &self.0 {
            let words = style.elide(words, width - SWATCH - TO_WORDS);
            let takes = SWATCH + TO_WORDS + style.width(&words);
            if x > 0.0 && x + takes > width {
                x = 0.0;
                y += ROW;
            }
            places.push((x, y, words));
            x += takes + TO_NEXT;
        }
        Ok(places)
    }

    pub(crate) fn draw<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        (left, top): Point,
        width: f64,
    ) -> Result<()> {
        let style = TextStyle::new(LABEL_EM, INK)?.anchor(HPos::Left, VPos::Center);
        for ((swatch, _), (x, y, words)) in self.0.iter().zip(self.places(width)?) {
            let middle = top + ABOVE + y + ROW / 2.0;
            swatch.draw(canvas, (left + x, middle))?;
            canvas.text(&words, (left + x + SWATCH + TO_WORDS, middle), style)?;
        }
        Ok(())
    }
}

impl Swatch {
    fn draw<B: DrawingBackend>(self, canvas: &mut Canvas<B>, (x, y): Point) -> Result<()> {
        let bar = Area::new(x, y - 7.0, x + SWATCH, y + 7.0);
        let ends = [(x, y), (x + SWATCH, y)];
        let centre = (x + SWATCH / 2.0, y);
        match self {
            Swatch::Bar(colour) => canvas.fill(bar, colour),
            Swatch::Inset(inner, outer) => {
                canvas.fill(bar, outer)?;
                canvas.fill(Area::new(x, y - 3.0, x + SWATCH, y + 3.0), inner)
            }
            Swatch::Dot(colour) => {
                canvas.marker(Marker::Disc, centre, 3.0, Stroke::new(colour, 1.0))
            }
            Swatch::Line(colour) => canvas.line(&ends, Stroke::new(colour, 2.0)),
            Swatch::Hatched(colour) => failed(canvas, bar, colour),
            Swatch::Mark(mark) => {
                mark.line(canvas, &ends)?;
                mark.marker(canvas, centre, 6.0)
            }
        }
    }
}

/// The bar of something that failed: white, hatched and outlined.
pub(crate) fn failed<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    bar: Area,
    colour: Colour,
) -> Result<()> {
    canvas.fill(bar, PAPER)?;
    canvas.hatch(bar, Stroke::new(colour.over(GREY, 0.5), 1.5))?;
    canvas.outline(bar, Stroke::new(INK, 1.5))
}
