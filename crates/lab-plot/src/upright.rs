//! The upright axis that panels beside one another share.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::axis::{Scale, ticks};
use crate::canvas::{Area, Canvas, Stroke};
use crate::error::Result;
use crate::font::TextStyle;
use crate::log_ticks::{log_ticks, short};
use crate::page::{LABEL_EM, MARGIN, TICK_EM, WIDTH};
use crate::series::{GREY, GRID, INK};

/// Room for its numbers.
pub(crate) const LEFT: f64 = 74.0;
/// Height of its words above all panels.
pub(crate) const HEAD: f64 = 38.0;

/// Values to pixels, and the ticks with their names.
pub(crate) struct Upright {
    scale: Scale,
    log: bool,
    ticks: Vec<(f64, String)>,
}

impl Upright {
    /// `low..high` (above 0 if `log`) on the height of `area`.
    pub(crate) fn new((low, high): (f64, f64), log: bool, area: Area) -> Upright {
        let on_axis = |y: f64| if log { y.log10() } else { y };
        let scale = Scale::new((on_axis(low), on_axis(high)), (area.bottom, area.top));
        let ticks = match log {
            true => log_ticks(low, high),
            false => named(ticks(low, high, (area.height() / 62.0) as usize)),
        };
        Upright { scale, log, ticks }
    }

    fn on_axis(&self, y: f64) -> f64 {
        if self.log { y.log10() } else { y }
    }

    /// The pixel of a value, held inside the axis.
    pub(crate) fn px(&self, y: f64) -> f64 {
        self.scale.px(self.on_axis(y))
    }

    /// The pixel of a value, which may lie above the axis.
    pub(crate) fn beyond(&self, y: f64) -> f64 {
        self.scale.beyond(self.on_axis(y))
    }

    /// Level lines through a panel; the numbers if they stand before it.
    pub(crate) fn draw<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        area: Area,
        numbers: bool,
    ) -> Result<()> {
        let style = TextStyle::new(TICK_EM, GREY)?.anchor(HPos::Right, VPos::Center);
        for (value, name) in &self.ticks {
            let y = self.px(*value);
            canvas.line(&[(area.left, y), (area.right, y)], Stroke::new(GRID, 1.0))?;
            if numbers {
                canvas.text(name, (area.left - 10.0, y), style)?;
            }
        }
        let foot = [(area.left, area.bottom), (area.right, area.bottom)];
        canvas.line(&foot, Stroke::new(GREY, 1.0))
    }
}

/// Round values with their names.
pub(crate) fn named((values, decimals): (Vec<f64>, usize)) -> Vec<(f64, String)> {
    let name = |value: f64| (value, short(format!("{value:.decimals$}"), value));
    values.into_iter().map(name).collect()
}

/// The least and the greatest of some values.
pub(crate) fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |range: Option<(f64, f64)>, value| {
        Some(range.map_or((value, value), |(least, most)| {
            (least.min(value), most.max(value))
        }))
    })
}

/// The axis' words, level, above its numbers.
pub(crate) fn draw_words<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    words: &str,
    top: f64,
) -> Result<()> {
    let style = TextStyle::new(LABEL_EM, INK)?;
    let words = style.elide(words, WIDTH - 2.0 * MARGIN);
    canvas.text(&words, (MARGIN, top), style)
}
