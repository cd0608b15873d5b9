//! A chart of plotters with its axes and mesh, as all figures here have it.

use plotters::chart::ChartContext;
use plotters::coord::cartesian::Cartesian2d;
use plotters::prelude::*;

use crate::axis::ranged::Axis;
use crate::drawing::ink::{self, HAIR, SOFT, px};
use crate::drawing::pen::{Area, DrawError, Drawn, LEFT};
use crate::drawing::text::{TICK, Type};

pub(crate) type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Axis, Axis>>;

/// Room around the plot for words, in pixels.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Room {
    pub left: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Room {
    pub(crate) fn new(left: f64, right: f64, bottom: f64) -> Room {
        Room { left, right, bottom }
    }
}

/// Which lines and words a chart has beside its data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mesh {
    /// Hair lines at the ticks of the horizontal axis, or else at those of the vertical one.
    pub vertical: bool,
    /// A line at the bottom.
    pub foot: bool,
    /// For the ticks of the vertical axis.
    pub words: Type,
}

/// The chart, with its mesh. At the right its room is a margin: in a label area plotters would
/// print the ticks again.
pub(crate) fn chart<'a, 'b>(
    area: &'a Area<'b>,
    (x, y): (Axis, Axis),
    room: Room,
    mesh: Mesh,
) -> Result<Chart<'a, 'b>, DrawError> {
    let mut chart = ChartBuilder::on(area)
        .set_label_area_size(LabelAreaPosition::Left, px(room.left))
        .margin_right(px(room.right))
        .set_label_area_size(LabelAreaPosition::Bottom, px(room.bottom))
        .build_cartesian_2d(x, y)?;
    draw(&mut chart, mesh)?;
    Ok(chart)
}

/// Twice, since plotters shows no words at an axis whose line is off.
fn draw(chart: &mut Chart<'_, '_>, mesh: Mesh) -> Drawn {
    let shown = |is: bool, style| if is { style } else { TRANSPARENT.into() };
    let hair = ink::stroke(HAIR, 0.8);
    let mut across = chart.configure_mesh();
    across.disable_y_mesh().disable_y_axis();
    across.bold_line_style(shown(mesh.vertical, hair));
    across.light_line_style(TRANSPARENT);
    across.axis_style(shown(mesh.foot, ink::stroke(SOFT, 1.0)));
    across.set_all_tick_mark_size(px(3.0)).x_label_style(TICK.at(LEFT));
    across.draw()?;
    let mut up = chart.configure_mesh();
    up.disable_x_mesh().disable_x_axis();
    up.bold_line_style(shown(!mesh.vertical, hair));
    up.light_line_style(TRANSPARENT).axis_style(TRANSPARENT);
    up.set_all_tick_mark_size(px(3.0)).y_label_style(mesh.words.at(LEFT));
    up.draw()
}

/// How wide the widest words at an axis' ticks are.
pub(crate) fn widest_tick(axis: &Axis) -> f64 {
    TICK.widest(axis.ticks().iter().map(|(_, words)| words.as_str()))
}

/// A horizontal axis of `width` pixels without the ticks whose words would run into others. Powers of
/// two go first: they are the usual numbers of workers.
pub(crate) fn thinned(axis: Axis, width: f64) -> Axis {
    let mut order = axis.ticks().to_vec();
    order.sort_by_key(|(value, _)| value.log2().fract() != 0.0);
    let mut taken: Vec<(f64, f64)> = Vec::new();
    order.retain(|(value, words)| {
        let half = TICK.width(words) / 2.0 + 2.0;
        let middle = axis.share(*value) * width;
        let (from, to) = (middle - half, middle + half);
        let free = taken.iter().all(|other| to <= other.0 || other.1 <= from);
        if free {
            taken.push((from, to));
        }
        free
    });
    axis.with_ticks(order)
}
