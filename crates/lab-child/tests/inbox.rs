//! The child's side, in real children: this test started again. It has no harness, since a child
//! must have its stdout for itself.

#![allow(clippy::unwrap_used, reason = "everything in this file is a test")]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use lab_child::{Child, ChildCommand, Error, Inbox, kill_all, reply};
use serde_json::{Value, json};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("as-echo") => echo(),
        Some("as-for-ever") => for_ever(),
        // Flags of the harness that is not there.
        _ => parent(),
    }
    ExitCode::SUCCESS
}

fn echo() {
    let mut inbox = Inbox::open().unwrap();
    while let Some(mut message) = inbox.receive::<Value>().unwrap() {
        let numbers = message["numbers"].as_u64().unwrap_or(0);
        message["wakes"] = wakes_of_watcher().into();
        let numbers: Vec<u64> = (0..numbers).collect();
        let (some, others) = numbers.split_at(numbers.len() / 3);
        reply(&message, &[some, others]).unwrap();
    }
}

/// How often the thread went to sleep that waits for the end of stdin.
fn wakes_of_watcher() -> Option<u64> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    tasks
        .map(|task| std::fs::read_to_string(task.unwrap().path().join("status")).unwrap())
        .find(|status| status.contains("end of stdin"))?
        .lines()
        .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?
        .trim()
        .parse()
        .ok()
}

fn for_ever() {
    let _inbox = Inbox::open().unwrap();
    reply(&json!({ "ready": true }), &[]).unwrap();
    loop {
        std::thread::yield_now();
    }
}

fn parent() {
    answers_come_back_with_their_integers();
    messages_wake_only_their_reader();
    the_end_of_stdin_ends_a_computation();
    all_can_be_killed_at_once();
    println!("inbox: 4 passed");
}

fn start(role: &str) -> Child {
    Child::start(&ChildCommand::this_executable(role, [role]).unwrap()).unwrap()
}

fn late() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

fn line(child: &mut Child) -> Value {
    child.receive(late()).unwrap().parse().unwrap()
}

fn answers_come_back_with_their_integers() {
    let mut child = start("as-echo");
    for numbers in [0, 1, 100_000] {
        child.send(&json!({ "numbers": numbers }), late()).unwrap();
        let frame = child.receive(late()).unwrap();
        assert_eq!(frame.integers, (0..numbers).collect::<Vec<_>>());
    }
    assert!(child.end(late()).unwrap().success());
}

fn messages_wake_only_their_reader() {
    let mut child = start("as-echo");
    let mut wakes_after_100 = || {
        for _ in 1..100 {
            child.send(&json!({}), late()).unwrap();
            line(&mut child);
        }
        child.send(&json!({}), late()).unwrap();
        line(&mut child)["wakes"].as_u64().unwrap()
    };
    // A few come with the start of the thread.
    let (first, second) = (wakes_after_100(), wakes_after_100());
    assert!(second < first + 10, "{first} {second}");
}

fn the_end_of_stdin_ends_a_computation() {
    let mut child = start("as-for-ever");
    assert_eq!(line(&mut child), json!({ "ready": true }));
    assert!(child.end(late()).unwrap().success());
}

fn all_can_be_killed_at_once() {
    let mut children = [start("as-for-ever"), start("as-echo")];
    kill_all();
    for child in &mut children {
        let gone = loop {
            match child.receive(late()) {
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert!(matches!(gone, Error::Died { .. }), "{gone}");
        assert!(!std::path::Path::new(&format!("/proc/{}", child.pid())).exists());
    }
}
