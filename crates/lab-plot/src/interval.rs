//! Intervals of time as they are handed in, and what is refused.

use crate::error::{PlotError, Result};

/// `(start, end)` if it does not end before it starts.
///
/// # Errors
/// Names `place` (facet and row) and `what`.
pub(crate) fn check(
    place: impl Fn() -> String,
    what: &'static str,
    (from, to): (u64, u64),
) -> Result<()> {
    if to >= from {
        return Ok(());
    }
    Err(PlotError::Reversed {
        place: place(),
        what,
        from,
        to,
    })
}

/// `count` things of a figure, if there is one at least and not more than `limit`.
pub(crate) fn count(
    figure: &'static str,
    what: &'static str,
    count: usize,
    limit: usize,
) -> Result<()> {
    match count {
        0 => Err(PlotError::Empty { figure, what }),
        count if count > limit => Err(PlotError::TooMany {
            figure,
            what,
            count,
            limit,
        }),
        _ => Ok(()),
    }
}
