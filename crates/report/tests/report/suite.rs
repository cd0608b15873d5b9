use crate::world::{World, complaints};
use serde_json::Value;
use std::fs;
use std::os::unix::process::ExitStatusExt;

const SIGINT: i32 = 2;

#[test]
fn an_interrupted_suite_dies_of_the_signal_and_goes_on_where_it_stopped() {
    let world = World::new();
    fs::write(world.path("kill-second"), "").unwrap();
    let stopped = world.suite(&["--quick"]);
    assert_eq!(stopped.status.signal(), Some(SIGINT), "{stopped:?}");
    assert!(world.path("data/.suite").exists());
    let ended = world.suite(&["--quick"]);
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(world.read("runs"), "first\nsecond\n");
    assert!(complaints(&ended).contains("=== first: done before"));
    assert!(!world.path("data/.suite").exists());
}

#[test]
fn other_flags_or_fresh_begin_anew() {
    for words in [&["--thorough"][..], &["--quick", "--fresh"]] {
        let world = World::new();
        fs::write(world.path("kill-second"), "").unwrap();
        world.suite(&["--quick"]);
        let anew = world.suite(words);
        assert!(anew.status.success());
        assert_eq!(world.read("runs"), "first\nfirst\nsecond\n");
        let is_asked_for = words.contains(&"--fresh");
        let is_told = complaints(&anew).contains("begins anew");
        assert_eq!(is_told, !is_asked_for, "{anew:?}");
    }
}

#[test]
fn a_flag_that_does_not_exist_ends_the_suite_and_forgets_nothing() {
    let world = World::new();
    fs::write(world.path("kill-second"), "").unwrap();
    world.suite(&["--quick"]);
    let wrong = world.suite(&["--quick", "--unknown"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(!complaints(&wrong).contains("=== second"), "{wrong:?}");
    assert!(world.suite(&["--quick"]).status.success());
    assert_eq!(world.read("runs"), "first\nsecond\n");
}

#[test]
fn the_summary_is_one_json_object() {
    let world = World::new();
    let output = world.suite(&["second", "--quick", "--json"]);
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    let experiments = object["experiments"].as_array().unwrap();
    assert_eq!(experiments.len(), 1);
    let second = &experiments[0];
    assert_eq!(second["experiment"], "second");
    assert_eq!(second["exit"], 0);
    assert_eq!(second["verdicts"][0]["verdict"], "FALSE");
    assert!(
        second["written"][0]
            .as_str()
            .unwrap()
            .ends_with("data/second")
    );
}

#[test]
fn what_fails_is_told_and_a_wrong_name_is_wrong_usage() {
    let world = World::new();
    let failed = world.suite(&["--fail"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(complaints(&failed).contains("not all is well: first second"));
    let unknown = world.suite(&["third"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(complaints(&unknown).contains("there are: first second"));
}
