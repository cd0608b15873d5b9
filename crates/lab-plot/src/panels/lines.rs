//! Values over a quantity: every block a point, the median a line, its interval a band.

use crate::axis::scale::Scale;
use crate::style::{Series, Stroke};

/// Panels in rows; all share the horizontal axis, and those of one row the vertical one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    /// The horizontal axis.
    pub x: Scale,
    /// The vertical axis. It holds all that its row of panels shows, references and edges of shades
    /// included; those that would lead far away are best cut short.
    pub y: Scale,
    /// What a point is, for the key: "one block". Empty, if there are none.
    pub point: String,
    /// What the bands are, for the key: "98.3 % interval". Empty, if there are none.
    pub band: String,
    /// Panels beside one another: as many as there are runtimes, say. 0: as many as fit.
    pub columns: usize,
    /// Row by row. Those for which there is no room are counted in words.
    pub panels: Vec<LinePanel>,
}

/// One panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinePanel {
    /// What it shows, in words.
    pub title: String,
    /// At most one of each series and stroke is best.
    pub lines: Vec<Line>,
    /// Ideal and bounds: thin, dashed, labelled where they hide least.
    pub references: Vec<Reference>,
    /// Pale regions behind everything: "slower than serial".
    pub shades: Vec<Shade>,
    /// Places with a name: where two lines cross, what a rule advises.
    pub marks: Vec<Mark>,
}

/// One arm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Printed in the key.
    pub label: String,
    /// Gives colour and marker.
    pub series: Series,
    /// Tells lines of one series apart: one stroke per runtime.
    pub stroke: Stroke,
    /// Every block: (x, value).
    pub points: Vec<(f64, f64)>,
    /// The line itself: (x, value), in order of x.
    pub median: Vec<(f64, f64)>,
    /// The interval: (x, low, high), in order of x. May be empty.
    pub band: Vec<(f64, f64, f64)>,
}

/// What lines are held against.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reference {
    /// Printed beside it.
    pub label: String,
    /// (x, value), in order of x; one point is a horizontal line.
    pub points: Vec<(f64, f64)>,
}

/// A pale region over a panel's whole width.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shade {
    /// Printed inside it: "slower than serial". May be empty.
    pub label: String,
    /// From which value on; none, from the foot of the panel.
    pub from: Option<f64>,
    /// Up to which value; none, to the head of the panel.
    pub to: Option<f64>,
}

/// A place that has a name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mark {
    /// Printed beside it: "crossover: 120 µs".
    pub label: String,
    /// Where it lies: a ring, which both axes always hold.
    pub at: (f64, f64),
}

impl LinePanel {
    /// All numbers on the horizontal axis.
    pub(crate) fn xs(&self) -> impl Iterator<Item = f64> {
        let lines = self.lines.iter().flat_map(|line| {
            let points = line.points.iter().chain(&line.median).map(|(x, _)| *x);
            points.chain(line.band.iter().map(|(x, ..)| *x))
        });
        // A reference of one point is a horizontal line: its x says nothing.
        let references = self.references.iter().filter(|one| one.points.len() > 1);
        let references = references.flat_map(|one| one.points.iter().map(|(x, _)| *x));
        lines.chain(self.marks.iter().map(|mark| mark.at.0)).chain(references)
    }

    /// All numbers on the vertical axis.
    pub(crate) fn ys(&self) -> impl Iterator<Item = f64> {
        let lines = self.lines.iter().flat_map(|line| {
            let points = line.points.iter().chain(&line.median).map(|(_, y)| *y);
            points.chain(line.band.iter().flat_map(|&(_, low, high)| [low, high]))
        });
        let references = self.references.iter();
        let references = references.flat_map(|one| one.points.iter().map(|(_, y)| *y));
        let shades = self.shades.iter().flat_map(|shade| [shade.from, shade.to]);
        let marks = self.marks.iter().map(|mark| mark.at.1);
        lines.chain(references).chain(shades.flatten()).chain(marks)
    }
}
