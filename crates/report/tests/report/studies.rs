//! What `report` makes of the study of the verdicts and of the benchmarks.

use crate::world::{World, assert_has, complaints};
use lab_bench::ResultRow;
use lab_data::rows::Decision;
use lab_data::run::{Mode, RunInfo};
use lab_data::tables;
use std::fs;
use validity::Study;
use validity::part::Part;
use validity::rows::{Condition, Counts};

/// Saves a study of one simulated condition, or benchmarks of one goal.
fn save_study(world: &World, name: &str) {
    let folder = world.path("data").join(name);
    fs::create_dir_all(&folder).unwrap();
    if name == lab_bench::NAME {
        let row = ResultRow {
            what: "a sample".to_owned(),
            unit: "times".to_owned(),
            estimate: Some(1.03),
            target: Some(1.06),
            target_is: "most".to_owned(),
            verdict: "met".to_owned(),
            ..ResultRow::default()
        };
        tables::write(&folder.join(lab_bench::RESULTS), &[row]).unwrap();
        return;
    }
    let counts = Counts { runs: 100, right: 90, absent: 7, wrong: 3, blocks: 900 };
    let words = ["ratio above 1, below 1", "quiet", "7/14/28"];
    let row = Condition::of(Part::Simulated, words, (1.25, Decision::True), counts);
    let study = Study {
        info: RunInfo::begin(validity::NAME, Mode::Quick, Vec::new(), 1),
        simulated: vec![row.unwrap()],
        ..Study::default()
    };
    study.write(&folder).unwrap();
}

#[test]
fn a_study_is_counted_drawn_and_spliced_and_missed_where_it_is_asked_for() {
    for (name, remedy, table, found) in [
        ("validity", "cargo run -p validity", "conditions.csv", "(the worst: 3.0 %)"),
        ("bench", "scripts/bench", "results.csv", "| a sample | ≤ 1.06× | 1.03×"),
    ] {
        let world = World::new();
        world.mark(name);
        let missing = world.report(&[]);
        assert_eq!(missing.status.code(), Some(1));
        let said = complaints(&missing);
        assert_has(&said, &[&format!("data/{name} is missing: run `{remedy}`")]);
        let marker = format!("<!-- report: {name} -->\n<!-- end -->\n");
        assert_has(&world.read("README.md"), &["**FALSE** 2.50×", &marker]);

        save_study(&world, name);
        assert!(world.report(&[]).status.success());
        assert_has(&world.read("README.md"), &[found]);
        assert!(world.report(&["--check"]).status.success());
        assert!(world.report(&["figures", name]).status.success());

        world.write(&format!("data/{name}/{table}"), "damaged\n");
        let said = complaints(&world.report(&[]));
        assert_has(&said, &[&format!("report: {name}: "), table]);
    }
}

#[test]
fn what_is_made_from_a_study_is_checked() {
    let world = World::new();
    save_study(&world, "validity");
    // Nobody asks its program.
    world.write("programs/validity", "#!/bin/sh\nexit 1\n");
    assert!(world.report(&[]).status.success());
    let table = world.read("data/validity/conditions.csv").replace("0.03,", "0.01,");
    world.write("data/validity/conditions.csv", &table);
    world.write("plots/validity.png", "another");
    let said = complaints(&world.report(&["--check"]));
    assert_has(&said, &["conditions.csv: not what the data gives"]);
    assert_has(&said, &["validity.png: not what the data gives"]);
    assert!(world.report(&["figures", "validity"]).status.success());
    assert!(world.report(&["--check"]).status.success());
}
