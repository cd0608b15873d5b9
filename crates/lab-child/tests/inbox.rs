//! The child's side, in real children: this test started again. It has no harness, since a child
//! must have its stdout for itself.

#![allow(clippy::unwrap_used, reason = "everything in this file is a test")]

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lab_child::{Child, ChildCommand, Error, Inbox, kill_all, reply, to_bytes};
use serde_json::{Value, json};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("as-echo") => echo(Inbox::open(|_| false).unwrap()),
        Some("as-in-order") => echo(Inbox::open_in_order(|_| false).unwrap()),
        Some("as-until-stopped") => until_stopped(),
        Some("as-for-ever") => for_ever(),
        // Flags of the harness that is not there.
        _ => parent(),
    }
    ExitCode::SUCCESS
}

fn echo(inbox: Inbox) {
    while let Some(message) = inbox.next::<Value>().unwrap() {
        let numbers = message["numbers"].as_u64().unwrap_or(0);
        reply(&message, &to_bytes(&(0..numbers).collect::<Vec<_>>())).unwrap();
    }
    reply(&json!({ "last": true }), &[]).unwrap();
}

/// Runs a job that looks at a flag, which a message sets.
fn until_stopped() {
    let stop = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stop);
    let inbox = Inbox::open(move |line| {
        let is_stop = line.contains("stop");
        seen.fetch_or(is_stop, Ordering::Relaxed);
        is_stop
    })
    .unwrap();
    reply(&json!({ "ready": true }), &[]).unwrap();
    while !stop.load(Ordering::Relaxed) {
        std::thread::yield_now();
    }
    let next: Option<Value> = inbox.next().unwrap();
    reply(&json!({ "stopped": true, "next": next }), &[]).unwrap();
}

fn for_ever() {
    let _inbox = Inbox::open(|_| false).unwrap();
    reply(&json!({ "ready": true }), &[]).unwrap();
    loop {
        std::thread::yield_now();
    }
}

fn parent() {
    answers_come_back_with_their_integers();
    a_child_can_finish_in_order();
    a_stop_reaches_a_running_job();
    the_end_of_stdin_ends_a_computation();
    all_can_be_killed_at_once();
    println!("inbox: 5 passed");
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
        assert_eq!(frame.integers(), (0..numbers).collect::<Vec<_>>());
    }
    assert!(child.end(late()).unwrap().success());
}

fn a_child_can_finish_in_order() {
    let mut child = start("as-in-order");
    child.send(&json!({ "numbers": 0 }), late()).unwrap();
    child.close_input();
    assert_eq!(line(&mut child), json!({ "numbers": 0 }));
    assert_eq!(line(&mut child), json!({ "last": true }));
    assert!(child.end(late()).unwrap().success());
}

fn a_stop_reaches_a_running_job() {
    let mut child = start("as-until-stopped");
    assert_eq!(line(&mut child), json!({ "ready": true }));
    child.send(&json!({ "job": 2 }), late()).unwrap();
    child.send(&json!({ "stop": true }), late()).unwrap();
    let answer = line(&mut child);
    assert_eq!(answer, json!({ "stopped": true, "next": { "job": 2 } }));
    assert!(child.end(late()).unwrap().success());
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
