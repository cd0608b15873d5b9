//! What holds for any pool on any machine. The engine checks itself after each event, too: that no core
//! is idle while a thread is in line, that nobody runs on two cores, and that time does not go back.

use super::{MS, US};
use crate::{Beside, Executor, Gil, Outcome, Plan, PoolCosts, Profile, Span, Step, simulate};
use lab_data::settings::costs::{KernelCosts, Spread, StartCost};
use lab_gil::Interval;
use proptest::prelude::*;

fn time() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), 0..20 * US, 0..20 * MS]
}

fn spread() -> impl Strategy<Value = Spread> {
    prop_oneof![Just((0, 0)), (0..50 * US, 0..50 * US)]
        .prop_map(|(low, more)| Spread::new(low, low + more))
}

/// Steps, some of them while the job has locks, which are taken in order.
fn profile() -> impl Strategy<Value = Profile> {
    let plain = || {
        prop_oneof![
            time().prop_map(Step::Compute),
            time().prop_map(Step::Call),
            time().prop_map(Step::Native),
            time().prop_map(Step::Wait),
        ]
    };
    let locked = (0..2u32, plain()).prop_map(|(lock, step)| {
        let inner = [Step::Acquire(2), step, Step::Release(2)];
        [vec![Step::Acquire(lock)], inner.to_vec(), vec![Step::Release(lock)]].concat()
    });
    let part = prop_oneof![3 => plain().prop_map(|step| vec![step]), 1 => locked];
    prop::collection::vec(part, 0..8).prop_map(|parts| Profile::new(parts.concat()))
}

prop_compose! {
    fn plans()(
        cores in 1..5u32,
        executor in prop::sample::select(vec![Executor::Each, Executor::Serial, Executor::Threads, Executor::Processes, Executor::Async]),
        workers in 1..7usize,
        jobs in prop::collection::vec(profile(), 0..10),
        (wake, switch, sleep, boot, hand_over) in (spread(), spread(), spread(), spread(), spread()),
        gil in prop::option::of((100 * US..10 * MS, any::<bool>())),
        (is_warm, waits_for_start) in (any::<bool>(), any::<bool>()),
        beside in prop::collection::vec(prop_oneof![Just(Beside::Thread), Just(Beside::Process)], 0..2),
        percent in prop::option::of(30..=100u32),
        seed: u64,
    ) -> Plan {
        let start = StartCost { spawn: hand_over, boot };
        let gil = gil.map(|(ns, forced_switching)| Gil {
            interval: Interval::new(std::time::Duration::from_nanos(ns)).unwrap(),
            forced_switching,
        });
        Plan {
            kernel: KernelCosts { slice_ns: 4 * MS, preempt_ns: MS, switch, wake, sleep, jitter_ppm: 0 },
            pool: PoolCosts { start, hand_over, loop_wait: sleep },
            pairs_percent: percent.filter(|_| cores.is_multiple_of(2)),
            is_warm: is_warm && executor != Executor::Each,
            waits_for_start,
            // Without forced switching two that compute may starve a third for good.
            beside: if gil.is_some_and(|gil| !gil.forced_switching) { vec![] } else { beside },
            gil,
            seed,
            ..Plan::exact(cores, executor, workers, jobs)
        }
    }
}

/// The most of these that overlap at one instant.
fn most_at_once(spans: impl Iterator<Item = (u64, u64)>) -> i64 {
    let mut edges: Vec<(u64, i64)> =
        spans.flat_map(|(start, end)| [(start, 1), (end, -1)]).collect();
    edges.sort_unstable();
    let mut now = 0;
    edges
        .into_iter()
        .map(|(_, edge)| {
            now += edge;
            now
        })
        .max()
        .unwrap_or(0)
}

fn times(span: &Span) -> (u64, u64) {
    (span.start_ns, span.end_ns)
}

fn is_work(step: &Step) -> Option<u64> {
    match step {
        Step::Compute(ns) | Step::Call(ns) | Step::Native(ns) => Some(*ns),
        _ => None,
    }
}

