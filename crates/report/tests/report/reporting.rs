use crate::world::{World, complaints, names};
use lab_record::run::{Mode, RunInfo};
use lab_stats::verdict::Decision;
use std::fs;
use validity::Study;
use validity::rows::{Condition, Part};
use validity::simulate::Counts;

#[test]
fn what_was_reported_passes_the_check_and_gives_the_same_bytes_again() {
    let world = World::new();
    assert!(world.report(&[]).status.success());
    assert_eq!(
        names(&world.path("plots")),
        ["first.png", "second.png", "verdicts.png"]
    );
    let (text, figure) = (
        world.read("README.md"),
        fs::read(world.path("plots/verdicts.png")).unwrap(),
    );
    // The README's order of experiments is that of its tables.
    assert!(
        text.find("| The second claim.") < text.find("| The first claim."),
        "{text}"
    );
    assert!(text.contains("**FALSE** 2.50×"), "{text}");
    assert!(world.report(&["--check"]).status.success());
    assert!(world.report(&[]).status.success());
    assert_eq!(world.read("README.md"), text);
    assert_eq!(fs::read(world.path("plots/verdicts.png")).unwrap(), figure);
}

#[test]
fn the_check_names_what_is_not_what_the_data_gives_and_changes_nothing() {
    let world = World::new();
    world.report(&[]);
    let wrong = world.read("README.md").replace("2.50×", "9.99×");
    fs::write(world.path("README.md"), &wrong).unwrap();
    fs::write(world.path("plots/first.png"), "another").unwrap();
    fs::write(world.path("plots/old.png"), "of nothing").unwrap();
    let check = world.report(&["--check"]);
    assert_eq!(check.status.code(), Some(1));
    let said = complaints(&check);
    for place in [
        "README.md: line 1, 'verdicts'",
        "plots/first.png: not what",
        "plots/old.png: no data",
    ] {
        assert!(said.contains(place), "{said}");
    }
    assert!(!said.contains("second.png"), "{said}");
    assert_eq!(world.read("README.md"), wrong);
    assert_eq!(world.read("plots/first.png"), "another");
}

#[test]
fn damaged_and_missing_data_are_named_and_the_rest_is_reported() {
    let world = World::new();
    world.report(&[]);
    fs::write(world.path("data/first/trials.csv"), "damaged").unwrap();
    fs::write(world.path("data/second/trials.csv"), "new\n").unwrap();
    let report = world.report(&[]);
    assert_eq!(report.status.code(), Some(1));
    let said = complaints(&report);
    let file = world.path("data/first/trials.csv");
    assert!(
        said.contains(&format!("first: {}, line 1", file.display())),
        "{said}"
    );
    assert_eq!(world.read("plots/first.png"), "trials of first\n");
    assert_eq!(world.read("plots/second.png"), "new\n");

    fs::remove_dir_all(world.path("data/first")).unwrap();
    let said = complaints(&world.report(&[]));
    assert!(said.contains("data/first is missing"), "{said}");
}

#[test]
fn a_file_that_cannot_be_replaced_is_named_and_nothing_is_left_over() {
    let world = World::new();
    world.report(&[]);
    fs::remove_file(world.path("plots/second.png")).unwrap();
    fs::create_dir(world.path("plots/second.png")).unwrap();
    let report = world.report(&[]);
    assert_eq!(report.status.code(), Some(1));
    let said = complaints(&report);
    assert!(said.contains("second.png could not be written"), "{said}");
    assert!(report.stdout.is_empty(), "nothing was written: {report:?}");
    assert_eq!(
        names(&world.path("plots")),
        ["first.png", "second.png", "verdicts.png"]
    );
}

#[test]
fn figures_leave_the_readme_alone_and_know_their_names() {
    let world = World::new();
    let text = world.read("README.md");
    assert!(world.report(&["figures", "first"]).status.success());
    assert_eq!(names(&world.path("plots")), ["first.png"]);
    assert_eq!(world.read("README.md"), text);
    let said = complaints(&world.report(&["figures", "third"]));
    assert!(
        said.contains("no experiment 'third'; there are: first second validity bench"),
        "{said}"
    );
}

#[test]
fn the_program_of_a_study_is_none_of_an_experiment() {
    let world = World::new();
    let folder = world.path("data/validity");
    fs::create_dir_all(&folder).unwrap();
    study().write(&folder).unwrap();
    // Nobody asks it: what a study gives is drawn from its library.
    fs::write(world.path("programs/validity"), "#!/bin/sh\nexit 1\n").unwrap();
    let drawn = world.report(&["figures"]);
    assert!(drawn.status.success(), "{}", complaints(&drawn));
    assert!(names(&world.path("plots")).contains(&"validity.png".to_owned()));
}

