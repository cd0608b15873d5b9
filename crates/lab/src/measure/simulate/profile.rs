//! What a job is to the simulation: how long it computes and waits, and when it looks at the lock.

use super::preset;
use crate::arms::work::{Recipe, Work};
use lab_data::settings::costs::{RuntimeCosts, Spread};
use lab_pool::jobs::{Amount, Job};
use lab_sim::{Profile, Step};
use std::collections::HashMap;
use std::num::NonZeroU64;

/// Native code, simulated.
pub(crate) const RUST: &str = "sim-rust";
/// CPython with its lock, simulated.
pub(crate) const CPYTHON: &str = "sim-cpython";

/// From this length on CPython releases the lock for a digest.
const HASHED_WITHOUT_GIL: u64 = 2048;

/// In what jobs run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Runs<'a> {
    pub(super) costs: &'a RuntimeCosts,
    pub(super) delays: &'a HashMap<String, u64>,
    /// Whether the pages' server serves one request at a time.
    pub(super) serves_one: bool,
}

impl Runs<'_> {
    /// How long so many steps of a kind take, in nanoseconds.
    fn steps_ns(&self, kind: &str, steps: u64) -> Option<u64> {
        let ps = u128::from(*self.costs.step_ps.get(kind)?) * u128::from(steps);
        u64::try_from(ps / 1000).ok()
    }
}

/// The middle of a cost.
pub(super) fn middle(cost: Spread) -> u64 {
    cost.low_ns / 2 + cost.high_ns / 2
}

/// The profile of a job; none if nobody knows how long it takes.
pub(super) fn profile(job: &Job, runs: &Runs) -> Option<Profile> {
    let turn_ns = NonZeroU64::new(runs.costs.turn_ns).unwrap_or(NonZeroU64::MIN);
    let kind = job.kind();
    let steps = match job {
        Job::Add(_) | Job::Track(_) => {
            let Some(Amount::Steps(steps)) = job.amount() else { return None };
            vec![Step::Compute(runs.steps_ns(kind, steps)?)]
        }
        Job::Hash(hash) => {
            let Amount::Steps(times) = hash.amount else { return None };
            let ns = runs.steps_ns(kind, times.checked_mul(hash.bytes)?)?;
            vec![match hash.bytes {
                HASHED_WITHOUT_GIL.. => Step::Native(ns),
                _ => Step::Compute(ns),
            }]
        }
        Job::Points(points) => {
            let lot = Step::Compute(runs.steps_ns(kind, points.additions)?);
            vec![lot; usize::try_from(points.points).ok()?]
        }
        Job::Wait(wait) => vec![Step::Wait(wait.ns)],
        Job::Mix(mix) => {
            let computes = Step::Compute(runs.steps_ns("add", mix.additions)?);
            let round = [computes, Step::Wait(mix.wait_ns)];
            round.repeat(usize::try_from(mix.rounds).ok()?)
        }
        Job::Page(page) => {
            let delay_ns = *runs.delays.get(&page.url)?;
            let half_ns = middle(runs.costs.page) / 2;
            let waits_ns = delay_ns.saturating_add(middle(runs.costs.page_wait));
            let (half, waits) = (Step::Compute(half_ns), Step::Wait(waits_ns));
            match runs.serves_one {
                true => vec![half, Step::Acquire(0), waits, Step::Release(0), half],
                false => vec![half, waits, half],
            }
        }
        Job::Count(_)
        | Job::Echo(_)
        | Job::Command(_)
        | Job::Tally(_)
        | Job::Syscall(_)
        | Job::Store(_)
        | Job::Touch(_)
        | Job::Cores(_)
        | Job::Beat(_)
        | Job::HandOver(_)
        | Job::Park(_)
        | Job::Fork(_) => return None,
    };
    Some(Profile::new(steps).with_turn(turn_ns))
}

/// Whether anybody knows how long a job of this kind takes on another machine; a page takes what its server
/// says.
fn has_profile(job: &Job) -> bool {
    let costs = preset::article().rust;
    let runs = Runs { costs: &costs, delays: &HashMap::new(), serves_one: false };
    matches!(job, Job::Page(_)) || profile(job, &runs).is_some()
}

/// Whether the jobs of a design can be simulated, by what they are to do; else the word for what they are.
pub(crate) fn unprofiled(jobs: &[Work]) -> Option<&'static str> {
    jobs.iter().find_map(|work| match &work.0 {
        Recipe::Increments { .. } => Some("count"),
        Recipe::Echo { .. } => Some("echo"),
        Recipe::Heartbeat { .. } => Some("beat"),
        Recipe::Ready(job) | Recipe::Steps { of: job, .. } => {
            (!has_profile(job)).then(|| job.kind())
        }
        _ => None,
    })
}

/// Whether a job records when it makes progress.
pub(super) fn tracks(job: &Job) -> bool {
    job.readings() > 0 || matches!(job, Job::Hash(_))
}
