//! Families of arms, by what decides how long they take. The simulation is held against the machine
//! family by family, and believed family by family.

use crate::arms::arm::{Arm, Setup};
use crate::arms::work::Work;
use lab_data::rows::Executor;

/// What decides how long an arm takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Computing jobs on threads: cores and, under a GIL, the lock.
    Threads,
    /// Computing jobs on processes: cores and starts.
    Processes,
    /// Pages and waits, more of them than threads: the queue.
    PagesInTurn,
    /// Pages and waits, all at once: what a client computes for each.
    PagesAtOnce,
    /// Two threads that take turns under a GIL.
    SlicesOfTwo,
    /// More of them.
    SlicesOfMore,
    /// A thread that waits again and again, beside one that keeps the GIL.
    Convoy,
    /// Pools of processes that do nothing: their starts.
    Starts,
}

impl Family {
    /// All of them.
    pub const ALL: [Family; 8] = [
        Family::Threads,
        Family::Processes,
        Family::PagesInTurn,
        Family::PagesAtOnce,
        Family::SlicesOfTwo,
        Family::SlicesOfMore,
        Family::Convoy,
        Family::Starts,
    ];

    /// Its name: that of the part of the claim by which it is judged.
    pub const fn name(self) -> &'static str {
        match self {
            Family::Threads => "threads",
            Family::Processes => "processes",
            Family::PagesInTurn => "pages in turn",
            Family::PagesAtOnce => "pages at once",
            Family::SlicesOfTwo => "slices of two",
            Family::SlicesOfMore => "slices of more",
            Family::Convoy => "convoy",
            Family::Starts => "starts",
        }
    }

    /// The family of an arm of these jobs, where its spans are looked at or only its times; none if
    /// nothing of it is held against a machine.
    pub(crate) fn of(
        arm: &Arm,
        (jobs, setup): (&[Work], &Setup),
        has_gil: bool,
        reads_spans: bool,
    ) -> Option<Family> {
        let is_beside_threads = setup.beside.contains(&Executor::Threads);
        let are_all_at_once = arm.workers as usize >= jobs.len();
        match arm.executor {
            Executor::Processes | Executor::Threads if jobs.iter().all(Work::is_nothing) => {
                (arm.executor == Executor::Processes).then_some(Family::Starts)
            }
            Executor::Processes => Some(Family::Processes),
            Executor::Threads if jobs.iter().any(Work::computes) => {
                Some(match (has_gil && reads_spans, arm.workers) {
                    (false, _) => Family::Threads,
                    (true, ..=2) => Family::SlicesOfTwo,
                    (true, _) => Family::SlicesOfMore,
                })
            }
            Executor::Threads if has_gil && is_beside_threads => Some(Family::Convoy),
            Executor::Threads if are_all_at_once => Some(Family::PagesAtOnce),
            Executor::Threads => Some(Family::PagesInTurn),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arms::arm::{Workers, processes, serial, threads};
    use crate::arms::runtime::Runtime;
    use crate::arms::work::{self, ms};

    #[test]
    fn an_arm_belongs_to_what_decides_how_long_it_takes() {
        let of = |workers: Workers, jobs: &[Work], has_gil, reads_spans| {
            let arm = workers.of_case(&Runtime::rust(), "");
            Family::of(&arm, (jobs, &workers.setup), has_gil, reads_spans)
        };
        let (computes, waits) = (work::tracker(ms(1)).times(4), work::mix(ms(1), 1, 1.0).times(4));
        let beside = || threads(1).beside_busy(Executor::Threads);
        for (found, expected) in [
            (of(threads(4), &computes, true, false), Some(Family::Threads)),
            (of(threads(4), &computes, false, true), Some(Family::Threads)),
            (of(threads(2), &computes, true, true), Some(Family::SlicesOfTwo)),
            (of(threads(4), &computes, true, true), Some(Family::SlicesOfMore)),
            (of(processes(4), &computes, true, true), Some(Family::Processes)),
            (of(threads(3), &waits, true, false), Some(Family::PagesInTurn)),
            (of(threads(4), &waits, true, false), Some(Family::PagesAtOnce)),
            (of(beside(), &waits, true, false), Some(Family::Convoy)),
            (of(beside(), &waits, false, false), Some(Family::PagesInTurn)),
            (of(processes(4), &work::nothing().times(4), false, false), Some(Family::Starts)),
            (of(threads(4), &work::nothing().times(4), false, false), None),
            (of(serial(), &computes, true, false), None),
        ] {
            assert_eq!(found, expected);
        }
    }
}
