//! Interpreters that are none, as small shell scripts.

use super::*;
use crate::cpython::Identity;
use crate::cpython::find::find_among;
use crate::cpython::places::{Named, Places};
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
        (
            &says("3.11.2", "CPython", "null").replace(r#""lacks""#, r#""debug": true, "lacks""#),
            LATE,
            "it is a debug build of Python 3.11.2",
        ),
        (&says("3.10.14", "PyPy", "null"), LATE, "it is PyPy 3.10.14 and not CPython"),
        (
            &says("3.11.7", "CPython", "\"ctypes\""),
            LATE,
            "Python 3.11.7 was built without the module ctypes",
        ),
    ] {
        let (_folder, path) = script(text);
        let found = find_among(&Places::default(), &[Named::Path(path.clone())], patience);
        assert_eq!(found.interpreters, []);
        let skipped = found.skipped[0].to_string();
        for part in [&*path.display().to_string(), expected, "name another with --python PATH"] {
            assert!(skipped.contains(part), "no '{part}' in: {skipped}");
        }
    }
    let nothing = find_among(&Places::default(), &[], LATE).skipped[0].to_string();
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
        let path = on_path.iter().map(|python| python.parent().unwrap().to_owned());
        let places = Places { path: path.collect(), managed: Vec::new() };
        let extra: Vec<Named> = extra.iter().cloned().map(Named::Path).collect();
        let found = find_among(&places, &extra, LATE);
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
    let hello = &format!("echo '{}'", hello(&identity()));
    for (text, parts) in [
        (
            format!("{hello}; read order; echo 'MemoryError: no room' >&2; exit 1"),
            &["ended early", "its last line on stderr: MemoryError: no room"][..],
        ),
        (format!("{hello}; read order; echo hello"), &["broke the protocol"]),
        (format!("{hello}; read order; {hello}"), &["out of order"]),
        (hello.replace(r#""version": 4"#, r#""version": 99"#), &["out of order"]),
        (
            hello.replace(r#""gil":false"#, r#""gil":true"#),
            &["since it was asked", "its GIL was switched on"],
        ),
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
        assert_eq!(one.is.default_workers.map(|n| n.to_string()), Some(answer.trim().to_owned()));
    }
}

/// What the scripts say that they are.
fn identity() -> Identity {
    Identity {
        version: "3.99.0".to_owned(),
        free_threaded: true,
        gil: false,
        start_method: None,
        interpreters: false,
        default_workers: None,
        cores: None,
    }
}

fn said(is: &Identity) -> String {
    let number = |number: Option<u32>| number.map_or("null".to_owned(), |n| n.to_string());
    format!(
        r#"{{"version":"{}","free_threaded":{},"gil":{},"start_method":null,"default_workers":{},"cores":{}}}"#,
        is.version,
        is.free_threaded,
        is.gil,
        number(is.default_workers),
        number(is.cores)
    )
}

fn hello(is: &Identity) -> String {
    format!(r#"{{"say": "hello", "version": 4, "is": {}}}"#, said(is))
}

/// Why this script cannot run a trial with one job.
fn error_of(text: &str) -> String {
    let (_folder, executable) = script(text);
    let mut pool = pool();
    let added = pool.add_python(Interpreter {
        runtime: "cpython-3.99".to_owned(),
        executable,
        gil_option: None,
        is: identity(),
    });
    if let Err(skipped) = added {
        assert_eq!(skipped.what, "cpython-3.99");
        return skipped.reason;
    }
    let runtime = "cpython-3.99".parse().unwrap();
    let trial = trial(runtime, Executor::Serial, 1, vec![Job::add(1)]);
    pool.run(&trial).unwrap_err().to_string()
}

/// A script that runs a trial of one job at this time.
fn trial_at(at: u64, after: &Identity) -> String {
    let used = r#"{"cpu_ns":0,"voluntary_switches":0,"involuntary_switches":0}"#;
    let (hello, after) = (hello(&identity()), said(after));
    format!(
        r#"echo '{hello}'; read order
echo '{{"say":"end","zero_ns":{at},"ready_ns":{at},"answered_ns":{at},"closed_ns":{at},"own":{used},"children":{used},"run_delay_ns":0,"peak_rss_bytes":1,"counter":0,"start_method":null,"results":1,"is":{after}}}'
echo '{{"say":"result","job":0,"worker":0,"submitted_ns":{at},"start_ns":{at},"end_ns":{at},"cpu_ns":0,"count":1,"answer":0,"samples":0,"calls":0}}'"#
    )
}

#[test]
fn an_interpreter_that_claims_impossible_times_is_not_believed() {
    // The clock's zero is the machine's start, which was before any trial.
    let in_an_hour = lab_data::clock::now_ns() + 3_600_000_000_000;
    for at in [1, in_an_hour] {
        let error = error_of(&trial_at(at, &identity()));
        assert!(error.contains("is not believed: the start and the end of the pool"), "{error}");
    }
}

/// In a free-threaded build an extension can do that.
#[test]
fn a_lock_that_is_switched_on_during_a_trial_is_an_error_of_its_jobs() {
    let (error, is_kept) = after_a_trial(&Identity { gil: true, ..identity() });
    assert_eq!(error.as_deref(), Some("its GIL was switched on during the run"));
    assert!(!is_kept, "the next trial has another one");
    let (error, _) = after_a_trial(&Identity { version: "3.99.8".to_owned(), ..identity() });
    assert!(error.is_some_and(|error| error.starts_with("it was 3.99")), "what it was is said");
}

#[test]
fn an_interpreter_that_may_use_fewer_cores_is_the_same() {
    let held = Identity { cores: Some(1), default_workers: Some(5), ..identity() };
    assert_ne!(held, identity());
    assert_eq!(after_a_trial(&held), (None, true));
}

/// The error of the only job of an interpreter that is this after a trial, and whether the next trial has
/// the same process.
fn after_a_trial(is: &Identity) -> (Option<String>, bool) {
    // The shell has no clock of its own: it says the time at which the order came.
    let script = trial_at(0, is).replace(
        "read order\n",
        "read order; at=$(awk '{printf \"%.0f\", $1 * 1000000000 + 10000000}' /proc/uptime)\nsleep 0.1\n",
    );
    let script = script.replace("_ns\":0", "_ns\":'$at'").replace("cpu_ns\":'$at'", "cpu_ns\":0");
    let script = script.replace("delay_ns\":'$at'", "delay_ns\":0");
    let (_folder, executable) = self::script(&script);
    let mut pool = pool();
    let runtime = "cpython-3.99t".to_owned();
    let one =
        Interpreter { runtime: runtime.clone(), executable, gil_option: None, is: identity() };
    pool.add_python(one).unwrap();
    let trial = trial(Runtime::CPython(runtime), Executor::Serial, 1, vec![Job::add(1)]);
    let report = pool.run(&trial).unwrap();
    (report.jobs[0].report.error.clone(), pool.pythons[0].pid().is_some())
}

#[test]
fn a_name_is_looked_for_and_an_error_says_where() {
    let (folder, path) = cpython("3.14.2");
    let bin = folder.path().join("manager/3.14.2/bin");
    fs::create_dir_all(&bin).unwrap();
    fs::rename(&path, bin.join("python3.14")).unwrap();
    let places = Places { path: Vec::new(), managed: vec![folder.path().join("manager")] };
    let of = |word: &str| {
        let named = word.parse().unwrap_or(Named::All);
        let found = find_among(&places, &[named], LATE);
        let names = found.interpreters.into_iter().map(|one| one.runtime);
        (names.collect::<Vec<_>>(), found.skipped)
    };
    let folder = folder.path().display().to_string();
    for word in
        ["3.14", "3.14.2", "python3.14", "cpython-3.14", "all", &format!("{folder}/manager/3.14.2")]
    {
        assert_eq!(of(word), (vec!["cpython-3.14".to_owned()], vec![]), "{word}");
    }
    for (word, parts) in [
        ("3.14.3", &["python3.14 is none: it is cpython-3.14.2"][..]),
        ("3.14t", &["python3.14t was looked for on PATH and in ", "manager; `report pythons`"]),
        ("pypy3", &["there is no such interpreter: pypy3 was looked for"]),
        ("/nowhere/", &["No such file"]),
        (&folder, &["there is no python3 in this folder"]),
    ] {
        let (names, skipped) = of(word);
        assert!(names.is_empty() && skipped[0].is_asked, "{word}: {names:?}");
        for part in parts {
            assert!(skipped[0].reason.contains(part), "no '{part}' in: {}", skipped[0].reason);
        }
    }
}

/// Of a real one, where there is one.
#[test]
fn a_lock_may_be_switched_on_and_pools_inherit_that() {
    let found = crate::cpython::find_with_pairs(&[Named::All]);
    let pairs = found.interpreters.into_iter().filter(|one| one.gil_option.is_some());
    for one in pairs {
        let runtime = Runtime::CPython(one.runtime.clone());
        assert_eq!(one.runtime.ends_with("t+gil"), one.is.gil);
        let mut pool = pool();
        pool.add_python(one).unwrap();
        for start_method in StartMethod::ALL.map(Some) {
            let jobs = vec![Job::add(10)];
            let trial =
                Trial { start_method, ..trial(runtime.clone(), Executor::Processes, 2, jobs) };
            // A worker says so if its lock is another than its parent's.
            assert_eq!(pool.run(&trial).unwrap().jobs[0].report.error, None);
        }
    }
}
