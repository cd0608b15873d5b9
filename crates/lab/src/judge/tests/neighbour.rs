//! Verdicts beside a control that fails, and beside a busy neighbour.

use super::*;
use crate::design::schedule::Control;
use crate::record::test_rows::{job, span};
use lab_data::rows::Executor;

/// Threads of a runtime against processes, on work that computes.
fn computing(runtime: &Runtime) -> (Design, [Arm; 2]) {
    let jobs = work::additions(Duration::from_millis(10)).times(2);
    let mut design = Design::new(runtime, jobs);
    let arms = [design.arm(threads(2)), design.arm(processes(2))];
    design
        .claim("same", "They are the same.", Edges::true_within(1.25))
        .compare(part("", window(&arms[0]) / window(&arms[1])).finding(ESTIMATE))
        .needs_parallel_cores();
    (design, arms)
}

/// Such a run, with what native serial and processes took, and others' share of each block.
fn beside(runtime: &Runtime, ratio: f64, control: &[f64], others: f64) -> Verdict {
    let (design, rows) = rows_beside(runtime, ratio, control, others);
    judge(&[design], &run_of(rows)).remove(0)
}

fn rows_beside(
    runtime: &Runtime,
    ratio: f64,
    control: &[f64],
    others: f64,
) -> (Design, Vec<Vec<TrialRow>>) {
    let (design, [on_threads, on_processes]) = computing(runtime);
    let ones = vec![200.0; control.len()];
    let times: Vec<f64> =
        (0..control.len()).map(|i| 200.0 * ratio * (1.0 + i as f64 / 1e3)).collect();
    let [alone, native] = [serial(), processes(2)].map(|workers| Arm {
        executor: workers.executor,
        workers: workers.workers,
        ..on_threads.natively()
    });
    let times_of_control: Vec<f64> = control.iter().map(|gain| 200.0 * gain).collect();
    let mut rows = vec![
        trials(&on_threads, Role::Arm, &times),
        trials(&alone, Role::Control, &times_of_control),
        trials(&native, Role::Control, &ones),
    ];
    if !runtime.is_native() {
        rows.push(trials(&on_processes, Role::Arm, &ones));
    }
    for row in rows.iter_mut().flatten() {
        row.others_cpu_ns = Some((others * 4e9 / 3.0) as i64);
        row.steal_ns = Some(0);
    }
    (design, rows)
}

#[test]
fn without_two_jobs_at_once_there_is_no_verdict_about_parallelism() {
    let gil = Runtime::model();
    let passes = [1.9, 1.95, 1.92, 1.9, 1.91, 1.9, 1.93];
    assert_eq!(beside(&gil, 2.0, &passes, 0.0).decision, False);
    let slow = beside(&gil, 1.0, &[0.9, 0.95, 0.92, 0.9, 0.91, 0.9, 0.93], 0.0);
    let Reason::Control(failure, _) = slow.reason else { panic!("{:?}", slow.reason) };
    assert!(failure.contains("native processes were 0.9"), "{failure}");
    // Twice as fast in most blocks and equal in two of seven passes on average, and lies.
    let bimodal = beside(&gil, 1.0, &[2.0, 2.0, 1.0, 2.0, 2.0, 1.0, 2.0], 0.0);
    let reason = &bimodal.reason;
    assert!(matches!(reason, Reason::ControlInBlocks { failed: 2, blocks: 7, .. }), "{reason:?}");
    assert_eq!(bimodal.decision, Inconclusive);
    assert_eq!(beside(&gil, 1.0, &[2.0, 2.0, 1.1, 2.0, 2.0, 2.0, 2.0], 0.0).decision, True);
}

