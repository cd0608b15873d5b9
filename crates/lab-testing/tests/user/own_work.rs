//! `--command` and `--inputs`: somebody's own work, and the advice on it.

use lab_testing::processes::send;
use lab_testing::{Ended, Experiment, Scratch, experiment};
use nix::sys::signal::Signal::{SIGINT, SIGKILL, SIGTERM};
use serde_json::Value;
use std::collections::BTreeSet;

const SHORT: &str = "--budget 30s -w 1,4 --blocks 3";

fn pool_sizing() -> &'static Experiment {
    experiment("pool-sizing")
}

/// A shell whose user has few open files.
const SHELL: &str = "sh -c 'ulimit -Sn 250; exec \"$@\"' sh";

fn run(scratch: &Scratch, command: &str, inputs: &str, options: &str) -> Ended {
    run_by(scratch, "", command, inputs, options)
}

fn run_by(scratch: &Scratch, wrapper: &str, command: &str, inputs: &str, options: &str) -> Ended {
    let file = scratch.file("inputs.txt", inputs);
    let command = shlex::try_quote(command).unwrap();
    let options = format!("--command {command} --inputs {file} {options}");
    scratch.start_by(wrapper, &options).ends()
}

fn advice(ended: Ended) -> Value {
    ended.succeeds().json()["advice"].clone()
}

/// Every text that this column of the jobs has, without what `before` takes off, once.
fn of_jobs(scratch: &Scratch, column: &str, before: &str) -> BTreeSet<String> {
    let jobs = scratch.table("jobs");
    let texts = jobs.column(column).into_iter();
    let rest = texts.map(|text| text.split_once(before).map_or(text, |(_, rest)| rest));
    rest.map(str::to_owned).collect()
}

#[test]
fn an_advice_names_a_number_that_was_tried_and_a_replay_gives_the_same() {
    let scratch = Scratch::empty(pool_sizing());
    // Waiting that four workers share is no matter of chance.
    let options = format!("{SHORT} --json --simulate 1,64 --costs article");
    let given = advice(run(&scratch, "sleep 0.05{}", &"1\n".repeat(8), &options));
    assert_eq!(given["workers"], 4, "{given}");
    assert_eq!(given["paste"], "max_workers=4");
    assert_eq!(given["errors"], 0.0);
    assert_eq!(given["jobs"], 8);
    assert!(given["waits_ms"].as_f64() > given["computes_ms"].as_f64());
    let fields = given.as_object().unwrap();
    let memory = fields.iter().find(|(name, _)| name.starts_with("memory_bytes"));
    assert!(memory.unwrap().1.as_u64().unwrap() > 0);
    let simulated = &given["simulated"];
    for (machine, cores) in simulated["machines"].as_array().unwrap().iter().zip([1, 64]) {
        assert_eq!((&machine["cores"], &machine["workers"]), (&cores.into(), &8.into()));
    }
    assert!(simulated["low"].is_null(), "nothing was held against a machine: {simulated}");
    assert_eq!(advice(scratch.run("--replay --json")), given);
    let words = ["max_workers=4", "simulated 64 cores: max_workers=8", "sim-model"];
    scratch.run("--replay").succeeds().prints(&words);
}

/// The first line is the answer, and no line is longer than a page is wide.
#[test]
fn the_first_line_is_the_answer_with_what_it_gains() {
    let scratch = Scratch::empty(pool_sizing());
    let many = "1\n".repeat(20);
    let options = "--budget 20 -w 1,6,12 --blocks 5";
    let ended = run(&scratch, "sleep 0.05{}", &many, options).succeeds();
    let mut lines = ended.stdout.lines();
    let first = lines.next().unwrap();
    assert!(first.starts_with("max_workers=12  "), "{first}");
    assert!(first.contains("× as fast as one at a time, "), "{first}");
    assert!(first.contains("as fast as Python's default of "), "{first}");
    assert!(lines.all(|line| line.chars().count() <= 100), "{}", ended.stdout);
}

