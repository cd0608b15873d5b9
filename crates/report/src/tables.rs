//! What stands at each marker of the README, made from `data/` alone.

use anyhow::{Context, Result, bail};
use lab::words;
use lab_record::rows::VerdictRow;
use lab_record::run::RunInfo;
use lab_record::tables;
use std::path::{Path, PathBuf};

/// What follows an experiment's name where the parts of its claims are meant.
const PARTS: &str = " parts";

/// The text for a marker's name.
///
/// # Errors
/// If there is no such name, or the data are missing or damaged; the file is named.
pub(crate) fn block(data: &Path, name: &str) -> Result<String> {
    match name {
        "verdicts" => verdicts(data),
        "machine" => machine(data),
        experiment if data.join(experiment).is_dir() => lines(&data.join(experiment)),
        name if name.ends_with(PARTS) => parts(&data.join(name.trim_end_matches(PARTS))),
        _ => bail!(
            "there is no such block: there are verdicts, machine, and the folders of {}",
            data.display()
        ),
    }
}

/// The folders of all experiments, in alphabetical order.
fn experiments(data: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        std::fs::read_dir(data).with_context(|| format!("{} cannot be read", data.display()))?;
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("run.json").is_file())
        .collect();
    folders.sort();
    Ok(folders)
}

fn own_verdicts(folder: &Path) -> Result<Vec<VerdictRow>> {
    let rows: Vec<VerdictRow> = tables::read(&folder.join("verdicts.csv"))?;
    Ok(rows.into_iter().filter(|row| row.case.is_empty()).collect())
}

/// A row a claim, a column a runtime: what people say, what the article says, what was measured.
fn verdicts(data: &Path) -> Result<String> {
    let mut rows = Vec::new();
    for folder in experiments(data)? {
        rows.extend(own_verdicts(&folder)?);
    }
    let mut runtimes: Vec<&str> = rows.iter().map(|row| row.runtime.as_str()).collect();
    runtimes.sort_by_key(|runtime| (!runtime.starts_with("cpython"), *runtime));
    runtimes.dedup();
    let mut claims: Vec<&str> = Vec::new();
    for row in &rows {
        if !claims.contains(&row.claim.as_str()) {
            claims.push(&row.claim);
        }
    }
    let mut text = "| What people say | The article |".to_owned();
    text.extend(
        runtimes
            .iter()
            .map(|name| format!(" {} |", words::runtime(name))),
    );
    text.push_str(&format!("\n|{}\n", "---|".repeat(runtimes.len() + 2)));
    for claim in claims {
        let of = |runtime: &str| {
            rows.iter()
                .find(|row| row.claim == claim && row.runtime == runtime)
        };
        let article = rows
            .iter()
            .find(|row| row.claim == claim)
            .map_or(String::new(), |row| {
                cell(&row.article_verdict, words::article(row))
            });
        text.push_str(&format!("| {claim} | {article} |"));
        for runtime in &runtimes {
            let cell = of(runtime).map_or(String::new(), |row| {
                cell(&format!("**{}**", row.verdict), words::estimate(row))
            });
            text.push_str(&format!(" {cell} |"));
        }
        text.push('\n');
    }
    Ok(text)
}

fn cell(verdict: &str, estimate: Option<String>) -> String {
    match estimate {
        Some(estimate) => format!("{verdict} {estimate}"),
        None => verdict.to_owned(),
    }
}

/// A row for each part of an experiment's claims.
fn parts(folder: &Path) -> Result<String> {
    let rows: Vec<VerdictRow> = tables::read(&folder.join("verdicts.csv"))?;
    let mut text = "| Where | What | Estimate | Verdict |\n|---|---|---|---|\n".to_owned();
    for row in rows.iter().filter(|row| !row.case.is_empty()) {
        let range = words::range(row).map_or(String::new(), |range| format!(" ({range})"));
        text.push_str(&format!(
            "| {} | {} | {}{range} | {} |\n",
            words::runtime(&row.runtime),
            row.case,
            words::estimate(row).unwrap_or_default(),
            row.verdict
        ));
    }
    Ok(text)
}

/// The verdict lines of one experiment.
fn lines(folder: &Path) -> Result<String> {
    let mut text = "```text\n".to_owned();
    for row in own_verdicts(folder)? {
        text.push_str(&words::verdict_line(&row));
        text.push('\n');
    }
    text.push_str("```\n");
    Ok(text)
}

/// Where the committed data come from.
fn machine(data: &Path) -> Result<String> {
    let mut text = String::new();
    for folder in experiments(data)? {
        let info = RunInfo::read(&folder.join("run.json"))?;
        let machine = &info.machine;
        text.push_str(&format!(
            "- `{}`: {} usable of {} cores ({}), {}, commit `{}`, {}, {} blocks, seed {}\n",
            info.experiment,
            machine.cores.usable,
            machine.cores.logical,
            machine.cpu_model.as_deref().unwrap_or("unknown"),
            machine.kernel,
            info.commit.as_deref().unwrap_or("unknown"),
            info.date,
            info.blocks,
            info.seed,
        ));
    }
    Ok(text)
}
