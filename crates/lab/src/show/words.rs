//! Numbers as people read them.

use lab_stats::format;

pub use lab_stats::format::{runtime, time, value};

/// How many times one is the other: `10.3×`.
pub fn times(ratio: f64) -> String {
    format::ratio(ratio)
}
