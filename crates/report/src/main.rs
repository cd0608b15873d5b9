//! From `data/` to the figures and the README, so that no number is written twice: every
//! experiment judges and draws its saved data again, the verdicts of all of them become one
//! figure, and the README's tables are spliced between markers. `--check` changes nothing and
//! proves that all of it matches. `suite` is what makes the data, `compare` lays the data of
//! several runs or machines side by side; `page` is everything as one HTML file, `submit` and `machines`
//! are for results of many machines.
//!
//! A marker is a line `<!-- report: NAME -->` in one of the [documents](readme::documents), its end a line
//! `<!-- end -->`. The names:
//!
//! | marker | what is written there |
//! |---|---|
//! | `verdicts` | a row per claim, a column per runtime |
//! | `verdicts ID…` | these claims alone, with what was found in words |
//! | `claims` | all experiments, each with its first claim |
//! | `flips` | verdicts that are the opposite in another world |
//! | `gallery` | every figure with its finding |
//! | `articles` | the articles' numbers beside ours |
//! | `machine` | where the data come from |
//! | `output EXPERIMENT`, `output own-work` | what it prints; what `pool-sizing --command` printed |
//! | `EXPERIMENT`, `EXPERIMENT section`, `EXPERIMENT parts` | its findings; a whole section from its own text; its supporting rows |
//! | `others` | a section for each experiment without a marker |
//! | `validity`, `bench` | what must hold of the verdicts; the goals of the benchmarks |
//!
//! The order of the experiments is that of their markers.

mod board;
mod compare;
mod publish;
mod pythons;
mod readme;
mod redraw;
mod report;
mod run;
mod studies;
mod suite;
mod twins;
mod words;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use lab_pool::process::outlive_file_limit;
use publish::{machines, page};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(about = "Draws all saved data again and splices their numbers into the README")]
#[command(args_conflicts_with_subcommands = true)]
struct Options {
    #[command(subcommand)]
    task: Option<Task>,

    /// Change nothing; fail, naming the place, if README or figures are not what the data gives
    #[arg(long)]
    check: bool,

    #[command(flatten)]
    places: Places,
}

/// Where everything is.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Places {
    /// The folder that holds README.md, data/ and plots/ [default: the workspace, else the current
    /// folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Use the programs in this folder [default: those of the workspace, built]
    #[arg(long, value_name = "DIR")]
    pub(crate) programs: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Judge and draw the data again, and leave the README alone
    Figures {
        /// These experiments only; articles: those whose figures the articles drew, and their twins
        #[arg(value_name = "NAME")]
        names: Vec<String>,

        #[command(flatten)]
        places: Places,
    },
    /// Two runs or machines side by side, or more: what differs in them, then their verdicts
    Compare {
        /// Folders that hold data/, or data folders, or those of one experiment
        #[arg(value_name = "DIR", required = true, num_args = 2..)]
        folders: Vec<PathBuf>,

        /// The parts of the claims as well
        #[arg(long)]
        parts: bool,

        /// One JSON object on a line
        #[arg(long)]
        json: bool,
    },
    /// Which Python interpreters there are here, and what each is: for --python
    Pythons,
    /// Everything that was found as one HTML file, plots/index.html, that needs nothing beside it
    Page {
        /// The folder of the data [default: data/ of the workspace, else of the current folder]
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,

        /// The file [default: plots/index.html beside the folder of the data]
        #[arg(long, value_name = "FILE")]
        into: Option<PathBuf>,

        /// Use the programs in this folder [default: those of the workspace, built]
        #[arg(long, value_name = "DIR")]
        programs: Option<PathBuf>,
    },
    /// What this machine found as one small file, for those who compare machines
    Submit {
        /// The folder of the data [default: data/ of the workspace, else of the current folder]
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,

        /// The file [default: one in data/machines/, named after day and cores]
        #[arg(long, value_name = "FILE")]
        into: Option<PathBuf>,
    },
    /// Check what machines found, and say where their verdicts differ
    Machines {
        /// Files that `submit` wrote [default: all in data/machines/]
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,

        /// The folder of the data, whose claims and edges hold [default: as for submit]
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,

        /// An HTML file with an interval for each machine
        #[arg(long, value_name = "FILE")]
        into: Option<PathBuf>,
    },
    /// Run the experiments, one after another: names, then flags for each of them
    Suite {
        /// Use the programs in this folder [default: those of the workspace, built]
        #[arg(long, value_name = "DIR")]
        programs: Option<PathBuf>,

        /// Such as: io-threads --quick. --fresh begins an interrupted suite anew; --json prints
        /// one JSON object for all of them
        #[arg(value_name = "NAME… FLAG", trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
}

fn main() -> ExitCode {
    run(Options::parse()).unwrap_or_else(|error| {
        eprintln!("report: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(options: Options) -> Result<ExitCode> {
    outlive_file_limit().context("the signal for files that grow too large cannot be caught")?;
    match options.task {
        None => report::everything(&options.places, options.check),
        Some(Task::Figures { names, places }) => report::figures(&places, &names),
        Some(Task::Compare { folders, parts, json }) => compare::compare(&folders, parts, json),
        Some(Task::Page { data, into, programs }) => {
            page::write(data.as_deref(), into.as_deref(), programs.as_deref())
        }
        Some(Task::Submit { data, into }) => machines::submit(data.as_deref(), into.as_deref()),
        Some(Task::Machines { files, data, into }) => {
            machines::compare(&files, data.as_deref(), into.as_deref())
        }
        Some(Task::Pythons) => pythons::list(),
        Some(Task::Suite { programs, words }) => suite::run(&words, programs.as_deref()),
    }
}
