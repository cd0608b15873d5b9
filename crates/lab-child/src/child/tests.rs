//! Against small real children. Deadlines here are long where an answer must come and short where
//! none can come.

use serde::Deserialize;
use serde_json::json;

use super::*;
use crate::wait_any;

fn shell(script: &str) -> Child {
    let command = ChildCommand::new("worker 3", "/bin/sh").args(["-c", script]);
    Child::start(&command).unwrap()
}

fn soon() -> Instant {
    Instant::now() + Duration::from_millis(200)
}

fn late() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

fn runs(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}

#[derive(Deserialize, Debug, PartialEq)]
struct Number {
    number: u64,
}

#[test]
fn what_was_sent_comes_back_from_cat_and_it_ends_in_order() {
    let mut cat = shell("cat");
    for number in 0..100 {
        cat.send(&json!({ "number": number }), late()).unwrap();
    }
    for number in 0..100 {
        let frame = cat.receive(late()).unwrap();
        assert_eq!(frame.parse::<Number>().unwrap(), Number { number });
    }
    assert!(cat.try_receive().unwrap().is_none());
    assert!(cat.end(late()).unwrap().success());
}

#[test]
fn a_frame_of_another_shape_names_the_child() {
    let mut cat = shell("cat");
    cat.send(&json!({ "count": 1 }), late()).unwrap();
    let error = cat
        .receive(late())
        .unwrap()
        .parse::<Number>()
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("worker 3") && error.contains(r#"{\"count\":1}"#),
        "{error}"
    );
}

