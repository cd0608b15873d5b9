//! Tables out and in: CSV with a header, one row type of [`crate::rows`] per file.
//!
//! The columns are the fields of the row type in their order; nothing else names them. The same
//! rows give the same bytes, a floating-point number reads back exactly, a missing value is an
//! empty cell, and every line ends with a line feed, so a line that was cut off is noticed.
//!
//! Whoever finishes a table gets its [`TableSum`], which belongs into `run.json`.

use std::io::{self, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use crate::sum::TableSum;
pub use saved::read_verdicts;
pub use verify::{Changed, verify};

use crate::disk::{self, Output, file};
use crate::error::FileError;
use crate::folder::atomic::atomic_write;
use crate::sum::Summed;

#[cfg(test)]
pub(crate) mod mutated;
mod reader;
pub mod samples;
pub mod saved;
mod verify;

/// Replaces (or makes) the file with a table of `rows`, all of it or nothing. Without rows the
/// header is alone.
///
/// # Errors
/// The file cannot be written.
pub fn write<T: Serialize + Default>(path: &Path, rows: &[T]) -> Result<TableSum, FileError> {
    let filled = begin::<T, _>(Vec::new()).and_then(|mut table| {
        rows.iter().try_for_each(|row| table.serialize(row)).map_err(cause)?;
        table.into_inner().map_err(csv::IntoInnerError::into_error)
    });
    let bytes = filled.map_err(FileError::io(path, "written"))?;
    atomic_write(path, &bytes.inner)?;
    Ok(bytes.sum(rows.len() as u64))
}

/// All rows of a table.
///
/// # Errors
/// The file cannot be read, is empty, has other columns than `T` has fields (they are named), ends
/// in the middle of a line, is not UTF-8, or has a cell that is not what its column holds; each
/// with file, line and column.
pub fn read<T>(path: &Path) -> Result<Vec<T>, FileError>
where
    T: Serialize + Default + DeserializeOwned,
{
    let bytes = file::read(path).and_then(|bytes| Ok((bytes, header::<T>()?)));
    let (bytes, header) = bytes.map_err(FileError::io(path, "read"))?;
    reader::rows(path, &bytes, &header)
}

/// Writes a table row by row while the run goes on.
#[derive(Debug)]
pub struct TableWriter<T> {
    path: PathBuf,
    table: csv::Writer<Summed<Output>>,
    rows: u64,
    of: PhantomData<fn(&T)>,
}

impl<T: Serialize + Default> TableWriter<T> {
    /// Begins the file anew, with the header.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(path: &Path) -> Result<TableWriter<T>, FileError> {
        // The header stays in the writer's memory: a full disk shows when that is written.
        let made = disk::create(path).and_then(begin::<T, _>);
        Ok(TableWriter {
            path: path.to_path_buf(),
            table: made.map_err(FileError::io(path, "made"))?,
            rows: 0,
            of: PhantomData,
        })
    }

    /// Adds a row. It may stay in memory until [`TableWriter::finish`], so a full disk may show
    /// only there.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn append(&mut self, row: &T) -> Result<(), FileError> {
        self.rows += 1;
        let failed = FileError::io(&self.path, "written");
        self.table.serialize(row).map_err(|error| failed(cause(error)))
    }

    /// Hands what was added so far to the kernel, so that the file can be read.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn flush(&mut self) -> Result<(), FileError> {
        let failed = FileError::io(&self.path, "written");
        self.table.flush().map_err(failed)
    }

    /// Writes what is left and waits until the disk has it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(mut self) -> Result<TableSum, FileError> {
        self.flush()?;
        let file = self.table.get_ref();
        let synced = file.inner.sync();
        synced.map_err(FileError::io(&self.path, "written"))?;
        Ok(file.sum(self.rows))
    }
}

/// A table with its header, which is there without rows, too.
fn begin<T: Serialize + Default, W: Write>(writer: W) -> io::Result<csv::Writer<Summed<W>>> {
    let mut builder = csv::WriterBuilder::new();
    let mut table = builder.has_headers(false).from_writer(Summed::new(writer));
    table.write_record(header::<T>()?.split(',')).map_err(cause)?;
    Ok(table)
}

/// The names of the columns: what serde and csv write above a row, whichever it is.
fn header<T: Serialize + Default>() -> io::Result<String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.serialize(T::default()).map_err(cause)?;
    let bytes = table.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).lines().next().unwrap_or_default().to_string())
}

