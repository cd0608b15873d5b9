//! Files that a user keeps in the folder of a run: they outlive it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use serde::Deserialize;

use crate::disk::{self, Operation, file};

/// What runs write, or wrote.
const OURS: [&str; 7] = [
    "run.json",
    "trials.csv",
    "jobs.csv",
    "spans.csv",
    "samples.csv",
    "requests.csv",
    "verdicts.csv",
];

/// The part of `run.json` that names the tables of a run.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Written {
    tables: BTreeMap<String, serde::de::IgnoredAny>,
}

/// Puts everything in the folder of the `last` run that no run wrote into the folder of a `new` one,
/// and leaves it in the last one, too.
pub(super) fn keep_strangers(last: &Path, new: &Path) -> io::Result<()> {
    let written = match file::read(&last.join("run.json")) {
        // Of files whose run cannot be asked those of today's names are a run's.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput) => {
            Vec::new()
        }
        read => read?,
    };
    let written: Written = serde_json::from_slice(&written).unwrap_or_default();
    for entry in disk::read_dir(last)? {
        let name = entry?.file_name();
        let word = name.to_string_lossy();
        let is_leftover = word.starts_with('.') && word.contains(".new-");
        let is_ours = OURS.contains(&&*word) || written.tables.contains_key(&*word);
        if !is_ours && !is_leftover {
            keep(&last.join(&name), &new.join(&name))?;
        }
    }
    Ok(())
}

fn keep(from: &Path, to: &Path) -> io::Result<()> {
    if fs::symlink_metadata(to).is_ok() {
        return Ok(());
    }
    if fs::symlink_metadata(from)?.is_dir() {
        disk::create_dir(to)?;
        return disk::read_dir(from)?.try_for_each(|entry| {
            let name = entry?.file_name();
            keep(&from.join(&name), &to.join(&name))
        });
    }
    // Not every file system has hard links.
    let linked = disk::attempt(Operation::Make, || fs::hard_link(from, to));
    linked.or_else(|_| disk::attempt(Operation::Write, || fs::copy(from, to)).map(drop))
}
