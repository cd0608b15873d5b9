//! The text for each marker of the README, made from the data alone.

use crate::articles;
use crate::board::Board;
use crate::redraw::Redrawn;
use crate::run::Run;
use crate::{studies, words};
use anyhow::{Result, bail};
use lab::design::runtime::place;
use lab_data::rows::VerdictRow;
use lab_stats::format;
use std::path::Path;

/// What follows an experiment's name where the parts of its claims are meant.
const PARTS: &str = " parts";
/// The sections of experiments that have no marker.
pub(crate) const OTHERS: &str = "others";

/// The text for a marker's name; none if the data of its experiment are missing or damaged, so
/// that the text there is left alone.
///
/// # Errors
/// If there is no such name, or the articles' numbers cannot be read.
pub(crate) fn block(
    data: &Path,
    redrawn: &Redrawn,
    (names, markers): (&[String], &[&str]),
    name: &str,
) -> Result<Option<String>> {
    let runs = redrawn.runs.as_slice();
    let experiment = name.strip_suffix(PARTS).unwrap_or(name);
    let found = runs.iter().find(|run| run.name == experiment);
    Ok(match (name, found) {
        ("verdicts", _) => Some(Board::of(runs).markdown()),
        ("articles", _) => Some(articles::table(data, runs)?),
        ("machine", _) => Some(machines(runs).iter().map(|line| format!("- {line}\n")).collect()),
        (OTHERS, _) => {
            let others = runs.iter().filter(|run| !markers.contains(&run.name.as_str()));
            Some(others.map(section).collect())
        }
        (_, Some(run)) if name.ends_with(PARTS) => Some(parts(run)),
        (_, Some(run)) => Some(lines(run)),
        _ if studies::has(name) => redrawn.blocks.get(name).cloned(),
        _ if names.iter().any(|name| name == experiment) => None,
        _ => bail!(
            "there is no such block: there are verdicts, articles, machine, {OTHERS}, {}, and the \
             experiments, also with '{PARTS}'",
            studies::names().collect::<Vec<_>>().join(", ")
        ),
    })
}

/// A section for an experiment, from its own text: the claims, what is done, the figure, what was
/// found.
fn section(run: &Run) -> String {
    let text = &run.about.text;
    let claims = text.split("\n#").next().unwrap_or_default().trim();
    let done = text.split("# Experiment\n").nth(1).and_then(|rest| rest.split("\n#").next());
    let name = &run.name;
    let finding = lines(run);
    format!(
        "### {name}\n*{}*\n\n{}\n\n![{name}](plots/{name}.png)\n\n{finding}\n",
        claims.replace('\n', "* *"),
        done.unwrap_or_default().trim()
    )
}

/// A row for each part of an experiment's claims.
fn parts(run: &Run) -> String {
    let heads = ["Where", "What", "Estimate", "Verdict"].map(str::to_owned);
    let rows = run.rows.iter().filter(|row| !row.part.is_empty()).map(|row| {
        let estimate = words::estimate(row).unwrap_or_default() + &words::in_brackets(row);
        vec![format::runtime(&row.runtime), row.part.clone(), estimate, row.verdict.to_string()]
    });
    words::table(&heads, rows)
}

/// A line for each claim of an experiment: what was found in the first runtime, and how the others
/// compare.
fn lines(run: &Run) -> String {
    let line = |mut rows: Vec<&VerdictRow>| {
        rows.sort_by_key(|row| place(&row.runtime));
        let found = rows.iter().enumerate().map(|(index, row)| {
            let said = match words::estimate(row) {
                Some(estimate) if index > 0 => words::in_bold(row, Some(estimate)),
                _ => format!("**{}**: {}", row.verdict, row.reason),
            };
            format!("{} {said}{}", format::runtime(&row.runtime), words::in_brackets(row))
        });
        let found = found.collect::<Vec<_>>().join("; ");
        let first = rows.first();
        let article = first.and_then(|row| words::article(row));
        let article = article.map(|ratio| format!("the article: {ratio}"));
        let last = first.and_then(|row| words::edge(row)).into_iter().chain(article);
        let last = last.collect::<Vec<_>>().join("; ");
        let last = if last.is_empty() { last } else { format!(" {last}.") };
        let claim = first.map_or("", |row| &row.claim);
        format!("- *“{claim}”* {found}.{last}\n")
    };
    run.by_claim().into_iter().map(line).collect()
}

/// Where the data come from: what the experiments have in common is said once.
pub(crate) fn machines(runs: &[Run]) -> Vec<String> {
    let mut places: Vec<(String, Vec<&str>)> = Vec::new();
    for Run { name, info, .. } in runs {
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
    let is_one = places.len() == 1;
    let line = |(place, names): (String, Vec<&str>)| {
        if is_one { place } else { format!("{place}: {}", names.join(", ")) }
    };
    places.into_iter().map(line).collect()
}
