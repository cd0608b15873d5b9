//! Reading a table, with a sentence for everything that can be wrong with it.

use std::path::Path;

use csv::{DeserializeError, DeserializeErrorKind, ErrorKind, StringRecord};
use serde::de::DeserializeOwned;

use crate::error::{FileError, Place};

/// How much of a wrong cell an error shows, in characters.
const SHOWN: usize = 40;

/// The bytes of a table, and the columns that it should have.
pub(crate) struct Reader<'a> {
    path: &'a Path,
    bytes: &'a [u8],
    columns: &'static [&'static str],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        path: &'a Path,
        bytes: &'a [u8],
        columns: &'static [&'static str],
    ) -> Reader<'a> {
        Reader {
            path,
            bytes,
            columns,
        }
    }

    pub(crate) fn rows<T: DeserializeOwned>(&self) -> Result<Vec<T>, FileError> {
        let mut table = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(self.bytes);
        let mut record = StringRecord::new();
        if !self.next(&mut table, &mut record)? {
            return Err(self.wrong(
                None,
                None,
                format!(
                    "the file is empty; expected a header line with {}",
                    self.columns.join(",")
                ),
            ));
        }
        self.check_header(&record)?;
        let mut rows = Vec::new();
        while self.next(&mut table, &mut record)? {
            rows.push(
                record
                    .deserialize(None)
                    .map_err(|error| self.cell::<T>(&record, &error))?,
            );
        }
        // After the rows: where cells are missing as well, that error says more.
        match self.bytes.last() {
            Some(b'\n') => Ok(rows),
            _ => Err(self.wrong(
                Some(self.line_at(self.bytes.len())),
                None,
                "the line is cut off: expected a line feed at its end".to_string(),
            )),
        }
    }

    fn next(
        &self,
        table: &mut csv::Reader<&[u8]>,
        record: &mut StringRecord,
    ) -> Result<bool, FileError> {
        table
            .read_record(record)
            .map_err(|error| match error.kind() {
                ErrorKind::Utf8 { pos, err } => self.wrong(
                    pos.as_ref().map(|at| self.line_of(at)),
                    self.columns.get(err.field()).copied(),
                    "expected UTF-8 text, found other bytes".to_string(),
                ),
                ErrorKind::UnequalLengths {
                    pos,
                    expected_len,
                    len,
                } => self.wrong(
                    pos.as_ref().map(|at| self.line_of(at)),
                    None,
                    format!("expected {expected_len} cells, found {len}"),
                ),
                _ => self.wrong(
                    error.position().map(|at| self.line_of(at)),
                    None,
                    error.to_string(),
                ),
            })
    }

    fn check_header(&self, header: &StringRecord) -> Result<(), FileError> {
        let known = |name: &&str| self.columns.contains(name);
        let present = |name: &&str| header.iter().any(|found| found == *name);
        let list = |names: Vec<&str>| names.join(", ");
        let missing: Vec<&str> = self
            .columns
            .iter()
            .copied()
            .filter(|c| !present(c))
            .collect();
        let unknown: Vec<&str> = header.iter().filter(|c| !known(c)).collect();
        let problem = match (missing.is_empty(), unknown.is_empty()) {
            (false, true) => format!("missing columns: {}", list(missing)),
            (true, false) => format!("unknown columns: {}", list(unknown)),
            (false, false) => format!(
                "missing columns: {}; unknown columns: {}",
                list(missing),
                list(unknown)
            ),
            (true, true) if header.iter().eq(self.columns.iter().copied()) => return Ok(()),
            (true, true) => format!(
                "the columns stand in another order; expected {}",
                self.columns.join(",")
            ),
        };
        Err(self.wrong(Some(1), None, problem))
    }

    /// The sentence for a cell that is not what its column holds.
    fn cell<T: DeserializeOwned>(&self, record: &StringRecord, error: &csv::Error) -> FileError {
        let line = record.position().map(|at| self.line_of(at));
        let ErrorKind::Deserialize { err, .. } = error.kind() else {
            return self.wrong(line, None, error.to_string());
        };
        let field = refused::<T>(record, err);
        let Some((index, found)) = field.and_then(|i| Some((i, record.get(i)?))) else {
            return self.wrong(line, None, err.to_string());
        };
        let column = self.columns.get(index).copied();
        let or_nothing = if may_be_empty::<T>(record, index) {
            " or nothing"
        } else {
            ""
        };
        let found = match found.char_indices().nth(SHOWN) {
            None if found.is_empty() => "nothing".to_string(),
            None => format!("'{found}'"),
            Some((end, _)) => format!("'{}…'", found.get(..end).unwrap_or_default()),
        };
        let expected = expected(err, column.unwrap_or_default());
        self.wrong(
            line,
            column,
            format!("expected {expected}{or_nothing}, found {found}"),
        )
    }

    fn wrong(&self, line: Option<u64>, column: Option<&str>, problem: String) -> FileError {
        FileError::Content {
            path: self.path.to_path_buf(),
            place: Place {
                line,
                column: column.map(str::to_string),
            },
            problem,
        }
    }

    /// The line on which a record starts. Counted here, since csv's own count is that of the end
    /// of the record before: behind by blank lines, and by one where lines end with CR LF.
    fn line_of(&self, at: &csv::Position) -> u64 {
        let start = usize::try_from(at.byte()).unwrap_or(usize::MAX);
        let rest = self.bytes.get(start..).unwrap_or_default();
        let blank = rest.iter().take_while(|b| matches!(b, b'\r' | b'\n'));
        self.line_at(start.saturating_add(blank.count()))
    }

    fn line_at(&self, byte: usize) -> u64 {
        let before = self.bytes.get(..byte).unwrap_or(self.bytes);
        1 + before.iter().filter(|&&b| b == b'\n').count() as u64
    }
}

