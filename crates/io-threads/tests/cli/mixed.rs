//! Files of two runs in one folder.

use super::PAGES;
use crate::user::{Place, SEED};
use std::fs;

/// What a replay is told if these files are of a run with another seed, and of one with the same.
#[test]
fn files_of_two_runs_are_refused_also_with_the_same_seed() {
    for seed in ["8", SEED] {
        let other = Place::empty(&PAGES);
        other.start_with_seed(seed).ends().succeeds();
        for (files, named) in [
            (&["trials.csv"][..], ""),
            (&["run.json"], "run.json"),
            (&["jobs.csv"], "jobs.csv"),
            (&["spans.csv"], "spans.csv"),
            (&["trials.csv", "run.json"], "jobs.csv"),
            (&["jobs.csv", "spans.csv", "verdicts.csv"], "jobs.csv"),
        ] {
            let place = Place::with_earlier_run(&PAGES);
            for file in files {
                fs::copy(other.data().join(file), place.data().join(file)).unwrap();
            }
            let ended = place.run_bare(&["--replay"]);
            let ended = ended.fails_saying(&[named, "the files are of different runs"]);
            assert_eq!(ended.stderr.lines().count(), 1, "{files:?}: {ended:?}");
        }
    }
}

#[test]
fn the_verdicts_of_another_run_are_told_and_replaced() {
    let other = Place::empty(&PAGES);
    other.start_with_seed(SEED).ends().succeeds();
    let place = Place::with_earlier_run(&PAGES);
    let path = place.data().join("verdicts.csv");
    let own = fs::read_to_string(&path).unwrap();
    fs::copy(other.data().join("verdicts.csv"), &path).unwrap();
    let ended = place.run_bare(&["--replay"]).succeeds();
    assert!(
        ended.stderr.contains("rows are not what the data give"),
        "{ended:?}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), own);
}
