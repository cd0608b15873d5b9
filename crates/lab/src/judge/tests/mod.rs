//! Verdicts on recordings that were made up, so that the answer is known.

mod estimates;
mod neighbour;
mod whole;

use super::{Hindrance, Verdict, is_worth_going_on, judge};
use crate::arms::arm::{Arm, processes, serial, threads};
use crate::arms::runtime::Runtime;
use crate::arms::work;
use crate::design::Design;
use crate::design::claim::{ESTIMATE, Part, part};
use crate::design::quantity::{Comparison, makespan, window};
use crate::judge::reason::{Missing, Reason, Remedy};
use crate::record::Recording;
use crate::record::test_rows::{recorded, trial};
use lab_data::rows::{Role, TrialRow};
use lab_stats::edges::Edges;
use lab_stats::interval::LEVEL;
use lab_stats::verdict::Decision::{self, False, Inconclusive, Neither, True};
use std::collections::HashMap;
use std::time::Duration;

const USELESS: Edges = Edges::true_below(1.05).false_above(2.0);
const TEXT: &str = "Threads are useless.";

/// The trials of an arm, a block each, that took these milliseconds.
fn trials(arm: &Arm, role: Role, milliseconds: &[f64]) -> Vec<TrialRow> {
    let of = |(block, ms): (u32, &f64)| TrialRow {
        block,
        role,
        runtime: arm.runtime.clone(),
        executor: arm.executor,
        workers: arm.workers,
        case: arm.case.clone(),
        makespan_ns: Some((ms * 1e6) as u64),
        window_ns: Some((ms * 1e6) as u64),
        closed_ns: Some((ms * 1e6) as u64),
        ..trial()
    };
    (1..).zip(milliseconds).map(of).collect()
}

fn run_of(rows: Vec<Vec<TrialRow>>) -> Recording {
    let mut rows: Vec<TrialRow> = rows.concat();
    rows.sort_by_key(|row| row.block);
    for (number, row) in (0..).zip(&mut rows) {
        row.trial = number;
        row.start_ns = u64::from(number) * 1_000_000_000;
    }
    let mut run = recorded(&rows, &[], &[]);
    run.info.blocks = rows.iter().map(|row| row.block).max().unwrap_or(0);
    run
}

/// A design of serial against 16 threads that wait, so that nobody competes for cores.
fn design(of: impl Fn(Comparison) -> Part) -> (Design, [Arm; 2]) {
    let mut design = Design::new(&Runtime::rust(), work::nothing().times(16));
    let arms = [design.arm(serial()), design.arm(threads(16))];
    design
        .claim("threads-useless", TEXT, USELESS)
        .compare(of(makespan(&arms[0]) / makespan(&arms[1])))
        .expect(False)
        .article(False, 12.7);
    (design, arms)
}

fn plain(comparison: Comparison) -> Part {
    part("", comparison).finding(format!("16 threads are {ESTIMATE} as fast"))
}

/// The verdict where serial took `ratios` times as long as the threads.
fn judged(ratios: &[f64], of: impl Fn(Comparison) -> Part) -> Verdict {
    let (design, [alone, pool]) = design(of);
    let ones = vec![1.0; ratios.len()];
    let run = run_of(vec![trials(&alone, Role::Arm, ratios), trials(&pool, Role::Arm, &ones)]);
    judge(&[design], &run).remove(0)
}

const FAR: [f64; 5] = [10.0, 10.5, 10.2, 10.1, 10.3];
const OVER_AN_EDGE: [f64; 5] = [1.0, 3.0, 1.2, 2.9, 2.0];

#[test]
fn an_interval_is_held_against_the_edges() {
    for (ratios, decision) in [
        (FAR, False),
        ([1.50, 1.51, 1.49, 1.50, 1.52], Neither),
        ([1.0, 1.001, 0.999, 1.0, 1.002], True),
        (OVER_AN_EDGE, Inconclusive),
    ] {
        assert_eq!(judged(&ratios, plain).decision, decision, "{ratios:?}");
    }
    let far = judged(&FAR, plain);
    assert_eq!(far.reason, Reason::Finding("16 threads are 10.2× as fast".to_owned()));
    assert_eq!((far.expected, far.article_estimate), (Some(False), Some(12.7)));
    let row = far.row(recorded(&[], &[], &[]).info());
    assert_eq!(
        (&*row.claim_id, row.verdict, row.reason),
        ("threads-useless", False, far.reason.to_string())
    );
}

#[test]
fn what_is_open_says_what_would_decide_it_and_what_may_have_hindered() {
    let (design, [alone, pool]) = design(plain);
    let designs = [design];
    let many = [OVER_AN_EDGE, OVER_AN_EDGE].concat();
    for (ratios, looks, remedy) in [
        (&OVER_AN_EDGE[..], vec![], "so far: try --thorough"),
        (&many, vec![10], "so far; 59 to 396 blocks would decide it (--blocks)"),
        (&many, vec![10, 20], "after 10 blocks, within the default time; "),
    ] {
        let ones = vec![1.0; ratios.len()];
        let mut run =
            run_of(vec![trials(&alone, Role::Arm, ratios), trials(&pool, Role::Arm, &ones)]);
        run.info.settings.looks = looks;
        run.info.machine.virtual_machine = Some(true);
        let reason = judge(&designs, &run).remove(0).reason;
        let text = reason.to_string();
        assert!(text.contains(&format!(": not decided {remedy}")), "{text}");
        let Reason::OverAnEdge { hindrances, remedy, .. } = reason else { panic!("{text}") };
        assert_eq!(hindrances.all, [Hindrance::VirtualMachine]);
        assert_eq!(hindrances.takes_longer, remedy.takes_longer());
    }
}

