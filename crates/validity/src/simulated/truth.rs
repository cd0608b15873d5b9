//! The true value of every quantity that a verdict reads, so that its comparisons have the values
//! that a case asks for.

use crate::rules::Rule;
use crate::simulated::machine::Drawn;
use lab::design::quantity::{Quantity, What};
use lab_data::rows::Kind;

/// What two native processes gain on the simulated machine.
const CONTROL: f64 = 1.9;
/// How many cores it has.
pub(crate) const CORES: u32 = 2;
/// The times of other numbers of workers than the one that is held against the best of all.
const OTHERS: [f64; 4] = [1.0, 1.1, 1.2, 1.5];

/// Each quantity that a verdict reads, with its true value.
pub(crate) type Truth = Vec<(Quantity, Drawn)>;

/// How many times the first truly is the second.
type Relation = (Quantity, Quantity, f64);

impl Rule {
    /// What is true if the comparisons have these values, in the order of the rule.
    pub(crate) fn truth(&self, values: &[f64]) -> Truth {
        let beside = self.design.beside();
        let mut truth = Truth::new();
        let mut relations: Vec<Relation> = Vec::new();
        for (measured, &value) in self.measured.iter().zip(values) {
            match measured.comparison.what() {
                What::Ratio { over, under } => {
                    let half = if measured.over_half { CONTROL.sqrt() } else { 1.0 };
                    relations.push((over.clone(), under.clone(), value * half));
                }
                What::Mean { kind, of } => truth.push((
                    of.clone(),
                    if *kind == Kind::Share { Drawn::Share(value) } else { Drawn::Time(value) },
                )),
                What::OverBest { of, all } => {
                    let others = all.iter().filter(|arm| *arm != of.arm());
                    let times = OTHERS.into_iter().chain(std::iter::repeat(1.5));
                    let others = others.zip(times).map(|(arm, time)| (of.on(arm), time));
                    let own = [of.clone(), of.again()].map(|own| (own, value));
                    let all = others.chain(own);
                    truth.extend(all.map(|(of, time)| (of, Drawn::Time(time))));
                }
            }
        }
        if let Some((serial, processes)) = beside.calibrators {
            let at_once = processes.arm().workers().min(CORES);
            truth.push((serial, Drawn::Fixed(1.0)));
            truth.push((processes, Drawn::Fixed(at_once.into())));
        }
        let control =
            beside.control.into_iter().map(|(serial, processes)| (serial, processes, CONTROL));
        let replicates = beside.replicates.into_iter().map(|(again, arm)| (again, arm, 1.0));
        relations.extend(control.chain(replicates));
        settle(&mut truth, relations);
        truth
    }
}

/// Gives each side of the relations its value: from the other side if that has one, else from 1.
fn settle(truth: &mut Truth, mut relations: Vec<Relation>) {
    let value = |truth: &Truth, quantity: &Quantity| {
        let known = truth.iter().find(|(of, _)| of == quantity);
        known.map(|(_, drawn)| drawn.truth())
    };
    while !relations.is_empty() {
        let begun = relations.iter().position(|(over, under, _)| {
            value(truth, over).is_some() || value(truth, under).is_some()
        });
        let (over, under, factor) = relations.remove(begun.unwrap_or_default());
        let (above, below) = (value(truth, &over), value(truth, &under));
        let below = below.unwrap_or_else(|| {
            let time = above.map_or(1.0, |above| above / factor);
            truth.push((under, Drawn::Time(time)));
            time
        });
        if above.is_none() {
            truth.push((over, Drawn::Time(below * factor)));
        }
    }
}
