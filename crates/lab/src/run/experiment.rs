//! What an experiment is.

use crate::arms::runtime::Runtime;
use crate::design::Design;
use crate::measure::lab::Lab;
use crate::options::Group;
use anyhow::Result;

/// What an experiment is: its name, its text, and which options it has.
#[derive(Clone, Copy, Debug)]
pub struct Experiment {
    /// Name of the package, the data folder and the figure.
    pub name: &'static str,
    /// The source of its `main.rs`, whose doc comment is its text.
    pub source: &'static str,
    /// The options that it has besides the common ones.
    pub groups: &'static [Group],
}

/// Describes the experiment whose `main.rs` calls it; takes the [`Group`]s of its options.
#[macro_export]
macro_rules! experiment {
    ($($group:ident),* $(,)?) => {
        $crate::Experiment {
            name: env!("CARGO_PKG_NAME"),
            source: include_str!("main.rs"),
            groups: &[$($crate::Group::$group),*],
        }
    };
}

/// Declares what an experiment measures, judges and draws in a runtime.
pub type Declare = fn(&mut Lab, &Runtime) -> Result<Design>;
