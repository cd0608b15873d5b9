//! The child's side of the pipes, in real children.

use crate::staff::FIXTURE;
use lab_pool::process::{Child, ChildCommand, Fault};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn start(role: &str) -> Child {
    Child::start(&ChildCommand::new(role, FIXTURE).args([role])).unwrap()
}

fn late() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

fn ask(child: &mut Child, numbers: u64) -> (Value, Vec<u64>) {
    child.send(&json!({ "numbers": numbers }), late()).unwrap();
    let frame = child.receive(late()).unwrap();
    (frame.parse().unwrap(), frame.integers)
}

#[test]
fn answers_come_back_with_their_integers_and_wake_only_their_reader() {
    let mut child = start("as-echo");
    for numbers in [0, 1, 100_000] {
        let (_, integers) = ask(&mut child, numbers);
        assert_eq!(integers, (0..numbers).collect::<Vec<_>>());
    }
    // How often the thread woke up that waits for the end of stdin; a few come with its start.
    let mut wakes_after_100 = || {
        let answers = (0..100).map(|_| ask(&mut child, 0).0["wakes"].as_u64().unwrap());
        answers.last().unwrap()
    };
    let (first, second) = (wakes_after_100(), wakes_after_100());
    assert!(second < first + 10, "{first} {second}");
    assert!(child.end(late()).unwrap().success());
}

#[test]
fn the_end_of_stdin_ends_a_computation_and_all_can_be_killed_at_once() {
    let mut child = start("as-for-ever");
    assert_eq!(child.receive(late()).unwrap().line, r#"{"ready":true}"#);
    assert!(child.end(late()).unwrap().success());
    // In a process whose only children they are.
    let mut killer = start("as-killer");
    let errors: Vec<String> = killer.receive(late()).unwrap().parse::<Value>().unwrap()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(errors.len(), 3);
    for error in errors {
        assert!(error.contains("signal: 9") || error.contains("signal 9"), "{error}");
    }
    let error = killer.receive(late()).unwrap_err();
    assert!(matches!(error.fault, Fault::Died(_)), "{error}");
}
