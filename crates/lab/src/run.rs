//! An experiment from the command line to the verdict.

use crate::design::Design;
use crate::design::runtime::Runtime;
use crate::design::schedule::Schedule;
use crate::judge::{Recording, Verdict, judge};
use crate::measure::blocks::Until;
use crate::measure::interrupt;
use crate::measure::lab::Lab;
use crate::measure::pages::Urls;
use crate::measure::provenance::{out_folder, provenance};
use crate::measure::rig::Rig;
use crate::measure::runtimes;
use crate::options::{Group, Options};
use crate::show::{describe, figures, plots, print, trace};
use crate::{advise, text};
use anyhow::{Context, Result, ensure};
use lab_data::atomic_write;
use lab_data::folder::{RunFolder, recover};
use lab_data::lock::Lock;
use lab_data::saved::Saved;
use lab_data::tables;
use lab_pool::Pool;
use lab_pool::process::{ChildCommand, Guard};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

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

/// Runs an experiment: `design` declares what is measured, judged and drawn in a runtime. Old data are
/// judged and drawn by the same function.
pub fn run(experiment: Experiment, declare: Declare) -> ExitCode {
    if let Some(code) = serve_child() {
        return code;
    }
    let about = text::about(experiment.source);
    let options = Options::parse(experiment.name, &about, experiment.groups);
    let invocation = Invocation { experiment, options, declare };
    match invocation.run() {
        Ok(code) => code,
        Err(error) => {
            interrupt::park_if_interrupted();
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
    if child == lab_pool::origin::ARGUMENT {
        return Some(lab_pool::origin::serve_child());
    }
    if child == GUARD {
        let mark = std::env::args().nth(2).unwrap_or_default();
        return Some(lab_pool::process::serve_guard(&mark));
    }
    None
}

/// A pool whose workers are this executable started again.
pub(crate) fn pool() -> Result<Pool> {
    let worker = ChildCommand::this_executable("worker", [WORKER])?;
    Ok(Pool::new(worker))
}

struct Invocation {
    experiment: Experiment,
    options: Options,
    declare: Declare,
}

/// A run that was judged.
struct Judged {
    run: Recording,
    designs: Vec<Design>,
    verdicts: Vec<Verdict>,
    /// What was changed in the saved files since, a sentence each.
    changed: Vec<String>,
}

impl Invocation {
    fn run(self) -> Result<ExitCode> {
        if self.options.common.describe {
            return self.describe();
        }
        interrupt::watch()?;
        interrupt::end_with_suite()?;
        let common = &self.options.common;
        let name = self.experiment.name;
        let out = out_folder(common.out.as_deref())?;
        let data = out.join("data");
        let into = common.into.as_deref().unwrap_or(&out);
        let plots = into.join("plots");
        if let Some(path) = &common.trace {
            trace::check(path)?;
        }
        if common.replay {
            check_saved(&data.join(name))?;
        }
        if !common.no_plot {
            plots::check_writable(&plots)?;
        }
        let judged = if common.replay { self.replay(&data)? } else { self.measure(&data)? };
        let mut written = vec![into.join("data").join(name)];
        if !common.no_plot {
            let figures = figures::all(&judged.designs, &judged.run, &judged.verdicts);
            written.extend(plots::write(&plots, name, &figures)?);
        }
        if let Some(path) = &common.trace {
            trace::write(&judged.run, path)?;
            written.push(path.clone());
        }
        self.say(&judged, &written)?;
        let is_surprising = |verdict: &Verdict| {
            verdict.is_whole() && verdict.expected.is_some_and(|wanted| wanted != verdict.decision)
        };
        Ok(if common.expect && judged.verdicts.iter().any(is_surprising) {
            ExitCode::from(3)
        } else {
            ExitCode::SUCCESS
        })
    }

    fn say(&self, judged: &Judged, written: &[PathBuf]) -> Result<()> {
        // Where an error follows, it says all there is to say.
        for warning in &judged.changed {
            print::err(&format!("warning: {warning}"));
        }
        let advice = judged.run.advice();
        let text = if self.options.common.json {
            print::json(&judged.run, &judged.verdicts, advice.as_ref(), written)?
        } else {
            print::text(&judged.run, &judged.verdicts, advice.as_ref(), written)
        };
        print::say(&text)
    }

    /// The designs of all runtimes, in the order in which they are shown.
    fn designs(&self, lab: &mut Lab, runtimes: &[Runtime]) -> Result<Vec<Design>> {
        let mut runtimes = runtimes.to_vec();
        runtimes::in_order(&mut runtimes);
        let declared = runtimes.iter().map(|runtime| {
            let design = (self.declare)(lab, runtime);
            lab.end_design();
            design
        });
        declared.collect()
    }

    /// Prints the designs for the runtimes that were asked for, as JSON; nothing is measured.
    fn describe(&self) -> Result<ExitCode> {
        let mut info = provenance(self.experiment.name, self.options.mode(), 0);
        let runtimes = runtimes::described(&self.options.common, &mut pool()?, &mut info)?;
        let mut lab = Lab::describing(&info);
        let designs = self.designs(&mut lab, &runtimes)?;
        print::say(&self.described(&designs)?)?;
        Ok(ExitCode::SUCCESS)
    }

    fn described(&self, designs: &[Design]) -> Result<String> {
        let Experiment { name, source, groups } = self.experiment;
        let options = groups.iter().map(|group| format!("{group:?}")).collect();
        Ok(describe::json(name, source, options, designs)?)
    }

    /// Judges the saved data again. What comes of it replaces what came of it before, or is written
    /// elsewhere, with the designs beside it.
    fn replay(&self, data: &Path) -> Result<Judged> {
        let name = self.experiment.name;
        let into = self.options.common.into.as_deref();
        if into.is_none() {
            recover(data, name)?;
        }
        let folder = data.join(name);
        let (mut run, changed) = Recording::read(&folder, name)?;
        let designs = if run.is_of_own_work() {
            vec![advise::replayed(&run)]
        } else {
            let runtimes = runtimes::of_run(&run.info);
            self.designs(&mut Lab::replaying(&run), &runtimes)?
        };
        let verdicts = judge(&designs, &run);
        if let Some(into) = into {
            let folder = into.join("data").join(name);
            std::fs::create_dir_all(&folder)
                .with_context(|| format!("{} cannot be made", folder.display()))?;
            run.write_verdicts(&folder, &verdicts)?;
            let design = self.described(&designs)?;
            atomic_write(&into.join(describe::FILE), design.as_bytes())?;
        } else {
            run.write_verdicts(&folder, &verdicts)?;
        }
        Ok(Judged { run, designs, verdicts, changed })
    }

    /// Measures into a new folder, judges what was written there, and puts it in the old one's place.
    fn measure(&self, data: &Path) -> Result<Judged> {
        let name = self.experiment.name;
        // Nobody waits for the machine to hear that a file is no good.
        let urls = self.options.io.urls.as_deref().map(Urls::read).transpose()?;
        let folder = RunFolder::create(data, name)?;
        interrupt::set_scratch(folder.path(""));
        let _lock = wait_for_others();
        let _guard = Guard::start(&ChildCommand::this_executable("guard", [GUARD])?)?;
        let mut rig = self.rig(&folder, urls)?;
        let is_own_work = self.options.is_own_work();
        if !self.options.common.json && !is_own_work {
            print::say(&format!("{}\n", text::claims(self.experiment.source)))?;
        }
        let designs = if is_own_work {
            vec![advise::measure(&mut rig)?]
        } else {
            self.run_designs(&mut rig)?
        };
        let info = rig.finish(if is_own_work { "--budget" } else { "--thorough" })?;
        for warning in &info.warnings {
            print::err(&format!("warning: {warning}"));
        }
        let mut run = Recording::of(Saved::so_far(&folder.path(""), info)?);
        let verdicts = judge(&designs, &run);
        run.write_verdicts(&folder.path(""), &verdicts)?;
        interrupt::commit(folder)?;
        Ok(Judged { run, designs, verdicts, changed: Vec::new() })
    }

    fn run_designs(&self, rig: &mut Rig) -> Result<Vec<Design>> {
        let runtimes = rig.runtimes.clone();
        let designs = self.designs(&mut Lab::measuring(rig), &runtimes)?;
        let looks = self.options.looks();
        rig.info.settings.looks.clone_from(&looks);
        rig.info.cases.extend(designs.iter().flat_map(|design| design.facts.clone()));
        let schedule = Schedule::of(&designs);
        rig.run(&schedule, &Until::Looks(looks), &|run| judge(&designs, run))?;
        Ok(designs)
    }

    fn rig(&self, folder: &RunFolder, urls: Option<Urls>) -> Result<Rig> {
        let common = &self.options.common;
        let seed = common.seed.unwrap_or_else(lab_data::clock::now_ns);
        let mut info = provenance(self.experiment.name, self.options.mode(), seed);
        let groups = self.experiment.groups;
        if groups.contains(&Group::Track) {
            info.recorder_ns_per_sample = lab_pool::calibrate::recorder_ns_per_sample();
        }
        info.settings.workers.clone_from(&self.options.workers.workers);
        info.settings.jobs = self.options.jobs.jobs;
        let has_pages = groups.contains(&Group::Io) || groups.contains(&Group::Origin);
        let mut pool = pool()?;
        let runtimes = if self.options.is_own_work() {
            runtimes::native(common)?
        } else {
            runtimes::choose(common, &mut pool, &mut info)?
        };
        Rig::new((self.options.clone(), info), (pool, runtimes), (folder.path(""), has_pages), urls)
    }
}

impl Recording {
    /// Writes the verdicts beside the tables, and their sum into `run.json`.
    fn write_verdicts(&mut self, folder: &Path, verdicts: &[Verdict]) -> Result<()> {
        let rows: Vec<_> = verdicts.iter().map(|verdict| verdict.row(&self.info)).collect();
        let sum = tables::write(&folder.join("verdicts.csv"), &rows)?;
        self.info.tables.insert("verdicts.csv".to_owned(), sum);
        self.info.write(&folder.join("run.json"))?;
        Ok(())
    }
}

/// Two experiments at once disturb each other: the second waits and says so.
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
    let is_there = folder.try_exists().context("the data folder cannot be looked at")?;
    ensure!(
        is_there,
        "{} does not exist, so there is nothing to judge again: measure first, without --replay",
        folder.display()
    );
    Ok(())
}
