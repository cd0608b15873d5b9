//! The jobs as data, a file per kind, and the one place where their code is.
//!
//! A [`Job`] says what to do; `perform` does it with what a worker has at hand. The code of a job
//! is written once, against the two calls of a host: a *turn* between steps of work and a *wait*
//! around everything that blocks. Native, both are nothing and compile away; under the modelled GIL
//! they are where the lock changes hands.
//!
//! Invariants: a job is data and never a closure, so that the same job can be sent to a thread, to
//! a child process or to CPython. Every job has an answer, and [`Job::check`] knows the right one.

mod add;
pub mod command;
pub mod costs;
mod count;
mod echo;
mod hash;
mod job;
pub mod page;
mod points;
mod report;
mod shared;
mod track;
mod wait;

pub use add::Add;
pub use count::Count;
pub use echo::Echo;
pub use hash::Hash;
pub use job::Job;
pub use points::{Points, readings_per_point};
pub use report::Report;
pub(crate) use report::perform;
pub use shared::{Cores, How, Source, Store, Syscall, Tally, Touch, Touched};
pub use track::Track;
pub use wait::{Mix, Wait};

pub use crate::work::{Amount, Answer, JobError, Tracking};
