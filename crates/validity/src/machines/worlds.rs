//! Whether a verdict follows the world: every claim that can be simulated, judged on a sound machine of four
//! cores and on machines that are broken on purpose. A verdict that no world can change would be worth
//! nothing.

use super::{WITH_LOCK, WITHOUT_LOCK, simulate};
use crate::rows::WorldRow;
use anyhow::{Context, Result};
use lab::programs::Programs;
use lab_data::run::RunInfo;
use lab_data::saved::read_verdicts;
use lab_data::settings::costs::Broken;
use lab_stats::format;
use lab_stats::verdict::Decision;
use std::collections::BTreeSet;

/// The machine that verdicts are compared with.
const SOUND: &str = "sound";
const ONE_CORE: &str = "one-core";
const CORES: &str = "4";

/// The verdicts of all experiments in all worlds, from their programs, which are brought up to date.
///
/// # Errors
/// If one cannot be run, or its verdicts cannot be read.
pub fn measure() -> Result<Vec<WorldRow>> {
    let programs = Programs::find(None)?;
    programs.build(programs.names())?;
    let scratch = tempfile::tempdir().context("no scratch folder can be made")?;
    let mut rows = Vec::new();
    for name in programs.names() {
        for (world, cores, broken) in worlds() {
            let mut args = vec!["--quick", "--costs", "article"];
            args.extend(broken.into_iter().flat_map(|broken| ["--broken", broken.name()]));
            let suffix = broken.map_or(String::new(), |broken| format!("-{}", broken.name()));
            let run = format!("{name}-sim-{cores}{suffix}");
            let folder = simulate(&programs, (name, cores, &run), &args, scratch.path())?;
            let Some(folder) = folder else { break };
            let info = RunInfo::read(&folder.join("run.json"))?;
            let verdicts = read_verdicts(&folder, &info)?.into_iter();
            rows.extend(verdicts.filter(|row| row.part.is_empty()).map(|row| WorldRow {
                experiment: name.clone(),
                claim_id: row.claim_id,
                claim: row.claim,
                runtime: row.runtime,
                world: world.to_owned(),
                verdict: row.verdict,
            }));
        }
    }
    Ok(rows)
}

/// Each with its cores and what is wrong with it.
fn worlds() -> impl Iterator<Item = (&'static str, &'static str, Option<Broken>)> {
    let broken = Broken::ALL.map(|broken| (broken.name(), CORES, Some(broken)));
    [(SOUND, CORES, None), (ONE_CORE, "1", None)].into_iter().chain(broken)
}

/// A world, as it is said of it.
fn in_words(world: &str) -> &str {
    match world {
        ONE_CORE => "one core",
        WITHOUT_LOCK => "no lock",
        "no-forced-switching" => "a lock without forced switching",
        "one-at-a-time" => "a server that serves one request at a time",
        "instant-pages" => "pages that take no time",
        "free-pools" => "pools that cost nothing",
        other => other,
    }
}

/// The verdicts that are another one in a broken world, as a table in Markdown, and those that are not.
pub fn markdown(rows: &[WorldRow]) -> String {
    let sound = rows.iter().filter(|row| row.world == SOUND && row.runtime != WITHOUT_LOCK);
    let is_decided = |row: &&WorldRow| row.verdict != Decision::Inconclusive;
    let mut text = "| Claim | Where | On a sound machine of four cores | In a broken world |\n\
                    |---|---|---|---|\n"
        .to_owned();
    let (mut all, mut stay) = (0, BTreeSet::new());
    for row in sound.filter(is_decided) {
        all += 1;
        let is_same = |other: &&WorldRow| {
            (&other.experiment, &other.claim_id) == (&row.experiment, &row.claim_id)
        };
        let others = rows.iter().filter(is_same).filter_map(|other| {
            let is_unlocked = row.runtime == WITH_LOCK && other.runtime == WITHOUT_LOCK;
            match (other.world.as_str(), other.runtime == row.runtime) {
                (SOUND, false) if is_unlocked => Some((WITHOUT_LOCK, other.verdict)),
                (SOUND, _) | (_, false) => None,
                (world, true) => Some((world, other.verdict)),
            }
        });
        let flips = others.filter(|(_, verdict)| *verdict != row.verdict);
        let flips: Vec<String> =
            flips.map(|(world, verdict)| format!("{}: {verdict}", in_words(world))).collect();
        let runtime = format::runtime(&row.runtime);
        if flips.is_empty() {
            stay.insert(format!("*{}* ({runtime})", row.claim));
            continue;
        }
        let (claim, verdict, flips) = (&row.claim, row.verdict, flips.join("; "));
        text.push_str(&format!("| {claim} | {runtime} | {verdict} | {flips} |\n"));
    }
    let flipped = all - stay.len();
    text.push_str(&format!("\n{flipped} of {all} verdicts are another one in some broken world."));
    if !stay.is_empty() {
        let stay: Vec<String> = stay.into_iter().collect();
        text.push_str(&format!(" The others: {}.", stay.join("; ")));
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(claim: &str, runtime: &str, world: &str, verdict: Decision) -> WorldRow {
        let [claim, runtime, world] = [claim, runtime, world].map(str::to_owned);
        WorldRow {
            experiment: claim.clone(),
            claim_id: claim.clone(),
            claim,
            runtime,
            world,
            verdict,
        }
    }

    #[test]
    fn a_verdict_is_compared_with_that_of_its_own_runtime_and_of_the_one_without_its_lock() {
        use Decision::{False, Inconclusive, True};
        let rows = [
            row("A", "sim-rust", SOUND, True),
            row("A", "sim-rust", ONE_CORE, Inconclusive),
            row("A", "sim-rust", "free-pools", True),
            row("A", WITH_LOCK, SOUND, False),
            row("A", WITH_LOCK, ONE_CORE, False),
            row("A", WITHOUT_LOCK, SOUND, True),
            row("B", "sim-rust", SOUND, False),
            row("B", "sim-rust", ONE_CORE, False),
            row("C", "sim-rust", SOUND, Inconclusive),
            row("C", "sim-rust", ONE_CORE, True),
        ];
        let text = markdown(&rows);
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| A | Rust, simulated | TRUE | one core: INCONCLUSIVE |",
                "| A | CPython, simulated | FALSE | no lock: TRUE |",
                "",
                "2 of 3 verdicts are another one in some broken world. The others: *B* (Rust, simulated).",
            ]
        );
    }
}
