//! What can go wrong: data that cannot be drawn, and a file that cannot be written.

use std::path::PathBuf;

/// Why there is no (new) picture. Each is a sentence that names the thing and what to do.
#[derive(Debug, thiserror::Error)]
pub enum PlotError {
    /// Nothing was handed in that could be drawn.
    #[error("the {figure} has no {what}, so there is nothing to draw: hand in at least one")]
    Empty {
        /// The kind of figure.
        figure: &'static str,
        /// What is missing, in the plural.
        what: &'static str,
    },
    /// A value that is infinite, not a number, or has no place on a logarithmic axis.
    #[error("{place}: {what} is {value}, which has no place on the axis: leave it out")]
    Value {
        /// Panel and line that the value belongs to.
        place: String,
        /// Which of its values.
        what: &'static str,
        /// The value as handed in.
        value: f64,
    },
    /// An interval that ends before it starts.
    #[error("{place}: {what} ends at {to} ns, before it starts at {from} ns: mend the record")]
    Reversed {
        /// Facet and row that the interval belongs to.
        place: String,
        /// Which interval.
        what: &'static str,
        /// Its start in nanoseconds.
        from: u64,
        /// Its end in nanoseconds.
        to: u64,
    },
    /// More facets or panels than one figure can hold legibly.
    #[error("the {figure} has {count} {what}, more than the {limit} that fit: draw two figures")]
    TooMany {
        /// The kind of figure.
        figure: &'static str,
        /// What there is too much of.
        what: &'static str,
        /// How many were handed in.
        count: usize,
        /// How many fit.
        limit: usize,
    },
    /// The drawing library or the font refused.
    #[error("the figure could not be drawn: {reason}")]
    Draw {
        /// In the library's words.
        reason: String,
    },
    /// The picture was drawn but not written; an older file at that path is as it was.
    #[error("the figure {} could not be written ({reason}): make room, or check who may write in its folder", path.display())]
    Write {
        /// Where it was to go.
        path: PathBuf,
        /// In the system's words.
        reason: String,
    },
}

/// The result of everything here that can fail.
pub type Result<T> = std::result::Result<T, PlotError>;
