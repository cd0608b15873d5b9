//! Intervals, verdicts, parallelism, bounds: pure functions.
//!
//! Nothing here reads a file or a clock: the same recorded numbers (and for a [`shuffle`] the same
//! seed) give the same answer on any day and machine. Times are `u64`
//! nanoseconds of one clock, values are `f64`.
//!
//! From a measurement to a verdict:
//!
//! ```text
//! spans, jobs in flight --timeline, lanes--> one value per block
//! values of the blocks  --interval, faster--> Interval
//! Interval + Edges      --decide--> Decision       (unless control or null forbid it)
//! several Decisions     --verdict--> one Decision
//! any of these          --format--> text
//! ```
//!
//! Invariants: a value that cannot be computed is `None` or an error that says why, never 0 and
//! never a guess; no function panics, whatever the numbers.
//!
//! ```
//! use lab_stats::{decide::decide, edges::Edges, interval, verdict::Decision};
//!
//! // Makespans of five blocks in ms: one after another, and on sixteen threads.
//! let serial = [800.0, 812.0, 795.0, 830.0, 805.0];
//! let threads = [80.0, 79.0, 82.0, 81.0, 80.5];
//! let useless = Edges::true_below(1.05).false_above(2.0);
//! let speed_up = interval::ratio(&serial, &threads, interval::LEVEL)?;
//! assert_eq!(decide(&speed_up, &useless), Decision::False);
//! # Ok::<(), interval::StatsError>(())
//! ```

mod estimate;
pub mod format;
mod judge;
pub mod shuffle;
mod spans;

pub use estimate::{crossing, formulas, interval, median, rate, sizing, summary};
pub use judge::{blocks, control, decide, edges, faster, kind, null, verdict};
pub use spans::{bounds, lanes, parallelism, timeline};
