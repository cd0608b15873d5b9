//! Tables out and in: CSV with a header, one row type of [`crate::rows`] a file.
//!
//! The columns are the fields of the row type in their order; nothing else names them. The same
//! rows give the same bytes, a floating-point number reads back exactly, a missing value is an
//! empty cell, and every line ends with a line feed, so a line that was cut off is noticed.

use std::fs::File;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::atomic::atomic_write;
use crate::columns::columns;
use crate::error::FileError;
use crate::reader::Reader;

/// Replaces (or makes) the file with a table of `rows`, all of it or nothing. Without rows the
/// header stands alone.
pub fn write<T: Serialize + DeserializeOwned>(path: &Path, rows: &[T]) -> Result<(), FileError> {
    let mut bytes = Vec::new();
    let mut table = to_csv(&mut bytes);
    table
        .write_record(columns::<T>())
        .and_then(|()| rows.iter().try_for_each(|row| table.serialize(row)))
        .and_then(|()| table.flush().map_err(csv::Error::from))
        .map_err(|error| FileError::io(path, "written")(cause(error)))?;
    drop(table);
    atomic_write(path, &bytes)
}

/// All rows of a table.
///
/// # Errors
/// The file cannot be read, is empty, has other columns than `T` has fields (they are named), ends
/// in the middle of a line, is not UTF-8, or has a cell that is not what its column holds; each
/// with file, line and column.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, FileError> {
    let bytes = std::fs::read(path).map_err(FileError::io(path, "read"))?;
    Reader::new(path, &bytes, columns::<T>()).rows()
}

/// Writes a table row by row while the run goes on.
#[derive(Debug)]
pub struct TableWriter<T> {
    path: PathBuf,
    table: csv::Writer<File>,
    rows: PhantomData<fn(&T)>,
}

impl<T: Serialize + DeserializeOwned> TableWriter<T> {
    /// Begins the file anew, with the header.
    pub fn create(path: &Path) -> Result<TableWriter<T>, FileError> {
        let file = File::create(path).map_err(FileError::io(path, "made"))?;
        let mut table = to_csv(file);
        table
            .write_record(columns::<T>())
            .map_err(|error| FileError::io(path, "written")(cause(error)))?;
        Ok(TableWriter {
            path: path.to_path_buf(),
            table,
            rows: PhantomData,
        })
    }

    /// Adds a row. It may stay in memory until [`TableWriter::finish`], so a full disk may show
    /// only there.
    pub fn append(&mut self, row: &T) -> Result<(), FileError> {
        self.table
            .serialize(row)
            .map_err(|error| FileError::io(&self.path, "written")(cause(error)))
    }

    /// Hands what was added so far to the kernel, so that the file can be read.
    pub fn flush(&mut self) -> Result<(), FileError> {
        self.table
            .flush()
            .map_err(FileError::io(&self.path, "written"))
    }

    /// Writes what is left and waits until the disk has it.
    pub fn finish(mut self) -> Result<(), FileError> {
        self.table
            .flush()
            .and_then(|()| self.table.get_ref().sync_all())
            .map_err(FileError::io(&self.path, "written"))
    }
}

/// The header is written by hand, so that it stands also where there are no rows.
fn to_csv<W: std::io::Write>(writer: W) -> csv::Writer<W> {
    csv::WriterBuilder::new()
        .has_headers(false)
        .from_writer(writer)
}

