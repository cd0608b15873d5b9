use crate::world::{FILES, FIRST, World, assert_has, complaints, names};
use lab_data::rows::Decision;
use std::fs;

#[test]
fn what_was_reported_passes_the_check_and_gives_the_same_bytes_again() {
    let world = World::new();
    let reported = world.report(&[]);
    assert!(reported.status.success(), "{}", complaints(&reported));
    let figures = ["io-threads.png", "same-core.png", "verdicts.png"];
    assert_eq!(names(&world.path("plots")), figures);
    let text = world.read("README.md");
    // The README's order of experiments is that of its tables, and one order holds for runtimes.
    let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("no '{words}' in\n{text}"));
    assert!(place("| The same-core claim.") < place("| The io-threads claim."));
    assert_has(
        &text,
        &[
            "| What people say | The article | CPython 3.11 | Rust | In practice |",
            "| **FALSE** 2.50× | **FALSE** 2.50× | Mind io-threads. |",
            "- *“The same-core claim.”*\n  - CPython 3.11 **FALSE**: so it was (2.40–2.60)\n  - Rust \
             **FALSE**: so it was (2.40–2.60)\n",
        ],
    );
    let figure = fs::read(world.path("plots/verdicts.png")).unwrap();
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
    world.write("README.md", &wrong);
    world.write("plots/io-threads.png", "another");
    world.write("plots/old.png", "of nothing");
    let check = world.report(&["--check"]);
    assert_eq!(check.status.code(), Some(1));
    let said = complaints(&check);
    assert_has(
        &said,
        &[
            "README.md: line 1, 'verdicts'",
            "plots/io-threads.png: not what",
            "plots/old.png: no data",
        ],
    );
    assert!(!said.contains("same-core.png"), "{said}");
    assert_eq!(world.read("README.md"), wrong);
    assert_eq!(world.read("plots/io-threads.png"), "another");
}

#[test]
fn own_work_is_shown_as_its_program_prints_it() {
    let world = World::new();
    world.mark("output own-work");
    let lacks = world.report(&["--check"]);
    assert_eq!(lacks.status.code(), Some(1));
    assert_has(&complaints(&lacks), &["data/own-work is missing: data/README.md says how"]);
    let name = "pool-sizing";
    world.add(name);
    for file in FILES {
        let text = world.read(&format!("data/{name}/{file}"));
        world.write(&format!("data/own-work/data/{name}/{file}"), &text);
    }
    let reported = world.report(&[]);
    assert!(reported.status.success(), "{}", complaints(&reported));
    let shown = "<!-- report: output own-work -->\n```\npool-sizing says so\n```\n<!-- end -->\n";
    assert_has(&world.read("README.md"), &[shown]);
    assert!(world.report(&["--check"]).status.success());
}

#[test]
fn a_section_asks_before_it_answers() {
    let world = World::new();
    world.mark("io-threads section");
    world.report(&[]);
    let asked = "**Predict first.** How long does io-threads take?\n\n<details><summary>The \
                 answer</summary>\n\n**As measured:**\n- it takes 2 s\n\n![";
    assert_has(&world.read("README.md"), &[asked]);
}

#[test]
fn a_lesson_follows_from_the_documented_verdicts_alone() {
    for (change, is_given) in [
        (None, true),
        (Some(("rust", Decision::Inconclusive)), false),
        (Some(("cpython-3.11", Decision::True)), false),
    ] {
        let world = World::new();
        let mut rows = world.rows(FIRST);
        for row in &mut rows {
            if let Some((runtime, verdict)) = change
                && row.runtime == runtime
            {
                row.verdict = verdict;
            }
        }
        world.save(FIRST, &rows);
        world.report(&[]);
        assert_eq!(world.read("README.md").contains("Mind io-threads."), is_given, "{change:?}");
    }
    // Nothing is known of native code if it was not measured, nor of Python without one.
    for gone in ["rust", "cpython-3.11"] {
        let world = World::new();
        let rows = world.rows(FIRST).into_iter().filter(|row| row.runtime != gone);
        world.save(FIRST, &rows.collect::<Vec<_>>());
        world.change_run(FIRST, |info| info.settings.runtimes.retain(|name| name != gone));
        world.report(&[]);
        assert!(!world.read("README.md").contains("Mind io-threads."), "{gone}");
    }
}

