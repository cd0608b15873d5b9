//! What of a trial is looked at, and how two of them are compared.
//!
//! A [`Measure`] gives a number for a trial; a [`Quantity`] is a measure of an arm; a [`Comparison`]
//! is what a claim rests on: a ratio of two quantities, a share or a level of one, or one against
//! the best of several.

mod comparison;
mod measure;
mod measures;

pub use comparison::{Comparison, What};
pub use measure::{Measure, Quantity};
pub(crate) use measure::{Rows, Sense};
pub(crate) use measures::running;
pub use measures::{
    MAKESPAN, TIME_PER_STEP, WINDOW, all_pages, list_scheduling, makespan, makespan_when_ready,
    slowest_page, switches, time_per_job, time_per_step, two_or_more, window,
};
