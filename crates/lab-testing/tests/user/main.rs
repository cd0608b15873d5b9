//! All experiments as their users meet them: one binary, which builds their programs first.
//!
//! `every`, `tables` and the replay of committed data hold for each experiment. What the laboratory
//! does for all of them alike is tested on the two whose runs are short: live trackers
//! (`parallel-vs-concurrent`) and pages (`io-threads`). `specific` has what one experiment promises.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "everything in this file and its modules is a test"
)]

mod damage;
mod disk;
mod every;
mod options;
mod own_work;
mod pages;
mod processes;
mod simulated;
mod specific;
mod tables;
mod verdicts;

use lab_testing::{Experiment, Scratch, experiment};

/// Stands for all experiments: it needs no server, and a few milliseconds of computing.
fn trackers() -> &'static Experiment {
    experiment("parallel-vs-concurrent")
}

/// Stands for all experiments that load pages.
fn pages() -> &'static Experiment {
    experiment("io-threads")
}

/// Lines of a table with two columns; words of the second one are separated by a bar.
fn cases(table: &'static str) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> + Clone {
    let lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| {
        let (left, right) = line.split_once("=>").unwrap_or_else(|| panic!("{line}"));
        let words = right.split('|').map(str::trim);
        (left.trim(), words.filter(|word| !word.is_empty()).collect())
    })
}

/// Each of these command lines is answered by exit code 2 and these words, before anything happens.
fn refuses_usage(experiment: &'static Experiment, table: &'static str) {
    let scratch = Scratch::empty(experiment);
    for (options, words) in cases(table) {
        scratch.run(options).refuses_usage(&words);
    }
    assert!(!scratch.out().exists());
}