#[test]
fn a_number_that_is_alone_is_measured_and_advised() {
    let scratch = Scratch::empty(pool_sizing());
    let given = advice(run(&scratch, "sleep 0.01{}", "1\n2\n3\n4\n", "-w 2 --json"));
    assert_eq!(given["workers"], 2, "{given}");
    assert_eq!(given["tried"][0]["blocks"], 1, "{given}");
    // Python would take four, since there are no more jobs.
    let words = ["max_workers=2", "the only number that was tried", "was not tried"];
    scratch.run("--replay").succeeds().prints(&words);
}

/// A pipe that nobody writes to.
fn pipe(scratch: &Scratch) -> String {
    let path = scratch.file("pipe", "");
    std::fs::remove_file(&path).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    path
}

/// An input is one argument as it is, and empty lines are none; a shell reads the command only if it
/// is asked to; a command that waits for input gets none.
#[test]
fn a_command_gets_its_input_as_it_is() {
    let odd = "a b\n\n  \n\"quoted' $HOME *\nüñï\r\n";
    // As messages show them: escaped, on one line.
    let shown = &["<\\\"quoted\\' $HOME *>", "<a b>", "<üñï>"][..];
    let from_windows = "\u{feff}a b\r\nüñï\r\n";
    for (command, inputs, options, answers) in [
        ("printf '<%s>\\n' {}", from_windows, "", &shown[1..]),
        ("printf '<%s>\\n' {}", odd, "", shown),
        ("printf %s {} | wc -c | tr -d ' '", "a;b\nc'd\n", "--shell", &["3"]),
        ("printf %s \"{}\" | wc -c | tr -d ' '", "a b\n$HO\n", "--shell", &["3"]),
        ("cat {}", "-\n-\n", "", &[""]),
        // It has the signals and the limits of its user, and its children have them.
        ("sh -c 'sleep 3{} & kill $!; wait $!; echo $?'", "0\n0\n", "", &["143"]),
        ("sh -c 'ulimit -Sn #{}'", "1\n2\n", "", &["250"]),
    ] {
        let scratch = Scratch::empty(pool_sizing());
        let options = format!("{SHORT} --no-plot {options}");
        run_by(&scratch, SHELL, command, inputs, &options).succeeds();
        let given = of_jobs(&scratch, "answer", ":");
        assert!(given.iter().eq(answers), "{command}: {given:?}");
        assert!(of_jobs(&scratch, "outcome", ":").iter().eq(["ok"]), "{command}");
    }
}

#[test]
fn a_shell_executes_nothing_that_is_in_an_input() {
    let scratch = Scratch::empty(pool_sizing());
    let made = scratch.tmp().join("made");
    let bad = ["$(touch F)", "`touch F`", "a'; touch F; '", "a\"; touch F; \"", "a;touch F"];
    let inputs = bad.join("\n").replace('F', made.to_str().unwrap());
    for command in ["true {}", "true \"{}\"", "cat <<E >/dev/null; true in/{}.gz\n{}\nE"] {
        run(&scratch, command, &inputs, &format!("{SHORT} --no-plot --shell")).succeeds();
        assert!(of_jobs(&scratch, "outcome", "\0").iter().eq(["ok"]), "{command}");
        assert!(!made.exists(), "{command}");
    }
    let refused = run(&scratch, "sh -c \"true {}\"", &inputs, &format!("{SHORT} --shell"));
    refused.fails_saying(&["inside quotes", "outside of quotes"]);
    assert!(!made.exists());
}

/// It is an error with its last line; and a run of nothing else replaces no other.
#[test]
fn a_command_that_fails_is_named_with_its_last_line() {
    for (command, timeout, cause, more) in [
        ("sh -c 'echo oh{} >&2; exit 3'", "60s", "it exited with status 3", "last line: oh"),
        ("sh -c 'kill -9 $$' {}", "60s", "it was ended by signal 9", ""),
        ("yes {}", "1s", "it was not done after 1.0 s", "last line: 1"),
        ("sleep 100{}", "200ms", "it was not done after 0.2 s", ""),
    ] {
        let scratch = Scratch::recorded(pool_sizing());
        let ended = run(&scratch, command, "1\n2\n", &format!("{SHORT} --timeout {timeout}"));
        ended.fails_saying(&["no job succeeded", "nothing to judge", cause, more]);
        scratch.holds_the_recorded_run();
        scratch.leaves_no_process();
    }
    let scratch = Scratch::empty(pool_sizing());
    let ended = run(&scratch, "sh -c 'exit {}'", "0\n0\n0\n0\n1\n", SHORT);
    ended.succeeds().prints(&["NO ADVICE", "20 % of the jobs failed"]);
}

