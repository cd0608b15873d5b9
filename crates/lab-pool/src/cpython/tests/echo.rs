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

fn echo(port: u16, lasts: Option<Duration>) -> Job {
    Job::Echo {
        port,
        lasts_ns: lasts.map(|time| time.as_nanos() as u64),
        additions: 10,
        meanwhile: 5,
    }
}

/// No error, and each round trip a span of its own.
fn check(report: &Report) {
    assert_eq!(report.error, None);
    assert!(report.count > 0);
    assert_eq!(report.answer, report.count.into());
    let spans = &report.spans;
    assert_eq!(spans.len() as u64, report.count);
    assert!(spans.iter().all(|span| span.core != UNKNOWN_CORE));
    assert!(spans.windows(2).all(|two| two[0].end_ns <= two[1].start_ns));
}

#[test]
fn it_goes_on_for_its_time_in_every_executor() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    const LASTS: Duration = Duration::from_millis(50);
    let jobs = vec![echo(peer(|byte| byte), Some(LASTS)); 3];
    for executor in EXECUTORS {
        let trial = trial(runtime.clone(), executor, 2, jobs.clone());
        for job in pool.run(&trial).unwrap().jobs {
            check(&job.report);
            let lasted = job.report.end_ns - job.report.start_ns;
            assert!(u128::from(lasted) >= LASTS.as_nanos(), "{executor}");
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
            // A background job begins a moment after the measured ones.
            vec![Job::Wait { ns: 500_000_000 }],
        );
        trial.background = vec![Background {
            executor: beside,
            job: echo(peer(|byte| byte), None),
        }];
        let report = pool.run(&trial).unwrap();
        let echo = &report.jobs[1].report;
        check(echo);
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
        echo(peer(|byte| byte ^ 1), Some(Duration::from_secs(1))),
        echo(nobody, Some(Duration::from_secs(1))),
    ];
    let trial = trial(runtime, Executor::Threads, 2, jobs);
    let report = pool.run(&trial).unwrap();
    for (job, part) in report.jobs.iter().zip(["sent b'", "refused"]) {
        let error = job.report.error.as_deref().unwrap_or_default();
        assert!(error.contains(part), "no '{part}' in: {error}");
    }
}
