//! Interpreters that are none, as small shell scripts.

use super::*;
use crate::cpython::find::find_among;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// A folder with a script in it.
fn script(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (text_file, path) = (folder.path().join("text"), folder.path().join("python3"));
    fs::write(&text_file, format!("#!/bin/sh\n{text}\n")).unwrap();
    // Written by another process: while this one has a file open, a test beside this one may fork,
    // and a file that somebody may still write to cannot be executed.
    let copied = Command::new("cp").args([&text_file, &path]).status();
    assert!(copied.unwrap().success());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    (folder, path)
}

fn says(version: &str, numbers: &str, implementation: &str, lacks: &str) -> String {
    format!(
        r#"cat <<END
{{"implementation": "{implementation}", "version": "{version}", "numbers": {numbers},
 "executable": "$0", "free_threaded": false, "gil": true, "start_method": null,
 "lacks": {lacks}}}
END"#
    )
    .replace(",\n", ", ")
}

fn reason(text: &str, patience: Duration) -> String {
    let (_folder, path) = script(text);
    let found = find_among(&[], std::slice::from_ref(&path), patience);
    assert_eq!(found.interpreters, []);
    let [skipped] = &found.skipped[..] else {
        panic!("{found:?}");
    };
    assert_eq!(skipped.what, path.display().to_string());
    skipped.reason.clone()
}

#[test]
fn what_is_no_fit_interpreter_is_passed_by_with_a_reason() {
    for (text, expected) in [
        ("sleep 60", "it did not answer within 0.5 s"),
        (
            "echo Python 3.11",
            "it sent nonsense (not a JSON object): Python 3.11",
        ),
        (
            "echo 'pyenv: python3: command not found' >&2; exit 127",
            "its last line on stderr: pyenv: python3: command not found",
        ),
        (
            &says("3.7.16", "[3, 7, 16]", "CPython", "null"),
            "it is Python 3.7.16, and the laboratory needs 3.8 or later",
        ),
        (
            &says("2.7.18", "[2, 7, 18]", "CPython", "null"),
            "it is Python 2.7.18, and",
        ),
        (
            &says("3.10.14", "[3, 10, 14]", "PyPy", "null"),
            "it is PyPy 3.10.14 and not CPython",
        ),
        (
            &says("3.11.7", "[3, 11, 7]", "CPython", "\"ctypes\""),
            "Python 3.11.7 was built without the module ctypes",
        ),
    ] {
        let hangs = text == "sleep 60";
        let patience = Duration::from_millis(if hangs { 500 } else { 60_000 });
        let reason = reason(text, patience);
        assert!(reason.contains(expected), "{reason}");
        assert!(
            reason.ends_with("name another with --python PATH"),
            "{reason}"
        );
    }
}

#[test]
fn the_first_on_the_path_that_runs_is_taken_and_those_before_are_not_spoken_of() {
    let (_a, broken) = script("exit 1");
    let (_b, good) = script(&says("3.11.7", "[3, 11, 7]", "CPython", "null"));
    let (_c, other) = script(&says("3.12.1", "[3, 12, 1]", "CPython", "null"));
    let found = find_among(&[broken.clone(), good, other], &[], Duration::from_secs(10));
    assert_eq!(found.skipped, []);
    let names: Vec<_> = found.interpreters.iter().map(|one| &one.runtime).collect();
    assert_eq!(names, ["cpython-3.11"]);

    let found = find_among(&[broken], &[], Duration::from_secs(10));
    assert_eq!(found.skipped.len(), 1);
}

#[test]
fn two_of_one_minor_version_are_told_apart_and_duplicates_dropped() {
    let scripts = [
        ("3.11.7", "[3, 11, 7]"),
        ("3.11.2", "[3, 11, 2]"),
        ("3.12.1", "[3, 12, 1]"),
    ]
    .map(|(version, numbers)| script(&says(version, numbers, "CPython", "null")));
    let mut paths: Vec<PathBuf> = scripts.iter().map(|(_, path)| path.clone()).collect();
    paths.push(paths[0].clone());
    let (_twin, twin) = script(&says("3.12.1", "[3, 12, 1]", "CPython", "null"));
    paths.push(twin);
    let found = find_among(&[], &paths, Duration::from_secs(10));
    let names: Vec<_> = found.interpreters.iter().map(|one| &one.runtime).collect();
    assert_eq!(names, ["cpython-3.11.7", "cpython-3.11.2", "cpython-3.12"]);
    let [skipped] = &found.skipped[..] else {
        panic!("{found:?}");
    };
    assert!(skipped.reason.contains("has the same version"), "{skipped}");
}

#[test]
fn no_python_at_all_says_what_to_install() {
    let found = find_among(&[], &[], Duration::from_secs(1));
    assert_eq!(
        found.skipped[0].to_string(),
        "cpython is skipped: there is no python3 on PATH; install it (on Debian and Ubuntu: `apt \
         install python3`) or name one with --python PATH"
    );
}

fn failure(text: &str) -> String {
    let (_folder, executable) = script(text);
    let mut pool = pool();
    pool.add_python(Interpreter {
        runtime: "cpython-3.99".to_owned(),
        executable,
        version: "3.99.0".to_owned(),
        gil: true,
        start_method: None,
    });
    let trial = trial(
        "cpython-3.99".parse().unwrap(),
        Executor::Serial,
        1,
        vec![Job::add(1)],
    );
    pool.run(&trial).unwrap_err().to_string()
}

const HELLO: &str = r#"echo '{"say":"hello","version":1}'; read order"#;

#[test]
fn an_interpreter_that_fails_in_the_middle_is_named_with_its_last_words() {
    let died = failure(&format!("{HELLO}; echo 'MemoryError: no room' >&2; exit 1"));
    assert!(died.starts_with("cpython-3.99 ("), "{died}");
    assert!(died.contains("ended early"), "{died}");
    assert!(
        died.ends_with("its last line on stderr: MemoryError: no room"),
        "{died}"
    );

    let rubbish = failure(&format!("{HELLO}; echo hello world"));
    assert!(rubbish.contains("sent nonsense"), "{rubbish}");

    let early = failure(&format!(r#"{HELLO}; echo '{{"say":"hello","version":1}}'"#));
    assert!(early.contains("answered out of order"), "{early}");

    let other = failure(r#"echo '{"say":"hello","version":99}'"#);
    assert!(other.contains("answered out of order"), "{other}");
}
