//! One run of an experiment, as its options say: measured, judged again, or only described.

use super::children;
use super::experiment::{Declare, Experiment};
use super::targets::Targets;
use crate::arms::runtime::{self, Runtime};
use crate::design::Design;
use crate::judge::{Verdict, judge};
use crate::measure::facts;
use crate::measure::lab::Lab;
use crate::measure::provenance::{out_folder, provenance};
use crate::measure::{interrupt, runtimes};
use crate::options::Options;
use crate::record::Recording;
use crate::show::over_cores::OverCores;
use crate::show::predicted::Answered;
use crate::show::summary::page::Page;
use crate::show::summary::subject::Summary;
use crate::show::{describe, figures, plots, summary, trace};
use crate::{advise, console};
use anyhow::{Context, Result};
use lab_data::folder::{DataLock, recover};
use lab_data::run::RunInfo;
use lab_data::settings::costs::Costs;
use lab_data::{atomic_write, tables};
use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What is run, with which options.
pub(super) struct Invocation {
    pub(super) experiment: Experiment,
    pub(super) options: Options,
    pub(super) declare: Declare,
    /// On how many cores it is simulated; none if it is measured.
    pub(super) cores: Option<u32>,
    /// What the simulated machine costs, once that is known.
    pub(super) costs: OnceCell<Costs>,
}

/// A run that was judged.
pub(super) struct Judged {
    pub(super) run: Recording,
    pub(super) designs: Vec<Design>,
    pub(super) verdicts: Vec<Verdict>,
    /// What was changed in the saved files since, a sentence each.
    pub(super) changed: Vec<String>,
}

impl Invocation {
    pub(super) fn run(mut self) -> Result<ExitCode> {
        if self.options.common.describe {
            return self.describe();
        }
        if self.options.facts.facts {
            return self.say_facts();
        }
        interrupt::watch()?;
        interrupt::end_with_suite()?;
        let machines = self.options.common.simulate.clone();
        if !machines.is_empty() {
            self.check_simulated()?;
        }
        // Your own work is measured on this machine, whatever it is simulated on besides.
        if machines.is_empty() || self.options.is_own_work() {
            return Ok(self.run_once()?.0);
        }
        let mut code = ExitCode::SUCCESS;
        let mut over = OverCores::default();
        for cores in &machines {
            self.cores = Some(*cores);
            let (ended, judged) = self.run_once()?;
            code = ended;
            over.add(*cores, &judged.verdicts);
        }
        let common = &self.options.common;
        if machines.len() > 1 && !common.no_plot {
            let plots = out_folder(common.out.as_deref())?.join("plots");
            let path = over.write(&plots, self.experiment.name)?;
            if let Some(path) = path.filter(|_| !common.json) {
                console::say(&format!("over cores: {}\n", path.display()))?;
            }
        }
        Ok(code)
    }

    fn run_once(&self) -> Result<(ExitCode, Judged)> {
        let common = &self.options.common;
        let name = &self.name();
        let out = out_folder(common.out.as_deref())?;
        let data = out.join("data");
        let into = common.into.as_deref().unwrap_or(&out);
        let plots = into.join("plots");
        Targets { data: &data, plots: &plots, name }.check(common)?;
        let judged = if common.replay { self.replay(&data)? } else { self.measure(&data)? };
        let mut written = vec![into.join("data").join(name)];
        if !common.no_plot {
            let figures = figures::all(&judged.designs, &judged.run, &judged.verdicts);
            written.extend(plots::write(&plots, name, &figures)?);
            if let Some(into) = &common.into {
                plots::write_svg(&into.join(describe::FIGURES), name, &figures)?;
            }
        }
        if let Some(path) = &common.trace {
            interrupt::whole(|| trace::write(&judged.run, path))?;
            written.push(path.clone());
        }
        self.say(&judged, &written)?;
        let is_surprising = |verdict: &Verdict| {
            verdict.is_whole() && verdict.expected.is_some_and(|wanted| wanted != verdict.decision)
        };
        let is_other = common.expect && judged.verdicts.iter().any(is_surprising);
        Ok((if is_other { ExitCode::from(3) } else { ExitCode::SUCCESS }, judged))
    }

    /// The name of its data and figures: what is simulated never takes the place of what was measured.
    pub(super) fn name(&self) -> String {
        let name = self.experiment.name;
        let broken = self.options.common.broken.map(|what| format!("-{}", what.name()));
        let broken = broken.unwrap_or_default();
        self.cores.map_or(name.to_owned(), |cores| format!("{name}-sim-{cores}{broken}"))
    }

