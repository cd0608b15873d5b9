use crate::world::{World, complaints};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn compare(words: &[&Path], json: bool) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_report"));
    command.arg("compare").args(words);
    if json {
        command.arg("--json");
    }
    command.output().unwrap()
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{}", complaints(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Replaces words in a file of a world.
fn edit(world: &World, file: &str, old: &str, new: &str) -> PathBuf {
    let path = world.path(file);
    let whole = fs::read_to_string(&path).unwrap();
    assert!(whole.contains(old), "{file} has no {old}");
    fs::write(&path, whole.replace(old, new)).unwrap();
    path
}

/// Two worlds of the same verdicts; in the second one a verdict could not be given, on a machine
/// with another processor.
fn two() -> [World; 2] {
    let worlds = [World::new(), World::new()];
    edit(
        &worlds[1],
        "data/first/verdicts.csv",
        "2.5,2.4,2.6,0.95,7,1.05,2,,,,FALSE,FALSE,so it was",
        "2.1,1.8,2.3,0.95,7,1.05,2,,,,INCONCLUSIVE,FALSE,other programs used 48 % of this machine",
    );
    for name in ["first", "second"] {
        let file = format!("data/{name}/run.json");
        edit(
            &worlds[1],
            &file,
            "\"mode\": \"quick\"",
            "\"mode\": \"thorough\"",
        );
    }
    worlds
}

#[test]
fn what_differs_stands_first_and_a_changed_verdict_carries_its_reason() {
    let [a, b] = two();
    for kind in ["", "data"] {
        let output = text(&compare(&[&a.path(kind), &b.path(kind)], false));
        let place = |words: &str| {
            let found = output.find(words);
            found.unwrap_or_else(|| panic!("no '{words}' in\n{output}"))
        };
        assert!(place("mode") < place("quick") && place("quick") < place("thorough"));
        assert!(place("thorough") < place("“The first claim.”"));
        place("≠ Rust          FALSE 2.50× (2.40–2.60)          INCONCLUSIVE 2.10× (1.80–2.30)");
        place("A  FALSE: so it was (2.40–2.60)");
        place("B  INCONCLUSIVE: other programs used 48 % of this machine (1.80–2.30)");
        place("  Rust          FALSE 2.50× (2.40–2.60)          FALSE 2.50× (2.40–2.60)");
        place("Verdicts compared: 2.");
        place("≠ 1 could be given by some only: first, Rust");
        assert!(!output.contains("0.95"), "{output}");
    }
}

#[test]
fn lines_fit_on_a_terminal() {
    let worlds = [two(), two()];
    let all: Vec<PathBuf> = worlds
        .iter()
        .flatten()
        .map(|world| world.path(""))
        .collect();
    let paths: Vec<&Path> = all.iter().map(PathBuf::as_path).collect();
    for (number, width) in [(2, 80), (3, 113), (4, 100)] {
        let output = text(&compare(&paths[..number], false));
        let widest = output.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(width), "{number}: {widest:?}\n{output}");
    }
}

