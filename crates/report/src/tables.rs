//! What stands at each marker of the README, made from `data/` alone.

use anyhow::{Context, Result, bail};
use lab::words;
use lab_record::rows::VerdictRow;
use lab_record::run::RunInfo;
use lab_record::tables;
use std::path::{Path, PathBuf};

/// The text for a marker's name.
///
/// # Errors
/// If there is no such name, or the data are missing or damaged; the file is named.
pub(crate) fn block(data: &Path, name: &str) -> Result<String> {
    match name {
        "verdicts" => verdicts(data),
        "machine" => machine(data),
        experiment if data.join(experiment).is_dir() => lines(&data.join(experiment)),
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

/// A row a claim: what people say, what the article says, what was measured here.
fn verdicts(data: &Path) -> Result<String> {
    let mut text =
        "| What people say | The article | Rust, on this machine |\n|---|---|---|\n".to_owned();
    for folder in experiments(data)? {
        for row in own_verdicts(&folder)? {
            let article = match (row.article_verdict.as_str(), words::article(&row)) {
                ("", _) => "–".to_owned(),
                (verdict, None) => verdict.to_owned(),
                (verdict, Some(estimate)) => format!("{verdict} {estimate}"),
            };
            let range = words::range(&row)
                .map(|range| format!(" ({range})"))
                .unwrap_or_default();
            text.push_str(&format!(
                "| {} | {article} | **{}**: {}{range} |\n",
                row.claim, row.verdict, row.reason
            ));
        }
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
