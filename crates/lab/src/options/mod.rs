//! The command line: one for all experiments.
//!
//! Options come in groups, and an experiment declares which groups it has; options of the others
//! are neither shown nor taken. Help text takes its defaults from the code that uses them.

mod groups;
mod list;
mod values;

use clap::{Args, Command, FromArgMatches};
pub(crate) use groups::{Common, Cpu, Facts, Io, Jobs, Own, Track, Workers};
use lab_data::run::Mode;
pub(crate) use list::List;
pub(crate) use values::Prices;

/// A group of options that an experiment may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// `--workers`
    Workers,
    /// `--jobs`
    Jobs,
    /// `--job-time`, `--work`
    Cpu,
    /// `--raw`
    Track,
    /// `--urls`, `--cacert`, `--timeout`
    Io,
    /// No option: it loads pages, and only the laboratory's own.
    Origin,
    /// `--command`, `--inputs`, `--shell`, `--budget`
    Own,
    /// `--facts`
    Facts,
    /// No option: it compares this machine with a simulation of it, which is calibrated first.
    Model,
}

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub(crate) common: Common,
    pub(crate) workers: Workers,
    pub(crate) jobs: Jobs,
    pub(crate) cpu: Cpu,
    pub(crate) track: Track,
    pub(crate) io: Io,
    pub(crate) own: Own,
    pub(crate) facts: Facts,
}

impl Options {
    /// Reads the command line of the experiment `name` whose text is `about`. `--help` and wrong
    /// usage end the process, with 0 and 2.
    pub(crate) fn parse(name: &'static str, about: &str, groups: &[Group]) -> Options {
        let matches = command(name, about, groups).get_matches();
        // The command was built from the same groups, so that reading them back cannot fail.
        Options::read(&matches, groups).unwrap_or_else(|error| error.exit())
    }

    fn read(matches: &clap::ArgMatches, groups: &[Group]) -> Result<Options, clap::Error> {
        let mut options =
            Options { common: Common::from_arg_matches(matches)?, ..Options::default() };
        for group in groups {
            match group {
                Group::Workers => options.workers = Workers::from_arg_matches(matches)?,
                Group::Jobs => options.jobs = Jobs::from_arg_matches(matches)?,
                Group::Cpu => options.cpu = Cpu::from_arg_matches(matches)?,
                Group::Track => options.track = Track::from_arg_matches(matches)?,
                Group::Io => options.io = Io::from_arg_matches(matches)?,
                Group::Origin | Group::Model => {}
                Group::Own => options.own = Own::read(matches)?,
                Group::Facts => options.facts = Facts::from_arg_matches(matches)?,
            }
        }
        Ok(options)
    }

    /// Whether the work is the user's own and ends in an advice: commands, and pages where an
    /// experiment takes commands too.
    pub(crate) fn is_own_work(&self) -> bool {
        self.own.command.is_some() || (self.own.offered && self.io.urls.is_some())
    }

    /// The mode that was asked for.
    pub fn mode(&self) -> Mode {
        match &self.common {
            Common { quick: true, .. } => Mode::Quick,
            Common { thorough: true, .. } => Mode::Thorough,
            Common { article: true, .. } => Mode::Article,
            _ => Mode::Default,
        }
    }

    /// After how many blocks the record is looked at: a number that was asked for is the only one.
    pub(crate) fn looks(&self) -> Vec<u32> {
        match self.common.blocks {
            Some(blocks) => vec![blocks],
            None => looks_of(self.mode()).to_vec(),
        }
    }
}

fn command(name: &'static str, about: &str, groups: &[Group]) -> Command {
    let mut command = Common::augment_args(
        Command::new(name).about(about.to_owned()).term_width(100).after_help(EXIT_CODES),
    );
    for group in groups {
        command = match group {
            Group::Workers => Workers::augment_args(command),
            Group::Jobs => Jobs::augment_args(command),
            Group::Cpu => Cpu::augment_args(command),
            Group::Track => Track::augment_args(command),
            Group::Io => Io::augment_args(command),
            Group::Origin | Group::Model => command,
            Group::Own => Own::augment_args(command),
            Group::Facts => Facts::augment_args(command),
        };
    }
    command
}

const EXIT_CODES: &str = "Exit: 0 measured and written, whatever the verdict; 1 it could not be; \
2 wrong usage; 3 with --expect, a verdict differs from the documented one.";

/// After how many blocks the record is looked at, if nobody says otherwise.
pub fn looks_of(mode: Mode) -> &'static [u32] {
    match mode {
        Mode::Quick => &[5],
        Mode::Default => &[7, 14, 28],
        Mode::Article => &[7],
        Mode::Thorough => &[28],
    }
}

#[cfg(test)]
mod tests;