#[test]
fn verdicts_that_contradict_one_another_are_told_apart_from_those_that_could_not_be_given() {
    let [a, b] = two();
    edit(
        &b,
        "data/second/verdicts.csv",
        "FALSE,FALSE,so it was",
        "TRUE,FALSE,it was not",
    );
    let output = compare(&[&a.path(""), &b.path("")], true);
    let object: Value = serde_json::from_str(&text(&output)).unwrap();
    let agreements: Vec<&Value> = object["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["agreement"])
        .collect();
    assert_eq!(agreements, ["changed", "contradicts"]);
    assert_eq!(object["rows"][1]["found"][1]["reason"], "it was not");
    let differ = object["differ"].as_array().unwrap();
    let mode = differ.iter().find(|fact| fact["name"] == "mode").unwrap();
    assert_eq!(mode["values"], serde_json::json!(["quick", "thorough"]));
}

#[test]
fn one_experiment_is_compared_alone() {
    let [a, b] = two();
    let output = text(&compare(&[&a.path("data/first"), &b.path("")], false));
    assert!(output.contains("Verdicts compared: 1."), "{output}");
    assert!(!output.contains("second"), "{output}");
    let nothing = compare(&[&a.path("data/first"), &b.path("data/second")], false);
    assert!(complaints(&nothing).contains("there is nothing to compare"));
    assert_eq!(nothing.status.code(), Some(1));
}

#[test]
fn what_is_missing_or_damaged_is_named_and_the_rest_is_compared() {
    let [a, b] = two();
    fs::remove_dir_all(a.path("data/first")).unwrap();
    let output = text(&compare(&[&a.path(""), &b.path("")], false));
    assert!(output.contains("not there: first"), "{output}");
    assert!(output.contains("Verdicts compared: 1."), "{output}");

    let [a, b] = two();
    let path = edit(&b, "data/second/verdicts.csv", "2.5,2.4", "2.5,x");
    let output = compare(&[&a.path(""), &b.path("")], false);
    assert_eq!(output.status.code(), Some(1));
    let said = complaints(&output);
    assert!(
        said.contains(&format!("B: {}, line 2, column low", path.display())),
        "{said}"
    );
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("damaged: second"), "{told}");
    assert!(told.contains("Verdicts compared: 1."), "{told}");
}

#[test]
fn studies_are_no_runs_and_what_one_side_has_alone_is_not_compared() {
    let [a, b] = two();
    for name in ["bench", "validity"] {
        for world in [&a, &b] {
            let folder = world.path("data").join(name);
            fs::create_dir_all(&folder).unwrap();
            let mode = lab_record::run::Mode::Quick;
            let info = lab_record::run::RunInfo::begin(name, mode, Vec::new(), 1);
            info.write(&folder.join("run.json")).unwrap();
        }
    }
    let path = a.path("data/first/verdicts.csv");
    let whole = fs::read_to_string(&path).unwrap();
    let row = whole.lines().nth(1).unwrap().replace(",rust,", ",gil,");
    fs::write(&path, format!("{whole}{row}\n")).unwrap();
    let output = text(&compare(&[&a.path(""), &b.path("")], false));
    assert!(!output.contains("damaged"), "{output}");
    assert!(output.contains("Verdicts compared: 2."), "{output}");
    assert!(output.contains("Found on one side only: 1."), "{output}");
    let output = text(&compare(&[&a.path(""), &b.path("")], true));
    let object: Value = serde_json::from_str(&output).unwrap();
    assert_eq!(object["rows"][1]["agreement"], "alone");
}

#[test]
fn folders_that_are_the_same_or_hold_nothing_are_wrong() {
    let [a, b] = two();
    let same = compare(&[&a.path(""), &a.path("data")], false);
    assert_eq!(same.status.code(), Some(1));
    assert!(complaints(&same).contains("are the same data: name two runs"));
    let gone = compare(&[&a.path(""), &b.path("nowhere")], false);
    assert!(
        complaints(&gone).contains("nowhere cannot be found"),
        "{gone:?}"
    );
    let empty = compare(&[&a.path(""), &b.path("programs")], false);
    assert!(complaints(&empty).contains("programs holds no run: name an out folder"));
    let alone = compare(&[&a.path("")], false);
    assert_eq!(alone.status.code(), Some(2), "{alone:?}");
}

#[test]
fn a_copy_of_a_run_is_told() {
    let [a, b] = two();
    for name in ["first", "second"] {
        let file = format!("data/{name}/run.json");
        fs::copy(a.path(&file), b.path(&file)).unwrap();
    }
    let output = text(&compare(&[&a.path(""), &b.path("")], false));
    let told = "One and the same run in two of them: first, second.";
    assert!(output.contains(told), "{output}");
}