#[test]
fn a_finding_has_its_own_words_for_what_is_slower_and_its_notes() {
    let says = |comparison| {
        let slower = plain(comparison).finding_if_slower("slower: {}");
        slower.note(|_| Some("; so it is".to_owned())).note(|_| None)
    };
    for (ratios, text) in [
        (FAR, "16 threads are 10.2× as fast; so it is"),
        (FAR.map(|ratio| 1.0 / ratio), "slower: 0.10×; so it is"),
    ] {
        assert_eq!(judged(&ratios, says).reason.to_string(), text);
    }
}

#[test]
fn what_is_missing_is_said_and_what_was_measured_stays() {
    let one = judged(&[10.0], plain);
    assert_eq!((one.decision, one.judged), (Inconclusive, None));
    let (design, [alone, _]) = design(plain);
    let run = run_of(vec![trials(&alone, Role::Arm, &FAR)]);
    let left_out = judge(&[design], &run).remove(0);
    let missing = Missing::NotMeasured("threads 16".to_owned());
    assert_eq!(left_out.reason, Reason::Missing(missing));
    assert_eq!(
        (left_out.measure.as_str(), left_out.blocks),
        ("makespan of serial / threads 16", 0)
    );
    let mut declared = Design::new(&Runtime::rust(), []);
    declared.claim("x", TEXT, USELESS).missing("needs two workers: ask for them");
    let row = judge(&[declared], &run).remove(0);
    let missing = Missing::Declared("needs two workers: ask for them".to_owned());
    assert_eq!(row.reason, Reason::Missing(missing));
}

#[test]
fn an_arm_against_itself_is_no_verdict() {
    let mut design = Design::new(&Runtime::rust(), work::nothing().times(4));
    let pool = design.arm(threads(4));
    let same = makespan(&pool) / makespan(&pool);
    design.claim("x", TEXT, USELESS).compare(part("", same).finding(ESTIMATE));
    let run = run_of(vec![trials(&pool, Role::Arm, &FAR)]);
    let row = judge(&[design], &run).remove(0);
    assert_eq!(row.decision, Inconclusive);
    assert_eq!(row.reason, Reason::Missing(Missing::OneSide));
}

#[test]
fn an_unsteady_machine_gives_no_verdict_that_it_could_have_made_itself() {
    let near = [2.2, 2.25, 2.2, 2.25, 2.2];
    for (ratios, twice, decision) in [
        (near, [0.8, 1.3, 1.0, 0.9, 1.1], False),
        (FAR, [1.2, 1.21, 1.19, 1.2, 1.2], False),
        (near, [1.2, 1.21, 1.19, 1.2, 1.2], Inconclusive),
    ] {
        let (mut design, [alone, pool]) = design(plain);
        design.replicate(&pool);
        let run = run_of(vec![
            trials(&alone, Role::Arm, &ratios),
            trials(&pool, Role::Arm, &[1.0; 5]),
            trials(&pool.replicate(), Role::Replicate, &twice),
        ]);
        let row = judge(&[design], &run).remove(0);
        assert_eq!(row.decision, decision, "{}", row.reason);
        assert!(row.replicate.is_some());
        if decision == Inconclusive {
            let Reason::Replicate { low, .. } = row.reason else { panic!("{:?}", row.reason) };
            assert!((1.1..1.2).contains(&low), "{low}");
        }
    }
}

#[test]
fn only_what_more_blocks_can_decide_is_worth_going_on() {
    let undecided = judged(&OVER_AN_EDGE, plain);
    assert!(is_worth_going_on(std::slice::from_ref(&undecided)));
    let of_part = Verdict { part: "a part".to_owned(), ..undecided.clone() };
    let (part, reason) = ("a part".to_owned(), Box::new(Reason::OneCore));
    let reason = Reason::OfPart { part, reason, by_chance: None };
    let by_part = Verdict { reason, ..undecided };
    let (design, [alone, pool]) = design(|of| plain(of).needs_two_cores());
    let mut run =
        run_of(vec![trials(&alone, Role::Arm, &OVER_AN_EDGE), trials(&pool, Role::Arm, &[1.0; 5])]);
    run.info.machine.cores.usable = 1;
    let one_core = judge(std::slice::from_ref(&design), &run).remove(0);
    assert_eq!(one_core.reason, Reason::OneCore);
    let nothing = judge(&[design], &Recording::simulated(run.info, HashMap::new())).remove(0);
    assert_eq!(nothing.reason, Reason::OneCore, "whatever else is missing");
    assert!(!is_worth_going_on(&[
        one_core,
        of_part,
        by_part,
        judged(&FAR, plain),
        judged(&[1.0], plain)
    ]));
}