#[test]
fn damaged_and_missing_data_are_named_and_the_rest_is_reported() {
    let world = World::new();
    world.report(&[]);
    let text = world.read("README.md");
    world.write("data/io-threads/trials.csv", "damaged");
    world.write("data/same-core/trials.csv", "changed\n");
    let report = world.report(&[]);
    assert_eq!(report.status.code(), Some(1));
    // As its program says it, which names the file as its reader knows it.
    let said = complaints(&report);
    let file = world.path("data/io-threads/trials.csv");
    assert_has(&said, &[&format!("report: io-threads: {}, line 1: damaged", file.display())]);
    assert_has(&said, &["warning: ", "data/same-core/trials.csv was changed"]);
    assert_eq!(world.read("plots/io-threads.png"), "trials of io-threads\n");
    assert_eq!(world.read("plots/same-core.png"), "changed\n");
    let own = "<!-- report: io-threads -->\n- *“The io-threads claim.”*";
    assert!(text.contains(own) && world.read("README.md").contains(own));

    fs::remove_dir_all(world.path("data/io-threads")).unwrap();
    let said = complaints(&world.report(&[]));
    assert_has(&said, &["data/io-threads is missing: run `scripts/run-all io-threads`"]);
}

#[test]
fn a_file_that_cannot_be_replaced_is_named_and_nothing_is_left_over() {
    let world = World::new();
    world.report(&[]);
    fs::remove_file(world.path("plots/same-core.png")).unwrap();
    fs::create_dir(world.path("plots/same-core.png")).unwrap();
    let report = world.report(&[]);
    assert_eq!(report.status.code(), Some(1));
    assert_has(&complaints(&report), &["same-core.png could not be written"]);
    assert!(report.stdout.is_empty(), "nothing was written: {report:?}");
    let figures = ["io-threads.png", "same-core.png", "verdicts.png"];
    assert_eq!(names(&world.path("plots")), figures);
}

#[test]
fn figures_leave_the_readme_alone_and_know_their_names() {
    let world = World::new();
    let text = world.read("README.md");
    assert!(world.report(&["figures", FIRST]).status.success());
    assert_eq!(names(&world.path("plots")), ["io-threads.png"]);
    assert_eq!(world.read("README.md"), text);
    // What lies beside the programs is none of an experiment, nor is the program of a study.
    world.write("programs/same-core.d", "");
    world.write("programs/.cargo-lock", "");
    let said = complaints(&world.report(&["figures", "third"]));
    assert_has(
        &said,
        &["no experiment 'third'; there are: io-threads same-core validity bench articles\n"],
    );
    let none = world.report(&["figures", "same-core", "validity"]);
    assert_eq!(none.status.code(), Some(1));
    assert_has(&complaints(&none), &["data/validity is missing"]);
    assert_eq!(names(&world.path("plots")), ["io-threads.png", "same-core.png"]);
}

#[test]
fn a_folder_without_data_is_an_error_and_is_not_made() {
    let world = World::new();
    let programs = world.path("programs");
    for out in ["TYPO", "programs"] {
        let command = ["figures", "--programs", programs.to_str().unwrap()];
        let report = world.report_at(&command, &world.path(out));
        assert_eq!(report.status.code(), Some(1), "{report:?}");
        assert_has(&complaints(&report), &[out, "holds no data", "--out"]);
        assert!(report.stdout.is_empty(), "{report:?}");
    }
    assert!(!world.path("TYPO").exists() && !world.path("programs/plots").exists());
}

#[test]
fn an_experiment_without_a_marker_has_a_section_from_its_own_text() {
    let world = World::new();
    let text = world.read("README.md").replace("report: same-core", "report: others");
    world.write("README.md", &text);
    let elsewhere = "crates/experiments/README.md";
    world.write(elsewhere, "<!-- report: io-threads section -->\n<!-- end -->\n");
    assert!(world.report(&[]).status.success());
    let head = "## same-core\n*\"The same-core claim.\"*\n\nSome same-core runs.\n\n**Predict first.** How";
    let answer = "![](plots/same-core.png)\n\n- *“The same-core claim.”*\n  - CPython";
    assert_has(&world.read("README.md"), &[head, answer]);
    assert!(!world.read("README.md").contains("## io-threads"));
    // Links lead from where the text lies.
    assert_has(&world.read(elsewhere), &["## io-threads", "![](../../plots/io-threads.png)"]);
    world.mark("nothing");
    let said = complaints(&world.report(&[]));
    assert_has(
        &said,
        &["'nothing': there is no such block: there are verdicts, verdicts with ids"],
    );
}
