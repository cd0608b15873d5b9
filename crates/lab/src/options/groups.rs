//! The options, by groups.

use super::values::{self, Prices};
use clap::{Args, FromArgMatches};
use lab_data::rows::Executor;
use lab_data::run::Mode;
use lab_data::settings::costs::Broken;
use lab_pool::cpython::Named;
use lab_pool::{Interval, Wanted};
use lab_sim::MOST_CORES;
use std::path::PathBuf;
use std::time::Duration;

/// A verdict from more blocks than this would not be better.
const MOST_BLOCKS: u32 = 1000;
/// The most workers that can be asked for.
const MOST_WORKERS: u32 = 1024;
/// The most jobs that can be asked for.
const MOST_JOBS: u32 = 1_000_000;
/// The most steps of a job that can be asked for.
const MOST_STEPS: u64 = 100_000_000_000_000;
/// Options under this heading are the ones that most people need first.
const FIRST: &str = "Most used";

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Common {
    /// A first answer: 5 blocks of short jobs, within about 5 s per runtime
    #[arg(long, help_heading = FIRST, group = "mode")]
    pub quick: bool,

    /// A closer look: 28 blocks
    #[arg(long, help_heading = FIRST, group = "mode")]
    pub thorough: bool,

    /// The article's own sizes; says first how long it will take
    #[arg(long, group = "mode")]
    pub article: bool,

    /// Number of judged blocks, instead of the mode's
    #[arg(long, value_name = "N", value_parser = values::number(2..=MOST_BLOCKS))]
    pub blocks: Option<u32>,

    /// Measure only in these runtimes: rust, gil (the model), cpython (every one that is there), or one of
    /// them, such as cpython-3.14
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = values::runtime)]
    pub runtimes: Vec<Wanted>,

    /// Measure only these executors, besides the controls: serial, threads, rayon (Rust only), async
    /// (not under the modelled GIL), interpreters (CPython 3.14 and later), processes
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = values::executor)]
    pub executors: Vec<Executor>,

    /// Shuffle the order of measuring from this seed, instead of a new one
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Measure in this interpreter, too: a path, a name such as 3.14t, or all; may be given several
    /// times [besides python3 on PATH]
    #[arg(long, value_name = "PATH|NAME|all")]
    pub python: Vec<Named>,

    /// Measure a free-threaded CPython twice, with its lock off and on: nothing else differs
    #[arg(long)]
    pub gil_pair: bool,

    /// GIL switch interval (sys.setswitchinterval) [default: 5ms, as in CPython]
    #[arg(long, value_name = "TIME", value_parser = values::interval)]
    pub switch_interval: Option<Interval>,

    /// The folder that holds data/ and plots/ [default: the workspace, else the current folder]
    #[arg(long, value_name = "DIR", help_heading = FIRST)]
    pub out: Option<PathBuf>,

    /// Measure nothing: judge and draw the saved data again
    #[arg(long, help_heading = FIRST, conflicts_with_all = ["mode", "blocks", "runtimes", "executors", "seed", "python", "gil_pair", "switch_interval"])]
    pub replay: bool,

    /// Also write when each job made progress, as a timeline that ui.perfetto.dev opens
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,

    /// Measure nothing: simulate a machine of this many cores, or several one after another, such as
    /// 1,2,4,64; saved as data/NAME-sim-CORES. With your own work: how it would fare there
    #[arg(long, value_name = "CORES", value_delimiter = ',', value_parser = values::number(1..=MOST_CORES),
          conflicts_with_all = ["python", "describe"])]
    pub simulate: Vec<u32>,

    /// What the simulated machine costs: article (the articles' own), a run.json that has costs, or this
    /// (a calibration of this one, which takes some seconds) [default: this]
    #[arg(long, value_name = "WHICH", requires = "simulate", value_parser = values::prices)]
    pub costs: Option<Prices>,

    /// Simulate even what the saved sim-model found to differ from what was measured
    #[arg(long, requires = "simulate", conflicts_with = "replay")]
    pub force: bool,

    /// The simulated cores are hardware threads, two to a core: each has this much of its speed while the
    /// other computes [default: 62, a guess]
    #[arg(long, value_name = "PERCENT", requires = "simulate", num_args = 0..=1, default_missing_value = "62",
          value_parser = values::number(1..=100u32))]
    pub pairs: Option<u32>,

    /// Simulate a machine with which this is wrong, to see whether the verdicts follow
    // For `validity`.
    #[arg(long, value_name = "WHAT", hide = true, requires = "simulate", value_parser = values::broken)]
    pub broken: Option<Broken>,

    /// Draw no figure
    #[arg(long)]
    pub no_plot: bool,

    /// Print a table of everything that was measured, not only of what the verdicts rest on
    #[arg(long, short)]
    pub verbose: bool,

    /// Print one JSON object instead of text
    #[arg(long, help_heading = FIRST)]
    pub json: bool,

    /// Exit with 3 if a verdict differs from the documented one
    #[arg(long)]
    pub expect: bool,
    /// Measure nothing: print the design (arms, claims, figures, schedule) as JSON
    #[arg(long, conflicts_with = "replay")]
    pub describe: bool,

    /// Leave the saved data and figures as they are, and write what they give (and the design) here
    // For `report`, which compares before it replaces.
    #[arg(long, value_name = "DIR", hide = true, requires = "replay")]
    pub into: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Workers {
    /// Numbers of workers to measure, such as 1,2,4
    #[arg(short, long, value_name = "LIST", value_delimiter = ',', help_heading = FIRST, conflicts_with = "replay",
          value_parser = values::number(1..=MOST_WORKERS))]
    pub workers: Vec<u32>,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Jobs {
    /// Number of jobs
    #[arg(long, value_name = "N", conflicts_with = "replay",
          value_parser = values::number(1..=MOST_JOBS))]
    pub jobs: Option<u32>,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Cpu {
    /// Target duration of one job, such as 20ms
    #[arg(long, value_name = "TIME", conflicts_with = "replay", value_parser = values::time)]
    pub job_time: Option<Duration>,

    /// Exact number of steps of one job
    #[arg(long, value_name = "N", conflicts_with_all = ["job_time", "replay"],
          value_parser = values::number(1..=MOST_STEPS))]
    pub work: Option<u64>,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Facts {
    /// Measure nothing: print how many cores may be used here, and what each function says
    #[arg(long, help_heading = FIRST, conflicts_with_all = ["replay", "describe", "json"])]
    pub facts: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Track {
    /// Keep every reading of the clock in samples.csv
    #[arg(long, conflicts_with = "replay")]
    pub raw: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Io {
    /// Load these pages instead of the laboratory's own: one address per line, # begins a comment
    #[arg(long, value_name = "FILE", help_heading = FIRST, conflicts_with_all = ["replay", "article", "jobs"])]
    pub urls: Option<PathBuf>,

    /// For https: trust the certificate authorities in this file (PEM), too, besides the system's
    #[arg(long, value_name = "FILE", requires = "urls")]
    pub cacert: Option<PathBuf>,

    /// Timeout per page [default: 5s, as in the article]
    #[arg(long, value_name = "TIME", conflicts_with = "replay", value_parser = values::time)]
    pub timeout: Option<Duration>,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Own {
    /// How many workers suit this command? It is run for each line of --inputs, which
    /// takes the place of {}; quotes hold words together, and no shell is involved
    #[arg(long, value_name = "CMD {}", help_heading = FIRST, requires = "inputs",
          conflicts_with_all = ["urls", "replay", "article", "jobs", "runtimes", "executors", "python", "gil_pair", "switch_interval"])]
    pub command: Option<String>,

    /// The inputs of --command: one per line, empty lines are left out
    #[arg(long, value_name = "FILE", help_heading = FIRST, requires = "command", conflicts_with = "replay")]
    pub inputs: Option<PathBuf>,

    /// Give --command to sh -c, with pipes and all; {} is one word there, and needs no quotes
    #[arg(long, requires = "command", conflicts_with = "replay")]
    pub shell: bool,

    /// At most how long to measure your own work; a command that takes half of it is given up, unless
    /// --timeout is given [default: 60s; 15s if quick, 180s if thorough]
    #[arg(long, value_name = "SECONDS", help_heading = FIRST, conflicts_with = "replay", value_parser = values::budget)]
    pub budget: Option<Duration>,

    /// Whether the experiment has this group.
    #[arg(skip)]
    pub offered: bool,
}

impl Own {
    pub(crate) fn read(matches: &clap::ArgMatches) -> Result<Own, clap::Error> {
        Ok(Own { offered: true, ..Own::from_arg_matches(matches)? })
    }

    /// How long the measurement of the user's own work may take.
    pub(crate) fn budget_in(&self, mode: Mode) -> Duration {
        let default = match mode {
            Mode::Quick => Duration::from_secs(15),
            Mode::Thorough => Duration::from_secs(180),
            _ => Duration::from_secs(60),
        };
        self.budget.unwrap_or(default)
    }
}
