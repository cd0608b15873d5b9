//! `--command` and `--inputs`: somebody's own work, and the advice on it.

use crate::POOL_SIZING;
use crate::user::processes::send;
use crate::user::saved::{self, Table};
use crate::user::{Ended, Place};
use nix::sys::signal::Signal;
use serde_json::Value;

const SHORT: &[&str] = &["--budget", "30s", "-w", "1,4", "--blocks", "3"];

fn run(place: &Place, command: &str, inputs: &str, options: &[&str]) -> Ended {
    let file = place.file("inputs.txt", inputs);
    let words = ["--command", command, "--inputs", &file];
    place.run_bare(&[&words, SHORT, options].concat())
}

fn advice(ended: &Ended) -> Value {
    let whole: Value = serde_json::from_str(&ended.stdout).unwrap_or_default();
    whole["advice"].clone()
}

/// Every outcome that was recorded of a job, once.
fn outcomes(place: &Place) -> Vec<String> {
    let jobs = Table::read(&place.data().join("jobs.csv"));
    let mut outcomes: Vec<String> = jobs
        .column("outcome")
        .iter()
        .map(|o| (*o).to_owned())
        .collect();
    outcomes.sort();
    outcomes.dedup();
    outcomes
}

#[test]
fn an_advice_names_a_number_that_was_tried_and_a_replay_gives_the_same() {
    let place = Place::empty(&POOL_SIZING);
    // Waiting that four workers share is no matter of chance.
    let ended = run(&place, "sleep 0.05{}", &"1\n".repeat(8), &["--json"]).succeeds();
    let given = advice(&ended);
    assert_eq!(given["workers"], 4, "{given}");
    assert_eq!(given["paste"], "max_workers=4");
    assert_eq!(given["errors"], 0.0);
    assert_eq!(given["jobs"], 8);
    assert!(given["waits_ms"].as_f64() > given["computes_ms"].as_f64());
    assert!(given["memory_bytes_a_worker"].as_u64().unwrap() > 0);
    let again = place.run_bare(&["--replay", "--json"]).succeeds();
    assert_eq!(advice(&again), given);
    let text = place.run_bare(&["--replay"]).succeeds().stdout;
    assert!(text.contains("max_workers=4"), "{text}");
}

#[test]
fn a_number_that_is_alone_is_measured_and_advised() {
    let place = Place::empty(&POOL_SIZING);
    let file = place.file("inputs.txt", "1\n2\n3\n4\n");
    let work = ["--command", "sleep 0.01{}", "--inputs", &file];
    let ended = place
        .run_bare(&[&work[..], &["-w", "2", "--json"]].concat())
        .succeeds();
    let given = advice(&ended);
    assert_eq!(given["workers"], 2, "{given}");
    assert_eq!(given["tried"][0]["blocks"], 1, "{given}");
    let text = place.run_bare(&["--replay"]).succeeds().stdout;
    assert!(text.contains("the only number that was tried"), "{text}");
    // Python would take four, since there are no more jobs.
    assert!(text.contains("was not tried"), "{text}");
}

#[test]
fn an_input_is_one_argument_as_it_is_and_empty_lines_are_none() {
    let place = Place::empty(&POOL_SIZING);
    let inputs = "a b\n\n  \n\"quoted' $HOME *\nüñï\r\n";
    run(&place, "printf '<%s>\\n' {}", inputs, &["--no-plot"]).succeeds();
    let jobs = Table::read(&place.data().join("jobs.csv"));
    let mut answers: Vec<&str> = jobs
        .rows()
        .map(|job| job.text("answer").split_once(':').unwrap().1)
        .collect();
    answers.sort_unstable();
    answers.dedup();
    // As messages show them: escaped, on one line.
    let shown = ["<\\\"quoted\\' $HOME *>", "<a b>", "<üñï>"];
    assert_eq!(answers, shown);
}

#[test]
fn a_shell_reads_the_command_only_if_it_is_asked_for() {
    let place = Place::empty(&POOL_SIZING);
    let inputs = "a;b\nc'd\n";
    let options = ["--no-plot", "--shell"];
    run(&place, "printf %s {} | wc -c | tr -d ' '", inputs, &options).succeeds();
    let jobs = Table::read(&place.data().join("jobs.csv"));
    for job in jobs.rows() {
        assert!(job.text("answer").ends_with(":3"), "{job:?}");
    }
}

