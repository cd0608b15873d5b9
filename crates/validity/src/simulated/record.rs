//! A run of drawn numbers, which is judged as a measured one is.

use crate::rows::NAME;
use crate::rules::Rule;
use crate::simulated::machine::Drawn;
use crate::simulated::truth::{CORES, Truth};
use lab::judge::judge;
use lab::record::{Recording, Simulated};
use lab_data::run::{Mode, RunInfo};
use lab_stats::verdict::Decision;

/// A run of drawn numbers, as far as it goes.
pub(crate) struct Record<'t> {
    truth: &'t Truth,
    pub(crate) drawn: Vec<Drawn>,
    run: Recording,
    /// What was drawn in each block.
    blocks: Vec<Vec<f64>>,
    /// How many of them the recording has: it is asked for a quantity as seldom as possible.
    recorded: usize,
}

impl Record<'_> {
    pub(crate) fn new(truth: &Truth) -> Record<'_> {
        let mut numbers = Simulated::new();
        for (of, _) in truth {
            let own = numbers.entry(of.arm().clone()).or_default();
            own.insert(of.name().to_owned(), Default::default());
        }
        Record {
            truth,
            drawn: truth.iter().map(|(_, drawn)| *drawn).collect(),
            run: Recording::simulated(info(), numbers),
            blocks: Vec::new(),
            recorded: 0,
        }
    }

    pub(crate) fn clear(&mut self) {
        if let Some((_, numbers)) = self.run.simulated_mut() {
            let all = numbers.values_mut().flat_map(|of| of.values_mut());
            all.for_each(|blocks| blocks.clear());
        }
        self.blocks.clear();
        self.recorded = 0;
    }

    /// Adds a block: a value for each quantity, in the order of the truth.
    pub(crate) fn add(&mut self, values: Vec<f64>) {
        self.blocks.push(values);
    }

    /// The verdict, if the run has these looks.
    pub(crate) fn judge(&mut self, rule: &Rule, looks: &[u32]) -> Decision {
        if let Some((info, numbers)) = self.run.simulated_mut() {
            info.settings.looks = looks.to_vec();
            info.blocks = self.blocks.len() as u32;
            let new = (1..).zip(&self.blocks).skip(self.recorded);
            for (at, (of, _)) in self.truth.iter().enumerate() {
                let own = numbers.get_mut(of.arm()).and_then(|own| own.get_mut(of.name()));
                let values = new.clone().filter_map(|(block, of)| Some((block, *of.get(at)?)));
                own.into_iter().for_each(|blocks| blocks.extend(values.clone()));
            }
            self.recorded = self.blocks.len();
        }
        // The claim's own comes first; of what is only checked there is one.
        let verdicts = judge(std::slice::from_ref(&rule.design), &self.run);
        verdicts.first().map_or(Decision::Inconclusive, |verdict| verdict.decision)
    }
}

/// A machine of which nothing is to be said, the same wherever this runs.
fn info() -> RunInfo {
    let mut info = RunInfo::begin(NAME, Mode::Default, Vec::new(), 0);
    let machine = &mut info.machine;
    machine.governor = None;
    machine.virtual_machine = None;
    machine.load_average = None;
    machine.niceness = None;
    machine.cores.quota = None;
    let cores = &mut machine.cores;
    (cores.logical, cores.physical, cores.usable) = (CORES, CORES, CORES);
    info
}
