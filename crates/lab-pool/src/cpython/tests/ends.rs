//! However a trial ends: whoever was killed is named, and nothing outlives the laboratory.

use super::*;
use crate::cpython::message::Order;
use crate::cpython::python::command;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Long enough for whoever would wait for the end of it to be found out by the test's own end.
fn long() -> Job {
    Job::wait(100_000_000_000)
}

fn wait_for(what: &str, done: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The children of a process, those of its forkserver among them.
fn family(pid: u32) -> Vec<u32> {
    let path = format!("/proc/{pid}/task/{pid}/children");
    let children = std::fs::read_to_string(path).unwrap_or_default();
    let children = children.split_whitespace().map(|pid| pid.parse().unwrap());
    children.flat_map(|pid| [vec![pid], family(pid)].concat()).collect()
}

/// CPU time of the helpers of an interpreter and of their children that have ended, in nanoseconds.
fn helpers_cpu_ns(interpreter: u32) -> u64 {
    let tick_ns = 1_000_000_000 / rustix::param::clock_ticks_per_second();
    let ticks = family(interpreter).into_iter().map(|pid| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        let (_, numbers) = stat.rsplit_once(')').unwrap();
        let numbers = numbers.split_whitespace().skip(11).take(4);
        numbers.map(|number| number.parse::<u64>().unwrap()).sum::<u64>()
    });
    ticks.sum::<u64>() * tick_ns
}

/// All that they cost from their fork to their end, and what that cost whoever forked them.
#[test]
fn what_a_forkservers_processes_cost_is_seen() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let mut trial = trial(runtime, Executor::Processes, 4, vec![Job::add(1_000_000); 4]);
    trial.start_method = Some(StartMethod::Forkserver);
    // Its helpers are there afterwards.
    pool.run(&trial).unwrap();
    let interpreter = pool.pythons[0].pid().unwrap();
    let before_ns = helpers_cpu_ns(interpreter);
    let children = pool.run(&trial).unwrap().cost.children.unwrap();
    let used_ns = helpers_cpu_ns(interpreter) - before_ns;
    assert!(used_ns > 0);
    // In whole ticks, of each of four numbers.
    assert!(children.cpu_ns + 40_000_000 >= used_ns, "{children:?}, {used_ns} ns");
}

/// Kills the last process that the trial starts as soon as there are more than that many; the trial
/// names it at once.
fn kill_one(pool: &mut Pool, trial: &Trial, others: usize, name: &str) {
    // Started here, so that it is known before the trial.
    let runtime = trial.runtime.clone();
    pool.run(&self::trial(runtime, Executor::Serial, 1, vec![])).unwrap();
    let interpreter = pool.pythons[0].pid().unwrap();
    std::thread::scope(|scope| {
        let run = scope.spawn(|| pool.run(trial));
        wait_for("they did not start", || family(interpreter).len() > others);
        // The last that was started has the highest number, but for a wrap-around.
        let victim = family(interpreter).into_iter().max().unwrap();
        // Whoever starts it may still be telling it what to do.
        std::thread::sleep(Duration::from_millis(200));
        kill_process(Pid::from_raw(victim as i32).unwrap(), Signal::KILL).unwrap();
        let error = run.join().unwrap().unwrap_err().to_string();
        let end = format!("(pid {victim}) ended early (signal 9)");
        assert!(error.contains(name) && error.contains(&end), "{error}");
    });
}

#[test]
fn a_process_that_is_killed_is_named() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    // Besides the workers: the guard; the resource tracker and the forkserver.
    for (method, helpers) in
        [(StartMethod::Fork, 1), (StartMethod::Spawn, 2), (StartMethod::Forkserver, 3)]
    {
        for start in [Start::Cold, Start::Warm] {
            let mut trial = trial(runtime.clone(), Executor::Processes, 3, vec![long(); 3]);
            (trial.start, trial.start_method) = (start, Some(method));
            kill_one(&mut pool, &trial, helpers + 2, "a worker process of the pool");
        }
    }
    let mut trial = trial(runtime, Executor::Threads, 1, vec![long()]);
    trial.start_method = Some(StartMethod::Fork);
    trial.background =
        vec![Background { executor: Executor::Processes, job: Job::add(1).until_stopped() }];
    kill_one(&mut pool, &trial, 1, "the process in the background");
}

/// In the laboratory's place: starts the command in its own process group, gives it a trial,
/// and waits until it is killed.
const PARENT: &str = "
import os, subprocess, sys, time
child = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL, preexec_fn=os.setpgrp)
child.stdin.write(sys.argv[1].encode() + b'\\n')
child.stdin.flush()
print(child.pid, flush=True)
time.sleep(120)
";

/// Processes of the group that run; those that ended and were not reaped do not count.
fn members(group: u32) -> usize {
    let stats = std::fs::read_dir("/proc").unwrap().flatten();
    let stats = stats.filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok());
    let is_member = |stat: &String| {
        let (_, rest) = stat.rsplit_once(") ").unwrap_or_default();
        let fields: Vec<&str> = rest.split(' ').collect();
        fields.first() != Some(&"Z") && fields.get(2) == Some(&&*group.to_string())
    };
    stats.filter(is_member).count()
}

#[test]
fn nothing_is_left_when_the_parent_is_killed_or_the_pool_dropped() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let interpreter = interpreter().unwrap();
    for method in StartMethod::ALL {
        let trial = Trial {
            start_method: Some(method),
            ..trial(runtime.clone(), Executor::Processes, 2, vec![long(); 2])
        };
        let order = serde_json::to_string(&Order::new(&trial)).unwrap();
        let command = command(&interpreter);
        let mut parent = Command::new(&interpreter.executable)
            .args(["-c", PARENT, &order])
            .arg(&command.program)
            .args(&command.args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(parent.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        let group = line.trim().parse().unwrap();
        // The interpreter, its guard, and two workers.
        wait_for("the pool does not start", || members(group) >= 4);
        parent.kill().unwrap();
        parent.wait().unwrap();
        wait_for("something is left of the pool", || members(group) == 0);
    }
    let trial = trial(runtime, Executor::Processes, 2, vec![Job::add(10)]);
    pool.run(&trial).unwrap();
    let group = pool.pythons[0].pid().unwrap();
    assert!(members(group) >= 2);
    drop(pool);
    wait_for("something is left of the pool", || members(group) == 0);
}
