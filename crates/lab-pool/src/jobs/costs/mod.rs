//! What it costs to have others work: a heartbeat beside them, handing over, parked workers, forks.
//!
//! These jobs start what they measure by themselves, and end it before they answer.

mod beat;
mod fork;
mod hand_over;
mod park;
mod proc;
#[cfg(test)]
mod tests;

pub use beat::{Beat, Beside};
pub use fork::{Fork, Held};
pub use hand_over::{HandOver, Partner};
pub use park::{Park, Parked};

/// Why a job that starts its own workers runs on one executor only.
const STARTS_ITS_OWN: &str =
    "it starts what it measures by itself, and runs in serial or in a process";
