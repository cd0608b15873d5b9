//! Jobs that start what they measure by themselves, in a real interpreter, and what a trial costs there.

use super::{WORKER, interpreter, pool_with_python};
use crate::jobs::Report;
use crate::jobs::costs::{Beat, Beside, Fork, HandOver, Held, Park, Parked, Partner};
use crate::pool::tests::trial;
use crate::{Job, Pool, Runtime};
use lab_data::rows::Executor;
use std::process::Command;

fn run(pool: &mut Pool, runtime: &Runtime, executor: Executor, job: Job) -> Report {
    let trial = trial(runtime.clone(), executor, 1, vec![job]);
    let report = pool.run(&trial).unwrap().jobs.remove(0).report;
    assert_eq!(report.error, None);
    report
}

/// The two numbers of an answer.
fn numbers(report: &Report) -> [u64; 2] {
    let text = report.answer.to_string();
    let (first, second) = text.split_once(' ').unwrap();
    [first, second].map(|number| number.parse().unwrap())
}

#[test]
fn to_look_at_an_object_is_to_copy_its_page_and_to_read_a_buffer_is_not() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let bytes = 16 << 20;
    for (held, most) in [
        (Held::Bytes, Some(bytes / 20)),
        (Held::Objects, None),
        (Held::Some, None),
        (Held::Collected, None),
        (Held::Frozen, Some(bytes / 20)),
    ] {
        let job = Job::Fork(Fork { held, bytes });
        let [child, parent] = numbers(&run(&mut pool, &runtime, Executor::Processes, job));
        assert!(parent >= bytes / 2, "{held:?}: {parent}");
        match most {
            Some(most) => assert!(child < most, "{held:?}: {child}"),
            None => assert!(child > bytes / 5, "{held:?}: {child}"),
        }
    }
}

#[test]
fn parked_workers_are_there_and_hold_less_than_they_span() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let mut kinds = vec![(Parked::Threads, 40), (Parked::Tasks, 1000), (Parked::Processes, 4)];
    if pool.supports(&runtime, Executor::Interpreters) {
        kinds.push((Parked::Interpreters, 2));
    }
    for (parked, workers) in kinds {
        let job = Job::Park(Park { parked, workers });
        let report = run(&mut pool, &runtime, Executor::Serial, job);
        let [resident, addresses] = numbers(&report);
        assert_eq!(report.count, workers);
        assert!(resident < workers << 23, "{parked:?}: {resident}");
        if parked == Parked::Threads {
            assert!(addresses >= 30 * (8 << 20), "{addresses}");
        }
    }
}

#[test]
fn payloads_arrive_whole_at_every_partner() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let mut partners = vec![Partner::Thread, Partner::Process];
    if pool.supports(&runtime, Executor::Interpreters) {
        partners.extend([Partner::Interpreter, Partner::View]);
    }
    for to in partners {
        let job = Job::HandOver(HandOver { to, bytes: vec![0, 1000, 3 << 20], times: 2 });
        let report = run(&mut pool, &runtime, Executor::Serial, job);
        assert_eq!((report.count, report.spans.len()), (6, 6), "{to:?}");
    }
}

#[test]
fn a_heart_beats_beside_all_that_its_loop_has_computed() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    for beside in [
        Beside::Nothing,
        Beside::Loop,
        Beside::Thread,
        Beside::Process,
        Beside::Sum,
        Beside::Digest,
    ] {
        let (lasts_ns, period_ns, steps) = (30_000_000, 2_000_000, 20_000);
        let job = Job::Beat(Beat { lasts_ns, period_ns, beside, steps });
        let report = run(&mut pool, &runtime, Executor::Async, job);
        assert_eq!(report.count, report.spans.len() as u64, "{beside:?}");
        let beats: u64 = report.spans.iter().map(|beat| beat.end_ns - beat.start_ns).sum();
        assert!(beats >= lasts_ns, "{beside:?}: {beats}");
    }
}

/// Under a filter that refuses to tell of limits and of what was used.
const REFUSED: &str = "
import resource, sys
worker = {'__name__': 'worker'}
exec(compile(sys.argv[1], 'worker.py', 'exec'), worker)
def refuse(*_):
    raise PermissionError(1, 'Operation not permitted')
resource.getrlimit = resource.getrusage = refuse
worker['make_room'](2)
try:
    worker['usage'](resource.RUSAGE_SELF)
except worker['Lost'] as lost:
    print(lost)
";

#[test]
fn what_a_kernel_refuses_to_tell_is_named_or_done_without() {
    let Some(interpreter) = interpreter() else {
        return;
    };
    let mut python = Command::new(&interpreter.executable);
    let output = python.args(["-I", "-c", REFUSED, WORKER]).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        "the kernel does not say what a trial uses (getrusage: [Errno 1] Operation not permitted)"
    );
}
