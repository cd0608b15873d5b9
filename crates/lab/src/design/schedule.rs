//! What is measured, and what side by side: it follows from the claims.
//!
//! - A group runs side by side, in shuffled order: the arms of a runtime and case, and those that a
//!   claim compares. Arms that are compared are best measured within a second, since machines change
//!   their speed.
//! - Controls and replicates join a group, and never connect two.
//! - What is repeated runs once more in each round, in a group of its own.
//! - Rows of jobs and spans are kept of all blocks if a claim reads them, and of the first judged
//!   block for the figures.

use super::claim::Part;
use super::quantity::{Comparison, MAKESPAN, Measure, Quantity, Rows, WINDOW};
use super::{Declared, Design, Replicate};
use crate::arms::arm::{Arm, Setup, serial};
use crate::arms::runtime::Runtime;
use crate::arms::work::Work;
use lab_data::rows::{Executor, Kind};

/// The arms of a run, by what runs side by side.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    pub(crate) groups: Vec<Vec<Planned>>,
    /// How often a block runs all groups.
    pub(crate) rounds: u32,
    /// Which rows are kept of all blocks.
    pub(crate) keep: Rows,
}

/// An arm as it is measured.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Planned {
    pub(crate) arm: Arm,
    pub(crate) jobs: Vec<Work>,
    pub(crate) setup: Setup,
    /// Measured to know what the machine can give: no option leaves it out.
    pub(crate) is_control: bool,
}

/// The positive control of a run: the same jobs, natively, one after another and on processes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Control {
    pub(crate) serial: Arm,
    pub(crate) processes: Arm,
    jobs: Vec<Work>,
    setup: Setup,
}

impl Control {
    /// The control of a run: with the jobs of the first comparison that needs it, on as many
    /// processes as that has workers. None if nothing needs one.
    pub(crate) fn of(designs: &[Design]) -> Option<Control> {
        designs.iter().find_map(|design| {
            let part = parts(design).find(|part| part.needs.parallel_cores)?;
            let comparison = part.basis.as_ref().ok()?;
            let arms = comparison.arms();
            let largest = arms.iter().max_by_key(|arm| arm.workers)?;
            let declared = design.declared(largest)?;
            let native = |executor, workers| Arm { executor, workers, ..largest.natively() };
            Some(Control {
                serial: native(Executor::Serial, serial().workers),
                processes: native(Executor::Processes, largest.workers),
                jobs: declared.jobs.clone(),
                setup: declared.setup.clone(),
            })
        })
    }

    /// What serial and processes take, by this measure.
    pub(crate) fn times(&self, by: &Measure) -> (Quantity, Quantity) {
        (by.on(&self.serial), by.on(&self.processes))
    }

    fn planned(&self) -> [Planned; 2] {
        [&self.serial, &self.processes].map(|arm| Planned {
            arm: arm.clone(),
            jobs: self.jobs.clone(),
            setup: self.setup.clone(),
            is_control: true,
        })
    }

    fn includes(&self, arm: &Arm) -> bool {
        *arm == self.serial || *arm == self.processes
    }
}

/// The A/A arms of a run: those that its designs name; else the native twin of the arm that most
/// claims rest on, serial aside.
pub(crate) fn replicates(designs: &[Design]) -> Vec<Replicate> {
    let mut named: Vec<Replicate> = Vec::new();
    for replicate in designs.iter().flat_map(|design| &design.replicates) {
        if !named.contains(replicate) {
            named.push(replicate.clone());
        }
    }
    if !named.is_empty() {
        return named;
    }
    let most_compared = designs.iter().find_map(|design| {
        let compared: Vec<Arm> = parts(design)
            .filter_map(|part| part.basis.as_ref().ok())
            .flat_map(|comparison| comparison.quantities().into_iter().map(|of| of.arm.clone()))
            .collect();
        let number = |arm: &Arm| compared.iter().filter(|other| *other == arm).count();
        let candidates = design.arms.iter().map(|declared| &declared.arm);
        let candidates = candidates.filter(|arm| arm.executor != Executor::Serial);
        // The first of several that are compared equally often.
        candidates.rev_max_by_key(number).filter(|arm| number(arm) > 0).cloned()
    });
    let native = most_compared.map(|arm| Replicate { arm: arm.natively(), by: None });
    native.into_iter().collect()
}

/// The first item with the largest key.
trait FirstMax<'a>: Iterator<Item = &'a Arm> + Sized {
    fn rev_max_by_key(self, key: impl Fn(&Arm) -> usize) -> Option<&'a Arm> {
        self.fold(None, |best: Option<&Arm>, arm| match best {
            Some(best) if key(best) >= key(arm) => Some(best),
            _ => Some(arm),
        })
    }
}

