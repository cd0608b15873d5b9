//! Verdicts beside a control that fails, and beside a busy neighbour.

use super::*;

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
    judge(&[design], &run_of(rows)).remove(0)
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
    assert!(
        matches!(
            bimodal.reason,
            Reason::ControlInBlocks { failed: 2, blocks: 7, .. } | Reason::Control(..)
        ),
        "{:?}",
        bimodal.reason
    );
    assert_eq!(bimodal.decision, Inconclusive);
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
