//! What arms cost before they are measured: steps of jobs, time, memory.

mod forecast;
mod jobs;
pub(super) mod memory;
