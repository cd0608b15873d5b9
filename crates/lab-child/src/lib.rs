//! Children of a run: this executable started again (or a Python), spoken to in JSON lines.
//!
//! The parent's side is [`Child`]: pipes that never block and one `poll` over all of them, so a
//! parent of 32 children is still one thread. The child's side is [`Inbox`] and [`reply`].
//!
//! A message is one line that holds a JSON object. If the object has a field `"bytes": N`, then
//! N raw bytes follow the line: little-endian 64-bit integers, too many to spell out.
//!
//! A command that is none of ours is run by [`run_outside`]: nobody speaks with it, and it has a
//! deadline.
//!
//! Invariants: this crate starts no thread in the parent. A child leads a process group of its
//! own, which ends with it. No child outlives its parent: it leaves when its stdin ends, and
//! stdin ends however the parent ended. Commands from outside know nothing of that, and so a
//! [`Guard`] ends them.

mod child;
mod command;
mod error;
mod frame;
mod guard;
mod inbox;
mod last_line;
mod limit;
mod outside;
mod pipes;
mod process;
mod wait;

pub use child::Child;
pub use command::ChildCommand;
pub use error::Error;
pub use frame::{Frame, MAX_BYTES, MAX_LINE};
pub use guard::{Guard, serve_guard};
pub use inbox::{Inbox, reply};
pub use limit::raise_file_limit;
pub use outside::{OutsideError, Used, run_outside};
pub use process::kill_all;
pub use wait::wait_any;