    fn say(&self, judged: &Judged, written: &[PathBuf]) -> Result<()> {
        // Where an error follows, it says all there is to say.
        for warning in &judged.changed {
            console::err(&format!("warning: {warning}"));
        }
        let advice = judged.run.advice().map(|advice| advice.and_elsewhere(&judged.run));
        let advice = advice.transpose()?;
        let predicted = self.predicted(&judged.designs, &judged.run);
        let subject = Summary {
            run: &judged.run,
            designs: &judged.designs,
            verdicts: &judged.verdicts,
            advice: advice.as_ref(),
            predicted: &predicted,
            written,
        };
        let common = &self.options.common;
        let text = if common.json {
            summary::json(&subject)?
        } else {
            summary::text(&subject, Page::of_stdout(), common.verbose)
        };
        console::say(&text)
    }

    /// The designs of all runtimes, in the order in which they are shown.
    pub(super) fn designs(&self, lab: &mut Lab, runtimes: &[Runtime]) -> Result<Vec<Design>> {
        let mut runtimes = runtimes.to_vec();
        runtime::in_order(&mut runtimes);
        let mut designs = Vec::with_capacity(runtimes.len());
        for runtime in &runtimes {
            match (self.declare)(lab, runtime) {
                Ok(design) => designs.push(design),
                Err(error) => lab.lose(runtime, error)?,
            }
            lab.end_design();
        }
        Ok(designs)
    }

    /// How a run with these options begins now, and what a design may know of it.
    pub(super) fn info(&self, seed: u64) -> RunInfo {
        let mut info = provenance(&self.name(), self.options.mode(), seed);
        info.settings.workers.clone_from(&self.options.workers.workers);
        info.settings.jobs = self.options.jobs.jobs;
        info
    }

    /// Prints the designs for the runtimes that were asked for, as JSON; nothing is measured.
    fn describe(&self) -> Result<ExitCode> {
        let mut info = self.info(0);
        let runtimes =
            runtimes::described(&self.options.common, &mut children::pool(None)?, &mut info)?;
        let mut lab = Lab::describing(&info);
        let designs = self.designs(&mut lab, &runtimes)?;
        console::say(&self.described(&designs, Answered::default())?)?;
        Ok(ExitCode::SUCCESS)
    }

    /// Prints what may be used here; nothing is measured.
    fn say_facts(&self) -> Result<ExitCode> {
        let mut pool = children::pool(None)?;
        let runtimes = runtimes::choose(&self.options.common, &mut pool, &mut self.info(0))?;
        console::say(&facts::text(&mut pool, &runtimes))?;
        Ok(ExitCode::SUCCESS)
    }

    /// What the reader was asked; nothing about the user's own work.
    fn predicted(&self, designs: &[Design], run: &Recording) -> Answered {
        if run.is_of_own_work() {
            return Answered::default();
        }
        Answered::of(self.experiment.source, designs, run)
    }

    fn described(&self, designs: &[Design], predicted: Answered) -> Result<String> {
        let Experiment { name, source, groups } = self.experiment;
        let options = groups.iter().map(|group| format!("{group:?}")).collect();
        Ok(describe::json(name, source, options, designs, predicted)?)
    }

    /// Judges the saved data again. What comes of it replaces what came of it before, or is written
    /// elsewhere, with the designs beside it.
    fn replay(&self, data: &Path) -> Result<Judged> {
        let name = &self.name();
        let into = self.options.common.into.as_deref();
        // Nobody exchanges the folder while it is read, nor while its verdicts are replaced.
        let _lock = match into {
            None => recover(data, name)?,
            Some(_) => DataLock::to_read(data)?,
        };
        let folder = data.join(name);
        let (mut run, changed) = Recording::read(&folder, name)?;
        let designs = if run.is_of_own_work() {
            vec![advise::replayed(&run)]
        } else {
            let runtimes = runtime::of_run(&run.info);
            self.designs(&mut Lab::replaying(&run), &runtimes)?
        };
        let verdicts = judge(&designs, &run);
        if let Some(into) = into {
            let folder = into.join("data").join(name);
            std::fs::create_dir_all(&folder)
                .with_context(|| format!("{} cannot be made", folder.display()))?;
            run.write_verdicts(&folder, &verdicts)?;
            let design = self.described(&designs, self.predicted(&designs, &run))?;
            atomic_write(&into.join(describe::FILE), design.as_bytes())?;
        } else {
            interrupt::whole(|| run.write_verdicts(&folder, &verdicts))?;
        }
        Ok(Judged { run, designs, verdicts, changed })
    }
}

impl Recording {
    /// Writes the verdicts beside the tables, and their sum into `run.json`.
    pub(super) fn write_verdicts(&mut self, folder: &Path, verdicts: &[Verdict]) -> Result<()> {
        let rows: Vec<_> = verdicts.iter().map(|verdict| verdict.row(&self.info)).collect();
        let sum = tables::write(&folder.join("verdicts.csv"), &rows)?;
        self.info.tables.insert("verdicts.csv".to_owned(), sum);
        self.info.write(&folder.join("run.json"))?;
        Ok(())
    }
}
