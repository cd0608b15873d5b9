//! A sheet to draw on, in logical pixels of the finished picture.

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingBackend};

use crate::error::{PlotError, Result};
use crate::font::TextStyle;
use crate::series::{Colour, Marker};

/// A place, in pixels from the upper left corner.
pub(crate) type Point = (f64, f64);

/// A rectangle, in pixels from the upper left corner of the sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    pub(crate) fn new(left: f64, top: f64, right: f64, bottom: f64) -> Area {
        Area {
            left,
            top,
            right,
            bottom,
        }
    }

    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(crate) fn middle(&self) -> f64 {
        (self.top + self.bottom) / 2.0
    }
}

/// A line's looks; also what is handed to the backend.
#[derive(Clone, Copy)]
pub(crate) struct Stroke {
    pub colour: Colour,
    /// In pixels.
    pub width: f64,
    /// Zero to one.
    pub opacity: f64,
}

impl Stroke {
    pub(crate) fn new(colour: Colour, width: f64) -> Stroke {
        Stroke {
            colour,
            width,
            opacity: 1.0,
        }
    }

    pub(crate) fn opacity(mut self, opacity: f64) -> Stroke {
        self.opacity = opacity;
        self
    }
}

impl BackendStyle for Stroke {
    fn color(&self) -> BackendColor {
        let Colour(r, g, b) = self.colour;
        BackendColor {
            alpha: self.opacity,
            rgb: (r, g, b),
        }
    }

    fn stroke_width(&self) -> u32 {
        (self.width.round() as u32).max(1)
    }
}

/// Lengths of stroke and gap of a reference line, in pixels.
pub(crate) const DASH: (f64, f64) = (7.0, 5.0);
/// Distance of the strokes of a hatching, in pixels.
const HATCH: f64 = 6.0;

/// Any backend of plotters, addressed in logical pixels: `scale` of the backend's own make one.
pub(crate) struct Canvas<'b, B: DrawingBackend> {
    backend: &'b mut B,
    scale: f64,
}

