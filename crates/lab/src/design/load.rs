//! What a busy neighbour can bring about by itself: it follows from which arms need how many cores.
//!
//! A neighbour takes cores. Work that needs more of them then takes longer, and the estimate moves
//! in one direction. A verdict that the estimate reaches by moving that way may be the neighbour's.

use super::claim::Part;
use super::quantity::{Comparison, Quantity, Sense, What};
use super::{Declared, Design};
use crate::arms::arm::Arm;
use lab_data::rows::{Executor, Kind};
use lab_stats::decide::decide;
use lab_stats::edges::Edges;
use lab_stats::interval::Interval;
use lab_stats::verdict::Decision;

/// Where a missing core moves an estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Drift {
    /// Upwards, by at most this factor.
    Up(f64),
    /// Downwards, by at most this factor.
    Down(f64),
}

/// One competitor on a core leaves half of it.
const HALF_A_CORE: f64 = 2.0;
/// Starting a process or an interpreter takes at least this many times the work of starting a thread.
const PROCESS_OVER_THREAD: f64 = 10.0;

/// What an arm demands of the machine.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Demand {
    /// Cores that it computes on at once.
    cores: f64,
    /// Workers to start, in threads.
    starts: f64,
}

/// Whether a busy neighbour could have brought about the decision that the interval allows.
pub(crate) fn could_be_load(
    designs: &[Design],
    part: &Part,
    judged: &Interval,
    edges: &Edges,
    cores: u32,
) -> bool {
    let decision = decide(judged, edges);
    if decision == Decision::Inconclusive {
        return false;
    }
    if let Some(load) = &part.load {
        return load.decision == decision;
    }
    let Ok(comparison) = &part.basis else {
        return false;
    };
    let at_once = comparison.kind() != Kind::Ratio;
    let Some(drift) = drift(designs, comparison, cores) else {
        return false;
    };
    // Without the neighbour the interval would lie as far back as this.
    let back = match drift {
        Drift::Up(factor) => scaled(judged, 1.0 / factor),
        Drift::Down(_) if at_once => {
            Interval { high: f64::INFINITY, estimate: f64::INFINITY, ..*judged }
        }
        Drift::Down(factor) => scaled(judged, factor),
    };
    decide(&back, edges) != decision
}

fn scaled(interval: &Interval, factor: f64) -> Interval {
    Interval {
        estimate: interval.estimate * factor,
        low: interval.low * factor,
        high: interval.high * factor,
        ..*interval
    }
}

fn drift(designs: &[Design], comparison: &Comparison, cores: u32) -> Option<Drift> {
    let demand = |of: &Quantity| demand(designs, of, cores);
    match &comparison.what {
        What::Ratio { over, under } if over.arm == under.arm => {
            match (over.measure.is_time(), under.measure.is_time()) {
                (true, false) => Some(Drift::Up(HALF_A_CORE)),
                (false, true) => Some(Drift::Down(HALF_A_CORE)),
                _ => None,
            }
        }
        What::Ratio { over, under } => {
            let (a, b) = (demand(over)?, demand(under)?);
            let factor =
                |more: Demand, less: Demand| (more.cores / less.cores.max(1.0)).max(HALF_A_CORE);
            match a.partial_cmp(&b)? {
                std::cmp::Ordering::Greater => Some(Drift::Up(factor(a, b))),
                std::cmp::Ordering::Less => Some(Drift::Down(factor(b, a))),
                std::cmp::Ordering::Equal => None,
            }
        }
        What::Mean { of, .. } => {
            let needs_several = demand(of)?.cores > 1.0;
            let is_at_once = of.measure.sense == Sense::AtOnce;
            (needs_several && is_at_once).then_some(Drift::Down(f64::INFINITY))
        }
        What::OverBest { .. } => None,
    }
}

fn demand(designs: &[Design], of: &Quantity, cores: u32) -> Option<Demand> {
    let declared = declared(designs, &of.arm)?;
    let arm = &of.arm;
    let computes = declared.jobs.iter().any(|job| job.computes());
    let beside = |executor| {
        let beside = declared.setup.beside.iter();
        beside.filter(|busy| **busy == executor).count() as f64
    };
    let own = if computes { f64::from(arm.workers) } else { 0.0 };
    let in_process = own + beside(Executor::Threads);
    let has_own_locks = matches!(arm.executor, Executor::Processes | Executor::Interpreters);
    let shares_a_lock = declared.has_gil && !has_own_locks;
    let in_process = if shares_a_lock { in_process.min(1.0) } else { in_process };
    let starts = match arm.executor {
        _ if of.measure.sense != Sense::TimeWithStart || declared.setup.is_warm => 0.0,
        Executor::Serial | Executor::Async => 0.0,
        Executor::Threads | Executor::Rayon => f64::from(arm.workers),
        Executor::Processes | Executor::Interpreters => {
            PROCESS_OVER_THREAD * f64::from(arm.workers)
        }
    };
    Some(Demand { cores: (in_process + beside(Executor::Processes)).min(f64::from(cores)), starts })
}

/// What was declared of an arm: by its own design or, for a native twin, by a sibling.
fn declared<'d>(designs: &'d [Design], arm: &Arm) -> Option<&'d Declared> {
    designs.iter().find_map(|design| design.declared(arm))
}
