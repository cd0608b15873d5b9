//! Why there is no figure.

/// Each is a sentence that names the thing and what to do.
#[derive(Debug, thiserror::Error)]
pub enum PlotError {
    /// Nothing was handed in that could be drawn.
    #[error("there is nothing to draw: the {chart} has no {things}")]
    Empty {
        /// The kind of chart.
        chart: &'static str,
        /// What it lacks, in the plural.
        things: &'static str,
    },
    /// A value that is infinite, not a number, or has no place on a logarithmic axis.
    #[error("{place}: {value} has no place on {axis}; leave it out")]
    Value {
        /// Where it was handed in.
        place: String,
        /// The value.
        value: f64,
        /// The axis, in words.
        axis: &'static str,
    },
    /// A stretch that ends before it starts.
    #[error("{place}: a stretch starts at {from} and ends at {to}, before its start")]
    Backwards {
        /// Where it was handed in.
        place: String,
        /// Its start.
        from: f64,
        /// Its end.
        to: f64,
    },
    /// plotters refused to draw.
    #[error("the figure “{title}” could not be drawn: {reason}")]
    Drawing {
        /// The figure's title.
        title: String,
        /// What plotters says.
        reason: String,
    },
    /// resvg refused the SVG, or the picture has no size.
    #[error("the figure “{title}” could not be made a PNG: {reason}")]
    Png {
        /// The figure's title.
        title: String,
        /// What resvg says.
        reason: String,
    },
}

/// The result of everything here that can fail.
pub type Result<T> = std::result::Result<T, PlotError>;

impl PlotError {
    /// Refuses a chart that lacks what it cannot be drawn without.
    pub(crate) fn unless(has: bool, chart: &'static str, things: &'static str) -> Result<()> {
        if has { Ok(()) } else { Err(PlotError::Empty { chart, things }) }
    }
}
