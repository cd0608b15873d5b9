//! Nothing that an interpreter starts outlives the laboratory.

use super::*;
use crate::cpython::message::Order;
use crate::cpython::python::command;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Stands for the laboratory: starts the command in a process group of its own, gives it a trial,
/// and sits there until it is killed.
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
    let of_group = |stat: String| {
        let (_, rest) = stat.rsplit_once(") ")?;
        let mut fields = rest.split(' ');
        let state = fields.next()?;
        let its_group: u32 = fields.nth(1)?.parse().ok()?;
        (its_group == group && state != "Z").then_some(())
    };
    stats.filter_map(of_group).count()
}

fn wait_for(what: &str, done: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_pool_ends_when_the_parent_of_its_interpreter_is_killed() {
    let Some(interpreter) = interpreter() else {
        return;
    };
    for method in StartMethod::ALL {
        let trial = Trial {
            start_method: Some(method),
            ..trial(
                Runtime::CPython(interpreter.runtime.clone()),
                Executor::Processes,
                2,
                vec![
                    Job::Wait {
                        ns: 100_000_000_000
                    };
                    2
                ],
            )
        };
        let command = command(&interpreter);
        let mut parent = Command::new(&interpreter.executable)
            .args([
                "-c",
                PARENT,
                &serde_json::to_string(&Order::new(&trial)).unwrap(),
            ])
            .arg(&command.program)
            .args(&command.args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(parent.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let group: u32 = line.trim().parse().unwrap();
        // The interpreter, its guard, and two workers.
        wait_for("the pool does not start", || members(group) >= 4);
        parent.kill().unwrap();
        parent.wait().unwrap();
        wait_for("something is left of the pool", || members(group) == 0);
    }
}

#[test]
fn nothing_is_left_when_the_pool_is_dropped() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let trial = trial(runtime, Executor::Processes, 2, vec![Job::add(10)]);
    pool.run(&trial).unwrap();
    let group = pool.pythons[0].pid().unwrap();
    assert!(members(group) >= 2);
    drop(pool);
    wait_for("something is left of the pool", || members(group) == 0);
}
