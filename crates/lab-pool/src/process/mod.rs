//! Processes that a run starts: started, spoken to, waited for and ended, all by one supervisor.
//!
//! A [`Child`] is this executable started again, or a Python; it is spoken to in JSON lines, over
//! pipes that never block and with one `poll` over all of them, so a parent of 32 children is still
//! one thread. The child's side is [`Inbox`] and [`reply`]. A message is one line that holds a JSON
//! object. If the object has a field `"bytes": N`, then N raw bytes follow the line: little-endian
//! 64-bit integers, too many to spell out.
//!
//! A command of the user's is run by [`run_command`]: nobody speaks with it, and it has a deadline.
//! A program that runs in this one's place, on the same terminal, is run by [`SignalRelay`].
//!
//! Invariants: this module starts no thread in the parent, but for the relay's one. A child leads
//! its own process group, which ends with it. No child outlives its parent: it leaves when its
//! stdin ends, and stdin ends however the parent ended. Commands know nothing of that, and so a
//! [`Guard`] ends them. Whatever is started finds the user's world: all pass `world::start`.

mod child;
mod command;
mod error;
mod guard;
mod inbox;
mod pipes;
mod program;
mod relay;
mod signals;
mod spawned;
mod world;

pub use child::Child;
pub(crate) use child::wait_any;
pub use command::{CommandError, CommandOutcome, run_command};
pub use error::{Error, Fault};
pub use guard::{Guard, serve_guard};
pub(crate) use inbox::system;
pub use inbox::{Inbox, reply};
pub use pipes::Frame;
pub use program::ChildCommand;
pub use relay::SignalRelay;
pub use signals::{EndingSignals, end_by, outlive_file_limit};
pub use spawned::kill_all;
pub use world::RoomForFiles;
