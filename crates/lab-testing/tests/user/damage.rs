//! Saved data that are missing, damaged, changed or of another run. For all experiments alike: a
//! sentence that names file, line and column; and nothing on the disk changes.
//!
//! A file that cannot be read, and a table of another run, is refused. A table that can be read and
//! has other bytes than the run wrote is reported in one line, and judged.

use crate::{cases, pages, trackers};
use lab_testing::{Ended, SEED, Scratch, assert_same, files};
use std::fs;

/// The text with one change, such as `line 3 makespan_ns 12x4`: that cell of that line, counted
/// from 1.
fn changed(text: &str, change: &str) -> String {
    let words = shlex::split(change).unwrap();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = |column: &str| {
        let mut names = text.lines().next().unwrap().split(',');
        names.position(|name| name == column).unwrap()
    };
    match words[..] {
        ["nothing"] => String::new(),
        ["half"] => text[..text.len() / 2].to_owned(),
        ["header"] => lines[0].clone() + "\n",
        ["without-last", bytes] => text[..text.len() - bytes.parse::<usize>().unwrap()].to_owned(),
        ["last-twice"] => text.to_owned() + lines.last().unwrap() + "\n",
        ["replace", from, to] => text.replacen(from, to, 1),
        ["swap", first, second] => {
            lines.swap(first.parse::<usize>().unwrap() - 1, second.parse::<usize>().unwrap() - 1);
            lines.join("\n") + "\n"
        }
        ["without-column", column] => {
            let without = |line: &String| {
                let mut cells: Vec<&str> = line.split(',').collect();
                cells.remove(at(column));
                cells.join(",") + "\n"
            };
            lines.iter().map(without).collect()
        }
        ["line", number, column, cell] => {
            let line = &mut lines[number.parse::<usize>().unwrap() - 1];
            let mut cells: Vec<&str> = line.split(',').collect();
            cells[at(column)] = cell;
            *line = cells.join(",");
            lines.join("\n") + "\n"
        }
        _ => panic!("{change}"),
    }
}

/// The recorded run with one file changed, replayed.
fn damaged(file: &str, change: &str) -> (Scratch, Ended) {
    let scratch = Scratch::recorded(trackers());
    let path = scratch.data().join(file);
    let whole = fs::read_to_string(&path).unwrap();
    let damaged = changed(&whole, change);
    assert_ne!(damaged, whole, "{file} is not damaged");
    fs::write(&path, damaged).unwrap();
    let before = scratch.tree();
    let ended = scratch.run("--replay --no-plot");
    if ended.status.code() != Some(0) {
        assert_same(&before, &scratch.tree());
    }
    (scratch, ended)
}

fn is_refused(ended: Ended, words: &[&str]) {
    let ended = ended.fails_saying(words).says_lines(1);
    assert_eq!(ended.stdout, "");
}