impl<'a, I: Iterator<Item = &'a Arm>> FirstMax<'a> for I {}

/// The replicate that a part is held against, and by which measure: of its own runtime and case if
/// there is one, else the first that its runtime has, else a native one.
pub(crate) fn replicate_for(replicates: &[Replicate], part: &Comparison) -> Option<(Arm, Measure)> {
    let measured = part.quantities().into_iter().next()?;
    let near = |replicate: &&Replicate| {
        let (own, arm) = (&measured.arm, &replicate.arm);
        (own.runtime == arm.runtime && own.case == arm.case, own.runtime == arm.runtime)
    };
    let mut best = None;
    for replicate in replicates {
        if best.is_none_or(|best| near(&replicate) > near(&best)) {
            best = Some(replicate);
        }
    }
    let replicate = best?;
    let by = replicate.by.clone().unwrap_or_else(|| match part.kind() {
        Kind::Ratio if is_plain(&measured.measure) => measured.measure.clone(),
        Kind::Ratio => MAKESPAN,
        _ => WINDOW,
    });
    Some((replicate.arm.clone(), by))
}

/// Whether any trial has it.
fn is_plain(measure: &Measure) -> bool {
    *measure == MAKESPAN || *measure == WINDOW
}

impl Design {
    /// By which time the control is judged beside a comparison: by the work window where that is
    /// what is compared, and where it is asked what ran at once.
    pub(crate) fn control_by_for(&self, comparison: &Comparison) -> Measure {
        let measured = comparison.quantities().into_iter().next();
        let is_of_window =
            comparison.kind() != Kind::Ratio || measured.is_some_and(|of| of.measure == WINDOW);
        if is_of_window { WINDOW } else { self.control_by.clone() }
    }
}

impl Schedule {
    /// What follows from these designs.
    pub(crate) fn of(designs: &[Design]) -> Schedule {
        let control = Control::of(designs);
        let mut schedule = Schedule {
            groups: Vec::new(),
            rounds: designs.iter().map(|design| design.rounds).max().unwrap_or(1),
            keep: designs.iter().flat_map(parts).map(rows).max().unwrap_or(Rows::Trial),
        };
        let planned = planned(designs, control.as_ref());
        schedule.groups = groups(&planned, designs.iter().flat_map(parts));
        for replicate in replicates(designs) {
            schedule.add_replicate(&replicate.arm, designs);
        }
        schedule.repeat(designs, control.as_ref());
        schedule
    }

    /// Every arm as often as a round runs it.
    pub(crate) fn arms(&self) -> impl Iterator<Item = &Planned> {
        self.groups.iter().flatten()
    }

    /// Adds the arm once more, beside itself; and itself where no runtime that is measured has it.
    fn add_replicate(&mut self, arm: &Arm, designs: &[Design]) {
        let own = self.arms().find(|planned| planned.arm == *arm).cloned();
        let Some(own) = own.or_else(|| twin(arm, designs)) else {
            return;
        };
        let replicate = Planned { arm: arm.replicate(), is_control: false, ..own.clone() };
        let is_near = |group: &&mut Vec<Planned>| {
            let near = |planned: &Planned| {
                planned.arm.runtime == arm.runtime && planned.arm.case == arm.case
            };
            group.iter().any(near)
        };
        match self.groups.iter_mut().find(is_near) {
            Some(group) => {
                if !group.iter().any(|planned| planned.arm == own.arm) {
                    group.push(own);
                }
                group.push(replicate);
            }
            None => self.groups.push(vec![own, replicate]),
        }
    }

    /// Groups of what is repeated, once for each time.
    fn repeat(&mut self, designs: &[Design], control: Option<&Control>) {
        let all: Vec<Planned> = self.arms().cloned().collect();
        let find = |arm: &Arm| all.iter().find(|planned| planned.arm == *arm).cloned();
        let comparisons = designs.iter().flat_map(parts);
        let comparisons = comparisons.filter_map(|part| part.basis.as_ref().ok());
        // What the control measures is measured once.
        let repeated: Vec<&Comparison> = comparisons
            .filter(|comparison| {
                let is_control = |arm| control.is_some_and(|control| control.includes(arm));
                !comparison.arms().iter().all(is_control)
            })
            .collect();
        let most = repeated.iter().map(|comparison| comparison.repeats).max();
        for time in 1..most.unwrap_or(1) {
            let again = repeated.iter().filter(|comparison| comparison.repeats > time);
            let mut components: Vec<Vec<Arm>> = Vec::new();
            for comparison in again {
                join(&mut components, comparison.arms());
            }
            let groups = components.iter().map(|arms| arms.iter().filter_map(find).collect());
            self.groups.extend(groups);
        }
        // The second measurement of an arm goes with it.
        for arms in designs.iter().flat_map(|design| &design.repeated) {
            let with_replicates = arms.iter().flat_map(|arm| [arm.clone(), arm.replicate()]);
            let group = with_replicates.filter_map(|arm| find(&arm)).collect();
            self.groups.push(group);
        }
        self.groups.retain(|group| !group.is_empty());
    }
}

