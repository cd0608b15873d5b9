//! A machine of any number of cores, in virtual time: discrete events, integers, one seed.
//!
//! # The story
//!
//! The articles had four cores, a reader has two or sixty-four. Here a pool's jobs run on cores that
//! do not exist. Nothing happens between two events, so the clock jumps from one to the next: an hour of
//! computing costs no more than a second with as many switches.
//!
//! ```text
//! core 0   [= A =|~|= C ====|~|= A ====      ~  a switch
//! core 1   . ~[= B ====================      .  wakes up from idle
//!          0     4 ms       8 ms
//! ```
//!
//! - **Cores.** Each has a line of threads that are ready. Who has run least is next; while others are in
//!   line a thread keeps its core for a slice. One that wakes up goes to an idle core if there is one, and
//!   else may take the place of one that has run for longer. An idle core pulls from the longest line.
//!   They may be hardware threads, two to a core, which is slower for each while both compute.
//! - **Processes** have a GIL or none. The GIL's rules are those of `lab-gil`, the same state machine that
//!   real threads run and that is explored exhaustively there; this machine only says what time it is and
//!   who wakes up, and a thread needs a core for each of its moves.
//! - **Pools** start their workers one after another and hand them one job at a time: threads, processes
//!   of one thread, tasks of one thread, or nobody but the thread that asks.
//! - **Costs** ([`lab_data::settings::costs`]) are drawn evenly between their 10th and 90th percentile.
//!
//! One plan, one outcome, to the bit, on every machine: there is no floating-point number in it.
//!
//! What is left out, and in which direction that errs, is listed in `crates/validity/README.md`.
//!
//! # The map
//!
//! - [`plan`]: what is asked. [`profile`]: what a job does. [`outcome`]: what is reported.
//! - `engine`: the clock, with `kernel`, `gil`, `pool`, `event_loop` and `finish`.
//! - `cores`, `queue`, `thread`, `tasks`: what the engine moves.
//!
//! Invariants, each with a property test: never more threads run than there are cores, never two hold a
//! lock, work is conserved, no core is idle while a thread is in line, time never goes back, and nobody is
//! left waiting for what has happened.

mod cores;
mod engine;
pub mod outcome;
pub mod plan;
pub mod profile;
mod queue;
mod tasks;
mod thread;

#[cfg(test)]
mod tests;

pub use outcome::{JobLine, Outcome, Span};
pub use plan::{Beside, Executor, Gil, MOST_CORES, Plan, PoolCosts, SimError};
pub use profile::{Profile, Step};

/// Runs a plan to its end.
///
/// # Errors
/// If it asks for what no machine is, or its jobs wait for one another without end.
pub fn simulate(plan: &Plan) -> Result<Outcome, SimError> {
    plan.check()?;
    engine::Engine::new(plan).run()
}
