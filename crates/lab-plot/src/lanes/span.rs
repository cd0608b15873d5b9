//! Stretches of time.

/// From and to which nanosecond since the trial's zero.
pub type Span = (u64, u64);