/// A study of one simulated condition.
fn study() -> Study {
    let counts = Counts {
        runs: 100,
        right: 90,
        absent: 7,
        wrong: 3,
        blocks: 900,
    };
    let words = ["ratio above 1, below 1", "quiet", "7/14/28"];
    let row = Condition::of(Part::Simulated, words, (1.25, Decision::True), counts);
    Study {
        info: RunInfo::begin(validity::NAME, Mode::Quick, Vec::new(), 1),
        simulated: vec![row.unwrap()],
        runs: Vec::new(),
    }
}

#[test]
fn the_study_is_counted_drawn_and_spliced_and_missed_where_it_is_asked_for() {
    let world = World::new();
    let marker = "<!-- report: validity -->\n<!-- end -->\n";
    let text = world.read("README.md") + marker;
    fs::write(world.path("README.md"), text).unwrap();
    let missing = world.report(&[]);
    assert_eq!(missing.status.code(), Some(1));
    let said = complaints(&missing);
    assert!(
        said.contains("data/validity is missing: run `cargo run -p validity`"),
        "{said}"
    );
    assert!(world.read("README.md").contains("**FALSE** 2.50×"));
    assert!(world.read("README.md").contains(marker));

    let folder = world.path("data/validity");
    fs::create_dir_all(&folder).unwrap();
    study().write(&folder).unwrap();
    assert!(world.report(&[]).status.success());
    assert!(names(&world.path("plots")).contains(&"validity.png".to_owned()));
    assert!(
        world
            .read("README.md")
            .contains("the most are 3.0 % of 100 (ratio above 1, below 1")
    );
    assert!(world.report(&["--check"]).status.success());

    let table = world
        .read("data/validity/conditions.csv")
        .replace("0.03,", "0.01,");
    fs::write(folder.join("conditions.csv"), table).unwrap();
    fs::write(world.path("plots/validity.png"), "another").unwrap();
    let said = complaints(&world.report(&["--check"]));
    assert!(
        said.contains("conditions.csv: not what the data gives"),
        "{said}"
    );
    assert!(
        said.contains("validity.png: not what the data gives"),
        "{said}"
    );
    assert!(world.report(&["figures", "validity"]).status.success());
    assert!(world.report(&["--check"]).status.success());
}

/// Files of `data/bench` with one comparison of two rounds.
fn save_bench(world: &World) {
    let data = world.path("data/bench");
    fs::create_dir_all(&data).unwrap();
    let header = "comparison,subject,size,round,time_ns,peak_rss_bytes,others_share,disturbed\n";
    let rows = "recorder,bare,1000,0,20000,,,false\nrecorder,spans,1000,0,21000,,,false\n\
                recorder,bare,1000,1,20000,,,false\nrecorder,spans,1000,1,20200,,,false\n";
    fs::write(data.join("measurements.csv"), format!("{header}{rows}")).unwrap();
    let skipped = "comparison,subject,reason\nfigures,ours,report is missing\n";
    fs::write(data.join("skipped.csv"), skipped).unwrap();
    let mode = lab_record::run::Mode::Quick;
    let info = lab_record::run::RunInfo::begin("bench", mode, vec!["bench".to_owned()], 0);
    info.write(&data.join("run.json")).unwrap();
}

#[test]
fn the_benchmarks_have_a_table_and_a_figure_and_are_checked_as_all_others() {
    let world = World::new();
    let text = world.read("README.md");
    let marker = "<!-- report: bench -->\n<!-- end -->\n";
    fs::write(world.path("README.md"), format!("{text}{marker}")).unwrap();

    let report = world.report(&[]);
    assert_eq!(report.status.code(), Some(1), "their data are missing");
    let said = complaints(&report);
    assert!(
        said.contains("data/bench is missing: run `scripts/bench`"),
        "{said}"
    );
    assert!(
        world.read("README.md").contains("| The first claim."),
        "the rest is reported"
    );

    save_bench(&world);
    assert!(world.report(&[]).status.success());
    let text = world.read("README.md");
    assert!(
        text.contains("| ≤ 1.06× | 1.03× (1.02 … 1.04×) | **met** |"),
        "{text}"
    );
    assert!(text.contains("not measured: report is missing"), "{text}");
    assert!(world.path("plots/bench.png").is_file());
    assert!(world.read("data/bench/results.csv").contains(",met,"));
    assert!(world.report(&["--check"]).status.success());

    fs::write(world.path("plots/bench.png"), "another").unwrap();
    let said = complaints(&world.report(&["--check"]));
    assert!(said.contains("plots/bench.png: not what"), "{said}");
    assert!(world.report(&["figures", "bench"]).status.success());
    assert!(world.report(&["--check"]).status.success());

    fs::write(world.path("data/bench/measurements.csv"), "damaged\n").unwrap();
    let said = complaints(&world.report(&[]));
    assert!(said.contains("bench: "), "{said}");
    assert!(said.contains("measurements.csv"), "{said}");
}
