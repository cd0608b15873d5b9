//! A run that is measured: into a new folder, which then takes the place of the old one.

use super::children;
use super::invocation::{Invocation, Judged};
use super::simulated::model_of_this;
use crate::arms::runtime;
use crate::design::Design;
use crate::design::schedule::Schedule;
use crate::judge::{is_worth_going_on, judge};
use crate::measure::blocks::Until;
use crate::measure::lab::Lab;
use crate::measure::rig::Rig;
use crate::measure::rig::urls::Urls;
use crate::measure::simulate::bench::Bench;
use crate::measure::{interrupt, runtimes, turn};
use crate::options::Group;
use crate::record::Recording;
use crate::{advise, console, text};
use anyhow::{Error, Result, bail};
use lab_data::folder::RunFolder;
use lab_data::run::RunInfo;
use lab_data::saved::Saved;
use lab_pool::cpython::Skipped;
use lab_pool::jobs::page::trust_also;
use std::path::Path;

impl Invocation {
    /// Measures into a new folder, judges what was written there, and puts it in the old one's place.
    pub(super) fn measure(&self, data: &Path) -> Result<Judged> {
        let name = &self.name();
        // Nobody waits for the machine to hear that a file is no good.
        let authorities = self.options.io.cacert.as_deref();
        authorities.map(trust_also).transpose().map_err(Error::msg)?;
        let urls = self.options.io.urls.as_deref().map(Urls::read).transpose()?;
        advise::check(&self.options.own)?;
        let folder = RunFolder::create(data, name)?;
        interrupt::set_scratch(folder.path(""));
        // Virtual time is nobody's but its own.
        let _lock = self.needs_machine().then(turn::wait_for_others);
        let _guard = children::guard()?;
        let seed = self.options.common.seed.unwrap_or_else(lab_data::clock::now_ns);
        self.measure_with(self.rig(&folder, urls, self.info(seed))?, folder)
    }

    fn measure_with(&self, mut rig: Rig, folder: RunFolder) -> Result<Judged> {
        let is_own_work = self.options.is_own_work();
        if !self.options.common.json && !is_own_work && !self.is_later() {
            console::say(&format!("{}\n", text::claims(self.experiment.source)))?;
        }
        if self.experiment.groups.contains(&Group::Facts) && !self.options.common.json {
            console::say(&rig.facts())?;
        }
        let designs = if is_own_work {
            let error = self.check_own_work(&mut rig.info)?;
            vec![advise::measure(&mut rig, error)?]
        } else {
            self.run_designs(&mut rig)?
        };
        let info = rig.finish(if is_own_work { "--budget" } else { "--thorough" })?;
        // Of several machines the first says it for all.
        for warning in info.warnings.iter().filter(|_| !self.is_later()) {
            console::err(&format!("warning: {warning}"));
        }
        let mut run = Recording::of(Saved::so_far(&folder.path(""), info)?);
        if let Some(cause) = run.only_failures() {
            bail!(
                "no job succeeded, so that there is nothing to judge, and what was saved before stays. \
                 The first: {cause}"
            );
        }
        // What was left out on the way has no verdict and is in no figure.
        let designs = if self.left(&designs, &run).len() == designs.len() {
            designs
        } else {
            self.designs(&mut Lab::replaying(&run), &runtime::of_run(&run.info))?
        };
        let verdicts = judge(&designs, &run);
        run.write_verdicts(&folder.path(""), &verdicts)?;
        interrupt::commit(folder)?;
        Ok(Judged { run, designs, verdicts, changed: Vec::new() })
    }

    fn run_designs(&self, rig: &mut Rig) -> Result<Vec<Design>> {
        let runtimes = rig.runtimes.clone();
        let designs = self.designs(&mut Lab::measuring(rig), &runtimes)?;
        if rig.info.is_simulated() {
            self.check_profiles(&designs)?;
            self.check_validated(&designs, &mut rig.info)?;
        }
        let looks = self.options.looks();
        rig.info.settings.looks.clone_from(&looks);
        rig.info.cases.extend(designs.iter().flat_map(|design| design.facts.clone()));
        for (runtime, why) in
            designs.iter().filter_map(|one| Some((&one.runtime, one.skipped.clone()?)))
        {
            let skipped = Skipped { what: runtime.name().to_owned(), reason: why, is_asked: false }
                .to_string();
            console::err(&skipped);
            rig.info.settings.skipped_runtimes.push(skipped);
        }
        let schedule = Schedule::of(&designs);
        rig.run(&schedule, &Until::Looks(looks), &|run| {
            is_worth_going_on(&judge(&self.left(&designs, run), run))
        })?;
        Ok(designs)
    }

    /// Those of interpreters that did not fail on the way.
    fn left(&self, designs: &[Design], run: &Recording) -> Vec<Design> {
        let is_left = |design: &&Design| {
            let runtime = &design.runtime;
            !runtime.is_cpython() || run.info.settings.runtimes.contains(&runtime.name)
        };
        designs.iter().filter(is_left).cloned().collect()
    }

    fn rig(&self, folder: &RunFolder, urls: Option<Urls>, mut info: RunInfo) -> Result<Rig> {
        let common = &self.options.common;
        let groups = self.experiment.groups;
        let has_pages = groups.contains(&Group::Io) || groups.contains(&Group::Origin);
        let folder = (folder.path(""), has_pages);
        if let Some(cores) = self.cores {
            let (info, bench, runtimes) = self.simulated(cores)?;
            let options = (self.options.clone(), info);
            let mut rig = Rig::new(options, (bench, runtimes), folder, urls)?;
            rig.is_silent = true;
            return Ok(rig);
        }
        if groups.contains(&Group::Track) {
            info.recorder_ns_per_sample = lab_pool::calibrate::recorder_ns_per_sample();
        }
        let mut pool = children::pool(self.options.io.cacert.as_deref())?;
        let runtimes = if self.options.is_own_work() {
            runtimes::native(common, &mut info)?
        } else {
            runtimes::choose(common, &mut pool, &mut info)?
        };
        let mut bench = Bench::new(pool);
        if groups.contains(&Group::Model) {
            bench.simulation = Some(model_of_this(&mut bench, &mut info)?);
        }
        Rig::new((self.options.clone(), info), (bench, runtimes), folder, urls)
    }
}

#[cfg(test)]
mod tests;
