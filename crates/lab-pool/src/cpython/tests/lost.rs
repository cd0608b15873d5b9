//! A process that is killed in the middle of a trial is noticed at once, and named.

use super::*;
use rustix::process::{Pid, Signal, kill_process};
use std::time::Instant;

/// Long enough for whoever would wait for the end of it to be found out by the test's own end.
const LONG: Job = Job::Wait {
    ns: 100_000_000_000,
};

/// The children of a process, those of its forkserver among them.
fn family(pid: u32) -> Vec<u32> {
    let path = format!("/proc/{pid}/task/{pid}/children");
    let children = std::fs::read_to_string(path).unwrap_or_default();
    let children = children.split_whitespace().map(|pid| pid.parse().unwrap());
    children
        .flat_map(|pid| [vec![pid], family(pid)].concat())
        .collect()
}

/// What the trial says when the last process that it starts is killed as soon as there are so many.
fn error_without_one(pool: &mut Pool, trial: &Trial, helpers: usize) -> String {
    // Started here, so that it is known before the trial.
    pool.run(&self::trial(
        trial.runtime.clone(),
        Executor::Serial,
        1,
        vec![],
    ))
    .unwrap();
    let interpreter = pool.pythons[0].pid().unwrap();
    std::thread::scope(|scope| {
        let run = scope.spawn(|| pool.run(trial));
        let deadline = Instant::now() + Duration::from_secs(60);
        let victim = loop {
            assert!(Instant::now() < deadline, "the processes did not start");
            let all = family(interpreter);
            if all.len() > helpers {
                break all.into_iter().max().unwrap();
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        // Whoever starts it may still be telling it what to do.
        std::thread::sleep(Duration::from_millis(200));
        // The last that was started has the highest number, but for a wrap-around.
        kill_process(Pid::from_raw(victim as i32).unwrap(), Signal::KILL).unwrap();
        let error = run.join().unwrap().unwrap_err().to_string();
        assert!(
            error.contains(&format!("(pid {victim}) ended early (signal 9)")),
            "{error}"
        );
        error
    })
}

#[test]
fn a_worker_that_is_killed_is_named() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    // Besides the workers: the guard; the resource tracker and the forkserver.
    for (method, helpers) in [
        (StartMethod::Fork, 1),
        (StartMethod::Spawn, 2),
        (StartMethod::Forkserver, 3),
    ] {
        for start in [Start::Cold, Start::Warm] {
            let trial = Trial {
                start,
                start_method: Some(method),
                ..trial(runtime.clone(), Executor::Processes, 3, vec![LONG; 3])
            };
            let error = error_without_one(&mut pool, &trial, helpers + 2);
            assert!(
                error.contains("a worker process of the pool"),
                "{method}: {error}"
            );
        }
    }
}

#[test]
fn a_process_in_the_background_that_is_killed_is_named() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let mut trial = trial(runtime, Executor::Threads, 1, vec![LONG]);
    trial.start_method = Some(StartMethod::Fork);
    trial.background = vec![Background {
        executor: Executor::Processes,
        job: Job::Add {
            amount: Amount::UntilStopped,
        },
    }];
    let error = error_without_one(&mut pool, &trial, 1);
    assert!(error.contains("the process in the background"), "{error}");
}
