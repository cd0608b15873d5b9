//! The options of an experiment that measures work of the user's own.

use crate::options::{FIRST, parse_time};
use clap::{Args, FromArgMatches};
use lab_record::run::Mode;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Own {
    /// How many workers does this command want? Run for each line of --inputs, which takes the place
    /// of {}; quotes hold words together, and no shell looks at them
    #[arg(long, value_name = "CMD {}", help_heading = FIRST, requires = "inputs",
          conflicts_with_all = ["urls", "replay", "article", "jobs", "runtimes", "executors", "python", "switch_interval"])]
    pub command: Option<String>,

    /// The inputs of --command: one a line, empty lines are left out
    #[arg(long, value_name = "FILE", help_heading = FIRST, requires = "command", conflicts_with = "replay")]
    pub inputs: Option<PathBuf>,

    /// Give --command to sh -c, with pipes and all; {} becomes the line, quoted
    #[arg(long, requires = "command", conflicts_with = "replay")]
    pub shell: bool,

    /// Measure work of your own for at most so long; a command that takes half of it is given up, if
    /// no timeout is given [default: 60s; 15s if quick, 180s if thorough]
    #[arg(long, value_name = "TIME", help_heading = FIRST, conflicts_with = "replay", value_parser = parse_time)]
    pub budget: Option<Duration>,

    /// Whether the experiment has this group.
    #[arg(skip)]
    pub offered: bool,
}

impl Own {
    pub(crate) fn read(matches: &clap::ArgMatches) -> Result<Own, clap::Error> {
        Ok(Own {
            offered: true,
            ..Own::from_arg_matches(matches)?
        })
    }

    /// How long the measurement of somebody's own work may take.
    pub(crate) fn budget_in(&self, mode: Mode) -> Duration {
        let default = match mode {
            Mode::Quick => Duration::from_secs(15),
            Mode::Thorough => Duration::from_secs(180),
            _ => Duration::from_secs(60),
        };
        self.budget.unwrap_or(default)
    }
}
