//! `report page`, `submit` and `machines`, as their user meets them.

use crate::world::{FIRST, SECOND, World, assert_has, complaints, names};
use lab_data::rows::{Executor, JobRow, SpanRow, TrialRow};
use lab_data::tables;
use std::fs;
use std::process::{Command, Output};

/// Two experiments whose tables are whole and whose verdicts follow from their edges.
fn world() -> World {
    let world = World::new();
    for name in [FIRST, SECOND] {
        let path = |file: &str| world.path(&format!("data/{name}/{file}"));
        let trial = TrialRow {
            executor: Executor::Threads,
            workers: 2,
            judged: true,
            ..TrialRow::default()
        };
        let job = JobRow { start_ns: Some(0), end_ns: Some(9), ..JobRow::default() };
        tables::write(&path("trials.csv"), &[trial]).unwrap();
        tables::write(&path("jobs.csv"), &[job]).unwrap();
        tables::write::<SpanRow>(&path("spans.csv"), &[]).unwrap();
        let mut rows = world.rows(name);
        for row in &mut rows {
            row.claim_id = format!("{name}-claim");
            row.experiment = name.to_owned();
            (row.true_high, row.false_high, row.level) = (Some(1.05), Some(2.0), Some(0.95));
            row.runtime = row.runtime.replace("cpython-3.11", "gil");
        }
        world.save(name, &rows);
        for file in ["trials.csv", "jobs.csv", "spans.csv", "verdicts.csv"] {
            fs::copy(path(file), world.path(&format!("template/{name}/{file}"))).unwrap();
        }
    }
    world
}

fn report(world: &World, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_report"));
    command.args(words).arg("--data").arg(world.path("data"));
    if words[0] == "page" {
        command.arg("--programs").arg(world.path("programs"));
    }
    command.output().unwrap()
}

const PAGE: &str = "plots/index.html";

#[test]
fn the_page_is_what_the_data_give_and_the_check_proves_it() {
    let world = world();
    let output = report(&world, &["page"]);
    assert!(output.status.success(), "{}", complaints(&output));
    let page = world.read(PAGE);
    assert_has(
        &page,
        &["“The io-threads claim.”", "“The same-core claim.”", "Some io-threads runs."],
    );
    assert!(report(&world, &["page"]).status.success());
    assert_eq!(world.read(PAGE), page);
    assert!(world.report(&[]).status.success());
    assert_eq!(world.read(PAGE), page);
    assert!(world.report(&["--check"]).status.success());
    world.write(PAGE, &page.replace("2.50", "9.99"));
    let check = world.report(&["--check"]);
    assert_eq!(check.status.code(), Some(1));
    assert_has(&complaints(&check), &["plots/index.html: not what the data gives"]);
    // Elsewhere, from a folder of another name.
    fs::rename(world.path("data"), world.path("my data")).unwrap();
    let elsewhere = world.path("a page.html");
    let mut command = Command::new(env!("CARGO_BIN_EXE_report"));
    command.args(["page", "--data"]).arg(world.path("my data")).arg("--into").arg(&elsewhere);
    let output = command.arg("--programs").arg(world.path("programs")).output().unwrap();
    assert!(output.status.success(), "{}", complaints(&output));
    assert_eq!(fs::read_to_string(elsewhere).unwrap(), page);
}

#[test]
fn what_is_wrong_is_said_and_the_old_page_stays() {
    let world = world();
    assert!(report(&world, &["page"]).status.success());
    let page = world.read(PAGE);
    let jobs = world.read("data/io-threads/jobs.csv");
    for (file, text, words) in [
        ("data/io-threads/jobs.csv", &jobs[..jobs.len() - 3], "jobs.csv, line 2"),
        ("data/io-threads/trials.csv", "damaged", "line 1: damaged"),
        ("data/machines/x.json", "{\"format\": 9}", "x.json: it has format 9"),
    ] {
        let old = fs::read_to_string(world.path(file)).ok();
        world.write(file, text);
        let output = report(&world, &["page"]);
        assert_eq!(output.status.code(), Some(1), "{file}");
        assert_has(&complaints(&output), &[words]);
        assert_eq!(world.read(PAGE), page, "{file}");
        match old {
            Some(old) => world.write(file, &old),
            None => fs::remove_file(world.path(file)).unwrap(),
        }
    }
    for name in [FIRST, SECOND] {
        fs::remove_dir_all(world.path(&format!("data/{name}"))).unwrap();
    }
    assert_has(&complaints(&report(&world, &["page"])), &["no experiment has data"]);
    assert_eq!(world.read(PAGE), page);
}

#[test]
fn a_suite_ends_with_the_page() {
    let world = world();
    let suite = world.suite(&[FIRST, SECOND]);
    assert!(suite.status.success(), "{}", complaints(&suite));
    assert_has(&complaints(&suite), &["run-all: everything on one page: "]);
    assert_has(&world.read(PAGE), &["“The io-threads claim.”"]);
}

#[test]
fn results_are_sent_checked_and_laid_side_by_side() {
    let world = world();
    assert_has(
        &complaints(&report(&world, &["machines"])),
        &["holds no results: `report submit` writes yours"],
    );
    let output = report(&world, &["submit"]);
    assert!(output.status.success(), "{}", complaints(&output));
    let [sent] = &names(&world.path("data/machines"))[..] else { panic!("one file") };
    let text = world.read(&format!("data/machines/{sent}"));
    let more = |text: String, cores: &str| text.replace(cores, &format!("{cores}1"));
    let other = ["\"usable\": ", "\"affinity\": ", "\"logical\": "];
    world.write("data/machines/other.json", &other.into_iter().fold(text.clone(), more));
    let into = world.path("machines.html");
    let output = report(&world, &["machines", "--into", into.to_str().unwrap()]);
    assert!(output.status.success(), "{}", complaints(&output));
    let said = String::from_utf8(output.stdout).unwrap();
    assert_has(
        &said,
        &["\"The io-threads claim.\"\n  modelled GIL   All 2 say FALSE. Their intervals overlap"],
    );
    assert_has(&fs::read_to_string(&into).unwrap(), &["“The io-threads claim.”"]);
    assert!(report(&world, &["page"]).status.success());
    assert_has(&world.read(PAGE), &["The same claims on several machines"]);
    // One that cannot be is named, and the others are shown.
    world.write("data/machines/wrong.json", &text.replace("\"FALSE\"", "\"TRUE\""));
    let output = report(&world, &["machines"]);
    assert_eq!(output.status.code(), Some(1));
    assert_has(&complaints(&output), &["wrong.json: io-threads-claim in", "it says TRUE"]);
    assert_has(&String::from_utf8(output.stdout).unwrap(), &["All 2 say FALSE"]);
}
