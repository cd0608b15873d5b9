//! Intervals, verdicts, parallelism, bounds: pure functions
