//! With a real interpreter, where there is one; without one a test says so and passes, unless
//! `LAB_REQUIRE_PYTHON` is set.

mod costs;
mod ends;
mod finding;

use super::python::WORKER;
use super::{Interpreter, find};
use crate::http::test_site;
use crate::jobs::{Hash, Report};
use crate::pool::tests::{jobs, pool, trial};
use crate::{Amount, Background, Job, Pool, Runtime, Start, StartMethod, Trial};
use lab_data::clock::UNKNOWN_CORE;
use lab_data::rows::Executor;
use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Those that this interpreter has.
fn executors(pool: &Pool, runtime: &Runtime) -> Vec<Executor> {
    runtime.executors().filter(|executor| pool.supports(runtime, *executor)).collect()
}

/// The first interpreter that runs; None is a skipped test.
fn interpreter() -> Option<Interpreter> {
    let found = find(&[]);
    if found.interpreters.is_empty() {
        let asked = std::env::var_os("LAB_REQUIRE_PYTHON").is_some();
        assert!(!asked, "no Python, and it is required: {:?}", found.skipped);
        println!("skipped: no Python");
    }
    found.interpreters.into_iter().next()
}

/// A pool with that interpreter, and its runtime.
fn pool_with_python() -> Option<(Pool, Runtime)> {
    let interpreter = interpreter()?;
    let runtime = Runtime::CPython(interpreter.runtime.clone());
    let mut pool = pool();
    pool.add_python(interpreter).unwrap();
    Some((pool, runtime))
}

fn spans_follow_one_another(report: &Report) -> bool {
    let spans = &report.spans;
    spans.iter().all(|span| span.core != UNKNOWN_CORE)
        && spans.windows(2).all(|two| two[0].end_ns <= two[1].start_ns)
}

#[test]
fn every_job_answers_as_in_rust_in_every_executor_and_with_every_start_method() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    for executor in executors(&pool, &runtime) {
        let mut jobs = jobs();
        jobs.retain(|job| job.unfit(executor).is_none());
        let native = trial(Runtime::Rust, Executor::Serial, 1, jobs.clone());
        let native = pool.run(&native).unwrap();
        let methods = StartMethod::ALL.map(Some);
        for start_method in if executor == Executor::Processes { &methods[..] } else { &[None] } {
            for start in [Start::Cold, Start::Warm] {
                let mut trial = trial(runtime.clone(), executor, 3, jobs.clone());
                (trial.start, trial.start_method) = (start, *start_method);
                trial.tracking.raw = true;
                let report = pool.run(&trial).unwrap();
                assert_eq!(report.start_method, *start_method);
                assert!(report.zero_ns <= report.ready_ns);
                assert!(report.answered_ns <= report.closed_ns);
                for (job, native) in report.jobs.iter().zip(&native.jobs) {
                    let (of, native) = (&job.report, &native.report);
                    assert_eq!(
                        (of.count, &of.answer, &of.error),
                        (native.count, &native.answer, &native.error)
                    );
                    assert!(job.worker < 3, "{job:?}");
                    let times = [
                        report.zero_ns,
                        job.submitted_ns,
                        of.start_ns,
                        of.end_ns,
                        report.answered_ns,
                    ];
                    assert!(times.is_sorted(), "{executor} {times:?}");
                    assert!(spans_follow_one_another(of), "{executor} {of:?}");
                    let ends = of.spans.first().zip(of.spans.last());
                    let is_within = ends.is_none_or(|(first, last)| {
                        of.start_ns <= first.start_ns && last.end_ns <= of.end_ns
                    });
                    assert!(is_within, "{executor} {of:?}");
                    if let Job::Track(_) | Job::Hash(_) = trial.jobs[job.job] {
                        let samples: u64 = of.spans.iter().map(|span| span.samples).sum();
                        assert_eq!((samples, of.samples.len() as u64), (of.count, of.count));
                    }
                }
            }
        }
    }
    // By itself it takes the method that it says it takes.
    let own = interpreter().unwrap().is.start_method;
    let one = trial(runtime, Executor::Processes, 1, vec![Job::add(1)]);
    assert!(own.is_some());
    assert_eq!(pool.run(&one).unwrap().start_method, own);
}

/// A peer for any number of clients that sends every byte back, or another one. It ends with the
/// tests.
fn peer(is_right: bool) -> u16 {
    let serve = move |mut stream: TcpStream| {
        let mut byte = [0];
        while stream.read_exact(&mut byte).is_ok()
            && stream.write_all(&[byte[0] ^ u8::from(!is_right)]).is_ok()
        {}
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve(stream));
        }
    });
    port
}

fn check_echo(report: &Report) {
    assert_eq!(report.error, None);
    assert!(report.count > 0);
    assert_eq!(report.spans.len() as u64, report.count);
    assert!(spans_follow_one_another(report));
}

