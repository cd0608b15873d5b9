//! Jobs as data, and the one place where their code stands.
//!
//! A [`Job`] says what to do; [`perform`] does it on a [`Desk`], which holds what a worker has at
//! hand. The code of a job is written once, against the two calls of [`Host`]: a *turn* between
//! steps of work and a *wait* around everything that blocks. Native, both are nothing and compile
//! away; under the modelled GIL they are where the lock changes hands.
//!
//! Invariants: a job is data and never a closure, so that the same job can be sent to a thread, to
//! a child process or to CPython. Every job has an answer, and [`Job::check`] knows the right one.

mod answer;
mod calibrate;
pub mod command;
mod compute;
mod cpu_meter;
mod desk;
mod echo;
mod hash;
mod host;
mod job;
pub mod page;
mod points;
mod track;

pub use answer::Answer;
pub use calibrate::{recorder_ns_per_sample, steps_per_second};
pub use compute::additions;
pub use cpu_meter::{CpuMeter, SHORTEST_NS};
pub use desk::{Desk, Report, Tracking, perform};
pub use echo::{EchoError, EchoFault};
pub use host::{Host, Native, TURN_ADDITIONS};
pub use job::{Amount, Job, JobError};
pub use points::readings_a_point;