/// Whether the row could be read, or fails elsewhere, if the cell were empty.
fn may_be_empty<T: DeserializeOwned>(record: &StringRecord, index: usize) -> bool {
    let emptied: StringRecord = record
        .iter()
        .enumerate()
        .map(|(i, cell)| if i == index { "" } else { cell })
        .collect();
    match refusal::<T>(&emptied) {
        Some(error) => refused::<T>(&emptied, &error) != Some(index),
        None => true,
    }
}

fn refusal<T: DeserializeOwned>(record: &StringRecord) -> Option<DeserializeError> {
    match record.deserialize::<T>(None).err()?.into_kind() {
        ErrorKind::Deserialize { err, .. } => Some(err),
        _ => None,
    }
}

/// The cell that an error is about. Where a type refused it in words of its own (an unknown
/// executor, say) csv does not tell: it is the last cell of the shortest beginning of the row
/// that gets the same answer.
fn refused<T: DeserializeOwned>(record: &StringRecord, error: &DeserializeError) -> Option<usize> {
    if let Some(field) = error.field() {
        return usize::try_from(field).ok();
    }
    (0..record.len()).find(|&last| {
        let beginning: StringRecord = record.iter().take(last + 1).collect();
        refusal::<T>(&beginning).as_ref() == Some(error)
    })
}

