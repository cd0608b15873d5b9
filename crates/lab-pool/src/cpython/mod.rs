//! The real CPythons of this machine.
//!
//! [`find()`] looks for them and says why it passes some by; [`Interpreter`] is one that runs. A pool
//! that was given one starts it once and lets it run whole trials: `worker.py` and `trial.py`,
//! standard library only, make the pool there (`ThreadPoolExecutor` and its like, or tasks of
//! `asyncio`), so that what is measured is what a Python program would see. The jobs are in
//! `jobs.py` and `pages.py`, and as tasks in `tasks.py`; what they answered is checked here, as for
//! every other runtime.
//!
//! | module | concept |
//! |---|---|
//! | `places` | where interpreters lie, by name |
//! | `find` | which interpreters there are |
//! | `identity` | what one is, and what it is called |
//! | `python` | one interpreter as a child: started, given trials, ended |
//! | `message` | what is said to it and what it says |
//! | `report` | its answers as [`crate::JobReport`]s |
//!
//! Neither lies in a folder. The interpreter is started with the text as an argument, compiles it
//! into a file that only memory holds, and starts itself again on that file,
//! `/proc/PID/fd/N`: processes that are started with spawn or forkserver import their main module
//! from there, and nothing is left behind however anybody ends.

mod find;
mod identity;
mod message;
mod places;
mod python;
mod report;

#[cfg(test)]
mod tests;

pub use find::{Found, Skipped, find, find_with_pairs};
pub use identity::{Identity, Interpreter};
pub use places::Named;
pub(crate) use python::Python;
