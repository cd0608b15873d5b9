//! From an estimate to a decision: the edges, and what forbids a verdict.

use super::estimate::Estimate;
use super::reason::{Hindrances, Missing, Reason, Remedy};
use super::recording::Recording;
use super::verdict::Verdict;
use crate::design::Design;
use crate::design::Replicate;
use crate::design::claim::{Claim, ESTIMATE, Part};
use crate::design::load::could_be_load;
use crate::design::quantity::{Comparison, Quantity, What, running};
use crate::design::schedule::{Control, replicate_for, replicates};
use crate::show::words;
use lab_data::rows::Kind;
use lab_stats::blocks::blocks_needed;
use lab_stats::control::{MIN_CONTROL_SPEED_UP, processes_level, serial_level, speed_up};
use lab_stats::decide::decide;
use lab_stats::edges::Edges;
use lab_stats::faster::over_half;
use lab_stats::interval::Interval;
use lab_stats::null::{NULL_LEVEL, vetoes};
use lab_stats::verdict::Decision;

/// Of so many judged blocks one may fail the control.
const BLOCKS_TO_A_FAILURE: usize = 7;

/// What all parts of a run are judged with.
pub(super) struct Judge<'r> {
    pub(super) designs: &'r [Design],
    pub(super) run: &'r Recording,
    control: Option<Control>,
    replicates: Vec<Replicate>,
}

/// What is known of a part beside its own estimate.
struct Beside {
    control_low: Option<f64>,
    replicate: Option<Interval>,
    refusal: Option<Reason>,
}

