//! What if the machine had more cores: a recording, and beside it what a simulation of the same machine
//! gives with other numbers of cores and other switch intervals.

use crate::packing::pack;
use crate::recording::{Recording, Shown};
use lab_stats::format;
use std::io;

/// What the section takes at most, packed.
const MOST: usize = 100_000;

/// Recordings and their simulations.
#[derive(Clone, Debug, Default)]
pub struct WhatIf {
    /// How many cores the machine has on which it was recorded, and how many the simulated ones have.
    pub cores: (u32, Vec<u32>),
    /// The switch interval that was recorded, and those that were simulated, in nanoseconds.
    pub intervals: (u64, Vec<u64>),
    /// One for each runtime.
    pub runs: Vec<Runs>,
}

/// The same threads in one runtime.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    /// As they were recorded; nothing where this machine has no such runtime.
    pub recorded: Recording,
    /// As they were simulated: for each switch interval a recording for each number of cores. One
    /// interval is all there is where threads share no lock.
    pub simulated: Vec<Vec<Recording>>,
}

/// The section, as the template shows it.
#[derive(Debug)]
pub(crate) struct Section {
    /// Of each slider its name, where it begins, and what it can be set to.
    pub(crate) sliders: [(&'static str, usize, Vec<String>); 2],
    pub(crate) packed: String,
    pub(crate) recorded: String,
    /// Runtimes and intervals, with a time for what was recorded and for each number of cores.
    pub(crate) rows: Vec<(String, Vec<String>)>,
}

impl WhatIf {
    /// The section; none if it is too large.
    ///
    /// # Errors
    /// Of the packing, which writes into memory.
    pub(crate) fn section(&self) -> io::Result<Option<Section>> {
        let arms: Vec<Shown> = self.runs.iter().flat_map(|runs| self.arms(runs)).collect();
        let packed = pack(&arms, 0)?;
        if packed.len() > MOST {
            return Ok(None);
        }
        let ((own, cores), (usual, intervals)) = (&self.cores, &self.intervals);
        let first = |place: Option<usize>| place.unwrap_or_default();
        Ok(Some(Section {
            sliders: [
                (
                    "Simulated cores",
                    first(cores.iter().position(|one| one == own)),
                    cores.iter().copied().map(in_words).collect(),
                ),
                (
                    "Simulated switch interval",
                    first(intervals.iter().position(|one| one == usual)),
                    intervals.iter().copied().map(ms).collect(),
                ),
            ],
            packed,
            recorded: in_words(*own),
            rows: self.runs.iter().flat_map(|runs| self.rows(runs)).collect(),
        }))
    }

    /// What a runtime's picture shows: the recording, and what the sliders choose from.
    fn arms(&self, runs: &Runs) -> Vec<Shown> {
        let recorded = runs.recorded.arms.iter().map(|arm| Shown {
            name: format!("{}, recorded on {}", arm.name, in_words(self.cores.0)),
            ..arm.clone()
        });
        let simulated = runs.simulated.iter().enumerate().flat_map(|(i, row)| {
            let interval = runs.has_lock().then_some(i);
            row.iter().zip(&self.cores.1).enumerate().flat_map(move |(at, (recording, cores))| {
                recording.arms.iter().map(move |arm| Shown {
                    name: format!("{} on {}{}", arm.name, in_words(*cores), self.every(interval)),
                    cores: *cores,
                    at: Some([Some(at), interval]),
                    ..arm.clone()
                })
            })
        });
        recorded.chain(simulated).collect()
    }

    /// A runtime's rows of the table: one for each interval.
    fn rows(&self, runs: &Runs) -> Vec<(String, Vec<String>)> {
        let recorded = runs.recorded.arms.first();
        let row = |(i, row): (usize, &Vec<Recording>)| {
            let interval = runs.has_lock().then_some(i);
            let is_recorded =
                interval.is_none_or(|i| self.intervals.1.get(i) == Some(&self.intervals.0));
            let simulated = row.iter().map(|recording| recording.arms.first());
            let cells = [recorded.filter(|_| is_recorded)].into_iter().chain(simulated);
            let time = |arm: &Shown| format::time(arm.makespan as f64);
            let any = recorded.or(row.first().and_then(|recording| recording.arms.first()));
            let name = any.map_or("", |arm| &arm.name);
            let cells = cells.map(|arm| arm.map_or("–".to_owned(), time)).collect();
            (format!("{name}{}", self.every(interval)), cells)
        };
        runs.simulated.iter().enumerate().map(row).collect()
    }

    fn every(&self, interval: Option<usize>) -> String {
        let ns = interval.and_then(|i| self.intervals.1.get(i));
        ns.map_or(String::new(), |ns| format!(", every {}", ms(*ns)))
    }
}

impl Runs {
    fn has_lock(&self) -> bool {
        self.simulated.len() > 1
    }
}

fn in_words(cores: u32) -> String {
    if cores == 1 { "1 core".to_owned() } else { format!("{cores} cores") }
}

/// `0.5 ms`.
fn ms(ns: u64) -> String {
    format!("{} ms", ns as f64 / 1e6)
}