/// What the system answered. (csv's own conversion wraps it, and its kind is lost.)
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(cause) => cause,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Decision, JobRow, RequestRow, SampleRow, SpanRow, TrialRow, VerdictRow};

    fn file() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        (folder, path)
    }

    fn trials() -> [TrialRow; 2] {
        let [mut first, second] = [0, 1].map(|trial| TrialRow {
            trial,
            runtime: "cpython-3.11".to_string(),
            workers: 16,
            start_ns: u64::MAX,
            ready_ns: Some(0),
            judged: true,
            ..TrialRow::default()
        });
        first.makespan_ns = Some(12);
        [first, second]
    }

    #[test]
    fn the_columns_are_documented_ones_also_without_rows() {
        fn columns<T: Serialize + Default + DeserializeOwned>(expected: &str) {
            let (_folder, path) = file();
            write::<T>(&path, &[]).unwrap();
            assert_eq!(read::<T>(&path).unwrap().len(), 0);
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(text, format!("{expected}\n"));
        }
        columns::<TrialRow>(
            "trial,block,round,attempt,role,runtime,executor,start_method,workers,case,jobs,\
             start_ns,ready_ns,makespan_ns,window_ns,closed_ns,cpu_ns,others_cpu_ns,steal_ns,\
             voluntary_switches,involuntary_switches,run_delay_ns,peak_rss_bytes,errors,judged",
        );
        columns::<JobRow>(
            "trial,block,runtime,executor,workers,case,job,worker,submitted_ns,start_ns,end_ns,\
             cpu_ns,count,answer,outcome",
        );
        columns::<SpanRow>(
            "trial,block,runtime,executor,workers,case,job,worker,core,start_ns,end_ns,samples",
        );
        columns::<SampleRow>("trial,job,core,at_ns");
        columns::<RequestRow>("trial,block,path,accepted_ns,service_ns,status,bytes,aborted");
        columns::<VerdictRow>(
            "experiment,run_id,claim_id,claim,part,runtime,kind,measure,arm_a,arm_b,estimate,low,\
             high,level,blocks,true_low,true_high,false_low,false_high,shown_estimate,shown_low,\
             shown_high,control_low,null_low,null_high,verdict,expected,reason,article_estimate,\
             article_verdict",
        );
    }

    #[test]
    fn rows_come_back_as_they_were_and_missing_values_are_empty_cells() {
        let (_folder, path) = file();
        let rows = trials();
        let sum = write(&path, &rows).unwrap();
        assert_eq!(read::<TrialRow>(&path).unwrap(), rows);
        let text = std::fs::read_to_string(&path).unwrap();
        let row = "1,0,0,0,arm,cpython-3.11,serial,,16,,0,18446744073709551615,0,,,,,,,,,,,0,true";
        assert_eq!(text.lines().nth(2), Some(row));
        // Row by row the bytes and their sum are the same.
        let mut table = TableWriter::create(&path).unwrap();
        rows.iter().try_for_each(|row| table.append(row)).unwrap();
        assert_eq!(table.finish().unwrap(), sum);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        let none = TableWriter::<TrialRow>::create(&path).unwrap();
        assert_eq!(none.finish().unwrap().rows, 0);
        assert!(read::<TrialRow>(&path).unwrap().is_empty());
    }

    #[test]
    fn numbers_read_back_exactly_and_text_with_commas_quotes_and_line_breaks_too() {
        let (_folder, path) = file();
        let rows = [
            ("a, \"b\"\nc\r\nd", Some(0.1 + 0.2)),
            (" spaces ", Some(f64::MIN_POSITIVE)),
            ("", Some(1e300)),
            ("16 threads: 10.3×", None),
        ]
        .map(|(reason, estimate)| VerdictRow {
            reason: reason.to_string(),
            estimate,
            verdict: Decision::False,
            expected: estimate.map(|_| Decision::True),
            ..VerdictRow::default()
        });
        write(&path, &rows).unwrap();
        assert_eq!(read::<VerdictRow>(&path).unwrap(), rows);
    }

    #[test]
    fn a_full_disk_is_an_error() {
        let mut table = TableWriter::create(Path::new("/dev/full")).unwrap();
        let [row, _] = trials();
        let error = (0..10_000)
            .try_for_each(|_| table.append(&row))
            .and_then(|()| table.finish().map(drop))
            .unwrap_err();
        assert!(error.is_full(), "{error}");
    }
}