impl<'r> Judge<'r> {
    pub(super) fn new(designs: &'r [Design], run: &'r Recording) -> Judge<'r> {
        Judge { designs, run, control: Control::of(designs), replicates: replicates(designs) }
    }

    /// The verdict on a part at a level of confidence. `decides` says whether the claim rests on it.
    pub(super) fn part(
        &self,
        design: &Design,
        claim: &Claim,
        part: &Part,
        level: f64,
        decides: bool,
    ) -> Verdict {
        let declared = part.edges.unwrap_or(Edges::true_above(1.0));
        let (estimate, shown) = self.estimate(design, part, level);
        let edges = if part.over_half_of_control { Edges::true_above(1.0) } else { declared };
        let judged = estimate.interval.as_ref().ok().copied();
        let mut beside = self.beside(design, part, decides);
        // On one core, whatever else is missing follows from that.
        if beside.refusal != Some(Reason::OneCore)
            && let Err(missing) = &estimate.interval
        {
            beside.refusal = Some(Reason::Missing(missing.clone()));
        }
        if let (None, Some(judged)) = (&beside.refusal, &judged) {
            beside.refusal = self
                .unsteady(judged, &edges, beside.replicate.as_ref())
                .or_else(|| self.disturbed(part, judged, &edges));
        }
        let (decision, reason) = match (beside.refusal, &judged) {
            (Some(refusal), _) => (Decision::Inconclusive, refusal),
            (None, None) => (Decision::Inconclusive, Reason::Missing(Missing::NoCommonBlock)),
            (None, Some(judged)) => {
                let finding = self.finding(part, shown.as_ref().unwrap_or(judged));
                match decide(judged, &edges) {
                    Decision::Inconclusive => {
                        let remedy = self.remedy(judged, &edges);
                        let hindrances = self.hindrances(remedy.takes_longer());
                        let reason = Reason::OverAnEdge { finding, remedy, hindrances };
                        (Decision::Inconclusive, reason)
                    }
                    decision => (decision, Reason::Finding(finding)),
                }
            }
        };
        let is_whole = part.name.is_empty();
        Verdict {
            claim_id: claim.id.clone(),
            claim: claim.text.clone(),
            part: part.name.clone(),
            runtime: claim.runtime.clone(),
            kind: part.basis.as_ref().map_or(Kind::Ratio, Comparison::kind),
            measure: estimate.measure,
            arm_a: estimate.arm_a,
            arm_b: estimate.arm_b,
            judged,
            shown,
            blocks: estimate.blocks,
            edges,
            control_low: beside.control_low,
            replicate: beside.replicate,
            decision,
            reason,
            expected: claim.expected.filter(|_| is_whole),
            article_estimate: part.article,
            article: claim.article.filter(|_| is_whole),
        }
    }

    /// What is judged, and what is shown where that is another number.
    fn estimate(&self, design: &Design, part: &Part, level: f64) -> (Estimate, Option<Interval>) {
        let none = |missing| Estimate {
            measure: String::new(),
            arm_a: String::new(),
            arm_b: String::new(),
            blocks: 0,
            interval: Err(missing),
        };
        let comparison = match &part.basis {
            Ok(comparison) => comparison,
            Err(text) => return (none(Missing::Declared(text.clone())), None),
        };
        let estimate = self.run.estimate(comparison, level);
        if comparison.is_of_one_side() {
            let interval = Err(Missing::OneSide);
            return (Estimate { interval, ..estimate }, None);
        }
        match &comparison.what {
            What::Ratio { over, under } if part.over_half_of_control => {
                let shown = estimate.interval.as_ref().ok().copied();
                (self.over_half(design, over, under, estimate, level), shown)
            }
            _ => (estimate, None),
        }
    }

    /// The speed-up over half of the log speed-up that native processes reach in the same blocks: above
    /// 1 if the arm is faster.
    fn over_half(
        &self,
        design: &Design,
        serial: &Quantity,
        arm: &Quantity,
        speed_up: Estimate,
        level: f64,
    ) -> Estimate {
        let Some(control) = self.control.as_ref() else {
            return speed_up;
        };
        let (alone, together) = control.times(&design.control_by);
        let possible = self.run.estimate(&(alone.clone() / together.clone()), level);
        let interval = speed_up.interval.clone().and_then(|_| {
            let all = [serial, arm, &alone, &together].map(|of| self.run.blocks(of));
            let [serial, arm, alone, together] = in_common(&all);
            // What the control would take for this runtime's serial work.
            let control: Vec<f64> = serial
                .iter()
                .zip(alone.iter().zip(&together))
                .map(|(serial, (alone, together))| serial * together / alone)
                .collect();
            Ok(over_half(&serial, &arm, &control, level)?)
        });
        Estimate {
            measure: format!("{}, over the square root of {}", speed_up.measure, possible.measure),
            interval,
            ..speed_up
        }
    }

    /// Controls, calibrators and the A/A arm.
    fn beside(&self, design: &Design, part: &Part, decides: bool) -> Beside {
        let mut beside = Beside { control_low: None, replicate: None, refusal: None };
        let needs = part.needs;
        let Ok(comparison) = &part.basis else {
            return beside;
        };
        let replicate = replicate_for(&self.replicates, comparison);
        if let Some((arm, measure)) = replicate.filter(|_| part.is_vetoed(decides)) {
            let again = measure.on(&arm.replicate()) / measure.on(&arm);
            beside.replicate = self.run.estimate(&again, NULL_LEVEL).interval.ok();
        }
        let is_on_one_core = self.run.cores() < 2;
        if (needs.two_cores || needs.parallel_cores) && is_on_one_core {
            // Whatever else is missing follows from that.
            beside.refusal = Some(Reason::OneCore);
        }
        if !needs.parallel_cores {
            return beside;
        }
        let Some(control) = &self.control else {
            return beside;
        };
        let (serial, processes) = control.times(&design.control_by_for(comparison));
        let ratio = serial / processes;
        let gained = self.run.estimate(&ratio, self.run.confidence()).interval;
        beside.control_low = gained.as_ref().ok().map(|interval| interval.low);
        if beside.refusal.is_none() {
            beside.refusal = needs
                .calibrated
                .then(|| self.miscalibrated(control))
                .flatten()
                .or_else(|| self.control_failed(&ratio, gained));
        }
        beside
    }

    /// Why the control does not pass: on average, or in too many blocks.
    fn control_failed(
        &self,
        ratio: &Comparison,
        gained: Result<Interval, Missing>,
    ) -> Option<Reason> {
        let gained = match gained {
            Ok(gained) => gained,
            Err(missing) => return Some(Reason::NoControl(missing)),
        };
        if let Err(failure) = speed_up(&gained) {
            return Some(Reason::Control(failure, self.hindrances(false)));
        }
        // Twice as fast in half of the blocks and no faster in the others passes on average, and lies.
        let values = self.run.values(ratio);
        let failed = values.values().filter(|gain| **gain <= MIN_CONTROL_SPEED_UP).count();
        (failed * BLOCKS_TO_A_FAILURE > values.len()).then(|| Reason::ControlInBlocks {
            failed,
            blocks: values.len(),
            hindrances: self.hindrances(false),
        })
    }

    /// The measure of parallelism reads 1 for serial, and as many as there are cores for processes.
    fn miscalibrated(&self, control: &Control) -> Option<Reason> {
        let reading = |arm| {
            let level = running(arm).as_level();
            self.run.estimate(&level, self.run.confidence()).interval
        };
        let both = reading(&control.serial).and_then(|one| Ok((one, reading(&control.processes)?)));
        let (one, all) = match both {
            Ok(both) => both,
            Err(missing) => return Some(Reason::NoControl(missing)),
        };
        let workers = control.processes.workers;
        let failure = serial_level(one.estimate)
            .and_then(|()| processes_level(all.estimate, workers, self.run.granted_cores()))
            .err()?;
        Some(Reason::Control(failure, self.hindrances(false)))
    }

    /// Why the A/A arm forbids what the interval says, if it does.
    fn unsteady(
        &self,
        judged: &Interval,
        edges: &Edges,
        replicate: Option<&Interval>,
    ) -> Option<Reason> {
        let replicate = replicate?;
        let is_decided = decide(judged, edges) != Decision::Inconclusive;
        (is_decided && vetoes(replicate, judged, edges)).then(|| Reason::Replicate {
            low: replicate.low,
            high: replicate.high,
            hindrances: self.hindrances(true),
        })
    }

    /// Why others' work forbids what the interval says, if that is what it can bring about.
    fn disturbed(&self, part: &Part, judged: &Interval, edges: &Edges) -> Option<Reason> {
        let disturbance = self.run.disturbance()?;
        could_be_load(self.designs, part, judged, edges, self.run.cores()).then(|| Reason::Load {
            decision: decide(judged, edges),
            disturbance,
            why: part.load.as_ref().map(|load| load.why.clone()),
        })
    }

    fn finding(&self, part: &Part, shown: &Interval) -> String {
        let kind = part.basis.as_ref().map_or(Kind::Ratio, Comparison::kind);
        let text = match &part.finding_if_slower {
            Some(slower) if shown.is_below(1.0) => slower,
            _ => &part.finding,
        };
        let mut finding = text.replace(ESTIMATE, &words::value(kind, shown.estimate));
        finding.extend(part.notes.iter().filter_map(|note| (note.0)(self.run)));
        finding
    }

    fn hindrances(&self, takes_longer: bool) -> Hindrances {
        Hindrances(self.run.hindrances(takes_longer))
    }

    fn remedy(&self, judged: &Interval, edges: &Edges) -> Remedy {
        // A forecast takes longer than all else together, and of drawn numbers nobody reads it.
        let is_read = self.run.drawn().is_none();
        let needed = is_read.then(|| blocks_needed(judged, edges)).flatten();
        let needed = needed.map(|needed| needed.to_string());
        let blocks = self.run.info.blocks;
        match self.run.looks_left_out() {
            Some(_) => Remedy::Undecided { after: blocks, needed },
            None => Remedy::Blocks(needed),
        }
    }
}

/// The values of some arms in each block that all of them have.
fn in_common<const N: usize>(arms: &[super::estimate::Blocks; N]) -> [Vec<f64>; N] {
    let mut all: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
    for block in arms.iter().take(1).flat_map(|first| first.keys()) {
        let values: Option<Vec<f64>> = arms.iter().map(|arm| arm.get(block).copied()).collect();
        for (column, value) in all.iter_mut().zip(values.into_iter().flatten()) {
            column.push(value);
        }
    }
    all
}
