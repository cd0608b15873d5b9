//! The command line: one for all experiments.
//!
//! Options come in groups, and an experiment declares which groups it has; options of the others
//! are neither shown nor taken. Help text takes its defaults from the code that uses them.

use crate::limits;
use crate::looks;
use crate::options_own::Own;
use clap::{Args, Command, FromArgMatches};
use lab_pool::{Interval, Wanted};
use lab_record::rows::Executor;
use lab_record::run::Mode;
use std::path::PathBuf;
use std::time::Duration;

/// A verdict from more blocks than this would not be better.
const MOST_BLOCKS: i64 = 1000;
/// A job or a page may take so long.
const LONGEST: Duration = Duration::from_secs(3600);
/// Options under this heading are the ones that most people need first.
pub(crate) const FIRST: &str = "Most used";

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
    /// `--urls`, `--timeout`
    Io,
    /// No option: it loads pages, and only the laboratory's own.
    Origin,
    /// `--command`, `--inputs`, `--shell`, `--budget`
    Own,
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
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Common {
    /// A first answer: 5 blocks of short jobs, within about 5 s a runtime
    #[arg(long, help_heading = FIRST, group = "mode")]
    pub quick: bool,

    /// A closer look: 28 blocks
    #[arg(long, help_heading = FIRST, group = "mode")]
    pub thorough: bool,

    /// The article's own sizes; says first how long it will take
    #[arg(long, group = "mode")]
    pub article: bool,

    /// Judge so many blocks instead of the mode's number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=MOST_BLOCKS))]
    pub blocks: Option<u32>,

    /// Measure only in these runtimes
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = parse_runtime)]
    pub runtimes: Vec<Wanted>,

    /// Measure only these executors, besides the controls
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = parse_executor)]
    pub executors: Vec<Executor>,

    /// Shuffle the arms from this seed instead of a new one
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Measure in this interpreter, too; may be given several times [besides python3 on PATH]
    #[arg(long, value_name = "PATH")]
    pub python: Vec<PathBuf>,

    /// Let a thread that waits for a GIL be patient for so long [default: 5ms, as in CPython]
    #[arg(long, value_name = "TIME", value_parser = parse_interval)]
    pub switch_interval: Option<Interval>,

    /// The folder that holds data/ and plots/ [default: the workspace, else the current folder]
    #[arg(long, value_name = "DIR", help_heading = FIRST)]
    pub out: Option<PathBuf>,

    /// Measure nothing: judge and draw the saved data again
    #[arg(long, help_heading = FIRST, conflicts_with_all = ["mode", "blocks", "runtimes", "executors", "seed", "python", "switch_interval"])]
    pub replay: bool,

    /// Also write when each job made progress, as a trace that ui.perfetto.dev opens
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,

    /// Draw no figure
    #[arg(long)]
    pub no_plot: bool,

    /// Print one JSON object instead of text
    #[arg(long, help_heading = FIRST)]
    pub json: bool,

    /// Exit with 3 if a verdict differs from the documented one
    #[arg(long)]
    pub expect: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Workers {
    /// Measure with these numbers of workers, such as 1,2,4
    #[arg(short, long, value_name = "LIST", value_delimiter = ',', help_heading = FIRST, conflicts_with = "replay",
          value_parser = limits::parse_workers)]
    pub workers: Vec<u32>,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Jobs {
    /// Measure with so many jobs
    #[arg(long, value_name = "N", conflicts_with = "replay",
          value_parser = limits::parse_jobs)]
    pub jobs: Option<u32>,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Cpu {
    /// Let a job take about so long, such as 20ms
    #[arg(long, value_name = "TIME", conflicts_with = "replay", value_parser = parse_time)]
    pub job_time: Option<Duration>,

    /// Let a job make exactly so many steps
    #[arg(long, value_name = "N", conflicts_with_all = ["job_time", "replay"],
          value_parser = clap::value_parser!(u64).range(1..=100_000_000_000_000))]
    pub work: Option<u64>,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Track {
    /// Keep every reading of the clock in samples.csv
    #[arg(long, conflicts_with = "replay")]
    pub raw: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Io {
    /// Load these pages instead of the laboratory's own: one address a line, # begins a comment
    #[arg(long, value_name = "FILE", help_heading = FIRST, conflicts_with_all = ["replay", "article", "jobs"])]
    pub urls: Option<PathBuf>,

    /// Give a page up after so long [default: 5s, as in the article]
    #[arg(long, value_name = "TIME", conflicts_with = "replay", value_parser = parse_time)]
    pub timeout: Option<Duration>,
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
        let mut options = Options {
            common: Common::from_arg_matches(matches)?,
            ..Options::default()
        };
        for group in groups {
            match group {
                Group::Workers => options.workers = Workers::from_arg_matches(matches)?,
                Group::Jobs => options.jobs = Jobs::from_arg_matches(matches)?,
                Group::Cpu => options.cpu = Cpu::from_arg_matches(matches)?,
                Group::Track => options.track = Track::from_arg_matches(matches)?,
                Group::Io => options.io = Io::from_arg_matches(matches)?,
                Group::Origin => {}
                Group::Own => options.own = Own::read(matches)?,
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
            None => looks::of_mode(self.mode()).to_vec(),
        }
    }
}

fn command(name: &'static str, about: &str, groups: &[Group]) -> Command {
    let mut command = Common::augment_args(
        Command::new(name)
            .about(about.to_owned())
            .term_width(100)
            .after_help(EXIT_CODES),
    );
    for group in groups {
        command = match group {
            Group::Workers => Workers::augment_args(command),
            Group::Jobs => Jobs::augment_args(command),
            Group::Cpu => Cpu::augment_args(command),
            Group::Track => Track::augment_args(command),
            Group::Io => Io::augment_args(command),
            Group::Origin => command,
            Group::Own => Own::augment_args(command),
        };
    }
    command
}

const EXIT_CODES: &str = "Exit: 0 measured and written, whatever the verdict; 1 it could not be; \
2 wrong usage; 3 with --expect, a verdict differs from the documented one.";

fn parse_runtime(word: &str) -> Result<Wanted, String> {
    word.parse::<Wanted>().map_err(|error| error.to_string())
}

fn parse_executor(word: &str) -> Result<Executor, String> {
    Executor::ALL
        .into_iter()
        .find(|executor| executor.name() == word)
        .ok_or_else(|| {
            let names = Executor::ALL.map(Executor::name).join(", ");
            format!("there is no executor '{word}'; there are: {names}")
        })
}

pub(crate) fn parse_time(text: &str) -> Result<Duration, String> {
    let help = "expected a time such as 500us, 20ms or 2s, up to 1h";
    let time: jiff::SignedDuration = text.parse().map_err(|_| help.to_owned())?;
    match Duration::try_from(time) {
        Ok(time) if !time.is_zero() && time <= LONGEST => Ok(time),
        _ => Err(help.to_owned()),
    }
}

fn parse_interval(text: &str) -> Result<Interval, String> {
    let time: jiff::SignedDuration = text
        .parse()
        .map_err(|_| "expected a time such as 100us or 5ms".to_owned())?;
    let time = Duration::try_from(time).unwrap_or_default();
    Interval::new(time).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Group; 7] = [
        Group::Workers,
        Group::Jobs,
        Group::Cpu,
        Group::Track,
        Group::Io,
        Group::Origin,
        Group::Own,
    ];

    fn parse(line: &str, groups: &[Group]) -> Result<Options, String> {
        let words = std::iter::once("test").chain(line.split_whitespace());
        let matches = command("test", "About.", groups)
            .try_get_matches_from(words)
            .map_err(|error| error.to_string())?;
        Options::read(&matches, groups).map_err(|error| error.to_string())
    }

    #[test]
    fn the_command_is_sound() {
        command("test", "About.", &ALL).debug_assert();
    }

    #[test]
    fn every_option_is_read() {
        let options = parse(
            "--blocks 3 -w 1,2 --job-time 20ms --raw --urls f --timeout 1s --seed 7 \
             --runtimes rust --executors threads,async --out o --trace t --no-plot --json --expect",
            &ALL,
        )
        .unwrap();
        assert_eq!(options.common.blocks, Some(3));
        assert_eq!(options.workers.workers, [1, 2]);
        assert_eq!(options.cpu.job_time, Some(Duration::from_millis(20)));
        assert_eq!(
            options.common.executors,
            [Executor::Threads, Executor::Async]
        );
        assert_eq!(options.common.trace, Some("t".into()));
        assert!(options.track.raw && options.common.expect);
    }

    #[test]
    fn only_the_default_mode_goes_on() {
        let looks = |line: &str| parse(line, &ALL).unwrap().looks();
        assert_eq!(looks(""), [7, 14, 28]);
        assert_eq!(looks("--quick"), [5]);
        assert_eq!(looks("--thorough"), [28]);
        assert_eq!(looks("--article"), [7]);
        assert_eq!(looks("--blocks 9"), [9]);
        assert_eq!(looks("--quick --blocks 2"), [2]);
    }

    #[test]
    fn modes_exclude_one_another_and_replay_measures_nothing() {
        for line in [
            "--quick --thorough",
            "--article --quick",
            "--replay --quick",
            "--replay --blocks 5",
            "--replay -w 3",
            "--replay --raw",
            "--work 5 --job-time 1s",
            "--urls f --article",
            "--urls f --jobs 3",
            "--command c --inputs i --urls f",
            "--command c --inputs i --python p",
            "--replay --budget 5s",
        ] {
            let error = parse(line, &ALL).unwrap_err();
            assert!(error.contains("cannot be used with"), "{line}: {error}");
        }
    }

    #[test]
    fn absurd_values_are_refused_with_the_range() {
        for line in [
            "-w 0",
            "-w 1025",
            "-w -1",
            "-w two",
            "--blocks 1",
            "--jobs 0",
            "--job-time 0s",
            "--job-time 2d",
            "--job-time fast",
            "--work 0",
            "--timeout -3s",
            "--budget 0s",
            "--command c",
            "--inputs i",
            "--shell",
            "--switch-interval 0s",
            "--switch-interval 1h",
            "--switch-interval soon",
        ] {
            assert!(parse(line, &ALL).is_err(), "{line}");
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_those_that_exist() {
        let error = parse("--executors fibers", &ALL).unwrap_err();
        assert!(error.contains("serial, threads, rayon, async, processes"));
        let error = parse("--runtimes java", &ALL).unwrap_err();
        assert!(error.contains("there are: rust, gil, cpython"), "{error}");
    }

    #[test]
    fn an_option_of_another_group_is_not_taken() {
        assert!(parse("--urls f", &[Group::Workers]).is_err());
    }
}
