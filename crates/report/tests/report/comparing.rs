use crate::world::{FIRST, SECOND, World, assert_has, complaints};
use lab_data::rows::{Decision, VerdictRow};
use lab_data::run::{Mode, RunInfo};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn compare(folders: &[&Path], flags: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_report"));
    command.arg("compare").args(folders).args(flags).output().unwrap()
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{}", complaints(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(folders: &[&Path]) -> Value {
    serde_json::from_str(&text(&compare(folders, &["--json"]))).unwrap()
}

fn change(world: &World, name: &str, change: impl Fn(&mut VerdictRow)) {
    let mut rows = world.rows(name);
    rows.iter_mut().filter(|row| row.runtime == "rust").for_each(change);
    world.save(name, &rows);
}

/// Two worlds of the same verdicts; in the second one a verdict could not be given, on a run of
/// another mode.
fn two() -> [World; 2] {
    let worlds = [World::new(), World::new()];
    change(&worlds[1], FIRST, |row| {
        (row.estimate, row.low, row.high) = (Some(2.1), Some(1.8), Some(2.3));
        row.verdict = Decision::Inconclusive;
        row.reason = "other programs used 48 % of this machine".to_owned();
    });
    for name in [FIRST, SECOND] {
        worlds[1].change_run(name, |info| info.mode = Mode::Thorough);
    }
    worlds
}

#[test]
fn what_differs_is_first_and_a_changed_verdict_carries_its_reason() {
    let [a, b] = two();
    for kind in ["", "data"] {
        let output = text(&compare(&[&a.path(kind), &b.path(kind)], &[]));
        let place = |words: &str| {
            let found = output.find(words);
            found.unwrap_or_else(|| panic!("no '{words}' in\n{output}"))
        };
        assert!(place("mode") < place("quick") && place("quick") < place("thorough"));
        assert!(place("thorough") < place("“The io-threads claim.”"));
        place("≠ Rust          FALSE 2.50× (2.40–2.60)          INCONCLUSIVE 2.10× (1.80–2.30)");
        place("A  FALSE: so it was (2.40–2.60)");
        place("B  INCONCLUSIVE: other programs used 48 % of this machine (1.80–2.30)");
        place("  Rust          FALSE 2.50× (2.40–2.60)          FALSE 2.50× (2.40–2.60)");
        place("Verdicts compared: 4.");
        place("≠ 1 could be given by some only: io-threads, Rust");
        assert!(!output.contains("0.95"), "{output}");
    }
}

#[test]
fn lines_fit_on_a_terminal() {
    let worlds = [two(), two()];
    let all: Vec<PathBuf> = worlds.iter().flatten().map(|world| world.path("")).collect();
    let paths: Vec<&Path> = all.iter().map(PathBuf::as_path).collect();
    for (number, width) in [(2, 80), (3, 113), (4, 100)] {
        let output = text(&compare(&paths[..number], &[]));
        let widest = output.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(width), "{number}: {widest:?}\n{output}");
    }
}

#[test]
fn verdicts_that_contradict_one_another_are_told_apart_from_those_that_could_not_be_given() {
    let [a, b] = two();
    change(&b, SECOND, |row| {
        row.verdict = Decision::True;
        row.reason = "it was not".to_owned();
    });
    let object = json(&[&a.path(""), &b.path("")]);
    let rows = object["rows"].as_array().unwrap();
    let agreements: Vec<&Value> = rows.iter().map(|row| &row["agreement"]).collect();
    assert_eq!(agreements, ["same", "changed", "same", "contradicts"]);
    assert_eq!(rows[3]["found"][1]["reason"], "it was not");
    let differ = object["differ"].as_array().unwrap();
    let mode = differ.iter().find(|fact| fact["name"] == "mode").unwrap();
    assert_eq!(mode["values"], serde_json::json!(["quick", "thorough"]));
}

#[test]
fn versions_of_cpython_are_compared_and_parts_where_they_are_asked_for() {
    let [a, b] = two();
    let mut rows = b.rows(SECOND);
    for row in rows.iter_mut().filter(|row| row.runtime != "rust") {
        row.runtime = "cpython-3.14t".to_owned();
        row.verdict = Decision::True;
    }
    let part = VerdictRow { part: "8 threads".to_owned(), ..rows[0].clone() };
    rows.push(part.clone());
    b.save(SECOND, &rows);
    let output = text(&compare(&[&a.path(""), &b.path("")], &[]));
    assert_has(
        &output,
        &[
            "✗ CPython, each FALSE 2.50×",
            "A  CPython 3.11, FALSE: so it was",
            "B  CPython 3.14t, TRUE: so it was",
            "✗ 1 contradict one another: same-core, CPython 3.11 against",
            "Verdicts compared: 4.",
        ],
    );
    assert!(!output.contains("8 threads") && !output.contains("one side only"), "{output}");
    let mut rows = a.rows(SECOND);
    let run_id = rows[0].run_id.clone();
    rows.push(VerdictRow { run_id, ..part });
    a.save(SECOND, &rows);
    let output = text(&compare(&[&a.path(""), &b.path("")], &["--parts"]));
    assert_has(&output, &["    8 threads\n", "Verdicts compared: 5."]);
}