#[test]
fn a_file_that_cannot_be_read_is_refused_with_line_and_column() {
    const TABLE: &str = r#"
        trials.csv: line 3 makespan_ns 12x4     => trials.csv, line 3, column makespan_ns | '12x4'
        jobs.csv: line 2 submitted_ns ''        => jobs.csv, line 2, column submitted_ns | nothing
        spans.csv: line 4 samples -5            => spans.csv, line 4, column samples | '-5'
        trials.csv: line 5 executor fibers      => trials.csv, line 5, column executor | threads | fibers
        trials.csv: without-column window_ns    => trials.csv, line 1 | window_ns
        spans.csv: replace core kernel          => spans.csv, line 1 | core | kernel
        jobs.csv: without-last 20               => jobs.csv, line LAST | 15
        jobs.csv: without-last 1                => jobs.csv, line LAST | cut off
        jobs.csv: nothing                       => jobs.csv | is empty
        trials.csv: header                      => trials.csv
        run.json: half                          => run.json, line | , column | EOF
        run.json: replace '"seed": 7' '"seed": "x"' => run.json, line | , column | "x"
        run.json: replace '"blocks"' '"bocks"'  => run.json, line | , column | bocks
        run.json: replace '"format": ' '"format": 99' => run.json | format 99
        run.json: nothing                       => run.json | is empty
        run.json: replace ': "parallel-vs-concurrent"' ': "io-threads"' => a run of io-threads, not of parallel-vs-concurrent
    "#;
    let last = trackers().table("jobs").rows().len() + 1;
    for (left, words) in cases(TABLE) {
        let (file, change) = left.split_once(": ").unwrap();
        let (scratch, ended) = damaged(file, change);
        let folder = scratch.data().display().to_string();
        let words = words.iter().map(|word| word.replace("LAST", &last.to_string()));
        let words: Vec<String> = words.chain([folder]).collect();
        is_refused(ended, &words.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn bytes_that_are_no_text_are_named_with_their_line() {
    let scratch = Scratch::recorded(trackers());
    let path = scratch.data().join("trials.csv");
    let mut bytes = fs::read(&path).unwrap();
    let line = bytes.iter().position(|&byte| byte == b'\n').unwrap();
    bytes[line + 3] = 0xff;
    fs::write(&path, bytes).unwrap();
    is_refused(scratch.run("--replay"), &["trials.csv, line 2", "UTF-8"]);
}

/// Whether `run.json` knows the bytes of the tables. The first format does not: there a change was
/// noticed, and refused, only if the tables then contradicted one another.
fn knows_bytes() -> bool {
    trackers().run_json().get("tables").is_some()
}

/// It judges, and names the file in one line.
fn is_reported(ended: Ended, file: &str) {
    let ended = ended.succeeds();
    let named = ended.stderr.lines().filter(|line| line.contains(file));
    assert_eq!(named.count(), 1, "{ended:?}");
}

#[test]
fn a_table_that_was_changed_does_not_go_unnoticed() {
    const TABLE: &str = "
        trials.csv: line 3 peak_rss_bytes 1     => reported
        trials.csv: swap 4 5                    => reported
        trials.csv: last-twice                  => reported
        jobs.csv: line 3 trial 999              => refused
        jobs.csv: line 2 block 2                => refused
        spans.csv: line 2 trial 999             => refused
    ";
    // The first format takes one number for another.
    for (left, words) in cases(TABLE).skip(usize::from(!knows_bytes())) {
        let (file, change) = left.split_once(": ").unwrap();
        let (_scratch, ended) = damaged(file, change);
        if words == ["reported"] && knows_bytes() {
            is_reported(ended, file);
        } else {
            is_refused(ended, &[file]);
        }
    }
}

#[test]
fn what_is_missing_is_named() {
    let scratch = Scratch::empty(trackers());
    let ended = scratch.run("--replay");
    ended.fails_saying(&["data/parallel-vs-concurrent", "without --replay"]);
    assert!(!scratch.out().exists());
    for file in ["trials.csv", "jobs.csv", "spans.csv", "run.json"] {
        let scratch = Scratch::recorded(trackers());
        fs::remove_file(scratch.data().join(file)).unwrap();
        let before = scratch.tree();
        scratch.run("--replay").fails_saying(&[file, "could not be read"]);
        assert_same(&before, &scratch.tree());
    }
}

/// Files of another run in the folder of this one: with another seed, and with the same. A run with
/// the same seed may have the same trials in the same order, and only its bytes say that it is another.
#[test]
fn files_of_two_runs_do_not_go_together() {
    for seed in ["8", SEED] {
        let other = Scratch::empty(pages());
        other.run(&format!("{} --seed {seed} --no-plot", pages().short)).succeeds();
        for (replaced, named) in [
            ("trials.csv", ""),
            ("run.json", "run.json"),
            ("jobs.csv", "jobs.csv"),
            ("spans.csv", "spans.csv"),
            ("trials.csv run.json", "jobs.csv"),
            ("jobs.csv spans.csv verdicts.csv", "jobs.csv"),
        ] {
            let scratch = Scratch::recorded(pages());
            for file in replaced.split(' ') {
                fs::copy(other.data().join(file), scratch.data().join(file)).unwrap();
            }
            let ended = scratch.run("--replay --no-plot");
            if seed == SEED && knows_bytes() && ended.status.success() {
                is_reported(ended, named);
            } else {
                let said = ["different runs", "another run"];
                assert!(said.iter().any(|word| ended.stderr.contains(word)), "{ended:?}");
                is_refused(ended, &[named]);
            }
        }
    }
}

/// Verdicts are made from the data: edited ones, and those of another run, are replaced.
#[test]
fn verdicts_that_the_data_do_not_give_are_reported_and_replaced() {
    let other = Scratch::empty(trackers());
    other.run(&format!("{} --seed 8 --no-plot", trackers().short)).succeeds();
    let of_another_run = fs::read_to_string(other.data().join("verdicts.csv")).unwrap();
    let scratch = Scratch::recorded(trackers());
    let path = scratch.data().join("verdicts.csv");
    let text = fs::read_to_string(&path).unwrap();
    for changed in [text.replacen("rust", "rost", 1), of_another_run] {
        fs::write(&path, changed).unwrap();
        let ended = scratch.run("--replay --no-plot").succeeds().says_lines(1);
        assert!(ended.stderr.contains("verdicts.csv"), "{ended:?}");
        scratch.holds_the_recorded_run();
        scratch.run("--replay --no-plot").succeeds().says_lines(0);
    }
}

/// Values that can be read and cannot be true: a verdict or a sentence, but no crash.
#[test]
fn absurd_numbers_bring_nothing_down() {
    const LARGE: &str = "4294967295";
    const LARGEST: &str = "18446744073709551615";
    for (name, column, cell) in [
        ("trials", "workers", LARGE),
        ("trials", "jobs", LARGE),
        ("trials", "makespan_ns", "0"),
        ("trials", "makespan_ns", LARGEST),
        ("trials", "window_ns", ""),
        ("trials", "block", LARGE),
        ("jobs", "end_ns", "0"),
        ("jobs", "end_ns", LARGEST),
        ("jobs", "job", LARGE),
        ("jobs", "worker", LARGE),
        ("spans", "start_ns", LARGEST),
        ("spans", "end_ns", "0"),
        ("spans", "core", LARGE),
    ] {
        let scratch = Scratch::recorded(trackers());
        let mut table = scratch.table(name);
        table.set(column, |_| cell.to_owned());
        table.write(&scratch.data().join(format!("{name}.csv")));
        // Other numbers give other verdicts than those that were saved, which would be reported, too.
        fs::remove_file(scratch.data().join("verdicts.csv")).unwrap();
        let ended = scratch.run("--replay");
        assert!([Some(0), Some(1)].contains(&ended.status.code()), "{ended:?}");
        let lines = 1 + usize::from(knows_bytes());
        assert!(ended.stderr.lines().count() <= lines, "{name} {column} {cell}: {ended:?}");
        assert!(!files(&scratch.tree()).iter().any(|file| file.contains("/.")));
    }
}