#[test]
fn an_echo_lasts_as_long_as_asked_and_jobs_in_the_background_until_the_others_are_done() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    const LASTS_NS: u64 = 50_000_000;
    let port = peer(true);
    for executor in executors(&pool, &runtime) {
        let mut jobs = vec![Job::echo(port, Some(LASTS_NS), 10, 5); 3];
        jobs.retain(|job| job.unfit(executor).is_none());
        for job in pool.run(&trial(runtime.clone(), executor, 2, jobs)).unwrap().jobs {
            check_echo(&job.report);
            assert!(job.report.end_ns - job.report.start_ns >= LASTS_NS);
        }
        // A background job begins a moment after the measured ones.
        let mut trial = trial(runtime.clone(), executor, 2, vec![Job::wait(500_000_000); 2]);
        let echo = Job::echo(port, None, 10, 5);
        trial.background = [
            (Executor::Threads, Job::add(1)),
            (Executor::Processes, Job::track(1)),
            (Executor::Threads, echo.clone()),
            (Executor::Processes, echo),
        ]
        .map(|(executor, job)| Background { executor, job: job.until_stopped() })
        .into();
        let report = pool.run(&trial).unwrap();
        assert_eq!(report.jobs.len(), 6);
        for (i, job) in report.jobs[2..].iter().enumerate() {
            assert_eq!((job.worker, &job.report.error), (2 + i, &None));
            assert!(job.report.end_ns >= report.answered_ns);
        }
        assert!(!report.jobs[3].report.spans.is_empty());
        check_echo(&report.jobs[4].report);
        check_echo(&report.jobs[5].report);
    }
}

#[test]
fn a_failed_job_is_no_failed_trial() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = closed.local_addr().unwrap().port();
    drop(closed);
    let wrong = Job::Hash(Hash {
        bytes: 10,
        amount: Amount::Steps(1),
        digest: "something else".to_owned(),
    });
    let expected = [
        (wrong, "wrong answer: expected something else"),
        (Job::echo(peer(false), Some(1_000_000_000), 0, 0), "sent b'"),
        (Job::echo(nobody, Some(1_000_000_000), 0, 0), "refused"),
    ];
    let jobs = expected.iter().map(|(job, _)| job.clone());
    let jobs = jobs.chain([Job::add(10)]).collect();
    let report = pool.run(&trial(runtime, Executor::Threads, 2, jobs)).unwrap();
    for (job, (_, part)) in report.jobs.iter().zip(expected) {
        let error = job.report.error.as_deref().unwrap_or_default();
        assert!(error.contains(part), "no '{part}' in: {error}");
    }
    assert_eq!(report.jobs[3].report.error, None);
}

#[test]
fn pages_come_and_faults_are_named_as_in_rust() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    for executor in executors(&pool, &runtime) {
        let mut cases = test_site::cases();
        cases.retain(|case| case.is_for_urllib || executor == Executor::Async);
        let jobs = cases.iter().map(|case| Job::page(case.request.clone())).collect();
        let report = pool.run(&trial(runtime.clone(), executor, 4, jobs)).unwrap();
        for (case, job) in cases.iter().zip(report.jobs) {
            let (answer, error) = (job.report.answer.to_string(), job.report.error);
            case.check_text(error.map_or(Ok(answer), Err));
            assert_eq!(job.report.spans.len(), 1);
        }
    }
}

/// Two hundred tasks on one thread: whoever waited for one another would take 2 s.
#[test]
fn tasks_load_pages_and_wait_at_once_on_connections_of_their_own() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let (site, accepted) = test_site::counted_site();
    let mut jobs = vec![Job::wait(10_000_000); 200];
    jobs.extend(vec![Job::page(test_site::request(&site, "/page")); 200]);
    let report = pool.run(&trial(runtime.clone(), Executor::Async, 400, jobs)).unwrap();
    assert!(report.jobs.iter().all(|job| job.report.error.is_none()), "{report:?}");
    assert_eq!(accepted.load(Ordering::Relaxed), 200);
    let waits = &report.jobs[..200];
    let last_start = waits.iter().map(|job| job.report.start_ns).max();
    assert!(last_start < waits.iter().map(|job| job.report.end_ns).min());
    // They share a thread, so that none has CPU time of its own.
    assert!(report.jobs.iter().all(|job| job.report.cpu_ns.is_none()));
    assert!(report.run_delay_ns.is_some() && report.cost.own.unwrap().cpu_ns > 0);
    // What computes would hold the others up.
    let computing = trial(runtime, Executor::Async, 2, vec![Job::add(1)]);
    let error = pool.run(&computing).unwrap_err().to_string();
    assert_eq!(error, "async cannot run a add job: it would hold up all other tasks");
}

/// Runs jobs as a worker does, in an interpreter that cannot open a file or make a class meanwhile.
const STRICT: &str = "
import builtins, json, sys
worker = {'__name__': 'worker'}
exec(compile(sys.argv[1], 'worker.py', 'exec'), worker)
jobs = json.loads(sys.argv[2])
needed = worker['NEEDED']
modules = {module for job in jobs for module in needed.get(job['kind'], [])} | {'asyncio'}
worker['prepare']({'max_samples': 1000, 'max_redirects': 5, 'reads_core': True,
                   'gil': worker['has_gil']()}, modules)
