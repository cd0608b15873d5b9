//! Against small real children. Deadlines here are long where an answer must come and short where
//! none can come.

use serde_json::{Value, json};

use super::*;

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

fn number(frame: &Frame) -> u64 {
    frame.parse::<Value>().unwrap()["number"].as_u64().unwrap()
}

/// Every bad end is an error that says whose, how, and the last words.
#[test]
fn every_bad_end_is_named() {
    let dead = "exit 3";
    type Act = fn(&mut Child) -> Error;
    let hear: Act = |child| child.receive(late()).unwrap_err();
    let hear_soon: Act = |child| child.receive(soon()).unwrap_err();
    let send: Act = |child| {
        let long = json!({ "long": "x".repeat(1_000_000) });
        child.send(&long, soon()).unwrap_err()
    };
    let send_to_dead: Act = |child| loop {
        match child.send(&json!({}), late()) {
            Ok(()) => std::thread::sleep(Duration::from_millis(1)),
            Err(error) => break error,
        }
    };
    let parse: Act = |child| child.receive(late()).unwrap().parse::<u64>().unwrap_err();
    for (script, act, expected) in [
        (
            "echo first >&2; echo out of memory >&2; exit 3",
            hear,
            "ended early (exit status: 3); its last line on stderr: out of memory",
        ),
        ("kill -9 $$", hear, "ended early (signal: 9"),
        // A grandchild holds the pipes open.
        ("sleep 1000 & exit 4", hear, "ended early (exit status: 4)"),
        ("exec >&-; sleep 1000", hear, "closed its input or output and runs on"),
        (
            r"printf 'Segment\033ation\n'; sleep 1000",
            hear,
            r"broke the protocol (not a JSON object): Segment\u{1b}ation",
        ),
        (
            r#"echo '{"count":1}'; sleep 1000"#,
            parse,
            r#"invalid type: map, expected u64 at line 1 column 0): {\"count\":1}"#,
        ),
        (
            "echo still starting >&2; sleep 1000",
            hear_soon,
            " s; its last line on stderr: still starting",
        ),
        ("sleep 1000", send, "did not take a message within 0."),
        (dead, send_to_dead, "ended early (exit status: 3)"),
        ("yes noise | head -c 1000000 >&2; echo the end >&2; exit 1", hear, "the end"),
    ] {
        let mut child = shell(script);
        let error = act(&mut child).to_string();
        assert!(error.starts_with("worker 3 "), "{error}");
        assert!(error.contains(expected), "no '{expected}' in: {error}");
        if script == dead {
            assert_eq!(child.receive(late()).unwrap_err().to_string(), error);
        }
    }
    let missing = ChildCommand::new("CPython", "/nowhere/python3");
    let error = Child::start(&missing).unwrap_err().to_string();
    let expected = "CPython could not be started from /nowhere/python3";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn what_was_sent_comes_back_from_many_and_they_end_in_order() {
    let mut children: Vec<Child> = (0..32).map(|_| shell("cat")).collect();
    for child in &mut children {
        for number in 0..10 {
            child.send(&json!({ "number": number }), late()).unwrap();
        }
    }
    let mut next = [0; 32];
    while next.iter().sum::<u64>() < 320 {
        let ready = wait_any(&mut children, late());
        assert!(!ready.is_empty());
        for index in ready {
            while let Some(frame) = children[index].try_receive().unwrap() {
                assert_eq!(number(&frame), next[index]);
                next[index] += 1;
            }
        }
    }
    children.iter_mut().for_each(Child::close_input);
    for child in children {
        assert!(child.end(late()).unwrap().success());
    }
}

#[test]
fn raw_integers_follow_their_line() {
    let mut child =
        shell(r#"printf '{"bytes":16}\n\001\0\0\0\0\0\0\0\377\n\0\0\0\0\0\0{"number":7}\n'"#);
    assert_eq!(child.receive(late()).unwrap().integers, [1, 0xaff]);
    assert_eq!(number(&child.receive(late()).unwrap()), 7);
}

#[test]
fn two_full_pipes_do_not_wait_for_each_other() {
    // Writes a megabyte before it reads, which needs a reader while we send a megabyte.
    let mut child =
        shell(r#"yes '{"number":1}' | head -n 80000; cat >/dev/null; echo '{"number":2}'"#);
    let long = json!({ "long": "x".repeat(1_000_000) });
    child.send(&long, late()).unwrap();
    for _ in 0..80_000 {
        assert_eq!(child.receive(late()).unwrap().line, r#"{"number":1}"#);
    }
    child.close_input();
    assert_eq!(number(&child.receive(late()).unwrap()), 2);
    assert!(child.end(late()).unwrap().success());
}

#[test]
fn nothing_is_left_of_a_child_and_its_children() {
    let mut child = shell("sleep 1000 & echo \"{\\\"number\\\":$!}\"; sleep 1000");
    let grandchild = number(&child.receive(late()).unwrap()) as u32;
    let pid = child.pid();
    drop(child);
    assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
    while runs(grandchild) {
        std::thread::sleep(Duration::from_millis(1));
    }
    let child = shell("sleep 1000");
    let pid = child.pid();
    let error = child.end(soon()).unwrap_err().to_string();
    assert!(error.starts_with("worker 3 did not end within"), "{error}");
    assert!(!runs(pid));
}

#[test]
fn waiting_for_many_shows_who_has_something_to_say() {
    let mut children = vec![shell("cat"), shell("sleep 1000"), shell("exit 1"), shell("cat")];
    assert_eq!(wait_any(&mut children, late()), [2]);
    children.remove(2);
    assert!(wait_any(&mut children, soon()).is_empty());
    children[2].send(&json!({}), late()).unwrap();
    // A look without waiting sees it as well.
    let limit = late();
    while wait_any(&mut children, Instant::now()).is_empty() {
        assert!(Instant::now() < limit, "it was never seen");
        std::thread::yield_now();
    }
    assert_eq!(wait_any(&mut children, late()), [2]);
    assert!(children[2].try_receive().unwrap().is_some());
    assert!(wait_any(&mut children, Instant::now()).is_empty());
}

#[test]
fn this_executable_is_found_and_can_be_renamed() {
    let command = ChildCommand::this_executable("worker", ["--as", "worker"]).unwrap();
    assert_eq!(command.program, std::env::current_exe().unwrap());
    let third = command.named("worker 3");
    assert_eq!((&*third.name, &third.args), ("worker 3", &command.args));
}

/// Where the kernel has no pidfd, or a filter forbids it: a child is then looked at from time to time.
#[test]
fn an_end_that_the_kernel_does_not_report_is_noticed_all_the_same() {
    let mut children = vec![shell("sleep 1000 & exit 4"), shell("sleep 1000 & exit 5")];
    children.iter_mut().for_each(|child| child.process.forget_end());
    assert!(children.iter().all(|child| child.process.end().is_none()));
    let error = children[0].receive(late()).unwrap_err().to_string();
    assert!(error.contains("ended early (exit status: 4)"), "{error}");
    children.remove(0);
    assert_eq!(wait_any(&mut children, late()), [0]);
    let error = children[0].try_receive().unwrap_err().to_string();
    assert!(error.contains("ended early (exit status: 5)"), "{error}");
    let mut child = shell("cat; exit 6");
    child.process.forget_end();
    assert_eq!(child.end(late()).unwrap().code(), Some(6));
}
