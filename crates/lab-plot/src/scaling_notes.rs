//! What is said about places in a panel of [`crate::Scaling`]: shaded regions and marked points.

use plotters_backend::DrawingBackend;

use crate::canvas::{Area, Canvas, Point, Stroke};
use crate::error::Result;
use crate::font::TextStyle;
use crate::line_label::Occupied;
use crate::page::TICK_EM;
use crate::place::{along, best};
use crate::scaling::ScalingPanel;
use crate::scaling_axes::Axes;
use crate::series::{GREY, GRID, INK, PAPER};

/// A pale region over a panel's whole width.
#[derive(Clone, Debug)]
pub struct Shade {
    /// Stands inside it, or just beside it if it is too low: "slower than serial".
    pub label: String,
    /// From which value to which.
    pub region: Region,
}

/// Values that belong together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Region {
    /// From the foot of the panel up to this value.
    Below(f64),
    /// From this value up to the head of the panel.
    Above(f64),
    /// Between two values.
    Between(f64, f64),
}

/// A place that has a name.
#[derive(Clone, Debug)]
pub struct PointMark {
    /// Stands beside it: "crossover: 120 µs".
    pub label: String,
    /// Where it lies; the level axis always holds it.
    pub x: f64,
    /// The value there, for a ring at that point; none for an upright line through the panel.
    pub y: Option<f64>,
}

/// Height of words, their distance from what they belong to, and the air at their sides.
const HEIGHT: f64 = 21.0;
const AIR: f64 = 7.0;
const SIDES: f64 = 5.0;
/// Steps of the places that are tried for words, in pixels.
const STEP: f64 = 11.0;
/// How far away from a marked point its words are tried, in heights of words.
const FAR: usize = 6;
/// Lengths of stroke and gap of a marked line: shorter than those of a reference line.
const DOTS: (f64, f64) = (3.0, 4.0);
const RING: f64 = 8.0;

impl Region {
    /// The values at its edges.
    pub(crate) fn edges(self) -> impl Iterator<Item = f64> {
        let (a, b) = match self {
            Region::Below(value) | Region::Above(value) => (value, None),
            Region::Between(from, to) => (from, Some(to)),
        };
        std::iter::once(a).chain(b)
    }

    fn area(self, axes: &Axes) -> Area {
        let y = |value: f64| axes.at((1.0, value)).1;
        let area = axes.area;
        match self {
            Region::Below(value) => Area::new(area.left, y(value), area.right, area.bottom),
            Region::Above(value) => Area::new(area.left, area.top, area.right, y(value)),
            Region::Between(from, to) => {
                let (a, b) = (y(from), y(to));
                Area::new(area.left, a.min(b), area.right, a.max(b))
            }
        }
    }
}

/// Fills the shaded regions. To be called before anything else is drawn in the panel.
pub(crate) fn draw_shades<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    panel: &ScalingPanel,
    axes: &Axes,
) -> Result<()> {
    for shade in &panel.shades {
        let area = shade.region.area(axes);
        if area.height() > 0.0 {
            canvas.fill(area, GREY.tint(0.12))?;
        }
    }
    Ok(())
}

/// Where marks are drawn: what other words should leave free.
pub(crate) fn ink(panel: &ScalingPanel, axes: &Axes) -> Vec<Point> {
    let of = |mark: &PointMark| match mark.y {
        Some(y) => outline(axes.at((mark.x, y))),
        None => along(&upright(mark.x, axes)),
    };
    panel.marks.iter().flat_map(of).collect()
}

/// Draws rings and upright lines.
pub(crate) fn draw_marks<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    panel: &ScalingPanel,
    axes: &Axes,
) -> Result<()> {
    for mark in &panel.marks {
        match mark.y {
            Some(y) => draw_ring(canvas, axes.at((mark.x, y)))?,
            None => canvas.dashed(&upright(mark.x, axes), DOTS, Stroke::new(INK, 1.5))?,
        }
    }
    Ok(())
}

/// Writes the words of marks and shades where they hide least, and adds them to what is occupied.
pub(crate) fn draw_words<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    panel: &ScalingPanel,
    axes: &Axes,
    occupied: &mut Occupied,
) -> Result<()> {
    // A ring has fewer places for its words than a line has.
    let (rings, lines): (Vec<_>, Vec<_>) = panel.marks.iter().partition(|mark| mark.y.is_some());
    for mark in rings.into_iter().chain(lines) {
        let style = TextStyle::new(TICK_EM, INK)?;
        let words = style.elide(&mark.label, axes.area.width());
        let width = style.width(&words);
        let places = match mark.y {
            Some(y) => around(axes.at((mark.x, y)), width, axes.area),
            None => beside(axes.x(mark.x), width, axes.area),
        };
        let place = write(canvas, &words, style, &places, occupied)?;
        if let Some((place, y)) = place.zip(mark.y) {
            lead(canvas, axes.at((mark.x, y)), place, occupied)?;
        }
    }
    for shade in &panel.shades {
        let style = TextStyle::new(TICK_EM, GREY)?;
        let words = style.elide(&shade.label, axes.area.width());
        let region = shade.region.area(axes);
        if region.height() > 0.0 {
            let places = inside(region, style.width(&words), axes.area);
            write(canvas, &words, style, &places, occupied)?;
        }
    }
    Ok(())
}

