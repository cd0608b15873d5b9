//! No verdict comes from one arm against itself, whatever was asked for.

use lab::design::Design;
use lab::design::quantity::{Comparison, What};
use lab::judge::judge;
use lab::prelude::*;
use lab::programs::Programs;
use lab::record::Simulated;
use lab::show::describe::Described;
use lab_data::run::{Mode, RunInfo};
use lab_stats::verdict::Decision::Inconclusive;
use oorandom::Rand32;
use std::path::Path;
use std::process::Command;

/// Command lines per experiment.
const LINES: u32 = 16;
const BLOCKS: u32 = 7;

/// Some of these words, in a list; at least one.
fn some<T: ToString>(rand: &mut Rand32, all: &[T]) -> String {
    let mut chosen: Vec<String> = all.iter().map(ToString::to_string).collect();
    chosen.retain(|_| rand.rand_range(0..2) == 0);
    if chosen.is_empty() {
        chosen.push(all[rand.rand_range(0..all.len() as u32) as usize].to_string());
    }
    chosen.join(",")
}

/// Options that choose arms, as far as the experiment has them.
fn options(rand: &mut Rand32, groups: &[String]) -> Vec<String> {
    let has = |group: &str| groups.iter().any(|name| name == group);
    let mut words = vec!["--quick".to_owned(), "--runtimes".to_owned()];
    words.push(some(rand, &["rust", "gil", "cpython-3.11", "cpython-3.13t"]));
    if has("Workers") {
        words.extend(["-w".to_owned(), some(rand, &[1, 2, 3, 4, 8, 16])]);
    }
    if has("Jobs") {
        words.extend(["--jobs".to_owned(), rand.rand_range(1..6).to_string()]);
    }
    words
}

fn described(program: &Path, options: &[String]) -> Described {
    let output = Command::new(program).arg("--describe").args(options).output().unwrap();
    assert!(output.status.success(), "{options:?}: {output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn comparisons(design: &Design) -> impl Iterator<Item = &Comparison> {
    let parts = design.claims.iter().flat_map(|claim| &claim.parts);
    parts.filter_map(|part| part.basis.as_ref().ok())
}

/// The arms that a comparison reads, and of what of them.
fn read(comparison: &Comparison) -> Vec<(Arm, String)> {
    match comparison.what() {
        What::Ratio { over, under } => {
            [over, under].map(|of| (of.arm().clone(), of.name().to_owned())).to_vec()
        }
        What::Mean { of, .. } => vec![(of.arm().clone(), of.name().to_owned())],
        What::OverBest { of, all } => {
            let name = of.name().to_owned();
            all.iter().chain([of.arm()]).map(|arm| (arm.clone(), name.clone())).collect()
        }
    }
}

/// What a comparison reads is one thing, so that it compares nothing.
fn is_of_one_side(comparison: &Comparison) -> bool {
    let read = read(comparison);
    !matches!(comparison.what(), What::Mean { .. }) && read.iter().all(|one| *one == read[0])
}

/// A run in which no two arms take nearly the same time; only executors of this list were measured.
fn made_up(designs: &[Design], executors: &str) -> Recording {
    let mut values = Simulated::new();
    let arms = designs.iter().flat_map(comparisons).flat_map(read);
    for (at, (arm, name)) in arms.enumerate() {
        let mut again = serde_json::to_value(&arm).unwrap();
        let executor = again["executor"].as_str().unwrap();
        if executor != "serial" && !executors.split(',').any(|one| one == executor) {
            continue;
        }
        again["is_replicate"] = true.into();
        let again: Arm = serde_json::from_value(again).unwrap();
        let time = 1.0 + (at % 11) as f64;
        for (arm, scatter) in [(again, 2e-4), (arm, 1e-4)] {
            let of = values.entry(arm).or_default().entry(name.clone()).or_default();
            for block in 1..=BLOCKS {
                of.entry(block).or_insert(time * (1.0 + scatter * f64::from(block % 3)));
            }
        }
    }
    let mut info = RunInfo::begin("test", Mode::Default, Vec::new(), 1);
    info.blocks = BLOCKS;
    info.settings.looks = vec![BLOCKS];
    (info.machine.cores.usable, info.machine.cores.quota) = (2, None);
    Recording::simulated(info, values)
}

#[test]
fn whatever_is_asked_for_no_arm_is_judged_against_itself() {
    let programs = Programs::find(None).unwrap();
    programs.build(programs.names()).unwrap();
    let mut rand = Rand32::new(13);
    let (mut of_one_side, mut decided) = (0, 0);
    for name in programs.names() {
        let groups = programs.describe(name, "rust").unwrap().options;
        for _ in 0..LINES {
            let words = options(&mut rand, &groups);
            let executors = some(&mut rand, &["threads", "processes", "rayon", "async"]);
            let designs = described(&programs.path(name), &words).designs;
            let verdicts = judge(&designs, &made_up(&designs, &executors));
            decided += verdicts.iter().filter(|one| one.decision != Inconclusive).count();
            for claim in designs.iter().flat_map(|design| &design.claims) {
                let one_sided = |part: &&Part| part.basis.as_ref().is_ok_and(is_of_one_side);
                let parts: Vec<&Part> = claim.parts.iter().filter(one_sided).collect();
                let is_whole = parts.len() == claim.parts.len();
                of_one_side += parts.len();
                for verdict in &verdicts {
                    let is_of_part = parts.iter().any(|part| part.name == verdict.part)
                        || (is_whole && verdict.part.is_empty());
                    let is_own = verdict.claim_id == claim.id && verdict.runtime == claim.runtime;
                    assert!(
                        !(is_own && is_of_part && !parts.is_empty())
                            || verdict.decision == Inconclusive,
                        "{name} {words:?} {executors}: {verdict:?}"
                    );
                }
            }
        }
    }
    // What is looked for was there, and what is judged was judged.
    assert!(of_one_side > 10 && decided > 100, "{of_one_side} {decided}");
}