fn ends_whole(plan: &Plan, outcome: &Outcome) -> Result<(), TestCaseError> {
    for (job, line) in plan.jobs.iter().zip(&outcome.jobs) {
        let work: u64 = job.steps.iter().filter_map(is_work).sum();
        let done: u64 = line.spans.iter().map(|span| span.end_ns - span.start_ns).sum();
        match plan.pairs_percent {
            None => prop_assert_eq!((work, work), (done, line.cpu_ns), "work is conserved"),
            // It takes longer beside a sibling, by at most as much as that takes.
            Some(percent) => {
                let (least, most) = (work, work * 100 / u64::from(percent));
                let rounded = line.spans.len() as u64 + 1 + plan.jobs.len() as u64;
                prop_assert!(least <= done && done <= most + 100 * rounded && done == line.cpu_ns);
            }
        }
        let end_ns = line.end_ns.unwrap();
        prop_assert!(line.submitted_ns <= line.start_ns && line.start_ns <= end_ns);
        prop_assert!(end_ns <= outcome.answered_ns && outcome.answered_ns <= outcome.closed_ns);
        prop_assert!(line.spans.is_sorted_by(|a, b| a.end_ns <= b.start_ns));
        prop_assert!(line.spans.iter().all(|s| line.start_ns <= s.start_ns && s.end_ns <= end_ns));
        let shortest: u64 = work
            + job.steps.iter().map(|s| if let Step::Wait(ns) = s { *ns } else { 0 }).sum::<u64>();
        prop_assert!(end_ns - line.start_ns >= shortest);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn all_work_is_done_once_on_no_more_cores_than_there_are(plan in plans()) {
        let outcome = simulate(&plan).unwrap();
        ends_whole(&plan, &outcome)?;
        let spans = || outcome.jobs.iter().flat_map(|job| &job.spans);
        prop_assert!(most_at_once(spans().map(times)) <= i64::from(plan.cores));
        for core in 0..plan.cores {
            let here = spans().filter(|span| span.core == core);
            prop_assert!(most_at_once(here.map(times)) <= 1, "two on core {}", core);
        }
        prop_assert!(spans().all(|span| span.core < plan.cores));
    }

    /// Under one GIL one computes at a time, but for code that releases it; and locks of the jobs are
    /// held by one each.
    #[test]
    fn never_two_holders(plan in plans()) {
        let outcome = simulate(&plan).unwrap();
        if plan.gil.is_some() && plan.executor != Executor::Processes {
            let measured = plan.jobs.iter().zip(&outcome.jobs);
            let holding = measured.flat_map(|(job, line)| {
                line.spans.iter().filter(|s| !matches!(job.steps[s.step as usize], Step::Native(_)))
            });
            prop_assert!(most_at_once(holding.map(times)) <= 1);
        }
        if plan.executor == Executor::Async {
            return Ok(());
        }
        for lock in 0..3 {
            let held = plan.jobs.iter().zip(&outcome.jobs).flat_map(|(job, line)| {
                let is_held = move |step: u32| {
                    let upto = &job.steps[..=step as usize];
                    let count = |wanted: Step| upto.iter().filter(|s| **s == wanted).count();
                    count(Step::Acquire(lock)) > count(Step::Release(lock))
                };
                line.spans.iter().filter(move |span| is_held(span.step))
            });
            prop_assert!(most_at_once(held.map(times)) <= 1, "lock {}", lock);
        }
    }

    #[test]
    fn the_seed_and_nothing_else_decides(plan in plans()) {
        prop_assert_eq!(simulate(&plan), simulate(&plan));
    }

    /// A core more, and nothing that holds them up: no pool of computing jobs gets slower.
    #[test]
    fn no_core_is_left_idle(jobs in 1..12usize, cores in 1..6u32, ns in MS..40 * MS) {
        let profiles = vec![Profile::cpu(ns); jobs];
        let plan = Plan::exact(cores, Executor::Threads, jobs, profiles);
        let makespan = simulate(&plan).unwrap().answered_ns;
        let work = ns * jobs as u64;
        prop_assert!(makespan >= work.div_ceil(u64::from(cores)).max(ns));
        prop_assert!(makespan <= ns * (jobs as u64).div_ceil(u64::from(cores)));
    }
}
