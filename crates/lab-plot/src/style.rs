//! What a colour and a marker mean, in every figure.

/// Whose values they are: one colour and one marker each throughout. The colours are Okabe and
/// Ito's, which all kinds of colour vision tell apart (<https://jfly.uni-koeln.de/color/>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Series {
    /// One after another.
    #[default]
    Serial,
    /// Threads that share one queue, whatever the runtime.
    Threads,
    /// A rayon pool.
    Rayon,
    /// One thread, many waits.
    Async,
    /// Worker processes.
    Processes,
    /// Interpreters in one process, each with its own lock.
    Interpreters,
}

impl Series {
    /// All of them.
    pub const ALL: [Series; 6] = [
        Series::Serial,
        Series::Threads,
        Series::Rayon,
        Series::Async,
        Series::Processes,
        Series::Interpreters,
    ];

    /// Its colour, as `#E69F00`: for pages that draw in the same colours.
    pub fn hex(self) -> &'static str {
        match self {
            Series::Serial => "#1F1F1F",
            Series::Threads => "#E69F00",
            Series::Rayon => "#009E73",
            Series::Async => "#CC79A7",
            Series::Processes => "#0072B2",
            Series::Interpreters => "#D55E00",
        }
    }
}

/// Tells lines of one series apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stroke {
    /// An unbroken line and full markers.
    #[default]
    Solid,
    /// A dashed line and hollow markers.
    Dashed,
    /// A dotted line and hollow markers with a point.
    Dotted,
}

impl Stroke {
    /// All of them, for the first line of a series, the second and so on.
    pub const ALL: [Stroke; 3] = [Stroke::Solid, Stroke::Dashed, Stroke::Dotted];
}

/// Up to this number, every value of a row or strip is a point.
pub const MOST_POINTS: usize = 1500;
