//! Saved data that are missing or damaged, in place of all experiments: one sentence that names
//! file, line, column and what was expected; nothing on the disk changes.

use crate::TRACKERS;
use crate::user::Place;
use crate::user::saved;
use std::fs;

fn refused(file: &str, damage: impl Fn(&str) -> String, words: &[&str]) {
    let place = Place::with_earlier_run(&TRACKERS);
    let path = place.data().join(file);
    let whole = fs::read_to_string(&path).unwrap();
    let damaged = damage(&whole);
    assert_ne!(damaged, whole, "{file} is not damaged");
    fs::write(&path, damaged).unwrap();
    let before = saved::tree(&place.out());
    let ended = place.run_bare(&["--replay"]).fails_saying(words);
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert!(
        ended.stderr.contains(path.to_str().unwrap()),
        "{}",
        ended.stderr
    );
    assert_eq!(ended.stdout, "");
    saved::assert_same(&before, &saved::tree(&place.out()));
}

/// The table with another cell in this line, counted from 1.
fn with_cell(table: &str, line: usize, column: &str, cell: &str) -> String {
    let header = table.lines().next().unwrap();
    let at = header.split(',').position(|name| name == column).unwrap();
    let lines = table.lines().enumerate().map(|(number, text)| {
        let mut cells: Vec<&str> = text.split(',').collect();
        if number + 1 == line {
            cells[at] = cell;
        }
        cells.join(",") + "\n"
    });
    lines.collect()
}

fn without_column(table: &str, column: &str) -> String {
    let header = table.lines().next().unwrap();
    let at = header.split(',').position(|name| name == column).unwrap();
    let lines = table.lines().map(|text| {
        let mut cells: Vec<&str> = text.split(',').collect();
        cells.remove(at);
        cells.join(",") + "\n"
    });
    lines.collect()
}

#[test]
fn nothing_was_saved() {
    let place = Place::empty(&TRACKERS);
    place
        .run_bare(&["--replay"])
        .fails_saying(&["data/parallel-vs-concurrent", "without --replay"]);
    assert!(!place.out().exists());
}

#[test]
fn a_table_is_missing() {
    for file in ["trials.csv", "jobs.csv", "spans.csv", "run.json"] {
        let place = Place::with_earlier_run(&TRACKERS);
        fs::remove_file(place.data().join(file)).unwrap();
        let before = saved::tree(&place.out());
        place
            .run_bare(&["--replay"])
            .fails_saying(&[file, "could not be read"]);
        saved::assert_same(&before, &saved::tree(&place.out()));
    }
}

#[test]
fn a_number_is_none() {
    refused(
        "trials.csv",
        |text| with_cell(text, 3, "makespan_ns", "12x4"),
        &[
            "trials.csv, line 3, column makespan_ns: expected",
            "found '12x4'",
        ],
    );
    refused(
        "jobs.csv",
        |text| with_cell(text, 2, "submitted_ns", ""),
        &[
            "jobs.csv, line 2, column submitted_ns: expected",
            "found nothing",
        ],
    );
    refused(
        "spans.csv",
        |text| with_cell(text, 4, "samples", "-5"),
        &["spans.csv, line 4, column samples: expected", "found '-5'"],
    );
    refused(
        "trials.csv",
        |text| with_cell(text, 5, "executor", "fibers"),
        &[
            "trials.csv, line 5, column executor: expected",
            "threads",
            "'fibers'",
        ],
    );
}

#[test]
fn a_column_is_missing_or_unknown() {
    refused(
        "trials.csv",
        |text| without_column(text, "window_ns"),
        &["trials.csv, line 1: missing columns: window_ns"],
    );
    refused(
        "spans.csv",
        |text| text.replacen("core", "kernel", 1),
        &["line 1: missing columns: core; unknown columns: kernel"],
    );
}

#[test]
fn a_line_is_cut_off() {
    let last_line = |text: &str| text.lines().count();
    let lines = last_line(
        std::str::from_utf8(
            TRACKERS.earlier()[std::path::Path::new("data/parallel-vs-concurrent/jobs.csv")]
                .as_ref()
                .unwrap(),
        )
        .unwrap(),
    );
    let place = format!("jobs.csv, line {lines}: ");
    refused(
        "jobs.csv",
        |text| text[..text.len() - 20].to_owned(),
        &[&place, "expected 15 cells, found"],
    );
    refused(
        "jobs.csv",
        |text| text[..text.len() - 1].to_owned(),
        &[&place, "the line is cut off"],
    );
    refused(
        "jobs.csv",
        |_| String::new(),
        &["is empty; expected a header"],
    );
}

#[test]
fn the_bytes_are_no_text() {
    let place = Place::with_earlier_run(&TRACKERS);
    let path = place.data().join("trials.csv");
    let mut bytes = fs::read(&path).unwrap();
    let line = bytes.iter().position(|&byte| byte == b'\n').unwrap();
    bytes[line + 3] = 0xff;
    fs::write(&path, bytes).unwrap();
    place
        .run_bare(&["--replay"])
        .fails_saying(&["trials.csv, line 2", "expected UTF-8"]);
}