worker['begin']()
def refuse(*args, **more):
    raise AssertionError('this stalls threads that have no GIL')
builtins.__build_class__ = builtins.open = refuse
for job in jobs:
    result = worker['perform'](job)[2]
    assert 'answer' in result, (job, result)
    if job['kind'] in worker['TASKS']:
        result = sys.modules['asyncio'].run(worker['perform_as_task'](job))[0]
        assert 'answer' in result, (job, result)
print(len(jobs))
";

/// In a free-threaded build either yields the core many times, and what a job costs would be that.
#[test]
fn no_job_opens_a_file_or_makes_a_class() {
    let Some(interpreter) = interpreter() else {
        return;
    };
    let page = Job::page(test_site::request(&test_site::site(), "/redirect"));
    let jobs = [jobs(), vec![page, Job::echo(peer(true), Some(1_000_000), 10, 5)]].concat();
    let output = Command::new(&interpreter.executable)
        .args(["-I", "-c", STRICT, WORKER, &serde_json::to_string(&jobs).unwrap()])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let trouble = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said.trim(), jobs.len().to_string(), "{trouble}");
}

/// Makes a socket where a forkserver makes its own.
const SOCKET: &str = "
import sys
worker = {'__name__': 'worker'}
exec(compile(sys.argv[1], 'worker.py', 'exec'), worker)
worker['check_machine']()
from multiprocessing import connection
connection.Listener(family='AF_UNIX').close()
";

#[test]
fn a_long_name_of_the_folder_for_temporary_files_is_no_trouble() {
    let Some(interpreter) = interpreter() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let long = folder.path().join("x".repeat(100));
    std::fs::create_dir(&long).unwrap();
    let mut python = Command::new(&interpreter.executable);
    let output = python.args(["-I", "-c", SOCKET, WORKER]).env("TMPDIR", &long).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The interpreter says by itself whether it has them; a process may be forked after them, too.
#[test]
fn interpreters_run_in_parallel_or_are_refused_with_the_reason() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let jobs = vec![Job::track(200_000); 4];
    let mut trial = trial(runtime.clone(), Executor::Interpreters, 2, jobs);
    trial.start = Start::Warm;
    if !pool.supports(&runtime, Executor::Interpreters) {
        let error = pool.run(&trial).unwrap_err().to_string();
        assert!(error.contains("Python 3.14 and later have them"), "{error}");
        return;
    }
    for executor in [Executor::Interpreters, Executor::Processes, Executor::Interpreters] {
        trial.executor = executor;
        let report = pool.run(&trial).unwrap();
        assert!(report.jobs.iter().all(|job| job.report.error.is_none()), "{report:?}");
        assert!(report.jobs.iter().all(|job| job.report.cpu_ns > Some(0)));
        let start = report.jobs.iter().map(|job| job.report.start_ns).min();
        assert!(Some(report.ready_ns) <= start, "{executor}: not all were there at first");
        let workers: HashSet<usize> = report.jobs.iter().map(|job| job.worker).collect();
        assert!(workers.len() <= 2 && report.run_delay_ns.is_some());
    }
    // A counter of their own is none that is shared.
    trial.executor = Executor::Interpreters;
    trial.jobs = vec![Job::count(1)];
    let error = pool.run(&trial).unwrap_err().to_string();
    assert!(error.ends_with("interpreters share no counter"), "{error}");
}

/// Asks a build that lacks what they are made of.
const WITHOUT: &str = "
import sys
sys.modules['_interpreters'] = None
worker = {'__name__': 'worker'}
exec(compile(sys.argv[1], 'worker.py', 'exec'), worker)
print(worker['has_interpreters']())
";

#[test]
fn a_build_without_interpreters_says_so() {
    let Some(interpreter) = interpreter() else {
        return;
    };
    let mut python = Command::new(&interpreter.executable);
    let output = python.args(["-I", "-c", WITHOUT, WORKER]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "False");
}

#[test]
fn what_a_trial_cost_is_known() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    for method in StartMethod::ALL {
        let jobs = vec![Job::add(3_000_000); 2];
        let trial = Trial {
            start_method: Some(method),
            ..trial(runtime.clone(), Executor::Processes, 2, jobs)
        };
        let report = pool.run(&trial).unwrap();
        let jobs: u64 = report.jobs.iter().filter_map(|job| job.report.cpu_ns).sum();
        assert!(jobs > 0);
        // getrusage counts in ticks on some kernels.
        let tick_ns = Duration::from_millis(20).as_nanos() as u64;
        assert!(report.cost.children.unwrap().cpu_ns + tick_ns >= jobs, "{method}");
        assert!(report.run_delay_ns.is_some() && report.peak_rss_bytes > Some(0));
    }
}
