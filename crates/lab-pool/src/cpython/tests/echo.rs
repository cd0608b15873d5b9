//! The echo: a byte to a peer and back.

use super::*;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

/// A peer for any number of clients; `answer` makes of the byte that came the one that goes back.
/// It ends with the tests.
fn peer(answer: fn(u8) -> u8) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve(stream, answer));
        }
    });
    port
}

fn serve(mut stream: TcpStream, answer: fn(u8) -> u8) {
    let mut byte = [0];
    while stream.read_exact(&mut byte).is_ok() {
        if stream.write_all(&[answer(byte[0])]).is_err() {
            return;
        }
    }
}

fn echo(port: u16, amount: Amount) -> Job {
    Job::Echo { port, amount }
}

#[test]
fn every_round_trip_is_a_span_in_every_executor() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    // More than a byte can count.
    let jobs = vec![echo(peer(|byte| byte), Amount::Steps(300)); 3];
    let native = trial(Runtime::Rust, Executor::Serial, 1, jobs.clone());
    let native = pool.run(&native).unwrap();
    for executor in EXECUTORS {
        let trial = trial(runtime.clone(), executor, 2, jobs.clone());
        let report = pool.run(&trial).unwrap();
        assert_eq!(answers(&report.jobs), answers(&native.jobs), "{executor}");
        for job in &report.jobs {
            let spans = &job.report.spans;
            assert_eq!(spans.len(), 300, "{executor}");
            assert!(spans.iter().all(|span| span.core != UNKNOWN_CORE));
            assert!(spans.windows(2).all(|two| two[0].end_ns <= two[1].start_ns));
        }
    }
}

#[test]
fn it_goes_on_until_the_measured_jobs_are_done() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    for beside in [Executor::Threads, Executor::Processes] {
        let mut trial = trial(
            runtime.clone(),
            Executor::Threads,
            1,
            vec![Job::add(300_000)],
        );
        trial.background = vec![Background {
            executor: beside,
            job: echo(peer(|byte| byte), Amount::UntilStopped),
        }];
        let report = pool.run(&trial).unwrap();
        let echo = &report.jobs[1].report;
        assert_eq!(echo.error, None, "{beside}");
        assert!(echo.count > 0);
        assert_eq!(echo.spans.len() as u64, echo.count);
        assert!(echo.end_ns >= report.answered_ns);
    }
}

#[test]
fn whatever_is_no_echo_is_an_error_row() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = closed.local_addr().unwrap().port();
    drop(closed);
    let jobs = vec![
        echo(peer(|byte| byte ^ 1), Amount::Steps(5)),
        echo(nobody, Amount::Steps(5)),
    ];
    let trial = trial(runtime, Executor::Threads, 2, jobs);
    let report = pool.run(&trial).unwrap();
    for (job, part) in report.jobs.iter().zip(["sent b'", "refused"]) {
        let error = job.report.error.as_deref().unwrap_or_default();
        assert!(error.contains(part), "no '{part}' in: {error}");
    }
}
