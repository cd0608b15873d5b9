//! What holds for any threads that share a GIL, whatever they do.

use super::gil::{Setting, TURN, cpu_threads, for_a_second, interval, median, run, settled_slices};
use super::{MS, US};
use crate::{Profile, Span, Step};
use lab_gil::events::EventKind;
use proptest::prelude::*;
use std::num::NonZeroU64;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..20 * MS).prop_map(Step::Compute),
        (0..20 * MS).prop_map(Step::Call),
        (0..20 * MS).prop_map(Step::Wait),
        (0..20u64).prop_map(|us| Step::Compute(us * US)),
        (0..20u64).prop_map(|us| Step::Wait(us * US)),
    ];
    prop::collection::vec(step, 0..12)
}

fn profiles() -> impl Strategy<Value = Vec<Profile>> {
    let turn = (1..5_000u64).prop_map(|ns| NonZeroU64::new(ns).unwrap());
    let profile = (steps(), turn).prop_map(|(steps, turn)| Profile::new(steps).with_turn(turn));
    prop::collection::vec(profile, 1..6)
}

prop_compose! {
    fn settings()(
        interval_ns in US..20 * MS,
        forced_switching: bool,
        wake_ns in prop_oneof![Just(0), 0..200 * US],
        jitter_ns in prop_oneof![Just(0), 0..200 * US],
        seed: u64,
    ) -> Setting {
        Setting {
            interval: interval(interval_ns),
            forced_switching,
            wake_ns,
            jitter_ns,
            seed,
            until_ns: None,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn never_two_holders(profiles in profiles(), setting in settings()) {
        let mut holder = None;
        for event in run(&profiles, &setting).events {
            match event.kind {
                EventKind::Take => {
                    prop_assert_eq!(holder, None);
                    holder = Some(event.thread);
                }
                EventKind::Drop { .. } => {
                    prop_assert_eq!(holder, Some(event.thread));
                    holder = None;
                }
                _ => {}
            }
        }
        prop_assert_eq!(holder, None);
    }

    #[test]
    fn every_job_ends_with_all_its_work_done_and_alone(
        profiles in profiles(),
        setting in settings(),
    ) {
        let timeline = run(&profiles, &setting);
        let mut all = vec![];
        for (line, profile) in timeline.threads.iter().zip(&profiles) {
            prop_assert!(line.end_ns.is_some());
            let work: u64 = profile.steps.iter().map(|step| match step {
                Step::Compute(ns) | Step::Call(ns) | Step::Native(ns) => *ns,
                _ => 0,
            }).sum();
            let done: u64 = line.spans.iter().map(|s| s.end_ns - s.start_ns).sum();
            prop_assert_eq!(done, work);
            all.extend(line.spans.clone());
        }
        all.sort_by_key(|span: &Span| span.start_ns);
        prop_assert!(all.windows(2).all(|pair| pair[0].end_ns <= pair[1].start_ns));
    }

    #[test]
    fn a_voluntary_drop_never_waits_and_a_requested_one_waits_for_another(
        profiles in profiles(),
        setting in settings(),
    ) {
        let events = run(&profiles, &setting).events;
        let mut last_drop_requested = vec![false; profiles.len()];
        let mut waiting_for_another = vec![false; profiles.len()];
        for event in events {
            let me = event.thread as usize;
            match event.kind {
                EventKind::Drop { requested } => last_drop_requested[me] = requested,
                EventKind::ForcedWait => {
                    prop_assert!(setting.forced_switching && last_drop_requested[me]);
                    waiting_for_another[me] = true;
                }
                EventKind::Take => {
                    prop_assert!(!waiting_for_another[me]);
                    waiting_for_another.fill(false);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn two_cpu_threads_have_a_median_slice_of_an_interval(
        interval_us in 100..20_000u64,
        latency_percent in 0..4u64,
        seed: u64,
    ) {
        let interval_ns = interval_us * US;
        let setting = Setting {
            interval: interval(interval_ns),
            wake_ns: interval_ns * latency_percent / 200,
            jitter_ns: interval_ns * latency_percent / 200,
            seed,
            until_ns: Some(100 * interval_ns),
            ..Setting::default()
        };
        let slice = median(settled_slices(&cpu_threads(2, &setting)));
        prop_assert!((interval_ns..=interval_ns * 11 / 10).contains(&slice), "{}", slice);
    }

    /// Nobody asks before an interval without hand-over has passed; and of those whose wait began
    /// before the hand-over, each asks at the end of its second wait.
    #[test]
    fn three_or_more_cpu_threads_have_slices_of_one_to_two_intervals(
        threads in 3..7usize,
        wake_ns in 0..300 * US,
        jitter_ns in 0..3 * MS,
        seed: u64,
    ) {
        let setting = Setting { wake_ns, jitter_ns, seed, ..for_a_second() };
        let latest = wake_ns + jitter_ns;
        for slice in settled_slices(&cpu_threads(threads, &setting)) {
            prop_assert!(slice >= 5 * MS, "{}", slice);
            prop_assert!(slice <= 10 * MS + 2 * latest + TURN, "{}", slice);
        }
    }
}
