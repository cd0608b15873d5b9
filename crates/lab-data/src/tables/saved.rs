//! A run's folder, read as a whole: what was measured, and whether it is still what was written.

use std::collections::HashSet;
use std::path::Path;

use crate::error::FileError;
use crate::rows::{Executor, JobRow, RequestRow, SpanRow, TrialRow, VerdictRow};
use crate::run::RunInfo;
use crate::tables;
use crate::tables::samples::{self, JobSamples};
use crate::tables::verify::{Changed, verify};

/// What a row of any of the tables says about its trial.
macro_rules! of_trial {
    ($row:ident) => {
        (
            $row.trial,
            $row.block,
            $row.runtime.as_str(),
            $row.executor,
            $row.workers,
            $row.case.as_str(),
        )
    };
}

/// Everything that a run saved but its verdicts, which are made from it; for those see
/// [`read_verdicts`].
#[derive(Clone, Debug, Default)]
pub struct Saved {
    /// How, when and where it was made.
    pub info: RunInfo,
    /// `trials.csv`.
    pub trials: Vec<TrialRow>,
    /// `jobs.csv`.
    pub jobs: Vec<JobRow>,
    /// `spans.csv`.
    pub spans: Vec<SpanRow>,
    /// `samples.csv`, of runs that kept every reading.
    pub samples: Vec<JobSamples>,
    /// `requests.csv`, of runs with an origin.
    pub requests: Vec<RequestRow>,
    /// Tables that were changed since they were written, to be reported in a sentence each.
    pub changed: Vec<Changed>,
}

impl Saved {
    /// Reads `run.json` and the tables beside it.
    ///
    /// # Errors
    /// A file is missing or damaged; with line and column. Or a table is of another run.
    pub fn read(folder: &Path) -> Result<Saved, FileError> {
        let info = RunInfo::read(&folder.join("run.json"))?;
        let changed = verify(folder, &info)?;
        let saved = Saved { changed, ..Saved::so_far(folder, info)? };
        saved.check_trials(folder)?;
        let path = |file| folder.join(file);
        let jobs = saved.jobs.iter().map(|row| of_trial!(row));
        check_rows(&path("jobs.csv"), jobs, &saved.trials)?;
        let spans = saved.spans.iter().map(|row| of_trial!(row));
        check_rows(&path("spans.csv"), spans, &saved.trials)?;
        Ok(saved)
    }

    /// Reads the tables of a run that has not ended.
    ///
    /// # Errors
    /// As [`Saved::read`].
    pub fn so_far(folder: &Path, info: RunInfo) -> Result<Saved, FileError> {
        let samples = folder.join("samples.csv");
        Ok(Saved {
            trials: tables::read(&folder.join("trials.csv"))?,
            jobs: tables::read(&folder.join("jobs.csv"))?,
            spans: tables::read(&folder.join("spans.csv"))?,
            samples: if samples.exists() { samples::read(&samples)? } else { Vec::new() },
            requests: if info.settings.page_paths.is_empty() {
                Vec::new()
            } else {
                tables::read(&folder.join("requests.csv"))?
            },
            info,
            changed: Vec::new(),
        })
    }

    /// No two runs begin their last trial at the same nanosecond after their zero.
    fn check_trials(&self, folder: &Path) -> Result<(), FileError> {
        let noted = self.info.settings.last_trial_ns;
        let found = self.trials.last().map(|trial| trial.start_ns);
        if noted.is_none() || noted == found {
            return Ok(());
        }
        let problem = "the last trial is not that of the run in run.json: the table is of another \
                       run, or rows are missing; restore it, or measure again";
        let path = folder.join("trials.csv");
        let last = Some(self.trials.len() as u64 + 1);
        Err(FileError::content(&path, last, Some("start_ns"), problem.to_string()))
    }
}

/// The table `verdicts.csv` of a run.
///
/// # Errors
/// As [`tables::read`]; or a row is of another run.
pub fn read_verdicts(folder: &Path, run: &RunInfo) -> Result<Vec<VerdictRow>, FileError> {
    let path = folder.join("verdicts.csv");
    let rows: Vec<VerdictRow> = tables::read(&path)?;
    let other = (2..).zip(&rows).find(|(_, row)| row.run_id != run.run_id);
    let Some((line, row)) = other else {
        return Ok(rows);
    };
    let problem = format!(
        "the table is of run {}, and run.json of run {}: restore them, or measure again",
        row.run_id, run.run_id
    );
    Err(FileError::content(&path, Some(line), Some("run_id"), problem))
}

