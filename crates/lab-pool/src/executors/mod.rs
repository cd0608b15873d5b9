//! A file for each way of running workers.
//!
//! All of them are given the same [`TrialContext`]: the jobs, the queue they are taken from, and
//! what the workers share. The executors of threads are generic over [`Host`](crate::work::Host),
//! so that the same code runs native and under a modelled lock.

pub(crate) mod background;
mod context;
pub(crate) mod processes;
pub(crate) mod rayon;
pub(crate) mod serial;
pub(crate) mod tasks;
pub(crate) mod threads;
mod worker_process;

pub(crate) use context::{Outcome, TrialContext};