/// Writes words at the best of some places, with air around them, and says where; words for which
/// no place is free of others stay away.
fn write<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    words: &str,
    style: TextStyle,
    places: &[Area],
    occupied: &mut Occupied,
) -> Result<Option<Area>> {
    let airy = |place: &Area| {
        Area::new(
            place.left - SIDES,
            place.top,
            place.right + SIDES,
            place.bottom,
        )
    };
    let roomy: Vec<_> = places.iter().map(airy).collect();
    let Some(best) = best(&roomy, &occupied.areas, &occupied.ink) else {
        return Ok(None);
    };
    let place = Area::new(best.left + SIDES, best.top, best.right - SIDES, best.bottom);
    canvas.text(words, (place.left, place.top), style)?;
    occupied.areas.push(best);
    Ok(Some(place))
}

fn upright(x: f64, axes: &Axes) -> [Point; 2] {
    let x = axes.x(x);
    [(x, axes.area.top), (x, axes.area.bottom)]
}

/// Places that stand for a ring.
fn outline((x, y): Point) -> Vec<Point> {
    let corners = [
        (-1.0, -1.0),
        (1.0, -1.0),
        (1.0, 1.0),
        (-1.0, 1.0),
        (-1.0, -1.0),
    ];
    along(&corners.map(|(right, down)| (x + right * RING, y + down * RING)))
}

/// A ring of ink with paper on either side of it, so that it is seen on any line.
fn draw_ring<B: DrawingBackend>(canvas: &mut Canvas<B>, at: Point) -> Result<()> {
    use crate::series::Marker::Disc;
    for (radius, colour) in [(RING + 1.0, PAPER), (RING, INK), (RING - 2.5, PAPER)] {
        canvas.marker(Disc, at, radius, Stroke::new(colour, 1.0))?;
    }
    canvas.marker(Disc, at, 2.0, Stroke::new(INK, 1.0))
}

/// A thin line from a marked point to its words, if they stand away from it.
fn lead<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    (x, y): Point,
    words: Area,
    occupied: &mut Occupied,
) -> Result<()> {
    let to = (
        x.clamp(words.left, words.right),
        y.clamp(words.top, words.bottom),
    );
    let (dx, dy) = (to.0 - x, to.1 - y);
    let distance = dx.hypot(dy);
    if distance <= RING + AIR + 2.0 {
        return Ok(());
    }
    let edge = RING / distance;
    let leader = [(x + dx * edge, y + dy * edge), to];
    occupied.ink.extend(along(&leader));
    canvas.line(&leader, Stroke::new(GRID.over(GREY, 0.6), 1.0))
}

/// Places for words around a point: at its sides, then farther and farther above and below it.
fn around((x, y): Point, width: f64, panel: Area) -> Vec<Area> {
    let (left, right) = (x - RING - AIR - width, x + RING + AIR);
    let level = y - HEIGHT / 2.0;
    let mut places = vec![(right, level), (left, level)];
    for row in 0..=FAR {
        let away = RING + AIR + row as f64 * HEIGHT;
        let lefts = [right, left, x - width / 2.0, x, x - width];
        let tops = [y - away - HEIGHT, y + away];
        places.extend(lefts.iter().flat_map(|&left| tops.map(|top| (left, top))));
    }
    within(places, width, panel)
}

/// Places for words beside an upright line, from the head of the panel down; over it, if they are
/// wider than the room on either side.
fn beside(x: f64, width: f64, panel: Area) -> Vec<Area> {
    let rows = |lefts: &[f64]| {
        let tops = (0..).map(|row| panel.top + 2.0 + f64::from(row) * STEP);
        let tops: Vec<_> = tops
            .take_while(|top| top + HEIGHT <= panel.bottom)
            .collect();
        let corners = tops
            .iter()
            .flat_map(|&top| lefts.iter().map(move |&left| (left, top)));
        within(corners, width, panel)
    };
    let places = rows(&[x + AIR, x - AIR - width]);
    match places.is_empty() {
        true => rows(&[panel.left]),
        false => places,
    }
}

/// Places for words in a region; if it is lower than they are, just above and below it.
fn inside(region: Area, width: f64, panel: Area) -> Vec<Area> {
    let air = 4.0;
    let mut tops = Vec::new();
    if region.height() >= HEIGHT + air {
        let last = region.bottom - HEIGHT - air / 2.0;
        tops.extend([last, region.top + air / 2.0]);
        let rows = (1..).map(|row| last - f64::from(row) * STEP);
        tops.extend(rows.take_while(|&top| top > region.top));
    } else {
        tops.extend([region.top - HEIGHT - air, region.bottom + air]);
    }
    let last = panel.right - air - width;
    let lefts = (0..).map(|step| last - f64::from(step) * STEP * 2.0);
    let lefts: Vec<_> = lefts.take_while(|&left| left >= panel.left + air).collect();
    let lefts = match lefts.is_empty() {
        true => vec![panel.left],
        false => lefts,
    };
    let places = tops
        .iter()
        .flat_map(|&top| lefts.iter().map(move |&left| (left, top)));
    within(places, width, panel)
}

/// The areas with these upper left corners that lie inside the panel.
fn within(corners: impl IntoIterator<Item = Point>, width: f64, panel: Area) -> Vec<Area> {
    let areas = corners
        .into_iter()
        .map(|(left, top)| Area::new(left, top, left + width, top + HEIGHT));
    let level = |area: &Area| area.left >= panel.left && area.right <= panel.right;
    let upright = |area: &Area| area.top >= panel.top && area.bottom <= panel.bottom;
    areas.filter(|area| level(area) && upright(area)).collect()
}
