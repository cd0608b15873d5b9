//! The step line "running at once" under a timeline's rows.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::axis::{Scale, TimeAxis, ticks};
use crate::canvas::{Area, Canvas, DASH, Stroke};
use crate::coverage::{COLUMNS, View};
use crate::error::Result;
use crate::font::TextStyle;
use crate::page::TICK_EM;
use crate::series::{Colour, GREY, GRID, INK};

/// What a step line does within one column of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Column {
    least: u32,
    most: u32,
    mean: f64,
}

/// The columns of a step line that is at each value from its instant to the next one, and at zero
/// before the first.
fn columns(steps: &[(u64, u32)], view: View) -> Vec<Column> {
    let count = view.columns();
    let none = Column {
        least: u32::MAX,
        most: 0,
        mean: 0.0,
    };
    let mut columns = vec![none; count];
    let ends = steps.iter().skip(1).map(|step| view.column(step.0));
    let ends = ends.chain([count as f64]);
    let first = steps
        .first()
        .map_or(count as f64, |step| view.column(step.0));
    let pieces = steps
        .iter()
        .zip(ends)
        .map(|(&(at, value), end)| (view.column(at), end, value));
    for (start, end, value) in [(0.0, first, 0)].into_iter().chain(pieces) {
        if end <= start {
            continue;
        }
        let last = (end.ceil() as usize).min(count);
        for (i, column) in columns
            .iter_mut()
            .enumerate()
            .take(last)
            .skip(start as usize)
        {
            let share = end.min((i + 1) as f64) - start.max(i as f64);
            column.least = column.least.min(value);
            column.most = column.most.max(value);
            column.mean += f64::from(value) * share;
        }
    }
    columns
}

/// The panel of a step line: its axis goes from zero to the cores, or higher if more were running.
pub(crate) struct StepPanel {
    cores: u32,
    most: u32,
}

impl StepPanel {
    pub(crate) fn new<'a>(cores: u32, lines: impl Iterator<Item = &'a [(u64, u32)]>) -> StepPanel {
        let most = lines.flatten().map(|step| step.1).max().unwrap_or(0);
        StepPanel {
            cores,
            most: most.max(cores).max(1),
        }
    }

    fn scale(&self, area: Area) -> Scale {
        let headroom = f64::from(self.most) * 1.18;
        Scale::new((0.0, headroom), (area.bottom, area.top))
    }

    /// The height in the picture of the dashed line.
    pub(crate) fn cores_y(&self, area: Area) -> f64 {
        self.scale(area).px(f64::from(self.cores))
    }

    /// Numbers at the left, and what they count.
    pub(crate) fn draw_axis<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        area: Area,
        words_left: f64,
    ) -> Result<()> {
        let style = TextStyle::new(TICK_EM, GREY)?;
        let scale = self.scale(area);
        let numbers = style.anchor(HPos::Right, VPos::Center);
        let (values, _) = ticks(0.0, f64::from(self.most), 3);
        for value in values.into_iter().filter(|value| value.fract() == 0.0) {
            canvas.text(
                &format!("{value}"),
                (area.left - 9.0, scale.px(value)),
                numbers,
            )?;
        }
        let words = style.wrap("running at once", area.left - words_left - 40.0, 3);
        let top = area.middle() - style.leading() * words.len() as f64 / 2.0;
        canvas.paragraph(&words, (words_left, top), style)?;
        Ok(())
    }

    /// The line, a pale field under it, and the cores as a dashed line.
    pub(crate) fn draw<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        axis: &TimeAxis,
        area: Area,
        steps: &[(u64, u32)],
        colour: Colour,
    ) -> Result<()> {
        let scale = self.scale(area);
        let x = |column: usize| (axis.left() + column as f64 / COLUMNS).min(axis.right());
        let columns = columns(steps, View::new(axis.range(), area.width()));
        canvas.line(
            &[(area.left, area.bottom), (area.right, area.bottom)],
            Stroke::new(GRID, 1.0),
        )?;

        let mut path = Vec::new();
        let mut first = 0;
        for alike in columns.chunk_by(|a, b| a == b) {
            let (left, right) = (x(first), x(first + alike.len()));
            first += alike.len();
            let Some(column) = alike.first() else {
                continue;
            };
            if column.most > 0 {
                let least = scale.px(f64::from(column.least));
                let most = scale.px(f64::from(column.most));
                canvas.fill(
                    Area::new(left, least, right, area.bottom),
                    colour.tint(0.28),
                )?;
                canvas.fill(Area::new(left, most, right, least), colour.tint(0.14))?;
            }
            let y = scale.px(column.mean);
            path.extend([(left, y), (right, y)]);
        }
        for pair in path.windows(2) {
            canvas.line(pair, Stroke::new(INK, 2.0))?;
        }
        let y = self.cores_y(area);
        canvas.dashed(
            &[(area.left, y), (area.right, y)],
            DASH,
            Stroke::new(GREY, 1.5),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> View {
        View::new((0.0, 8.0), 4.0)
    }

    #[test]
    fn columns_hold_least_most_and_mean() {
        let columns = columns(&[(2, 1), (4, 2), (6, 0)], view());
        let means: Vec<_> = columns.iter().map(|column| column.mean).collect();
        assert_eq!(means, [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 0.0, 0.0]);
        assert!(columns.iter().all(|column| column.least == column.most));
    }

    #[test]
    fn a_short_dip_shows_in_the_least_and_hardly_in_the_mean() {
        let steps = [(0, 1), (3_000, 0), (3_010, 1)];
        let columns = columns(&steps, View::new((0.0, 8_000.0), 4.0));
        assert_eq!((columns[3].least, columns[3].most), (0, 1));
        assert!((columns[3].mean - 0.99).abs() < 1e-9);
        assert_eq!((columns[4].least, columns[4].most), (1, 1));
    }

    #[test]
    fn no_steps_are_nothing_running() {
        assert!(
            columns(&[], view())
                .iter()
                .all(|c| c.most == 0 && c.mean == 0.0)
        );
    }
}
