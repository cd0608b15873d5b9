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
//! | `executors` | a file for each way of running workers in this runtime |
//! | `work` | what every kind of job is made of |
//! | `http` | loading pages: what counts as an answer, and two clients |
//! | [`jobs`] | the jobs as data, and the one place where their code is |
//! | [`limits`] | a smaller machine for the length of a trial |
//! | [`process`] | children: started, spoken to, waited for and ended |
//! | [`origin`] | the loopback HTTP server with scripted delays |
//! | [`worker`] | the other end: this executable started again, doing one job after another |
//!
//! Invariants: every trial has its own pool, so that its start can be seen. The next job goes
//! to the next idle worker, in every executor. Whoever starts a thread or a process here also ends
//! it before the trial is reported.

pub mod calibrate;
pub mod cpython;
mod error;
mod executors;
mod http;
pub mod jobs;
pub mod limits;
pub mod origin;
mod pool;
pub mod process;
mod protocol;
pub mod runtime;
pub mod trial;
mod work;
pub mod worker;

pub use error::PoolError;
pub use jobs::{Amount, Job, JobError, Report, Tracking};
pub use lab_gil::Interval;
pub use pool::Pool;
pub use runtime::{Runtime, Wanted};
pub use trial::{Background, JobReport, Start, StartMethod, Trial, TrialReport};
