//! In what the jobs run.

use std::fmt;
use std::str::FromStr;

/// In what the jobs run.
///
/// The modelled GIL and every CPython of the machine become variants here, and arms of the match
/// in [`crate::Pool::run`]; the executors are generic over [`lab_jobs::Host`] already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// Native Rust: threads and processes as the operating system runs them.
    Rust,
}

impl Runtime {
    /// All that exist, in the order in which they are shown.
    pub const ALL: [Runtime; 1] = [Runtime::Rust];

    /// The word that stands in files and flags.
    pub fn name(self) -> &'static str {
        match self {
            Runtime::Rust => "rust",
        }
    }
}

impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.name())
    }
}

/// There is no such runtime.
#[derive(Debug, thiserror::Error)]
#[error("there is no runtime '{0}'; there is: {list}", list = Runtime::ALL.map(Runtime::name).join(", "))]
pub struct UnknownRuntime(String);

impl FromStr for Runtime {
    type Err = UnknownRuntime;

    fn from_str(word: &str) -> Result<Runtime, UnknownRuntime> {
        Runtime::ALL
            .into_iter()
            .find(|runtime| runtime.name() == word)
            .ok_or_else(|| UnknownRuntime(word.to_owned()))
    }
}