#[test]
fn one_experiment_is_compared_alone() {
    let [a, b] = two();
    let output = text(&compare(&[&a.path("data/io-threads"), &b.path("")], &[]));
    assert!(output.contains("Verdicts compared: 2."), "{output}");
    assert!(!output.contains("same-core"), "{output}");
    let nothing = compare(&[&a.path("data/io-threads"), &b.path("data/same-core")], &[]);
    assert_has(&complaints(&nothing), &["there is nothing to compare"]);
    assert_eq!(nothing.status.code(), Some(1));
}

#[test]
fn what_is_missing_damaged_or_changed_is_named_and_the_rest_is_compared() {
    let [a, b] = two();
    fs::remove_dir_all(a.path("data/io-threads")).unwrap();
    let output = text(&compare(&[&a.path(""), &b.path("")], &[]));
    assert_has(&output, &["not there: io-threads", "Verdicts compared: 2."]);

    let [a, b] = two();
    let damaged = b.read("data/same-core/verdicts.csv").replacen("2.5,2.4", "2.5,x", 1);
    b.write("data/same-core/verdicts.csv", &damaged);
    let sum = lab_data::tables::TableSum { rows: 2, crc32: "00000000".to_owned() };
    a.change_run(FIRST, |info| {
        info.tables.insert("trials.csv".to_owned(), sum.clone());
    });
    let output = compare(&[&a.path(""), &b.path("")], &[]);
    assert_eq!(output.status.code(), Some(1));
    let path = b.path("data/same-core/verdicts.csv");
    assert_has(
        &complaints(&output),
        &[
            &format!("B: {}, line 2, column low", path.display()),
            "warning: A: ",
            "io-threads/trials.csv was changed since it was measured",
        ],
    );
    let said = String::from_utf8(output.stdout).unwrap();
    assert_has(&said, &["damaged: same-core", "Verdicts compared: 2."]);
}

#[test]
fn studies_are_no_runs_and_what_one_side_has_alone_is_not_compared() {
    let [a, b] = two();
    for name in ["bench", "validity"] {
        for world in [&a, &b] {
            let info = RunInfo::begin(name, Mode::Quick, Vec::new(), 1);
            world.write(&format!("data/{name}/trials.csv"), "");
            info.write(&world.path(&format!("data/{name}/run.json"))).unwrap();
        }
    }
    let mut rows = a.rows(FIRST);
    rows.push(VerdictRow { runtime: "gil".to_owned(), ..rows[0].clone() });
    a.save(FIRST, &rows);
    let output = text(&compare(&[&a.path(""), &b.path("")], &[]));
    assert!(!output.contains("damaged"), "{output}");
    assert_has(&output, &["Verdicts compared: 4.", "Found on one side only: 1."]);
    assert_eq!(json(&[&a.path(""), &b.path("")])["rows"][1]["agreement"], "alone");
}

#[test]
fn folders_that_are_the_same_or_hold_nothing_are_wrong() {
    let [a, b] = two();
    for (folders, code, said) in [
        (&[a.path(""), a.path("data")][..], 1, "are the same data: name two runs"),
        (&[a.path(""), b.path("nowhere")], 1, "nowhere cannot be found"),
        (&[a.path(""), b.path("programs")], 1, "programs holds no run: name an out folder"),
        (&[a.path("")], 2, "2 values required"),
    ] {
        let folders: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
        let output = compare(&folders, &[]);
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        assert_has(&complaints(&output), &[said]);
    }
}

#[test]
fn a_copy_of_a_run_is_reported() {
    let [a, b] = two();
    for name in [FIRST, SECOND] {
        for file in ["run.json", "verdicts.csv"] {
            let file = format!("data/{name}/{file}");
            b.write(&file, &a.read(&file));
        }
    }
    let output = text(&compare(&[&a.path(""), &b.path("")], &[]));
    assert_has(&output, &["One and the same run in two of them: io-threads, same-core."]);
}

#[test]
fn a_table_in_the_readme_says_where_suites_disagree() {
    let worlds = two();
    let world = World::new();
    for (number, suite) in worlds.iter().enumerate() {
        for name in [FIRST, SECOND] {
            for file in ["verdicts.csv", "run.json"] {
                let text = suite.read(&format!("data/{name}/{file}"));
                world.write(&format!("data/suites/{number}/{name}/{file}"), &text);
            }
        }
    }
    world.mark("suites");
    let reported = world.report(&[]);
    assert!(reported.status.success(), "{}", complaints(&reported));
    let told = [
        "2 suites of 2 experiments, 2 of them with --quick, gave the same verdict in 3 of 4 places",
        "in 1 some of them could not decide, and in 0 they contradict each other",
        "| “The io-threads claim.” | Rust | FALSE 1×, INCONCLUSIVE 1× | 2.10–2.50 |",
    ];
    assert_has(&world.read("README.md"), &told);
    assert!(world.report(&["--check"]).status.success());
}