/// Number, block, runtime, executor, number of workers and case of a trial.
type OfTrial<'a> = (u32, u32, &'a str, Executor, u32, &'a str);

/// Each row must say about its trial what the trial's own row says.
fn check_rows<'a>(
    path: &Path,
    mut rows: impl Iterator<Item = OfTrial<'a>>,
    trials: &[TrialRow],
) -> Result<(), FileError> {
    let trials: HashSet<OfTrial> = trials.iter().map(|trial| of_trial!(trial)).collect();
    let Some(row) = rows.position(|row| !trials.contains(&row)) else {
        return Ok(());
    };
    let problem = "trials.csv has no such trial: the tables are of different runs; restore them, or \
                   measure again";
    let line = row as u64 + 2;
    Err(FileError::content(path, Some(line), Some("trial"), problem.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Mode;

    /// The folder of a run with one trial of one job, as `change` leaves it.
    fn read_after(change: impl FnOnce(&Path)) -> Result<Saved, FileError> {
        let folder = tempfile::tempdir().unwrap();
        let path = |file: &str| folder.path().join(file);
        let trial =
            TrialRow { block: 1, runtime: "rust".to_string(), start_ns: 7, ..TrialRow::default() };
        let job = JobRow { block: 1, runtime: "rust".to_string(), ..JobRow::default() };
        let mut run = RunInfo::begin("x", Mode::Quick, Vec::new(), 1);
        run.settings.last_trial_ns = Some(7);
        for (file, sum) in [
            ("trials.csv", tables::write(&path("trials.csv"), &[trial])),
            ("jobs.csv", tables::write(&path("jobs.csv"), &[job])),
            ("spans.csv", tables::write::<SpanRow>(&path("spans.csv"), &[])),
        ] {
            run.tables.insert(file.to_string(), sum.unwrap());
        }
        run.write(&path("run.json")).unwrap();
        change(folder.path());
        Saved::read(folder.path())
    }

    fn replace(folder: &Path, file: &str, old: &str, new: &str) {
        let path = folder.join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{text}");
        std::fs::write(&path, text.replace(old, new)).unwrap();
    }

    fn assert_place(error: &FileError, file: &str, in_line: u64, in_column: &str) {
        let FileError::Content { path, line, column, .. } = error else { panic!("{error}") };
        assert!(path.ends_with(file), "{error}");
        assert_eq!((*line, column.as_deref()), (Some(in_line), Some(in_column)), "{error}");
    }

    #[test]
    fn a_run_that_was_left_alone_is_whole() {
        let saved = read_after(|_| ()).unwrap();
        assert_eq!((saved.trials.len(), saved.jobs.len()), (1, 1));
        assert_eq!(saved.changed, []);
    }

    #[test]
    fn other_bytes_are_reported() {
        let saved = read_after(|folder| replace(folder, "jobs.csv", ",0,,0,", ",0,,1,")).unwrap();
        let changed: Vec<_> = saved.changed.iter().map(|c| c.path.file_name().unwrap()).collect();
        assert_eq!(changed, ["jobs.csv"]);
    }

    #[test]
    fn a_table_of_another_run_is_refused() {
        for (file, old, new, in_column) in [
            ("trials.csv", ",7,", ",8,", "start_ns"),
            ("jobs.csv", "rust", "gil", "trial"),
            ("jobs.csv", "\n0,1", "\n5,1", "trial"),
        ] {
            let error = read_after(|folder| replace(folder, file, old, new)).unwrap_err();
            assert_place(&error, file, 2, in_column);
        }
    }

    #[test]
    fn a_missing_table_is_an_error() {
        let gone = |folder: &Path| std::fs::remove_file(folder.join("spans.csv")).unwrap();
        assert!(read_after(gone).unwrap_err().is_missing());
    }

    #[test]
    fn verdicts_of_another_run_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let run = RunInfo::begin("x", Mode::Quick, Vec::new(), 1);
        let mut rows =
            [0, 1].map(|_| VerdictRow { run_id: run.run_id.clone(), ..VerdictRow::default() });
        let path = folder.path().join("verdicts.csv");
        tables::write(&path, &rows).unwrap();
        assert_eq!(read_verdicts(folder.path(), &run).unwrap(), rows);
        rows[1].run_id = "other".to_string();
        tables::write(&path, &rows).unwrap();
        let error = read_verdicts(folder.path(), &run).unwrap_err();
        assert_place(&error, "verdicts.csv", 3, "run_id");
    }
}
