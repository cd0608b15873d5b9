//! Runs on machines that do not exist.

use crate::{pages, refuses_usage, trackers};
use lab_testing::{Row, Scratch, Table, experiment};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;

const SHORT: &str = "--quick --blocks 2 --costs article";

/// The folder of a run on so many cores.
fn folder(scratch: &Scratch, name: &str, cores: u32) -> PathBuf {
    scratch.out().join("data").join(format!("{name}-sim-{cores}"))
}

fn table(scratch: &Scratch, name: &str, cores: u32, table: &str) -> Table {
    Table::read(&folder(scratch, name, cores).join(format!("{table}.csv")))
}

fn run_json(scratch: &Scratch, name: &str, cores: u32) -> Value {
    let text = std::fs::read(folder(scratch, name, cores).join("run.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

#[test]
fn one_seed_gives_one_result_to_the_byte_on_every_machine() {
    for (experiment, name) in [(trackers(), "parallel-vs-concurrent"), (pages(), "io-threads")] {
        let [one, other] = [(); 2].map(|()| {
            let scratch = Scratch::empty(experiment);
            scratch.run(&format!("{SHORT} --simulate 1,64 --seed 7 --no-plot")).succeeds();
            scratch
        });
        for cores in [1, 64] {
            for table in ["trials", "jobs", "spans"] {
                let read = |scratch| {
                    std::fs::read(folder(scratch, name, cores).join(format!("{table}.csv")))
                };
                assert_eq!(read(&one).unwrap(), read(&other).unwrap(), "{name} {cores} {table}");
            }
        }
    }
}

#[test]
fn what_is_simulated_says_so_and_takes_the_place_of_nothing_measured() {
    let scratch = Scratch::recorded(trackers());
    let ended = scratch.run(&format!("{SHORT} --simulate 4")).succeeds();
    assert!(ended.stdout.contains("simulated, 4 cores: nothing was measured"), "{ended:?}");
    assert!(ended.stdout.contains("CPython, simulated"), "{ended:?}");
    let now = scratch.tree();
    for (path, bytes) in trackers().recorded() {
        assert_eq!(now.get(path), Some(bytes), "{}", path.display());
    }
    let name = "parallel-vs-concurrent";
    let run = run_json(&scratch, name, 4);
    assert_eq!(run["settings"]["simulated"]["cores"], 4);
    assert_eq!(run["experiment"], "parallel-vs-concurrent-sim-4");
    let sources = run["settings"]["simulated"]["costs"]["sources"].as_object().unwrap();
    assert!(sources.values().any(|source| source.as_str().unwrap().contains("a guess")));
    for of in ["trials", "verdicts"] {
        let table = table(&scratch, name, 4, of);
        let is_simulated = |row: Row| row.text("runtime").starts_with("sim-");
        assert!(table.rows().len() > 0 && table.rows().all(is_simulated), "{of}");
    }
    let ended = scratch.run("--simulate 4 --replay --json --no-plot").succeeds();
    assert_eq!(ended.json()["run"]["settings"]["simulated"]["cores"], 4);
}

/// The lock decides, and the number of cores.
#[test]
fn verdicts_follow_the_simulated_machine() {
    let scratch = Scratch::empty(experiment("threads-vs-processes"));
    scratch.run(&format!("{SHORT} --simulate 8 --no-plot")).succeeds();
    let verdicts = table(&scratch, "threads-vs-processes", 8, "verdicts");
    for verdict in verdicts.rows() {
        let (runtime, decision) = (verdict.text("runtime"), verdict.text("verdict"));
        let expected = if runtime == "sim-cpython" { "FALSE" } else { "TRUE" };
        assert_eq!(decision, expected, "{runtime}");
    }
}

#[test]
fn costs_come_from_a_run_that_has_some() {
    let scratch = Scratch::recorded(trackers());
    scratch.run(&format!("{SHORT} --simulate 2 --no-plot")).succeeds();
    let of = |folder: PathBuf| folder.join("run.json").display().to_string();
    let own = of(folder(&scratch, "parallel-vs-concurrent", 2));
    let again = format!("--quick --blocks 2 --simulate 3 --no-plot --costs {own}");
    scratch.run(&again).succeeds();
    let costs = |cores| {
        run_json(&scratch, "parallel-vs-concurrent", cores)["settings"]["simulated"]["costs"]
            .clone()
    };
    assert_eq!(costs(2), costs(3));
    let measured = of(scratch.data());
    let ended = scratch.run(&format!("--quick --simulate 2 --costs {measured}"));
    ended
        .fails_saying(&["has no costs", "give the run.json of a run that was simulated"])
        .says_lines(1);
    let text =
        std::fs::read_to_string(folder(&scratch, "parallel-vs-concurrent", 2).join("run.json"));
    let foreign = text.unwrap().replace("\"slice_ns\": ", "\"slice_ns\": 999999");
    for (file, why) in [
        ("/nowhere/run.json".to_owned(), "/nowhere/run.json could not be read"),
        (scratch.file("broken.json", "{"), "broken.json"),
        (scratch.file("foreign.json", &foreign), "costs that no machine has (kernel.slice_ns is"),
    ] {
        let ended = scratch.run(&format!("--quick --simulate 2 --costs {file}"));
        ended.fails_saying(&[why]).says_lines(1);
    }
}

#[test]
fn what_nobody_can_simulate_is_refused() {
    refuses_usage(
        pages(),
        "--simulate 0                        => expected a whole number from 1 to 4096
         --simulate 1000000                  => expected a whole number from 1 to 4096
         --simulate 4,x                      => expected a whole number from 1 to 4096
         --simulate 4 --costs dear           => expected this, article, or a run.json
         --simulate 4 --pairs 0              => expected a whole number from 1 to 100
         --simulate 3 --costs article --pairs => needs an even number of cores
         --simulate 4 --broken clock         => expected no-forced-switching, one-at-a-time
         --costs article                     => --simulate",
    );
    let scratch = Scratch::empty(trackers());
    let ended = scratch.run("--simulate 4 --costs article --raw").exits_with(2);
    assert!(ended.stderr.contains("leave out --raw"), "{ended:?}");
    let scratch = Scratch::empty(experiment("sim-model"));
    let ended = scratch.run("--simulate 4 --costs article").exits_with(2).says_lines(1);
    assert!(ended.stderr.contains("this machine and a simulation of it"), "{ended:?}");
    for (name, jobs) in
        [("gil-convoy", "echo"), ("async-blocks", "beat"), ("thread-memory", "park")]
    {
        let scratch = Scratch::empty(experiment(name));
        let ended = scratch.run("--simulate 4 --costs article").exits_with(2).says_lines(1);
        assert!(ended.stderr.contains(&format!("{name} cannot be simulated")), "{ended:?}");
        assert!(ended.stderr.contains(&format!("{jobs} jobs")), "{ended:?}");
    }
}

/// Also where the simulated machine is slower than the measured one, or faster.
#[test]
fn a_simulated_twin_does_the_same_jobs() {
    let scratch = Scratch::empty(experiment("sim-model"));
    scratch
        .run("--quick --blocks 2 --runtimes rust --executors serial,threads --no-plot")
        .succeeds();
    let jobs = Table::read(&scratch.data().join("jobs.csv"));
    let of = |runtime: &str| -> BTreeSet<String> {
        let own = |row: &Row| row.text("runtime") == runtime && row.text("case") == "computing";
        jobs.rows().filter(own).map(|row| row.text("count").to_owned()).collect()
    };
    assert_eq!(of("sim-rust").len(), 1);
    assert_eq!(of("rust"), of("sim-rust"));
}

/// A server that serves one at a time takes away what threads gain by loading pages.
#[test]
fn a_broken_machine_is_another_one_and_says_so() {
    let scratch = Scratch::empty(pages());
    let ended =
        scratch.run(&format!("{SHORT} --simulate 4 --broken one-at-a-time --no-plot")).succeeds();
    assert!(
        ended.stdout.contains("simulated, 4 cores, broken: one-at-a-time: nothing"),
        "{ended:?}"
    );
    let folder = scratch.out().join("data/io-threads-sim-4-one-at-a-time");
    let verdicts = Table::read(&folder.join("verdicts.csv"));
    let is_first =
        |row: &Row| row.text("claim_id") == "threads-useless" && row.text("part").is_empty();
    assert!(verdicts.rows().filter(is_first).all(|row| row.text("verdict") != "FALSE"));
    let ended = scratch.run(&format!("{SHORT} --simulate 4 --pairs --no-plot")).succeeds();
    assert!(ended.stdout.contains("4 hardware threads, two to a core: nothing"), "{ended:?}");
}

/// Whoever has not run sim-model is told so; what that found wrong is refused, and simulated by force.
#[test]
fn a_family_that_failed_its_validation_is_refused_unless_it_is_forced() {
    let scratch = Scratch::empty(trackers());
    let options = format!("{SHORT} --simulate 2 --runtimes sim-rust --no-plot");
    let ended = scratch.run(&options).succeeds();
    assert!(ended.stderr.contains("sim-model holds it against this one"), "{ended:?}");
    let data = scratch.out().join("data/sim-model");
    std::fs::create_dir(&data).unwrap();
    let recorded = experiment("sim-model").recorded();
    for file in ["run.json", "verdicts.csv"] {
        let bytes = recorded[&PathBuf::from("data/sim-model").join(file)].clone().unwrap();
        let mut text = String::from_utf8(bytes).unwrap();
        for decision in ["TRUE", "INCONCLUSIVE", "NEITHER"] {
            text = text.replace(&format!(",{decision},"), ",FALSE,");
        }
        std::fs::write(data.join(file), text).unwrap();
    }
    let ended = scratch.run(&options).exits_with(2).says_lines(1);
    assert!(ended.stderr.contains("not to be as measured: Rust, simulated, threads"), "{ended:?}");
    assert!(ended.stderr.contains("--force"), "{ended:?}");
    let ended = scratch.run(&format!("{options} --force")).succeeds();
    assert!(ended.stderr.contains("not to be as measured"), "{ended:?}");
    assert!(ended.stdout.contains("simulated, 2 cores: nothing was measured"), "{ended:?}");
}
