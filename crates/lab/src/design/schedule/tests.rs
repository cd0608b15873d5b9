//! Schedules of small designs.

use super::*;
use crate::arms::arm::{processes, serial, threads};
use crate::arms::runtime::Runtime;
use crate::arms::work;
use crate::design::claim::part;
use crate::design::quantity::{makespan, two_or_more, window};
use lab_stats::edges::Edges;
use std::time::Duration;

const SAME: Edges = Edges::true_within(1.1);

/// What runs side by side, by the names of the arms.
fn side_by_side(designs: &[Design]) -> Vec<Vec<String>> {
    let names = |group: &Vec<Planned>| group.iter().map(|planned| planned.arm.key()).collect();
    Schedule::of(designs).groups.iter().map(names).collect()
}

#[test]
fn arms_of_a_case_and_arms_that_are_compared_run_side_by_side() {
    let mut design = Design::new(&Runtime::rust(), work::nothing().times(16));
    let one = design.arm(serial());
    let pools = design.arms(&[8, 16, 32], threads);
    let mut case = design.case("late", work::nothing().times(16));
    let late = case.arm(threads(16));
    let mut alone = design.case("alone", work::nothing().times(2));
    alone.arm(threads(2));
    let (two, three) = (&pools[1], &pools[2]);
    design.claim("a", "A.", SAME).compare(makespan(&one) / makespan(two));
    design.claim("b", "B.", SAME).compare((makespan(two) / makespan(three)).repeated(3));
    design.claim("c", "C.", SAME).compare(makespan(&late) / makespan(two));
    assert_eq!(
        side_by_side(&[design]),
        [
            vec![
                "serial",
                "threads 8",
                "threads 16",
                "threads 32",
                "threads 16 (late)",
                "threads 16, again"
            ],
            vec!["threads 2 (alone)"],
            vec!["threads 16", "threads 32"],
            vec!["threads 16", "threads 32"],
        ]
    );
}

#[test]
fn controls_and_replicates_join_a_group_and_never_connect_two() {
    let jobs = work::additions(Duration::from_millis(1)).times(2);
    let of = |runtime: &Runtime| {
        let mut design = Design::new(runtime, jobs.clone());
        let [a, b] = [threads(2), processes(2)].map(|pool| design.arm(pool));
        let claim = design.claim("a", "A.", SAME);
        claim.compare(window(&a) / window(&b)).needs_parallel_cores();
        design
    };
    let designs = [of(&Runtime::model()), of(&Runtime::rust())];
    assert_eq!(
        side_by_side(&designs),
        [
            vec!["serial", "processes 2", "threads 2", "threads 2, again"],
            vec!["gil threads 2", "gil processes 2"],
        ]
    );
    let schedule = Schedule::of(&designs);
    let controls: Vec<String> =
        schedule.arms().filter(|one| one.is_control).map(|one| one.arm.key()).collect();
    assert_eq!(controls, ["serial", "processes 2"], "measured once, as what they are");
    // Without Rust the original of the native replicate is measured for it.
    let alone = Schedule::of(&designs[..1]);
    let natives: Vec<(String, bool)> = alone
        .arms()
        .filter(|one| one.arm.runtime == "rust")
        .map(|one| (one.arm.key(), one.is_control))
        .collect();
    let expected =
        [("serial", true), ("processes 2", true), ("threads 2", true), ("threads 2, again", false)];
    assert_eq!(natives, expected.map(|(name, is_control)| (name.to_owned(), is_control)));
}

#[test]
fn rows_are_kept_as_the_claims_read_them() {
    let kept = |of: fn(&Arm) -> crate::design::claim::Part| {
        let mut design = Design::new(&Runtime::rust(), work::nothing().times(2));
        let arm = design.arm(threads(2));
        design.claim("a", "A.", SAME).compare(of(&arm));
        Schedule::of(&[design]).keep
    };
    assert_eq!(kept(|arm| part("", makespan(arm) / window(arm))), Rows::Trial);
    let scheduled =
        |arm: &Arm| part("", makespan(arm) / crate::design::quantity::list_scheduling(arm));
    assert_eq!(kept(scheduled), Rows::Jobs);
    assert_eq!(kept(|arm| part("", two_or_more(arm).as_share())), Rows::Spans);
}
