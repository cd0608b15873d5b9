//! Who runs the jobs.
//!
//! A [`Trial`] says which jobs, on which executor, with how many workers; [`Pool::run`] runs it in
//! the trial's [`Runtime`] and reports what every job did, when the pool was ready, when the last
//! answer was in hand and when the pool was gone, and what it all cost.
//!
//! | module | concept |
//! |---|---|
//! | [`trial`] | what is asked and what is reported |
//! | [`runtime`] | in what the jobs run |
//! | [`cpython`] | the interpreters of this machine, and trials in them |
//! | [`executors`] | one file for each way of running workers in this runtime |
//! | [`worker`] | the other end: this executable started again, doing one job after another |
//!
//! Invariants: every trial has a pool of its own, so that its start can be seen. The next job goes
//! to the next idle worker, in every executor. Whoever starts a thread or a process here also ends
//! it before the trial is reported.

mod async_page;
mod background;
pub mod cpython;
mod error;
pub mod executors;
mod locked;
mod pool;
mod protocol;
pub mod runtime;
pub mod trial;
pub mod worker;

pub use error::PoolError;
pub use lab_gil::Interval;
pub use pool::Pool;
pub use runtime::{Runtime, Wanted};
pub use trial::{Background, JobReport, Start, StartMethod, Trial, TrialReport};
