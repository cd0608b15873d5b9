//! How far a suite got: a hidden file beside the data, gone when all is done.

use anyhow::{Context, Result};
use lab::programs::Programs;
use lab_data::atomic_write;
use lab_data::run::RunInfo;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What must be the same for a suite to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Key {
    /// The commit of the code, if it is known.
    pub(crate) commit: Option<String>,
    /// A number that changes with the programs: a commit does not tell of what was changed since.
    pub(crate) programs: u32,
    /// The experiments of the suite.
    pub(crate) names: Vec<String>,
    /// The flags of each of them.
    pub(crate) flags: Vec<String>,
}

/// A number that changes with any of the programs of these experiments.
///
/// # Errors
/// If one cannot be read.
pub(crate) fn fingerprint(programs: &Programs, names: &[String]) -> Result<u32> {
    let mut sum = crc32fast::Hasher::new();
    for path in names.iter().map(|name| programs.path(name)) {
        let bytes =
            std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        sum.update(&bytes);
    }
    Ok(sum.finalize())
}

/// An experiment that came to its end.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Done {
    /// The experiment.
    pub(crate) name: String,
    /// Its exit code.
    pub(crate) status: i32,
    /// How long it took.
    pub(crate) seconds: f64,
    /// The run that it left, if it left one.
    pub(crate) run_id: Option<String>,
    /// Runtimes that it passed by, each with the reason.
    pub(crate) skipped: Vec<String>,
    /// What it says it wrote.
    pub(crate) written: Vec<String>,
}

/// How far the suite is.
#[derive(Debug)]
pub(crate) struct Progress {
    data: PathBuf,
    state: State,
}

#[derive(Debug, Serialize, Deserialize)]
struct State {
    key: Key,
    done: Vec<Done>,
}

impl Progress {
    /// Goes on with a suite of the same key that was interrupted in this folder, unless it is to
    /// begin anew. What failed or surprised, or whose data are no longer there, is not done.
    ///
    /// # Errors
    /// If the folder of the data cannot be made.
    pub(crate) fn begin(out: &Path, key: Key, fresh: bool) -> Result<Progress> {
        let data = out.join("data");
        std::fs::create_dir_all(&data)
            .with_context(|| format!("{} cannot be made", data.display()))?;
        let earlier = std::fs::read(file(&data)).ok();
        // A file that cannot be understood is of another version: its suite is not ours.
        let earlier = earlier.and_then(|bytes| serde_json::from_slice::<State>(&bytes).ok());
        if earlier.as_ref().is_some_and(|state| !fresh && state.key != key) {
            eprintln!(
                "run-all: the suite that was stopped here had other flags, experiments or code; this \
                 one begins anew"
            );
        }
        let same = earlier.filter(|state| !fresh && state.key == key);
        let mut done = same.map_or(Vec::new(), |state| state.done);
        done.retain(|done| {
            let saved = RunInfo::read(&data.join(&done.name).join("run.json"));
            done.status == 0 && saved.is_ok_and(|info| Some(info.run_id) == done.run_id)
        });
        let state = State { key, done };
        Ok(Progress { data, state })
    }

    /// What is known of an experiment that is done.
    pub(crate) fn done(&self, name: &str) -> Option<&Done> {
        self.state.done.iter().find(|done| done.name == name)
    }

    /// Notes that an experiment came to its end.
    ///
    /// # Errors
    /// If that cannot be written.
    pub(crate) fn add(&mut self, done: Done) -> Result<()> {
        self.state.done.push(done);
        let bytes = serde_json::to_vec(&self.state).context("the progress cannot be noted")?;
        Ok(atomic_write(&file(&self.data), &bytes)?)
    }

    /// The suite is through: all that is done, in the suite's order. If something failed, the note
    /// stays, so that the same command tries only that again.
    ///
    /// # Errors
    /// If the note cannot be removed.
    pub(crate) fn finish(self) -> Result<Vec<Done>> {
        let path = file(&self.data);
        let all_well = self.state.done.iter().all(|done| done.status == 0);
        if all_well && path.exists() {
            std::fs::remove_file(&path)
                .with_context(|| format!("{} cannot be removed", path.display()))?;
        }
        let State { key, mut done } = self.state;
        let place = |done: &Done| key.names.iter().position(|name| *name == done.name);
        done.sort_by_key(place);
        Ok(done)
    }
}

fn file(data: &Path) -> PathBuf {
    data.join(".suite")
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_data::disk::faults::at_every_operation;

    fn done(name: &str) -> Done {
        Done { name: name.to_owned(), status: 1, ..Done::default() }
    }

    #[test]
    fn whatever_operation_fails_the_note_is_the_last_one_or_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let key = Key {
            commit: None,
            programs: 1,
            names: vec!["first".to_owned(), "second".to_owned()],
            flags: Vec::new(),
        };
        let mut progress = Progress::begin(folder.path(), key, true).unwrap();
        progress.add(done("first")).unwrap();
        let points = at_every_operation(
            || progress.add(done("second")),
            |fault, added| {
                let noted = std::fs::read(file(&folder.path().join("data"))).unwrap();
                let noted: State = serde_json::from_slice(&noted).unwrap();
                match added {
                    Ok(()) => assert!(noted.done.len() >= 2, "{fault:?}"),
                    Err(error) => {
                        assert!(!fault.is_tolerated(), "{fault:?}: {error:#}");
                        assert!(format!("{error:#}").contains(".suite could not be"), "{error:#}");
                    }
                }
            },
        );
        println!("{points} points of failure");
        assert!(points > 20, "{points}");
    }
}