fn expected(error: &DeserializeError, column: &str) -> String {
    use std::num::IntErrorKind::{NegOverflow, PosOverflow};
    match error.kind() {
        DeserializeErrorKind::ParseInt(number) => {
            let size = match number.kind() {
                PosOverflow | NegOverflow => " of a possible size",
                _ => "",
            };
            let unit = match column {
                name if name.ends_with("_ns") => " of nanoseconds",
                name if name.ends_with("_bytes") => " of bytes",
                _ => "",
            };
            format!("a whole number{unit}{size}")
        }
        DeserializeErrorKind::ParseFloat(_) => "a number".to_string(),
        DeserializeErrorKind::ParseBool(_) => "true or false".to_string(),
        // serde's own: "unknown variant `x`, expected one of `arm`, `control`".
        DeserializeErrorKind::Message(text) => match text.split_once("expected ") {
            Some((_, expected)) => expected.replace('`', ""),
            None => text.clone(),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::columns;
    use crate::rows::Executor;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Row {
        block: u16,
        executor: Executor,
        makespan_ns: Option<u64>,
        peak_rss_bytes: u64,
        case: String,
        low: Option<f64>,
        judged: bool,
    }

    const HEADER: &str = "block,executor,makespan_ns,peak_rss_bytes,case,low,judged\n";
    const GOOD: &str = "1,threads,,0,,,true\n";

    fn read(bytes: &[u8]) -> Result<Vec<Row>, String> {
        Reader::new(Path::new("data/t.csv"), bytes, columns::<Row>())
            .rows()
            .map_err(|error| error.to_string())
    }

    fn error(text: &str) -> String {
        read(text.as_bytes()).unwrap_err()
    }

    fn with_row(row: &str) -> String {
        error(&format!("{HEADER}{GOOD}{row}\n"))
    }

    #[test]
    fn a_wrong_cell_is_named_with_what_was_expected_and_found() {
        assert_eq!(
            with_row("1,threads,abc,0,,,true"),
            "data/t.csv, line 3, column makespan_ns: expected a whole number of nanoseconds or nothing, found 'abc'"
        );
        assert_eq!(
            with_row("1,threads,,,,,true"),
            "data/t.csv, line 3, column peak_rss_bytes: expected a whole number of bytes, found nothing"
        );
        assert_eq!(
            with_row("70000,threads,,0,,,true"),
            "data/t.csv, line 3, column block: expected a whole number of a possible size, found '70000'"
        );
        assert_eq!(
            with_row("1,thread,,0,,,true"),
            "data/t.csv, line 3, column executor: expected one of serial, threads, rayon, async, processes, found 'thread'"
        );
        assert_eq!(
            with_row("1,threads,,0,,1.2.3,true"),
            "data/t.csv, line 3, column low: expected a number or nothing, found '1.2.3'"
        );
        assert_eq!(
            with_row("1,threads,,0,,,yes"),
            "data/t.csv, line 3, column judged: expected true or false, found 'yes'"
        );
    }

    #[test]
    fn a_long_cell_is_shown_in_part() {
        let row = format!("1,threads,{},0,,,true", "ä".repeat(100));
        assert!(with_row(&row).ends_with(&format!("found '{}…'", "ä".repeat(SHOWN))));
    }

    #[test]
    fn wrong_columns_are_named() {
        assert_eq!(
            error("block,executor,makespan_ns,peak_rss_bytes,case,judged\n"),
            "data/t.csv, line 1: missing columns: low"
        );
        assert_eq!(
            error("block,executor,makespan_ns,peak_rss_bytes,case,low,judged,extra\n"),
            "data/t.csv, line 1: unknown columns: extra"
        );
        assert_eq!(
            error("block,executor,makespan,peak_rss_bytes,case,low,judged\n"),
            "data/t.csv, line 1: missing columns: makespan_ns; unknown columns: makespan"
        );
        assert_eq!(
            error("executor,block,makespan_ns,peak_rss_bytes,case,low,judged\n"),
            "data/t.csv, line 1: the columns stand in another order; expected block,executor,makespan_ns,peak_rss_bytes,case,low,judged"
        );
        assert!(error(&HEADER.replace("judged", "judged,judged")).contains("another order"));
    }

    #[test]
    fn an_empty_file_is_an_error_and_a_header_alone_is_a_table() {
        let empty = "data/t.csv: the file is empty; expected a header line with block,executor,makespan_ns,peak_rss_bytes,case,low,judged";
        assert_eq!(error(""), empty);
        assert_eq!(error("\n\n"), empty);
        assert_eq!(read(HEADER.as_bytes()), Ok(vec![]));
    }

    #[test]
    fn a_last_line_that_was_cut_off_is_noticed_wherever_the_cut_is() {
        let text = format!("{HEADER}{GOOD}{GOOD}");
        for end in text.len() - GOOD.len() + 1..text.len() {
            let error = error(&text[..end]);
            assert!(error.starts_with("data/t.csv, line 3"), "{error}");
        }
        assert_eq!(
            error(text.trim_end()),
            "data/t.csv, line 3: the line is cut off: expected a line feed at its end"
        );
        assert_eq!(
            error(&format!("{HEADER}{GOOD}1,thr")),
            "data/t.csv, line 3: expected 7 cells, found 2"
        );
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_named_by_line_and_column() {
        let mut bytes = format!("{HEADER}{GOOD}").into_bytes();
        bytes.extend(b"1,threads,,0,\xff,,true\n");
        assert_eq!(
            read(&bytes).unwrap_err(),
            "data/t.csv, line 3, column case: expected UTF-8 text, found other bytes"
        );
    }

    #[test]
    fn lines_are_counted_right_after_line_breaks_in_cells_and_with_other_line_ends() {
        let broken = "1,threads,,0,,,yes\n";
        let quoted = "1,threads,,0,\"a\nb\",,true\n";
        assert!(
            error(&format!("{HEADER}{quoted}{GOOD}{broken}")).contains("line 5, column judged")
        );
        assert!(error(&format!("{HEADER}\n\n{broken}")).contains("line 4, column judged"));
        let windows = format!("{HEADER}{GOOD}{broken}").replace('\n', "\r\n");
        assert!(error(&windows).contains("line 3, column judged"));
        let good = format!("{HEADER}{GOOD}").replace('\n', "\r\n");
        assert_eq!(read(good.as_bytes()).unwrap().len(), 1);
    }
}
