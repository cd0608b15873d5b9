//! Runs that are interrupted, killed or robbed of a child, and runs that meet, for all experiments
//! alike.

use crate::{pages, trackers};
use lab_testing::processes::send;
use lab_testing::{Experiment, Scratch, files};
use nix::sys::signal::Signal::{self, SIGHUP, SIGINT, SIGKILL, SIGTERM};
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

/// Minutes of short trials: something is always going on.
pub(crate) const LONG: &str = "--quick --blocks 1000 --jobs 2 --runtimes rust,gil";
/// Trials that last long enough to meddle with.
const SLOW: &str = "--blocks 1000 --jobs 2 --job-time 500ms --executors processes --runtimes rust";

/// Asked to end, or killed, while processes, an origin or only threads run: no child outlives its
/// parent, and the last complete run stays.
#[test]
fn a_run_that_a_signal_ends_leaves_no_child_and_the_last_data() {
    let cases: [(&'static Experiment, _, Option<&str>, &[Signal]); 4] = [
        (trackers(), LONG, Some("__worker"), &[SIGINT, SIGTERM, SIGHUP]),
        (trackers(), LONG, None, &[SIGINT]),
        (trackers(), SLOW, Some("__worker"), &[SIGKILL]),
        (pages(), LONG, None, &[SIGINT, SIGTERM, SIGKILL]),
    ];
    for (experiment, options, child, signals) in cases {
        for &signal in signals {
            let scratch = Scratch::recorded(experiment);
            let mut run = scratch.start(options);
            run.says("Measuring");
            if let Some(argument) = child {
                run.child_with(argument);
            }
            send(run.pid(), signal);
            let ended = run.ends().dies_of(signal);
            scratch.leaves_no_process();
            if signal == SIGKILL {
                // It could not tidy up; whoever comes next does.
                scratch.run("--replay --no-plot").succeeds();
            } else {
                // What fails as the children go is not worth a word.
                ended.says_lines(1);
            }
            scratch.holds_the_recorded_run();
        }
    }
}

#[test]
fn a_child_that_is_killed_is_named_and_the_others_end() {
    let worker = ["parallel-vs-concurrent: block ", ": worker process ", "ended early", "SIGKILL"];
    let cases: [(&'static Experiment, _, _, &[&str]); 2] = [
        (trackers(), SLOW, "__worker", &worker),
        (pages(), LONG, "lab-origin-child", &["origin", "SIGKILL"]),
    ];
    for (experiment, options, argument, words) in cases {
        let scratch = Scratch::recorded(experiment);
        let mut run = scratch.start(options);
        // What was started before, to see how long that takes, has ended.
        run.says("Measuring");
        let child = run.child_with(argument);
        send(child, SIGKILL);
        run.ends().fails_saying(words).says_lines(2);
        scratch.leaves_no_process();
        scratch.holds_the_recorded_run();
    }
}

/// An interpreter that starts another session and fails is skipped with its reason, the others go
/// on, and what it started ends with the run.
#[test]
fn what_an_interpreter_leaves_behind_ends_with_the_run() {
    let scratch = Scratch::empty(trackers());
    let program =
        "#!/bin/sh\nPATH=/usr/bin:/bin\nsetsid sleep 1000 >&- 2>&- &\necho oh >&2; exit 1";
    let python = scratch.file("python3", program);
    fs::set_permissions(&python, Permissions::from_mode(0o755)).unwrap();
    let folder = Path::new(&python).parent().unwrap().display();
    let options = "--quick --blocks 2 --jobs 2 --runtimes rust,cpython --no-plot";
    let run = scratch.start_by(&format!("env PATH={folder}"), options);
    let ended = run.ends().succeeds();
    let reason = "python3 is skipped: it ended early (exit status: 1); its last line";
    assert!(ended.stderr.contains(reason), "{}", ended.stderr);
    assert!(scratch.run_json().to_string().contains(reason));
    scratch.leaves_no_process();
    // One that was named is an error, and leaves as little behind.
    let named = scratch.run(&format!("--quick --blocks 2 --jobs 2 --python {python}"));
    named.fails_saying(&["it ended early (exit status: 1)", "name another with --python PATH"]);
    scratch.leaves_no_process();
}

/// An interpreter that is killed on the way ends its own runtime alone.
#[test]
fn an_interpreter_that_fails_in_the_middle_is_skipped_and_the_others_are_measured() {
    if !lab_testing::has_python() {
        println!("skipped: no Python");
        return;
    }
    let scratch = Scratch::empty(trackers());
    let mut run = scratch.start("--quick --blocks 3 --jobs 2 --runtimes rust,cpython --no-plot");
    run.says("Measuring");
    send(run.child_with("-I"), SIGKILL);
    let ended = run.ends().succeeds();
    assert!(ended.stderr.contains("is skipped: "), "{}", ended.stderr);
    let settings = &scratch.run_json()["settings"];
    assert!(settings["skipped_runtimes"].to_string().contains("ended early"), "{settings}");
    assert_eq!(settings["runtimes"].to_string(), "[\"rust\"]");
    assert!(
        ended.stdout.contains("Rust") && !ended.stdout.contains("CPython 3"),
        "{}",
        ended.stdout
    );
    scratch.leaves_no_process();
    scratch.run("--replay --no-plot").succeeds();
}

/// Where CPython's processes can share no lock, CPython is skipped with the reason, and the others
/// are measured.
#[test]
fn an_interpreter_that_cannot_work_on_this_machine_is_skipped() {
    let narrow = "unshare --user --map-root-user --mount sh -c 'mount -t tmpfs -o ro,size=4k none \
                  /dev/shm && exec \"$@\"' sh";
    let can = Command::new("sh").args(["-c", &format!("{narrow} true")]).output().unwrap();
    if !can.status.success() || !lab_testing::has_python() {
        println!("skipped: no Python, or no right to mount: {can:?}");
        return;
    }
    let scratch = Scratch::empty(trackers());
    let run = scratch.start_by(narrow, "--quick --blocks 2 --jobs 2 --runtimes rust,cpython");
    run.ends().succeeds();
    let noted = scratch.run_json()["settings"]["skipped_runtimes"].to_string();
    assert!(noted.contains("/dev/shm must be writable"), "{noted}");
}

#[test]
fn a_signal_that_is_to_be_ignored_is_ignored() {
    let scratch = Scratch::empty(trackers());
    let nohup = "sh -c 'trap \"\" HUP; exec \"$@\"' sh";
    let mut run = scratch.start_by(nohup, &trackers().short);
    run.says("Measuring");
    send(run.pid(), SIGHUP);
    run.ends().succeeds();
}

#[test]
fn the_second_of_two_runs_waits_and_says_so() {
    let scratch = Scratch::recorded(trackers());
    let mut first = scratch.start(LONG);
    first.says("Measuring");
    let [mut second, mut third] = [scratch.start_short(""), scratch.start_short("")];
    for run in [&mut second, &mut third] {
        run.says("waiting");
    }
    send(third.pid(), SIGINT);
    third.ends().dies_of(SIGINT);
    send(first.pid(), SIGTERM);
    first.ends().dies_of(SIGTERM);
    let ended = second.ends().succeeds();
    let mut said = ended.stderr.lines();
    let mut says = |word: &str| said.next().is_some_and(|line| line.contains(word));
    assert!(says("nother experiment is measuring on this machine"), "{ended:?}");
    assert!(says("Measuring"), "{ended:?}");
    assert_eq!(files(&scratch.tree()), files(trackers().recorded()));
}

fn piped(scratch: &Scratch, options: &str) -> Child {
    let mut command = scratch.command("", options, &scratch.out());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

#[test]
fn who_reads_no_further_gets_no_panic() {
    for options in [&trackers().short, "--help"] {
        let scratch = Scratch::empty(trackers());
        let mut child = piped(&scratch, options);
        let mut first = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::with_capacity(1, stdout).read_line(&mut first).unwrap();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(!said.contains("panicked"), "{said}");
        assert_eq!(child.wait().unwrap().code(), Some(0), "{said}");
        assert!(first.starts_with('"'), "{first}");
    }
}

#[test]
fn who_reads_neither_stdout_nor_stderr_gets_a_run() {
    let scratch = Scratch::empty(trackers());
    let mut child = piped(&scratch, &trackers().short);
    drop((child.stdout.take(), child.stderr.take()));
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(files(&scratch.tree()), files(trackers().recorded()));
}

/// Whoever interrupts it finds the old figure or the new one, and nothing beside them.
#[test]
fn an_interrupted_drawing_leaves_no_part_of_a_file() {
    let scratch = Scratch::recorded(trackers());
    let begun = Instant::now();
    scratch.run("--replay").succeeds();
    let whole = begun.elapsed();
    let times = 12;
    for part in 1..=times {
        let run = scratch.start("--replay");
        std::thread::sleep(whole * part / times);
        send(run.pid(), SIGINT);
        run.ends();
        scratch.holds_the_recorded_run();
    }
}

/// As in a hook, which is told of its own repository.
#[test]
fn the_commit_is_that_of_the_code_whatever_git_is_told() {
    let scratch = Scratch::empty(trackers());
    let told = "env GIT_DIR=/no/such/repository GIT_WORK_TREE=/";
    scratch.start_by(told, &format!("{} --no-plot", trackers().short)).ends().succeeds();
    assert_eq!(scratch.run_json()["commit"], trackers().run_json()["commit"]);
}