#[test]
fn raw_integers_follow_their_line() {
    let mut child =
        shell(r#"printf '{"bytes":16}\n\001\0\0\0\0\0\0\0\377\n\0\0\0\0\0\0{"number":7}\n'"#);
    let frame = child.receive(late()).unwrap();
    assert_eq!(frame.line, r#"{"bytes":16}"#);
    assert_eq!(frame.integers, [1, 0xaff]);
    let frame = child.receive(late()).unwrap();
    assert_eq!(frame.parse::<Number>().unwrap(), Number { number: 7 });
}

#[test]
fn a_death_is_told_with_status_and_last_words() {
    let mut child = shell("echo '{}'; echo first >&2; echo out of memory >&2; exit 3");
    assert_eq!(child.receive(late()).unwrap().line, "{}");
    let error = child.receive(late()).unwrap_err();
    assert!(
        matches!(&error, Error::Died { status, .. } if status.code() == Some(3)),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        "worker 3 ended early (exit status: 3); its last line on stderr: out of memory"
    );
    let again = child.receive(late()).unwrap_err();
    assert_eq!(again.to_string(), error.to_string());
}

#[test]
fn a_signal_is_told_as_one() {
    let error = shell("kill -9 $$").receive(late()).unwrap_err().to_string();
    assert!(error.contains("signal: 9"), "{error}");
}

#[test]
fn death_is_seen_although_a_grandchild_holds_the_pipes() {
    let mut child = shell("sleep 1000 & echo \"{\\\"number\\\":$!}\"; exit 4");
    let grandchild: Number = child.receive(late()).unwrap().parse().unwrap();
    let error = child.receive(late()).unwrap_err();
    assert!(
        matches!(&error, Error::Died { status, .. } if status.code() == Some(4)),
        "{error}"
    );
    drop(child);
    while runs(grandchild.number as u32) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn closing_its_output_is_an_error_of_its_own() {
    let mut child = shell("exec >&-; sleep 1000");
    let error = child.receive(late()).unwrap_err();
    assert!(matches!(error, Error::Closed { .. }), "{error}");
}

#[test]
fn nonsense_is_quoted() {
    let mut child = shell(r"printf 'Segment\033ation\n'; sleep 1000");
    let error = child.receive(late()).unwrap_err().to_string();
    assert!(error.contains(r"Segment\u{1b}ation"), "{error}");
    assert!(error.starts_with("worker 3 sent nonsense"), "{error}");
}

#[test]
fn silence_ends_at_the_deadline() {
    let mut child = shell("echo still starting >&2; sleep 1000");
    let error = child.receive(soon()).unwrap_err();
    assert!(
        matches!(
            error,
            Error::TimedOut {
                awaited: "answer",
                ..
            }
        ),
        "{error}"
    );
    assert!(error.to_string().starts_with("worker 3 did not answer"));
}

#[test]
fn a_program_that_is_not_there_cannot_be_started() {
    let command = ChildCommand::new("CPython", "/nowhere/python3");
    let error = Child::start(&command).unwrap_err();
    assert!(matches!(error, Error::Start { .. }));
    assert!(
        error
            .to_string()
            .starts_with("CPython could not be started from /nowhere/python3")
    );
}

#[test]
fn a_talkative_stderr_blocks_nobody() {
    let mut child =
        shell("yes noise | head -c 1000000 >&2; echo the end >&2; echo '{}'; read line; exit 1");
    assert_eq!(child.receive(late()).unwrap().line, "{}");
    child.send(&json!({}), late()).unwrap();
    let error = child.receive(late()).unwrap_err().to_string();
    assert!(error.ends_with("the end"), "{error}");
}

#[test]
fn two_full_pipes_do_not_wait_for_each_other() {
    // Writes a megabyte before it reads, which needs a reader while we send a megabyte.
    let mut child =
        shell(r#"yes '{"number":1}' | head -n 80000; cat >/dev/null; echo '{"number":2}'"#);
    child
        .send(&json!({ "long": "x".repeat(1_000_000) }), late())
        .unwrap();
    for _ in 0..80_000 {
        assert_eq!(child.receive(late()).unwrap().line, r#"{"number":1}"#);
    }
    child.close_input();
    assert_eq!(child.receive(late()).unwrap().line, r#"{"number":2}"#);
    assert!(child.end(late()).unwrap().success());
}

#[test]
fn a_child_that_does_not_read_is_not_waited_for() {
    let mut child = shell("sleep 1000");
    let long = json!({ "long": "x".repeat(1_000_000) });
    let error = child.send(&long, soon()).unwrap_err();
    assert!(
        error.to_string().contains("did not take a message"),
        "{error}"
    );
}

#[test]
fn sending_to_the_dead_is_an_error() {
    let mut child = shell("exit 5");
    let error = loop {
        match child.send(&json!({}), late()) {
            Ok(()) => std::thread::sleep(Duration::from_millis(1)),
            Err(error) => break error,
        }
    };
    assert!(
        matches!(&error, Error::Died { status, .. } if status.code() == Some(5)),
        "{error}"
    );
}

#[test]
fn a_child_that_does_not_end_is_killed_and_that_is_reported() {
    let child = shell("sleep 1000");
    let pid = child.pid();
    let error = child.end(soon()).unwrap_err();
    assert!(
        error.to_string().starts_with("worker 3 did not end within"),
        "{error}"
    );
    assert!(!runs(pid));
}

#[test]
fn dropping_kills_and_reaps() {
    let child = shell("sleep 1000");
    let pid = child.pid();
    assert!(runs(pid));
    drop(child);
    assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
}

#[test]
fn waiting_for_many_tells_who_has_something_to_say() {
    let mut children = vec![
        shell("cat"),
        shell("sleep 1000"),
        shell("exit 1"),
        shell("cat"),
    ];
    assert_eq!(wait_any(&mut children, late()), [2]);
    children.remove(2);
    assert!(wait_any(&mut children, soon()).is_empty());
    children[2].send(&json!({}), late()).unwrap();
    assert_eq!(wait_any(&mut children, late()), [2]);
    assert!(children[2].try_receive().unwrap().is_some());
    assert!(wait_any(&mut children, soon()).is_empty());
}

#[test]
fn a_look_without_waiting_sees_what_was_said() {
    let mut children = [shell("echo '{}'; sleep 1000")];
    let limit = late();
    while wait_any(&mut children, Instant::now()).is_empty() {
        assert!(Instant::now() < limit, "it was never seen");
        std::thread::yield_now();
    }
    assert!(children[0].try_receive().unwrap().is_some());
    assert!(wait_any(&mut children, Instant::now()).is_empty());
}

#[test]
fn many_at_once() {
    let mut children: Vec<Child> = (0..32).map(|_| shell("cat")).collect();
    for child in &mut children {
        for number in 0..10 {
            child.send(&json!({ "number": number }), late()).unwrap();
        }
    }
    let mut left = 320;
    while left > 0 {
        let ready = wait_any(&mut children, late());
        assert!(!ready.is_empty());
        for index in ready {
            while children[index].try_receive().unwrap().is_some() {
                left -= 1;
            }
        }
    }
    children.iter_mut().for_each(Child::close_input);
    for child in children {
        assert!(child.end(late()).unwrap().success());
    }
}
