//! What arms cost before they are measured: steps of jobs, time, memory.

mod forecast;
mod jobs;
pub(super) mod memory;

pub(in crate::measure) use forecast::Starts;
