//! An experiment from the command line to the verdict.

use crate::checks::{LAST_TRIAL, damage};
use crate::figure::Figure;
use crate::forecast::Forecast;
use crate::interrupt;
use crate::measuring::{Lab, zero_ns};
use crate::noise::Gate;
use crate::options::{Group, Options};
use crate::pages::Urls;
use crate::plots::{check_writable, figure_path, remove_stale};
use crate::recording::Recording;
use crate::writing::Tables;
use crate::{own, place, print, raw, runtimes, trace};
use anyhow::{Result, ensure};
use lab_child::{ChildCommand, Guard, raise_file_limit};
use lab_pool::Pool;
use lab_record::folder::{RunFolder, mend};
use lab_record::lock::Lock;
use lab_record::rows::VerdictRow;
use lab_record::run::{Mode, RunInfo};
use lab_record::tables;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// The first argument with which this executable is started again as a worker.
const WORKER: &str = "__worker";
/// The first argument with which it is started again to end what commands leave behind.
const GUARD: &str = "__guard";

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

/// Describes the experiment in whose `main.rs` it stands; takes the [`Group`]s of its options.
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

/// Runs an experiment: `measure` declares and runs its arms, `judge` sees only what was recorded,
/// and so does `draw`, so that old data and new are treated alike.
pub fn run(
    experiment: Experiment,
    measure: fn(&mut Lab) -> Result<()>,
    judge: fn(&Recording) -> Vec<VerdictRow>,
    draw: fn(&Recording, &[VerdictRow]) -> Vec<Figure>,
) -> ExitCode {
    if let Some(code) = serve_child() {
        return code;
    }
    let about = about(experiment.source);
    let options = Options::parse(experiment.name, &about, experiment.groups);
    let invocation = Invocation {
        experiment,
        options,
        measure,
        judge,
        draw,
    };
    match invocation.run() {
        Ok(code) => code,
        Err(error) => {
            interrupt::hold_if_interrupted();
            print::err(&format!("{}: {error:#}", experiment.name));
            ExitCode::FAILURE
        }
    }
}

/// Serves the run that started this executable again: as a worker, an origin or a guard. None if
/// nobody did, and this is the program itself.
pub fn serve_child() -> Option<ExitCode> {
    let child = std::env::args_os().nth(1)?;
    if child == WORKER {
        return Some(lab_pool::worker::serve());
    }
    if child == lab_origin::ARGUMENT {
        return Some(lab_origin::serve_child());
    }
    if child == GUARD {
        let mark = std::env::args().nth(2).unwrap_or_default();
        return Some(lab_child::serve_guard(&mark));
    }
    None
}

/// How, when and where a run that begins now is made, and what it cannot know.
pub fn provenance(name: &str, mode: Mode, seed: u64) -> RunInfo {
    let mut info = RunInfo::begin(name, mode, command_line(), seed);
    if let Some((commit, dirty)) = place::commit() {
        info.commit = Some(commit);
        info.dirty = Some(dirty);
    } else {
        info.warnings.push(
            "the commit of the code is unknown: run it with cargo, in a git repository".to_owned(),
        );
    }
    let unseen = lab_record::machine::unseen();
    if !unseen.is_empty() {
        info.warnings.push(format!(
            "this system does not show {}: what depends on it is empty in the data, and verdicts \
             go on without",
            unseen.join(", ")
        ));
    }
    info
}

/// A pool whose workers are this executable started again.
pub(crate) fn pool() -> Result<Pool> {
    Ok(Pool::new(ChildCommand::this_executable(
        "worker",
        [WORKER],
    )?))
}

/// The doc comment at the top of a source file, without its comment signs.
pub(crate) fn about(source: &str) -> String {
    source
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n")
}

struct Invocation {
    experiment: Experiment,
    options: Options,
    measure: fn(&mut Lab) -> Result<()>,
    judge: fn(&Recording) -> Vec<VerdictRow>,
    draw: fn(&Recording, &[VerdictRow]) -> Vec<Figure>,
}

impl Invocation {
    fn run(self) -> Result<ExitCode> {
        interrupt::watch()?;
        interrupt::end_with_suite()?;
        raise_file_limit();
        let name = self.experiment.name;
        let out = place::out_folder(self.options.common.out.as_deref())?;
        let (data, plots) = (out.join("data"), out.join("plots"));
        if let Some(path) = &self.options.common.trace {
            trace::check(path)?;
        }
        if self.options.common.replay {
            check_saved(&data.join(name))?;
        }
        if !self.options.common.no_plot {
            check_writable(&plots)?;
        }
        let (run, verdicts) = match self.options.common.replay {
            true => self.replay(&data)?,
            false => self.measure(&data)?,
        };
        let mut written = vec![data.join(name)];
        if !self.options.common.no_plot {
            for figure in (self.draw)(&run, &verdicts) {
                let path = figure_path(&plots, name, figure.suffix);
                figure.draw(&path)?;
                written.push(path);
            }
            if let Some(figure) = raw::figure(&run) {
                let path = figure_path(&plots, name, raw::SUFFIX);
                lab_plot::tracker(&figure, &path)?;
                written.push(path);
            }
            remove_stale(&plots, name, &written)?;
        }
        if let Some(path) = &self.options.common.trace {
            trace::write(&run, path)?;
            written.push(path.clone());
        }
        // Where an error follows, it says all there is to say.
        for warning in &run.damage {
            print::err(&format!("warning: {warning}"));
        }
        let advice = run.advice();
        let text = match self.options.common.json {
            true => print::json(&run, &verdicts, advice.as_ref(), &written)?,
            false => print::text(&run, &verdicts, advice.as_ref(), &written),
        };
        print::say(&text)?;
        let surprise = verdicts
            .iter()
            .any(|row| row.case.is_empty() && row.verdict != row.expected);
        Ok(match self.options.common.expect && surprise {
            true => ExitCode::from(3),
            false => ExitCode::SUCCESS,
        })
    }

