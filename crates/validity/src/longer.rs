//! The claim of the real runs: that the second of two arms takes longer than the first. Without a
//! control it is simulated as well.

use crate::part::Part;
use crate::rows::NAME;
use crate::rules::{Rule, of_designs};
use lab::design::claim::ESTIMATE;
use lab::design::quantity::{makespan, window};
use lab::design::runtime::Runtime;
use lab::design::work::{Work, nothing};
use lab::design::{Design, arm::threads};
use lab_stats::edges::Edges;
use lab_stats::verdict::Decision;

/// Workers and jobs of every arm: as many as the smallest machine that can run two at once has cores.
pub(crate) const WORKERS: u32 = 2;
/// How many times as long the second arm's jobs are; 1 is the same arm under another name.
pub(crate) const EFFECTS: [f64; 4] = [1.0, 1.05, 1.1, 1.25];
/// Longer is longer, by however little.
const LONGER: Edges = Edges::true_above(1.0);

/// Two arms with these jobs, and the claim that the second one takes longer.
pub(crate) fn design(part: Part, needs_control: bool, jobs: [Vec<Work>; 2]) -> Design {
    let mut design = Design::new(&Runtime::rust(), []);
    let [first, second] = jobs;
    let [first, second] = [("first", first), ("second", second)]
        .map(|(case, jobs)| design.case(case, jobs).arm(threads(WORKERS)));
    design.replicate(&first);
    let of = if part.is_cpu() { window } else { makespan };
    let claim = design
        .claim("second-takes-longer", "The second arm takes longer.", LONGER)
        .compare(of(&second) / of(&first))
        .finding(format!("the second arm takes {ESTIMATE} the time of the first"));
    if needs_control {
        claim.needs_parallel_cores();
    }
    design
}

/// The rule by which it is judged, with a control or without.
pub(crate) fn rules(has_control: bool) -> Vec<Rule> {
    let jobs = [(); 2].map(|()| nothing().times(WORKERS));
    of_designs(NAME, &[design(Part::IdleIo, has_control, jobs)])
}

/// The same in the words of the tables.
pub(crate) fn rule_in_words(has_control: bool) -> String {
    rules(has_control).into_iter().map(|rule| rule.name).collect()
}

/// The verdict that is right if the second arm's jobs are this many times as long.
pub(crate) fn right(effect: f64) -> Decision {
    if effect > LONGER.true_low { Decision::True } else { Decision::Inconclusive }
}
