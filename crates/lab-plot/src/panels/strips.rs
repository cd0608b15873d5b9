//! Every value of some categories: a point each, beside one another, and the median a line.

use crate::axis::scale::Scale;
use crate::style::Series;

/// Panels in rows; those of one row share the vertical axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strips {
    /// The vertical axis.
    pub y: Scale,
    /// What a point is, for the key: "one answer".
    pub point: String,
    /// One per runtime, say.
    pub panels: Vec<StripPanel>,
}

/// One panel, as wide as it has strips.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StripPanel {
    /// What it shows, in words.
    pub title: String,
    /// Its categories from the left; up to 6 are best.
    pub strips: Vec<Strip>,
    /// Horizontal dashed lines, each with its words and its value: "switch interval 5 ms". The axis
    /// always holds them.
    pub references: Vec<(String, f64)>,
}

/// One category.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strip {
    /// Printed under it, in two or three lines if need be.
    pub label: String,
    /// Gives the colour.
    pub series: Series,
    /// All values; a million is not too many. Up to 1,500 each is a point of one size; more are
    /// drawn as their density, and isolated ones as points.
    pub values: Vec<f64>,
    /// A short thick line.
    pub median: Option<f64>,
    /// Printed beside the median: "5.2 ms". May be empty.
    pub note: String,
}

impl Strip {
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.median.is_none()
    }
}

impl StripPanel {
    /// All numbers on the vertical axis.
    pub(crate) fn ys(&self) -> impl Iterator<Item = f64> {
        let strips =
            self.strips.iter().flat_map(|strip| strip.values.iter().copied().chain(strip.median));
        strips.chain(self.references.iter().map(|(_, value)| *value))
    }
}
