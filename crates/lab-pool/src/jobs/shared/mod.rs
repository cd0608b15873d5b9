//! Jobs whose workers meet in memory, or ask what all of them may use.

mod cores;
mod store;
mod syscall;
mod tally;
mod touch;

pub use cores::{Cores, Source};
pub use store::Store;
pub use syscall::Syscall;
pub use tally::{How, Tally};
pub use touch::{Touch, Touched};
