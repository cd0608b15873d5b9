//! What stands at each marker, made from the data alone.

use crate::board::Board;
use crate::compare::repeats;
use crate::readme::articles;
use crate::readme::sections::{figures, flips, lines, parts, section};
use crate::redraw::{OWN_WORK, Redrawn};
use crate::run::Run;
use crate::studies;
use anyhow::{Result, bail};
use lab_data::run::RunInfo;
use std::path::Path;
use validity::NAME;

/// The sections of experiments that have no marker.
const OTHERS: &str = "others";

/// What blocks are made from.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    /// The folder of all data.
    pub(crate) data: &'a Path,
    /// What the data give.
    pub(crate) redrawn: &'a Redrawn,
    /// The experiments that there are.
    pub(crate) names: &'a [String],
    /// The markers of all texts.
    pub(crate) markers: &'a [&'a str],
}

impl Source<'_> {
    /// The text for a marker; none if the data of its experiment are missing or damaged, so that what
    /// stands there is left alone. Links lead `up` to the folder of the README first.
    ///
    /// # Errors
    /// If there is no such marker, or the articles' numbers cannot be read.
    pub(crate) fn block(&self, marker: &str, up: &str) -> Result<Option<String>> {
        let runs = self.redrawn.runs.as_slice();
        let files = &self.redrawn.files;
        let board = || Board::of(runs);
        let (name, rest) = marker.split_once(' ').unwrap_or((marker, ""));
        let run = |name: &str| runs.iter().find(|run| run.name == name);
        Ok(match (name, rest) {
            ("verdicts", "") => Some(board().markdown()),
            ("verdicts", ids) => {
                Some(Board::brief(runs).headlines(&ids.split(' ').collect::<Vec<_>>())?)
            }
            ("claims", "") => Some(board().list()),
            ("suites", "") => repeats::markdown(&self.data.join("suites"))?,
            ("flips", "") => Some(flips(runs)),
            ("gallery", "") => Some(self.gallery()),
            ("articles", "") => Some(articles::table(self.data, runs)?),
            ("machine", "") => {
                Some(machines(runs).iter().map(|line| format!("- {line}\n")).collect())
            }
            (OTHERS, "") => {
                let is_named = |run: &&Run| {
                    let mut names = self.markers.iter().map(|marker| marker.split(' ').next());
                    names.any(|name| name == Some(run.name.as_str()))
                };
                let others = runs.iter().filter(|run| !is_named(run));
                Some(others.map(|run| section(run, files, up) + "\n").collect())
            }
            ("output", OWN_WORK) => self.redrawn.blocks.get(OWN_WORK).map(|printed| code(printed)),
            ("output", of) if self.is_known(of) => run(of).map(|run| code(&in_brief(&run.printed))),
            (name, "") if studies::has(name) => self.redrawn.blocks.get(name).cloned(),
            (NAME, "worlds" | "arms") => self.redrawn.blocks.get(marker).cloned(),
            (name, "") if self.is_known(name) => run(name).map(lines),
            (name, "section") if self.is_known(name) => {
                run(name).map(|run| section(run, files, up))
            }
            (name, "parts") if self.is_known(name) => run(name).map(parts),
            _ => bail!(
                "there is no such block: there are verdicts, verdicts with ids of claims, claims, flips, suites, gallery, \
                 articles, machine, {OTHERS}, {}, 'output' with an experiment or {OWN_WORK}, and the experiments, also with \
                 'section' or 'parts'",
                studies::names().collect::<Vec<_>>().join(", ")
            ),
        })
    }

    fn is_known(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    /// All figures with their findings: the articles' own, then those of each experiment.
    fn gallery(&self) -> String {
        let files = &self.redrawn.files;
        let own = self.redrawn.runs.iter().flat_map(|run| figures(&run.name, files));
        let other =
            ["verdicts", "validity", "bench"].into_iter().flat_map(|name| figures(name, files));
        let all = figures("article", files).chain(own).chain(other);
        let shown = |(path, title): (String, String)| {
            let file = path.trim_start_matches("plots/").to_owned();
            format!("**{title}** ([{file}]({file}))\n\n![{title}]({file})\n\n")
        };
        all.map(shown).collect()
    }
}

/// The first claim of what a program printed, and where its data and figure are.
fn in_brief(printed: &str) -> String {
    let paragraphs: Vec<&str> = printed.trim_end().split("\n\n").collect();
    match paragraphs.as_slice() {
        [first, _, .., last] => format!("{first}\n\n[…]\n\n{last}"),
        _ => printed.to_owned(),
    }
}

/// What a program printed, as a block of code.
fn code(printed: &str) -> String {
    format!("```\n{}\n```\n", printed.trim_end())
}

/// The machine of a run: cores, processor, kernel.
pub(crate) fn machine(info: &RunInfo) -> String {
    let machine = &info.machine;
    format!(
        "{} usable of {} cores ({}), {}",
        machine.cores.usable,
        machine.cores.logical,
        machine.cpu_model.as_deref().unwrap_or("unknown"),
        machine.kernel,
    )
}

/// Machines and commits, each with the names of its runs.
fn places(runs: &[Run]) -> Vec<(String, Vec<&str>)> {
    let mut places: Vec<(String, Vec<&str>)> = Vec::new();
    for Run { name, info, .. } in runs {
        let commit = info.commit.as_deref().unwrap_or("unknown");
        let date = info.date.get(..10).unwrap_or(&info.date);
        let place = format!("{}, commit {commit}, {date}", machine(info));
        match places.iter_mut().find(|(known, _)| *known == place) {
            Some((_, names)) => names.push(name),
            None => places.push((place, vec![name])),
        }
    }
    places
}

/// Where the data come from: what the experiments have in common is said once.
pub(crate) fn machines(runs: &[Run]) -> Vec<String> {
    let places = places(runs);
    let is_one = places.len() == 1;
    let line = |(place, names): (String, Vec<&str>)| {
        if is_one { place } else { format!("{place}: {}", names.join(", ")) }
    };
    places.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::in_brief;

    #[test]
    fn of_what_a_program_printed_the_first_claim_is_shown_and_what_it_wrote() {
        assert_eq!(in_brief("first\n\nsecond\n\ntable\n\ndata\n"), "first\n\n[…]\n\ndata");
        assert_eq!(in_brief("first\n\ndata\n"), "first\n\ndata\n");
        assert_eq!(in_brief("all in one\n"), "all in one\n");
    }
}