#[test]
fn a_wrong_measure_of_parallelism_and_a_machine_without_enough_of_it_give_no_verdict() {
    let [in_turns, together] = [[(0, 10), (10, 20)], [(0, 20), (0, 20)]];
    for (of_serial, of_processes, failure) in [
        (in_turns, together, ""),
        (together, together, "the measure is wrong"),
        (in_turns, in_turns, "this machine did not run 2 jobs at once"),
    ] {
        let (mut design, rows) = rows_beside(&Runtime::model(), 2.0, &[1.9, 1.95, 1.92], 0.0);
        design.claims[0].parts[0].needs.calibrated = true;
        let mut rows = run_of(rows).all_trials().to_vec();
        rows.iter_mut().for_each(|row| row.jobs = 2);
        let (mut jobs, mut spans) = (Vec::new(), Vec::new());
        for row in rows.iter().filter(|row| row.role == Role::Control) {
            let is_serial = row.executor == Executor::Serial;
            for (number, (start, end)) in
                (0..).zip(if is_serial { of_serial } else { of_processes })
            {
                jobs.push(job(row, number, 0, 20));
                spans.push(span(&jobs[jobs.len() - 1], start, end));
            }
        }
        let verdict = judge(&[design], &recorded(&rows, &jobs, &spans)).remove(0);
        let text = verdict.reason.to_string();
        assert!(
            text.starts_with(failure) && (verdict.decision == False) == failure.is_empty(),
            "{text}"
        );
    }
}

#[test]
fn a_speed_up_is_held_against_the_root_of_what_native_processes_reach_in_the_same_blocks() {
    for (gain, decision) in [(1.3, False), (1.6, True)] {
        let runtime = Runtime::model();
        let mut design = Design::new(&runtime, work::additions(Duration::from_millis(10)).times(2));
        let [alone, pool] = [design.arm(serial()), design.arm(threads(2))];
        let speed_up = part("", window(&alone) / window(&pool)).finding(ESTIMATE);
        design
            .claim("faster", TEXT, Edges::true_above(9.0))
            .compare(speed_up.over_half_of_control());
        let control = Control::of(std::slice::from_ref(&design)).unwrap();
        // In the last block the control is missing.
        let run = run_of(vec![
            trials(&alone, Role::Arm, &[gain * 100.0, gain * 101.0, gain * 99.0, gain * 100.0]),
            trials(&pool, Role::Arm, &[100.0; 4]),
            trials(&control.serial, Role::Control, &[40.0, 44.0, 40.0]),
            trials(&control.processes, Role::Control, &[20.0, 22.0, 20.0]),
        ]);
        let verdict = judge(&[design], &run).remove(0);
        assert_eq!(verdict.decision, decision, "{}", verdict.reason);
        assert_eq!(verdict.edges, Edges::true_above(1.0));
        let [judged, shown] = [verdict.judged, verdict.estimate().copied()].map(Option::unwrap);
        assert_eq!((judged.blocks, shown.blocks), (3, 4));
        assert!((judged.estimate / gain * 2f64.sqrt() - 1.0).abs() < 1e-3, "{judged:?}");
        assert_eq!(verdict.reason.to_string(), format!("{gain:.2}×"));
        assert_eq!(
            verdict.measure,
            "work window of gil serial / gil threads 2, over the square root of work window of \
             serial / processes 2"
        );
    }
}

#[test]
fn what_a_neighbour_can_bring_about_is_said_on_a_quiet_machine_only() {
    let passes = [1.9, 1.95, 1.92, 1.9, 1.91, 1.9, 1.93];
    let gil = Runtime::model();
    // Processes want both cores and threads under a lock one: a missing core makes them look alike.
    for (runtime, ratio, others, decision) in [
        (&gil, 1.0, 0.0, True),
        (&gil, 1.0, 0.3, Inconclusive),
        (&gil, 2.0, 0.3, False),
        (&Runtime::rust(), 1.0, 0.3, True),
    ] {
        let verdict = beside(runtime, ratio, &passes, others);
        assert_eq!(
            verdict.decision, decision,
            "{} {ratio} {others}: {}",
            runtime.name, verdict.reason
        );
    }
    let imitated = beside(&gil, 1.0, &passes, 0.3).reason;
    assert!(matches!(imitated, Reason::Load { decision: True, why: None, .. }), "{imitated:?}");
}
