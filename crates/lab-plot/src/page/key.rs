//! The key: what signs mean that are not labelled where they are.

use plotters::prelude::*;

use crate::drawing::ink::{self, INK, PALE, SHADE, SOFT};
use crate::drawing::marker;
use crate::drawing::pen::{Area, Drawn, LEFT, Pen};
use crate::drawing::text::LABEL;
use crate::style::{Series, Stroke};

/// An entry of the key: a sign, and what it means. Without words it is left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    sign: Sign,
    words: String,
}

/// What is drawn before the words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sign {
    /// A pale bar.
    Pale,
    /// A full one.
    Full,
    /// A full one in a series' colour.
    Series(Series),
    /// The colour of a job.
    Job(u32),
    /// A region behind everything.
    Ground,
    /// An outline.
    Frame,
    /// A value.
    Dot,
    /// A point on a bar.
    Point,
    /// The median of values.
    Median,
    /// A vertical line; dashed for what rows are held against.
    Vertical {
        /// Whether it is.
        is_dashed: bool,
    },
    /// A level line that others are held against.
    Level,
    /// The band of an interval.
    Band,
    /// A series' line with its marker.
    Line(Series, Stroke),
}

/// Height of a row of the key.
pub(crate) const ROW: f64 = 17.0;
const MOST_ROWS: usize = 3;
const SIGN: f64 = 18.0;
const AIR: f64 = 6.0;
const BETWEEN: f64 = 18.0;

impl Key {
    /// This sign means this.
    pub fn new(sign: Sign, words: impl Into<String>) -> Key {
        let words = words.into();
        Key { sign, words }
    }

    fn width(&self) -> f64 {
        SIGN + AIR + LABEL.width(&self.words)
    }
}

/// The entries that have words, in rows of at most `room` pixels.
pub(crate) fn rows(entries: Vec<Key>, room: f64) -> Vec<Vec<Key>> {
    let mut rows: Vec<Vec<Key>> = Vec::new();
    let mut x = f64::INFINITY;
    for mut entry in entries.into_iter().filter(|entry| !entry.words.is_empty()) {
        entry.words = LABEL.shorten(&entry.words, room - SIGN - AIR);
        if x + entry.width() > room {
            rows.push(Vec::new());
            x = 0.0;
        }
        x += entry.width() + BETWEEN;
        rows.last_mut().into_iter().for_each(|row| row.push(entry.clone()));
    }
    rows.truncate(MOST_ROWS);
    rows
}

/// Draws one row from `x` on around `y`.
pub(crate) fn draw(area: &Area<'_>, row: &[Key], (mut x, y): (f64, f64)) -> Drawn {
    for entry in row {
        draw_sign(area, entry.sign, (x, y))?;
        area.text(&entry.words, LABEL, LEFT, (x + SIGN + AIR, y))?;
        x += entry.width() + BETWEEN;
    }
    Ok(())
}

fn draw_sign(area: &Area<'_>, sign: Sign, (x, y): (f64, f64)) -> Drawn {
    let (right, middle) = (x + SIGN, (x + SIGN / 2.0, y));
    let (from, to) = ((x, y - 4.0), (right, y + 4.0));
    let level = [(x, y), (right, y)];
    let vertical = [(middle.0, y - 6.5), (middle.0, y + 6.5)];
    match sign {
        Sign::Pale => area.rect(from, to, SOFT.mix(PALE)),
        Sign::Full => area.rect(from, to, SOFT.mix(1.0)),
        Sign::Series(series) => area.rect(from, to, series.colour().mix(1.0)),
        Sign::Job(job) => area.rect(from, to, ink::job_colour(job).mix(1.0)),
        Sign::Ground => area.rect(from, to, SHADE.mix(1.0)),
        Sign::Band => area.rect(from, to, SOFT.mix(ink::BAND)),
        Sign::Frame => area.line(&ink::corners(from, to), ink::stroke(SOFT, 1.4)),
        Sign::Dot => area.dot(middle, 1.9, SOFT.filled()),
        Sign::Point => area.dot(middle, 2.4, INK.filled()),
        Sign::Median => area.line(&vertical, ink::stroke(INK, 2.0)),
        Sign::Vertical { is_dashed: true } => area.line(&vertical, ink::dashed(INK)),
        Sign::Vertical { is_dashed: false } => area.line(&vertical, ink::stroke(INK, 1.2)),
        Sign::Level => area.line(&level, ink::dashed(SOFT)),
        Sign::Line(series, stroke) => {
            area.line(&level, ink::of_stroke(series.colour(), stroke))?;
            marker::on_line(area, series, stroke, middle)
        }
    }
}
