//! What stands at each marker of the README, made from the data alone.

use crate::articles;
use crate::board::Board;
use crate::redraw::{Redrawn, Saved};
use crate::studies;
use anyhow::{Result, bail};
use lab::words;
use lab_record::rows::VerdictRow;
use std::path::Path;

/// What follows an experiment's name where the parts of its claims are meant.
const PARTS: &str = " parts";

/// The text for a marker's name; none if the data of its experiment are missing or damaged, so
/// that what stands there is left alone.
///
/// # Errors
/// If there is no such name, or the articles' numbers cannot be read.
pub(crate) fn block(
    data: &Path,
    redrawn: &Redrawn,
    names: &[String],
    name: &str,
) -> Result<Option<String>> {
    let saved = redrawn.saved.as_slice();
    let (experiment, parts) = match name.strip_suffix(PARTS) {
        Some(experiment) => (experiment, true),
        None => (name, false),
    };
    let found = saved.iter().find(|saved| saved.name == experiment);
    Ok(match (name, found) {
        ("verdicts", _) => Some(Board::of(saved).markdown()),
        ("articles", _) => Some(articles::table(data, saved)?),
        ("machine", _) => Some(machines(saved).map(|line| format!("- {line}\n")).collect()),
        (study, _) if studies::names().any(|name| name == study) => {
            redrawn.studies.get(study).cloned()
        }
        (_, Some(saved)) if parts => Some(parts_of(saved)),
        (_, Some(saved)) => Some(lines(saved)),
        _ if names.iter().any(|name| name == experiment) => None,
        _ => bail!(
            "there is no such block: there are verdicts, articles, machine, {}, and the \
             experiments, also with '{PARTS}'",
            studies::names().collect::<Vec<_>>().join(", ")
        ),
    })
}

/// A row for each part of an experiment's claims.
fn parts_of(saved: &Saved) -> String {
    let mut text = "| Where | What | Estimate | Verdict |\n|---|---|---|---|\n".to_owned();
    for row in saved.rows.iter().filter(|row| !row.case.is_empty()) {
        text.push_str(&format!(
            "| {} | {} | {}{} | {} |\n",
            words::runtime(&row.runtime),
            row.case,
            words::estimate(row).unwrap_or_default(),
            in_brackets(row),
            row.verdict
        ));
    }
    text
}

/// A line for each claim of an experiment: what was found in the first runtime, and how the others
/// compare.
fn lines(saved: &Saved) -> String {
    let own: Vec<&VerdictRow> = saved
        .rows
        .iter()
        .filter(|row| row.case.is_empty())
        .collect();
    let mut claims: Vec<&str> = Vec::new();
    for row in &own {
        if !claims.contains(&row.claim.as_str()) {
            claims.push(&row.claim);
        }
    }
    let mut text = String::new();
    for claim in claims {
        let mut rows: Vec<&VerdictRow> = own
            .iter()
            .copied()
            .filter(|row| row.claim == claim)
            .collect();
        rows.sort_by_key(|row| (!row.runtime.starts_with("cpython"), &row.runtime));
        let mut found = Vec::new();
        for row in &rows {
            let (runtime, verdict) = (words::runtime(&row.runtime), &row.verdict);
            let estimate = match (found.is_empty(), words::estimate(row)) {
                (false, Some(estimate)) => format!(" {estimate}"),
                _ => format!(": {}", row.reason),
            };
            found.push(format!(
                "{runtime} **{verdict}**{estimate}{}",
                in_brackets(row)
            ));
        }
        let last = rows.first().map_or(String::new(), |row| {
            let article = words::article(row).map(|ratio| format!("the article: {ratio}"));
            let both: Vec<String> = words::edge(row).into_iter().chain(article).collect();
            match both.is_empty() {
                true => String::new(),
                false => format!(" {}.", both.join("; ")),
            }
        });
        text.push_str(&format!("- *“{claim}”* {}.{last}\n", found.join("; ")));
    }
    text
}

fn in_brackets(row: &VerdictRow) -> String {
    words::range(row).map_or(String::new(), |range| format!(" ({range})"))
}

/// Where the data come from: what the experiments have in common stands once.
pub(crate) fn machines(saved: &[Saved]) -> impl Iterator<Item = String> {
    let mut places: Vec<(String, Vec<&str>)> = Vec::new();
    for Saved { name, info, .. } in saved {
        let machine = &info.machine;
        let place = format!(
            "{} usable of {} cores ({}), {}, commit {}, {}",
            machine.cores.usable,
            machine.cores.logical,
            machine.cpu_model.as_deref().unwrap_or("unknown"),
            machine.kernel,
            info.commit.as_deref().unwrap_or("unknown"),
            info.date.get(..10).unwrap_or(&info.date),
        );
        match places.iter_mut().find(|(known, _)| *known == place) {
            Some((_, names)) => names.push(name),
            None => places.push((place, vec![name])),
        }
    }
    let one = places.len() == 1;
    places.into_iter().map(move |(place, names)| match one {
        true => place,
        false => format!("{place}: {}", names.join(", ")),
    })
}
