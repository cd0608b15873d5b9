use crate::world::{World, assert_has, complaints};
use serde_json::Value;
use std::os::unix::process::ExitStatusExt;

const SIGINT: i32 = 2;

/// A world whose suite was stopped in its second experiment.
fn stopped() -> World {
    let world = World::new();
    world.write("kill-same-core", "");
    let stopped = world.suite(&["--quick"]);
    assert_eq!(stopped.status.signal(), Some(SIGINT), "{stopped:?}");
    assert!(world.path("data/.suite").exists());
    world
}

#[test]
fn an_interrupted_suite_dies_of_the_signal_and_goes_on_where_it_stopped() {
    let world = stopped();
    let ended = world.suite(&["--quick"]);
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(world.read("runs"), "io-threads\nsame-core\n");
    assert_has(&complaints(&ended), &["=== 1/2 io-threads: done before"]);
    assert!(!world.path("data/.suite").exists());
    let said = String::from_utf8(ended.stdout).unwrap();
    assert_has(&said, &["The same-core claim.", "FALSE 2.50×", "same-core ", " s  done\n"]);
}

#[test]
fn other_flags_or_fresh_begin_anew() {
    for words in [&["--thorough"][..], &["--quick", "--fresh"]] {
        let world = stopped();
        let anew = world.suite(words);
        assert!(anew.status.success());
        assert_eq!(world.read("runs"), "io-threads\nio-threads\nsame-core\n");
        let is_asked_for = words.contains(&"--fresh");
        let is_reported = complaints(&anew).contains("begins anew");
        assert_eq!(is_reported, !is_asked_for, "{anew:?}");
    }
}

#[test]
fn a_flag_that_does_not_exist_ends_the_suite_and_forgets_nothing() {
    let world = stopped();
    let wrong = world.suite(&["--quick", "--unknown"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(!complaints(&wrong).contains("2/2 same-core"), "{wrong:?}");
    assert!(world.suite(&["--quick"]).status.success());
    assert_eq!(world.read("runs"), "io-threads\nsame-core\n");
}

#[test]
fn the_summary_is_one_json_object() {
    let world = World::new();
    let output = world.suite(&["same-core", "--quick", "--json"]);
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    let experiments = object["experiments"].as_array().unwrap();
    assert_eq!(experiments.len(), 1);
    let second = &experiments[0];
    assert_eq!(second["experiment"], "same-core");
    assert_eq!(second["exit"], 0);
    assert_eq!(second["verdicts"][0]["verdict"], "FALSE");
    assert!(second["written"][0].as_str().unwrap().ends_with("data/same-core"));
}

#[test]
fn what_fails_is_reported_and_a_wrong_name_is_wrong_usage() {
    let world = World::new();
    let failed = world.suite(&["--fail"]);
    assert_eq!(failed.status.code(), Some(1));
    assert_has(&complaints(&failed), &["not all is well: io-threads same-core"]);
    let unknown = world.suite(&["third"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert_has(&complaints(&unknown), &["there are: io-threads same-core\n"]);
}

#[test]
fn the_interpreters_of_this_machine_are_listed_with_what_they_are() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_report"));
    let output = command.arg("pythons").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert_has(&said, &["runtime", "GIL", "starts by", "interpreters", "--python all"]);
    for one in lab_pool::cpython::find(&[]).interpreters {
        assert_has(&said, &[&one.is.version, &one.executable.display().to_string()]);
    }
}