#[test]
fn a_command_that_fails_is_an_error_with_its_last_line_and_there_is_no_advice() {
    for (command, timeout, cause) in [
        (
            "sh -c 'echo oh{} >&2; exit 3'",
            "60s",
            "it exited with status 3; its last line: oh",
        ),
        ("sh -c 'kill -9 $$' {}", "60s", "it was ended by signal 9"),
        (
            "/no/such/program {}",
            "60s",
            "it could not be started: there is no such program",
        ),
        (
            "ulimit {}",
            "60s",
            "it could not be started: there is no such program; what only a shell knows needs --shell",
        ),
        ("/ {}", "60s", "it could not be started (Permission denied"),
        (
            "yes {}",
            "1s",
            "it was not done after 1.0 s; its last line: 1",
        ),
        ("sleep 100{}", "200ms", "it was not done after 0.2 s"),
    ] {
        let place = Place::empty(&POOL_SIZING);
        let ended = run(&place, command, "1\n2\n", &["--timeout", timeout]).succeeds();
        assert!(ended.stdout.contains("NO ADVICE"), "{}", ended.stdout);
        assert!(
            ended.stdout.contains("100 % of the jobs failed"),
            "{}",
            ended.stdout
        );
        assert!(ended.stdout.contains(cause), "{}", ended.stdout);
        assert!(!ended.stdout.contains("max_workers"), "{}", ended.stdout);
        let outcomes = outcomes(&place);
        assert!(
            outcomes
                .iter()
                .all(|outcome| outcome.contains(&cause[..20])),
            "{outcomes:?}"
        );
        place.leaves_no_process();
    }
}

#[test]
fn some_failures_are_too_many() {
    let place = Place::empty(&POOL_SIZING);
    let inputs = "0\n0\n0\n0\n1\n";
    let ended = run(&place, "sh -c 'exit {}'", inputs, &["--no-plot"]).succeeds();
    assert!(
        ended.stdout.contains("NO ADVICE   20 % of the jobs failed"),
        "{}",
        ended.stdout
    );
}

#[test]
fn a_command_that_waits_for_input_gets_none() {
    let place = Place::empty(&POOL_SIZING);
    run(&place, "cat {}", "-\n-\n", &["--no-plot"]).succeeds();
    assert_eq!(outcomes(&place), ["ok"]);
}

#[test]
fn wrong_usage_says_what_to_do() {
    let place = Place::empty(&POOL_SIZING);
    place
        .run_bare(&["--command", "true {}"])
        .refuses_usage(&["--inputs"]);
    run(&place, "true", "1\n2\n", &[]).fails_saying(&["has no {}"]);
    run(&place, "echo '{}", "1\n2\n", &[]).fails_saying(&["not closed"]);
    run(&place, "true {}", "\n\n", &[]).fails_saying(&["holds no input"]);
    run(&place, "true {}", "1\n", &[]).fails_saying(&["one job only"]);
    let options = ["--command", "true {}", "--inputs", "/no/such"];
    place
        .run_bare(&options)
        .fails_saying(&["/no/such", "cannot be read"]);
}

#[test]
fn work_that_does_not_fit_into_the_budget_is_refused_with_what_would_do() {
    let place = Place::empty(&POOL_SIZING);
    let file = place.file("inputs.txt", &"1\n".repeat(8));
    let words = [
        "--command",
        "sleep 0.4{}",
        "--inputs",
        &file,
        "--budget",
        "1s",
    ];
    place
        .run_bare(&words)
        .fails_saying(&["too short", "--budget"]);
}

#[test]
fn no_command_outlives_its_run_however_that_ends() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGKILL] {
        let place = Place::with_earlier_run(&POOL_SIZING);
        let file = place.file("inputs.txt", "1\n2\n");
        // One leaves its group, one its parent.
        let command = "setsid sleep 100{} & (sleep 100{} &); sleep 100{}";
        let words = ["--shell", "--command", command, "--inputs", &file];
        let mut run = place.start_by(&[], &words);
        run.child_with("1001");
        send(run.pid(), signal);
        run.ends().dies_of(signal);
        place.leaves_no_process();
        // What a killed run leaves unfinished, the next one removes.
        place.run_bare(&["--replay"]).succeeds();
        saved::assert_same(POOL_SIZING.earlier(), &saved::tree(&place.out()));
    }
}
