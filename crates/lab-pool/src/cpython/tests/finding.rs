//! Interpreters that are none, as small shell scripts.

use super::*;
use crate::cpython::find::find_among;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

const LATE: Duration = Duration::from_secs(60);

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

/// A script that says it is this interpreter.
fn says(version: &str, implementation: &str, lacks: &str) -> String {
    let numbers = version.replace('.', ", ");
    format!(
        r#"cat <<END
{{"implementation": "{implementation}", "version": "{version}", "numbers": [{numbers}], "executable": "$0", "free_threaded": false, "gil": true, "start_method": null, "lacks": {lacks}}}
END"#
    )
}

fn cpython(version: &str) -> (TempDir, PathBuf) {
    script(&says(version, "CPython", "null"))
}

#[test]
fn what_is_no_fit_interpreter_is_passed_by_with_a_reason() {
    let soon = Duration::from_millis(500);
    for (text, patience, expected) in [
        ("sleep 60", soon, "it did not answer within 0.5 s"),
        ("echo Python 3.11", LATE, "it broke the protocol (not a JSON object): Python 3.11"),
        (
            "echo 'pyenv: python3: command not found' >&2; exit 127",
            LATE,
            "its last line on stderr: pyenv: python3: command not found",
        ),
        (
            &says("3.7.16", "CPython", "null"),
            LATE,
            "it is Python 3.7.16, and the laboratory needs 3.8 or later",
        ),
        (&says("3.10.14", "PyPy", "null"), LATE, "it is PyPy 3.10.14 and not CPython"),
        (
            &says("3.11.7", "CPython", "\"ctypes\""),
            LATE,
            "Python 3.11.7 was built without the module ctypes",
        ),
    ] {
        let (_folder, path) = script(text);
        let found = find_among(&[], std::slice::from_ref(&path), patience);
        assert_eq!(found.interpreters, []);
        let skipped = found.skipped[0].to_string();
        for part in [&*path.display().to_string(), expected, "name another with --python PATH"] {
            assert!(skipped.contains(part), "no '{part}' in: {skipped}");
        }
    }
    let nothing = find_among(&[], &[], LATE).skipped[0].to_string();
    assert_eq!(
        nothing,
        "cpython is skipped: there is no python3 on PATH; install it (on Debian and Ubuntu: `apt \
         install python3`) or name one with --python PATH"
    );
}

#[test]
fn the_first_on_the_path_that_runs_is_taken_and_duplicates_are_told_apart() {
    let (_a, broken) = script("exit 1");
    let scripts = ["3.11.7", "3.11.2", "3.12.1", "3.12.1"].map(cpython);
    let paths: Vec<PathBuf> = scripts.iter().map(|(_, path)| path.clone()).collect();
    let of = |on_path: &[PathBuf], extra: &[PathBuf]| {
        let found = find_among(on_path, extra, LATE);
        let names = found.interpreters.into_iter().map(|one| one.runtime);
        (names.collect::<Vec<_>>(), found.skipped)
    };
    // Those before it are not spoken of, unless there is none.
    let on_path = [broken.clone(), paths[0].clone(), paths[2].clone()];
    assert_eq!(of(&on_path, &[]), (vec!["cpython-3.11".to_owned()], vec![]));
    assert_eq!(of(&[broken], &[]).1.len(), 1);
    let twice = [&paths[..], &paths[..1]].concat();
    let (names, skipped) = of(&[], &twice);
    assert_eq!(names, ["cpython-3.11.7", "cpython-3.11.2", "cpython-3.12"]);
    assert_eq!(skipped.len(), 1);
    assert!(skipped[0].reason.contains("has the same version"));
}

#[test]
fn an_interpreter_that_fails_in_the_middle_is_named_with_its_last_words() {
    let hello = r#"echo '{"say": "hello", "version": 3, "interpreters": false}'"#;
    for (text, parts) in [
        (
            format!("{hello}; read order; echo 'MemoryError: no room' >&2; exit 1"),
            &["ended early", "its last line on stderr: MemoryError: no room"][..],
        ),
        (format!("{hello}; read order; echo hello"), &["broke the protocol"]),
        (format!("{hello}; read order; {hello}"), &["out of order"]),
        (hello.replace('3', "99"), &["out of order"]),
        ("exit 3".to_owned(), &["ended early", "exit status: 3"]),
        (
            r#"echo '{"say":"failed","what":"there is no /dev/shm"}'"#.to_owned(),
            &["there is no /dev/shm"],
        ),
    ] {
        let error = error_of(&text);
        assert!(error.starts_with("cpython-3.99 ("), "{error}");
        for part in parts {
            assert!(error.contains(part), "no '{part}' in: {error}");
        }
    }
}

/// Which cores it counts differs between versions, and none counts as we do.
#[test]
fn an_interpreter_says_how_many_threads_its_pools_have() {
    let ask = "import concurrent.futures as f; print(f.ThreadPoolExecutor()._max_workers)";
    for one in crate::cpython::find(&[]).interpreters {
        let output = Command::new(&one.executable).args(["-c", ask]).output().unwrap();
        let answer = String::from_utf8(output.stdout).unwrap();
        assert_eq!(one.default_workers.map(|n| n.to_string()), Some(answer.trim().to_owned()));
    }
}

/// Why this script cannot run a trial with one job.
fn error_of(text: &str) -> String {
    let (_folder, executable) = script(text);
    let mut pool = pool();
    let added = pool.add_python(Interpreter {
        runtime: "cpython-3.99".to_owned(),
        executable,
        version: "3.99.0".to_owned(),
        gil: true,
        start_method: None,
        default_workers: None,
    });
    if let Err(skipped) = added {
        assert_eq!(skipped.what, "cpython-3.99");
        return skipped.reason;
    }
    let runtime = "cpython-3.99".parse().unwrap();
    let trial = trial(runtime, Executor::Serial, 1, vec![Job::add(1)]);
    pool.run(&trial).unwrap_err().to_string()
}

#[test]
fn an_interpreter_that_claims_impossible_times_is_not_believed() {
    // The clock's zero is the machine's start, which was before any trial.
    let in_an_hour = lab_data::clock::now_ns() + 3_600_000_000_000;
    for at in [1, in_an_hour] {
        let used = r#"{"cpu_ns":0,"voluntary_switches":0,"involuntary_switches":0}"#;
        let error = error_of(&format!(
            r#"echo '{{"say": "hello", "version": 3, "interpreters": false}}'; read order
echo '{{"say":"end","zero_ns":{at},"ready_ns":{at},"answered_ns":{at},"closed_ns":{at},"own":{used},"children":{used},"run_delay_ns":0,"peak_rss_bytes":1,"counter":0,"start_method":null,"results":1}}'
echo '{{"say":"result","job":0,"worker":0,"submitted_ns":{at},"start_ns":{at},"end_ns":{at},"cpu_ns":0,"count":1,"answer":0,"samples":0,"calls":0}}'"#
        ));
        assert!(error.contains("is not believed: the start and the end of the pool"), "{error}");
    }
}