/// Names of files are bytes: what is no UTF-8 reaches the command as it is.
#[test]
fn an_input_in_another_encoding_is_handed_over_as_it_is() {
    let scratch = Scratch::empty(pool_sizing());
    let file = scratch.file("latin.txt", "");
    std::fs::write(&file, b"caf\xe9\n\xfc\xfc\xfc\xfc\n").unwrap();
    for (command, options) in
        [("sh -c 'printf %s \"$1\" | wc -c' sh {}", ""), ("printf %s {} | wc -c", "--shell")]
    {
        let command = shlex::try_quote(command).unwrap();
        let options = format!("--command {command} --inputs {file} {SHORT} --no-plot {options}");
        scratch.run(&options).succeeds();
        let given = of_jobs(&scratch, "answer", ":");
        assert!(given.iter().all(|answer| answer.trim() == "4"), "{given:?}");
    }
}

/// What is not there is found out before anything is measured.
#[test]
fn a_program_that_is_not_there_is_refused() {
    let no_program = "it could not be started: there is no such program";
    for (command, cause, more) in [
        ("/no/such/program {}", no_program, ""),
        ("convrt {} {}.png", no_program, "line 2: convrt b b.png"),
        ("ulimit {}", no_program, "what only a shell knows needs --shell"),
        ("/ {}", "it could not be started (permission denied", ""),
    ] {
        let scratch = Scratch::recorded(pool_sizing());
        let ended = run(&scratch, command, "\nb\nc\n", "");
        let ended = ended.fails_saying(&[cause, more]);
        assert!(!ended.stderr.contains("Trying"), "{ended:?}");
        scratch.holds_the_recorded_run();
    }
}

#[test]
fn work_that_cannot_be_measured_is_refused_with_what_to_do() {
    let scratch = Scratch::empty(pool_sizing());
    scratch.run("--command 'true {}'").refuses_usage(&["--inputs"]);
    for (command, inputs, options, words) in [
        ("true", "1\n2\n", "", &["{}"][..]),
        ("echo '{}", "1\n2\n", "", &["not closed"]),
        ("true {}", "\n\n", "", &["holds no input"]),
        ("true {}", "1\n", "", &["one job only"]),
        ("sleep 0.4{}", "1\n1\n1\n1\n1\n1\n1\n1\n", "--budget 1s", &["too short", "--budget"]),
    ] {
        run(&scratch, command, inputs, options).fails_saying(words);
    }
    for (file, reason) in
        [("/no/such", ""), ("/dev/zero", "no regular file"), (&*pipe(&scratch), "no regular file")]
    {
        let ended = scratch.run(&format!("--command 'true {{}}' --inputs {file}"));
        ended.fails_saying(&[file, "cannot be read", reason]);
    }
}

#[test]
fn no_command_outlives_its_run_however_that_ends() {
    for signal in [SIGINT, SIGTERM, SIGKILL] {
        let scratch = Scratch::recorded(pool_sizing());
        let file = scratch.file("inputs.txt", "1\n2\n");
        // One leaves its group, one its parent.
        let command = "'setsid sleep 100{} & (sleep 100{} &); sleep 100{}'";
        let mut run = scratch.start(&format!("--shell --command {command} --inputs {file}"));
        run.child_with("1001");
        send(run.pid(), signal);
        run.ends().dies_of(signal);
        scratch.leaves_no_process();
        // What a killed run leaves unfinished, the next one removes.
        scratch.run("--replay --no-plot").succeeds();
        scratch.holds_the_recorded_run();
    }
}