/// All that is estimated in a design.
pub(crate) fn parts(design: &Design) -> impl Iterator<Item = &Part> {
    let claims = design.claims.iter();
    claims.flat_map(|claim| claim.parts.iter().chain(&claim.beside))
}

/// Which rows a part reads.
fn rows(part: &Part) -> Rows {
    let quantities = part.basis.iter().flat_map(Comparison::quantities);
    let own = quantities.map(|of| of.measure.rows).max();
    let calibrators = part.needs.calibrated.then_some(Rows::Spans);
    own.max(calibrators).unwrap_or(Rows::Trial)
}

/// Each arm once, the control's as controls.
fn planned(designs: &[Design], control: Option<&Control>) -> Vec<Planned> {
    let mut all: Vec<Planned> = control.map(Control::planned).into_iter().flatten().collect();
    for declared in designs.iter().flat_map(|design| &design.arms) {
        if !all.iter().any(|planned| planned.arm == declared.arm) {
            all.push(Planned {
                arm: declared.arm.clone(),
                jobs: declared.jobs.clone(),
                setup: declared.setup.clone(),
                is_control: false,
            });
        }
    }
    for baseline in designs.iter().flat_map(|design| &design.baselines) {
        match all.iter_mut().find(|planned| planned.arm == *baseline) {
            Some(planned) => planned.is_control = true,
            None => all.extend(twin(baseline, designs)),
        }
    }
    all
}

/// The arms by runtime and case, joined where a claim compares them.
fn groups<'d>(planned: &[Planned], parts: impl Iterator<Item = &'d Part>) -> Vec<Vec<Planned>> {
    let mut components: Vec<Vec<Arm>> = Vec::new();
    for Planned { arm, .. } in planned {
        let near = |other: &Arm| other.runtime == arm.runtime && other.case == arm.case;
        match components.iter_mut().find(|group| group.iter().any(near)) {
            Some(group) => group.push(arm.clone()),
            None => components.push(vec![arm.clone()]),
        }
    }
    for comparison in parts.filter_map(|part| part.basis.as_ref().ok()) {
        let mut compared = comparison.arms();
        compared.retain(|arm| !arm.is_replicate);
        join(&mut components, compared);
    }
    let with_jobs = |arms: Vec<Arm>| {
        let of = |arm: &Arm| planned.iter().find(|planned| planned.arm == *arm).cloned();
        arms.iter().filter_map(of).collect()
    };
    components.into_iter().map(with_jobs).collect()
}

/// Joins all groups that have one of the arms, and adds the arms.
fn join(groups: &mut Vec<Vec<Arm>>, arms: Vec<Arm>) {
    let is_touched = |group: &Vec<Arm>| group.iter().any(|arm| arms.contains(arm));
    let first = groups.iter().position(is_touched);
    let (touched, others): (Vec<_>, Vec<_>) =
        std::mem::take(groups).into_iter().partition(is_touched);
    let mut joined: Vec<Arm> = touched.into_iter().flatten().collect();
    for arm in arms {
        if !joined.contains(&arm) {
            joined.push(arm);
        }
    }
    *groups = others;
    groups.insert(first.unwrap_or(groups.len()).min(groups.len()), joined);
}

/// The jobs of an arm's twin in another runtime, for a native arm that nobody declared.
fn twin(arm: &Arm, designs: &[Design]) -> Option<Planned> {
    let declared = designs.iter().flat_map(|design| &design.arms);
    let is_twin = |declared: &&Declared| {
        let twin = &declared.arm;
        twin.executor == arm.executor && twin.workers == arm.workers && twin.case == arm.case
    };
    declared.into_iter().find(is_twin).map(|declared| Planned {
        arm: arm.clone(),
        jobs: declared.jobs.clone(),
        setup: declared.setup.clone(),
        is_control: arm.runtime == Runtime::rust().name,
    })
}

#[cfg(test)]
mod tests;