    /// Judges the saved data again.
    fn replay(&self, data: &Path) -> Result<(Recording, Vec<VerdictRow>)> {
        mend(data, self.experiment.name)?;
        let folder = data.join(self.experiment.name);
        let mut run = Recording::read(&folder, self.experiment.name)?;
        let verdicts = (self.judge)(&run);
        run.damage = damage(&run, &folder.join("verdicts.csv"), &verdicts);
        tables::write(&folder.join("verdicts.csv"), &verdicts)?;
        Ok((run, verdicts))
    }

    /// Measures into a new folder, judges what stands in it, and puts it in the old one's place.
    fn measure(&self, data: &Path) -> Result<(Recording, Vec<VerdictRow>)> {
        let name = self.experiment.name;
        // Nobody waits for the machine to hear that a file is no good.
        let urls = self
            .options
            .io
            .urls
            .as_deref()
            .map(Urls::read)
            .transpose()?;
        let folder = RunFolder::create(data, name)?;
        interrupt::unfinished(folder.path(""));
        let _lock = wait_for_others();
        let _guard = match self.options.own.command {
            Some(_) => Some(Guard::start(&ChildCommand::this_executable(
                "guard",
                [GUARD],
            )?)?),
            None => None,
        };
        let mut lab = self.lab(&folder, urls)?;
        if !self.options.common.json && !self.options.is_own_work() {
            print::say(&format!("{}\n", claim_text(self.experiment.source)))?;
        }
        (self.measure)(&mut lab)?;
        let Lab {
            mut info,
            tables,
            gate,
            ..
        } = lab;
        if let Some(ns) = tables.finish()? {
            info.settings.insert(LAST_TRIAL.to_owned(), ns.into());
        }
        conclude(&mut info, &gate);
        info.write(&folder.path("run.json"))?;
        let run = Recording::of(&folder.path(""), info)?;
        let verdicts = (self.judge)(&run);
        tables::write(&folder.path("verdicts.csv"), &verdicts)?;
        interrupt::commit(folder)?;
        Ok((run, verdicts))
    }

    fn lab(&self, folder: &RunFolder, urls: Option<Urls>) -> Result<Lab> {
        let common = &self.options.common;
        let zero_ns = zero_ns();
        let mut info = provenance(
            self.experiment.name,
            self.options.mode(),
            common.seed.unwrap_or(zero_ns),
        );
        let tracks = self.experiment.groups.contains(&Group::Track);
        let has_pages = |group: &Group| matches!(group, Group::Io | Group::Origin);
        let io = self.experiment.groups.iter().any(has_pages);
        if tracks {
            info.recorder_ns_per_sample = lab_jobs::recorder_ns_per_sample();
        }
        let mut pool = pool()?;
        let runtimes = match self.options.is_own_work() {
            true => runtimes::native(common)?,
            false => runtimes::choose(common, &mut pool, &mut info)?,
        };
        let gate = Gate::new(info.machine.cores.logical);
        Ok(Lab {
            tables: Tables::create(&folder.path(""), self.options.track.raw, io)?,
            urls,
            pages: Vec::new(),
            forecast: Forecast::default(),
            pool,
            runtimes,
            options: self.options.clone(),
            info,
            zero_ns,
            trials: 0,
            gate,
            folder: folder.path(""),
            judge: self.judge,
            judging: Duration::ZERO,
            is_silent: false,
        })
    }
}

/// What is only known at the end: what disturbed the run, and what to do about it.
fn conclude(info: &mut RunInfo, gate: &Gate) {
    info.noise = Some(gate.noise());
    let longer = match own::is_in(info) {
        true => "--budget",
        false => "--thorough",
    };
    info.warnings.extend(gate.warning(longer));
    for warning in &info.warnings {
        print::err(&format!("warning: {warning}"));
    }
}

/// The command line without the folder that the program lies in.
fn command_line() -> Vec<String> {
    let mut words = std::env::args_os();
    let program = words.next().map(PathBuf::from);
    let name = program
        .as_deref()
        .and_then(Path::file_name)
        .unwrap_or_default();
    std::iter::once(name.to_owned())
        .chain(words)
        .map(|word| word.to_string_lossy().into_owned())
        .collect()
}

/// The first heading of an experiment's text: its claims.
fn claim_text(source: &str) -> String {
    about(source)
        .lines()
        .skip_while(|line| line.starts_with('#'))
        .take_while(|line| !line.starts_with('#'))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Two experiments at once spoil each other: the second waits and says so.
pub(crate) fn wait_for_others() -> Option<Lock> {
    let lock = Lock::acquire_waiting(|| {
        print::err("Another experiment is measuring on this machine; waiting until it is done.");
    });
    match lock {
        Ok(lock) => Some(lock),
        Err(error) => {
            print::err(&format!(
                "warning: {error}; make sure that no other experiment runs at this time"
            ));
            None
        }
    }
}

/// A folder that is not there needs another remedy than one that is damaged.
fn check_saved(folder: &Path) -> Result<()> {
    ensure!(
        folder.exists(),
        "{} does not exist, so there is nothing to judge again: measure first, without --replay",
        folder.display()
    );
    Ok(())
}