/// What the system answered. (csv's own conversion wraps it, and its kind is lost.)
fn cause(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(cause) => cause,
        other => std::io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Executor, JobRow, Role, SpanRow, TrialRow, VerdictRow};

    const TRIALS: &str = "trial,block,round,attempt,role,runtime,executor,start_method,workers,case,jobs,start_ns,ready_ns,makespan_ns,window_ns,closed_ns,cpu_ns,others_cpu_ns,steal_ns,voluntary_switches,involuntary_switches,run_delay_ns,peak_rss_bytes,errors,judged";
    const JOBS: &str = "trial,block,runtime,executor,workers,case,job,worker,submitted_ns,start_ns,end_ns,cpu_ns,count,answer,outcome";
    const SPANS: &str =
        "trial,block,runtime,executor,workers,case,job,worker,core,start_ns,end_ns,samples";
    const VERDICTS: &str = "claim,runtime,case,kind,measure,arm_a,arm_b,estimate,low,high,level,blocks,true_edge,false_edge,control_low,null_low,null_high,verdict,expected,reason,article_estimate,article_verdict";

    fn trial(makespan_ns: Option<u64>) -> TrialRow {
        TrialRow {
            trial: 3,
            block: 1,
            round: 0,
            attempt: 0,
            role: Role::Arm,
            runtime: "cpython-3.11".to_string(),
            executor: Executor::Threads,
            start_method: None,
            workers: 16,
            case: String::new(),
            jobs: 16,
            start_ns: u64::MAX,
            ready_ns: Some(0),
            makespan_ns,
            window_ns: None,
            closed_ns: None,
            cpu_ns: None,
            others_cpu_ns: None,
            steal_ns: None,
            voluntary_switches: None,
            involuntary_switches: None,
            run_delay_ns: None,
            peak_rss_bytes: None,
            errors: 0,
            judged: true,
        }
    }

    fn verdict(reason: &str, estimate: Option<f64>) -> VerdictRow {
        VerdictRow {
            claim: "\"Multithreading is useless.\"".to_string(),
            runtime: "rust".to_string(),
            case: String::new(),
            kind: "ratio".to_string(),
            measure: "makespan".to_string(),
            arm_a: String::new(),
            arm_b: String::new(),
            estimate,
            low: estimate.map(|e| e / 3.0),
            high: estimate.map(|e| e * 3.0),
            level: None,
            blocks: 7,
            true_edge: None,
            false_edge: None,
            control_low: None,
            null_low: None,
            null_high: None,
            verdict: "FALSE".to_string(),
            expected: "FALSE".to_string(),
            reason: reason.to_string(),
            article_estimate: None,
            article_verdict: String::new(),
        }
    }

    fn file() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        (folder, path)
    }

    fn header<T: Serialize + DeserializeOwned>() -> String {
        let (_folder, path) = file();
        write::<T>(&path, &[]).unwrap();
        assert_eq!(read::<T>(&path).unwrap().len(), 0);
        std::fs::read_to_string(&path).unwrap()
    }

    #[test]
    fn the_columns_are_those_of_the_design_also_without_rows() {
        assert_eq!(header::<TrialRow>(), format!("{TRIALS}\n"));
        assert_eq!(header::<JobRow>(), format!("{JOBS}\n"));
        assert_eq!(header::<SpanRow>(), format!("{SPANS}\n"));
        assert_eq!(header::<VerdictRow>(), format!("{VERDICTS}\n"));
    }

    #[test]
    fn rows_come_back_as_they_were_and_missing_values_are_empty_cells() {
        let (_folder, path) = file();
        let rows = [trial(Some(12)), trial(None)];
        write(&path, &rows).unwrap();
        assert_eq!(read::<TrialRow>(&path).unwrap(), rows);
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(
            text.lines().nth(2),
            Some(
                "3,1,0,0,arm,cpython-3.11,threads,,16,,16,18446744073709551615,0,,,,,,,,,,,0,true"
            )
        );
    }

    #[test]
    fn numbers_read_back_exactly_and_text_with_commas_quotes_and_line_breaks_too() {
        let (_folder, path) = file();
        let rows = [
            verdict("a, \"b\"\nc\r\nd", Some(0.1 + 0.2)),
            verdict(" spaces ", Some(f64::MIN_POSITIVE)),
            verdict("", Some(1e300)),
            verdict("16 threads: 10.3×", None),
        ];
        write(&path, &rows).unwrap();
        assert_eq!(read::<VerdictRow>(&path).unwrap(), rows);
    }

    #[test]
    fn a_table_written_row_by_row_has_the_same_bytes() {
        let (_folder, path) = file();
        let rows = [trial(Some(12)), trial(None)];
        write(&path, &rows).unwrap();
        let at_once = std::fs::read(&path).unwrap();
        let mut table = TableWriter::create(&path).unwrap();
        for row in &rows {
            table.append(row).unwrap();
        }
        table.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), at_once);
        TableWriter::<TrialRow>::create(&path)
            .unwrap()
            .finish()
            .unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            format!("{TRIALS}\n")
        );
    }

    #[test]
    fn a_full_disk_is_a_sentence() {
        let mut table = TableWriter::create(Path::new("/dev/full")).unwrap();
        let error = (0..10_000)
            .try_for_each(|_| table.append(&trial(None)))
            .and_then(|()| table.finish())
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "/dev/full could not be written: No space left on device (os error 28); \
             make room or name another folder"
        );
    }
}