impl<'b, B: DrawingBackend> Canvas<'b, B> {
    pub(crate) fn new(backend: &'b mut B, scale: f64) -> Result<Canvas<'b, B>> {
        backend.ensure_prepared().map_err(drawing)?;
        Ok(Canvas { backend, scale })
    }

    fn device(&self, (x, y): Point) -> BackendCoord {
        (
            (x * self.scale).round() as i32,
            (y * self.scale).round() as i32,
        )
    }

    fn thick(&self, stroke: Stroke) -> Stroke {
        Stroke {
            width: stroke.width * self.scale,
            ..stroke
        }
    }

    /// A filled rectangle, at least one of the backend's pixels wide and high.
    pub(crate) fn fill(&mut self, area: Area, colour: Colour) -> Result<()> {
        let from = self.device((area.left, area.top));
        let to = self.device((area.right, area.bottom));
        let to = (to.0.max(from.0 + 1), to.1.max(from.1 + 1));
        self.backend
            .draw_rect(from, to, &Stroke::new(colour, 1.0), true)
            .map_err(drawing)
    }

    /// The edge of a rectangle, drawn inside it.
    pub(crate) fn outline(&mut self, area: Area, stroke: Stroke) -> Result<()> {
        let Area {
            left,
            top,
            right,
            bottom,
        } = area;
        let w = stroke.width;
        for edge in [
            Area::new(left, top, right, top + w),
            Area::new(left, bottom - w, right, bottom),
            Area::new(left, top, left + w, bottom),
            Area::new(right - w, top, right, bottom),
        ] {
            self.fill(edge, stroke.colour)?;
        }
        Ok(())
    }

    /// Slanting strokes all over a rectangle.
    pub(crate) fn hatch(&mut self, area: Area, stroke: Stroke) -> Result<()> {
        let height = area.height();
        let mut foot = area.left - height + HATCH / 2.0;
        while foot < area.right {
            let start = foot.max(area.left);
            let end = (foot + height).min(area.right);
            self.line(
                &[
                    (start, area.bottom - (start - foot)),
                    (end, area.bottom - (end - foot)),
                ],
                stroke,
            )?;
            foot += HATCH;
        }
        Ok(())
    }

    /// A line through all points. Upright and level strokes lie on whole pixels.
    pub(crate) fn line(&mut self, points: &[Point], stroke: Stroke) -> Result<()> {
        if let [(x0, y0), (x1, y1)] = *points
            && (x0 == x1 || y0 == y1)
            && stroke.opacity >= 1.0
        {
            let half = stroke.width / 2.0;
            let (left, right) = if x0 == x1 {
                let left = (x0 - half).round();
                (left, left + stroke.width)
            } else {
                (x0.min(x1), x0.max(x1))
            };
            let (top, bottom) = if y0 == y1 {
                let top = (y0 - half).round();
                (top, top + stroke.width)
            } else {
                (y0.min(y1), y0.max(y1))
            };
            return self.fill(Area::new(left, top, right, bottom), stroke.colour);
        }
        let mut path: Vec<_> = points.iter().map(|&at| self.device(at)).collect();
        path.dedup();
        if path.len() < 2 {
            return Ok(());
        }
        self.backend
            .draw_path(path, &self.thick(stroke))
            .map_err(drawing)
    }

    /// A line through all points of strokes and gaps of these lengths in pixels; they run on
    /// around the corners.
    pub(crate) fn dashed(
        &mut self,
        points: &[Point],
        (dash, gap): (f64, f64),
        stroke: Stroke,
    ) -> Result<()> {
        let mut along = 0.0;
        for pair in points.windows(2) {
            let [a, b] = *pair else { continue };
            let length = (b.0 - a.0).hypot(b.1 - a.1);
            let at = |s: f64| {
                let share = s / length;
                (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
            };
            let mut start: f64 = -along;
            while start < length {
                let (from, to) = (start.max(0.0), (start + dash).min(length));
                if to > from {
                    self.line(&[at(from), at(to)], stroke)?;
                }
                start += dash + gap;
            }
            along = (along + length) % (dash + gap);
        }
        Ok(())
    }

    /// A filled shape.
    pub(crate) fn polygon(&mut self, corners: &[Point], stroke: Stroke) -> Result<()> {
        let path: Vec<_> = corners.iter().map(|&at| self.device(at)).collect();
        self.backend
            .fill_polygon(path, &stroke.color())
            .map_err(drawing)
    }

    /// One point of data, about `radius` pixels in each direction.
    pub(crate) fn marker(
        &mut self,
        shape: Marker,
        (x, y): Point,
        radius: f64,
        style: Stroke,
    ) -> Result<()> {
        let r = radius;
        match shape {
            Marker::Disc => {
                let centre = self.device((x, y));
                let radius = (r * self.scale).round().max(1.0) as u32;
                self.backend
                    .draw_circle(centre, radius, &style, true)
                    .map_err(drawing)
            }
            Marker::Square => {
                let r = r * 0.9;
                self.polygon(
                    &[
                        (x - r, y - r),
                        (x + r, y - r),
                        (x + r, y + r),
                        (x - r, y + r),
                    ],
                    style,
                )
            }
            Marker::Triangle => {
                let (up, down) = (r * 1.2, r * 0.8);
                self.polygon(
                    &[(x, y - up), (x + up, y + down), (x - up, y + down)],
                    style,
                )
            }
            Marker::Diamond => {
                let r = r * 1.3;
                self.polygon(&[(x, y - r), (x + r, y), (x, y + r), (x - r, y)], style)
            }
            Marker::Cross => {
                let stroke = Stroke {
                    width: (r * 0.55).max(1.0),
                    ..style
                };
                self.line(&[(x - r, y - r), (x + r, y + r)], stroke)?;
                self.line(&[(x - r, y + r), (x + r, y - r)], stroke)
            }
        }
    }

    /// One line of text with its anchor at `at`.
    pub(crate) fn text(&mut self, text: &str, at: Point, style: TextStyle) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let at = self.device(at);
        self.backend
            .draw_text(text, &style.scaled(self.scale), at)
            .map_err(drawing)
    }

    /// Lines of text below one another from `top`; returns where the next would start.
    pub(crate) fn paragraph(
        &mut self,
        lines: &[String],
        (left, mut top): Point,
        style: TextStyle,
    ) -> Result<f64> {
        for line in lines {
            self.text(line, (left, top), style.anchor(HPos::Left, VPos::Top))?;
            top += style.leading();
        }
        Ok(top)
    }

    /// Everything is drawn.
    pub(crate) fn finish(self) -> Result<()> {
        self.backend.present().map_err(drawing)
    }
}

/// What a backend refused.
pub(crate) fn drawing(error: impl std::error::Error) -> PlotError {
    PlotError::Draw {
        reason: error.to_string(),
    }
}