#[test]
fn rows_are_swapped_doubled_or_of_another_run() {
    refused(
        "trials.csv",
        |text| {
            let mut lines: Vec<&str> = text.lines().collect();
            lines.swap(3, 4);
            lines.join("\n") + "\n"
        },
        &[
            "trials.csv",
            "line 4, column trial: 3 stands where 2 should",
        ],
    );
    refused(
        "trials.csv",
        |text| text.to_owned() + text.lines().last().unwrap() + "\n",
        &["trials.csv", "stands where "],
    );
    refused(
        "trials.csv",
        |text| text.lines().next().unwrap().to_owned() + "\n",
        &["trials.csv", "holds no trial"],
    );
    for (file, line) in [("jobs.csv", 3), ("spans.csv", 2)] {
        let place = format!("{file}, line {line}, column trial: ");
        refused(
            file,
            |text| with_cell(text, line, "trial", "999"),
            &[&place, "found 999", "trials.csv has "],
        );
    }
}

#[test]
fn the_description_of_the_run_is_damaged() {
    refused(
        "run.json",
        |text| text[..text.len() / 2].to_owned(),
        &["run.json, line ", ", column ", "EOF"],
    );
    refused(
        "run.json",
        |text| text.replace("\"seed\": 7", "\"seed\": \"seven\""),
        &["run.json, line ", ", column ", "\"seven\", expected u64"],
    );
    refused(
        "run.json",
        |text| text.replace("\"blocks\"", "\"bocks\""),
        &["run.json, line ", ", column ", "'bocks'", "'blocks'"],
    );
    refused(
        "run.json",
        |text| text.replace("\"format\": 1", "\"format\": 99"),
        &["run.json", "format 99"],
    );
    refused("run.json", |_| String::new(), &["run.json", "is empty"]);
}

#[test]
fn the_data_are_of_another_experiment() {
    let place = Place::with_earlier_run(&TRACKERS);
    let path = place.data().join("run.json");
    let text = fs::read_to_string(&path).unwrap();
    let other = text.replace(
        "\"experiment\": \"parallel-vs-concurrent\"",
        "\"experiment\": \"io-threads\"",
    );
    fs::write(&path, other).unwrap();
    place
        .run_bare(&["--replay"])
        .fails_saying(&["holds a run of io-threads, not of parallel-vs-concurrent"]);
}

#[test]
fn rows_that_contradict_one_another_are_of_two_runs() {
    refused(
        "run.json",
        |text| text.replace("\"blocks\": 2", "\"blocks\": 7"),
        &["run.json says that 7 blocks were judged, and trials.csv has 2"],
    );
    refused(
        "jobs.csv",
        |text| with_cell(text, 2, "block", "2"),
        &["jobs.csv, line 2: trial ", "trials.csv says block 1"],
    );
}

#[test]
fn an_edited_verdict_is_noticed_and_replaced() {
    let place = Place::with_earlier_run(&TRACKERS);
    let path = place.data().join("verdicts.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("rust", "rost", 1)).unwrap();
    let ended = place.run_bare(&["--replay"]).succeeds();
    assert!(
        ended.stderr.contains("verdicts.csv: 1 of ") && ended.stderr.contains("they were edited"),
        "{}",
        ended.stderr
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    assert_eq!(place.run_bare(&["--replay"]).succeeds().stderr, "");
}

/// Values that can be read and cannot be true: a verdict or a sentence, but no crash.
#[test]
fn absurd_numbers_bring_nothing_down() {
    for (file, column, cell) in [
        ("trials.csv", "workers", "4294967295"),
        ("trials.csv", "jobs", "4294967295"),
        ("trials.csv", "makespan_ns", "0"),
        ("trials.csv", "makespan_ns", "18446744073709551615"),
        ("trials.csv", "window_ns", ""),
        ("trials.csv", "block", "4294967295"),
        ("jobs.csv", "end_ns", "0"),
        ("jobs.csv", "end_ns", "18446744073709551615"),
        ("jobs.csv", "job", "4294967295"),
        ("jobs.csv", "worker", "4294967295"),
        ("spans.csv", "start_ns", "18446744073709551615"),
        ("spans.csv", "end_ns", "0"),
        ("spans.csv", "core", "4294967295"),
    ] {
        let place = Place::with_earlier_run(&TRACKERS);
        let path = place.data().join(file);
        let mut text = fs::read_to_string(&path).unwrap();
        for line in 2..=text.lines().count() {
            text = with_cell(&text, line, column, cell);
        }
        fs::write(&path, text).unwrap();
        // Other numbers give other verdicts than those that were saved, which would be told as well.
        fs::remove_file(place.data().join("verdicts.csv")).unwrap();
        let ended = place.run_bare(&["--replay"]);
        assert!(
            ended.stderr.lines().count() <= 1,
            "{file} {column} {cell}: {ended:?}"
        );
    }
}
