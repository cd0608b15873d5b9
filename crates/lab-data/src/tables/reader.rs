//! Reading a table, with a sentence for everything that can be wrong with it.

use std::path::Path;

use csv::{DeserializeErrorKind, ErrorKind, StringRecord};
use serde::de::DeserializeOwned;

use crate::error::FileError;

/// How many characters of a wrong cell an error shows.
const SHOWN: usize = 40;

/// All rows of a table, given its bytes and the header that it should have.
pub(crate) fn rows<T>(path: &Path, bytes: &[u8], header: &str) -> Result<Vec<T>, FileError>
where
    T: DeserializeOwned,
{
    let columns: Vec<&str> = header.split(',').collect();
    let table = Table { path, bytes, columns: &columns };
    let mut csv = csv::ReaderBuilder::new();
    let mut csv = csv.has_headers(false).from_reader(bytes);
    let mut row = StringRecord::new();
    let mut next = |row: &mut StringRecord| csv.read_record(row).map_err(|e| table.wrong(row, &e));
    if !next(&mut row)? {
        let problem = format!("the file is empty; expected a header line with {header}");
        return Err(FileError::content(path, None, None, problem));
    }
    if !row.iter().eq(columns.iter().copied()) {
        let missing = columns.iter().filter(|name| row.iter().all(|cell| cell != **name));
        let unknown = row.iter().filter(|cell| !columns.contains(cell));
        let lists = [("missing", missing.copied().collect()), ("unknown", unknown.collect())];
        let lists = lists.iter().filter(|(_, list)| !Vec::is_empty(list));
        let lists: Vec<String> =
            lists.map(|(what, list)| format!("{what} columns: {}", list.join(", "))).collect();
        let problem = match lists.as_slice() {
            [] => format!("the columns are in another order; expected {header}"),
            lists => lists.join("; "),
        };
        return Err(FileError::content(path, table.line(row.position()), None, problem));
    }
    let mut rows = Vec::new();
    while next(&mut row)? {
        rows.push(row.deserialize(None).map_err(|e| table.wrong(&row, &e))?);
    }
    // After the rows: where cells are missing as well, that error says more.
    if bytes.ends_with(b"\n") {
        return Ok(rows);
    }
    let problem = "the line is cut off: expected a line feed at its end".to_string();
    Err(FileError::content(path, Some(line_at(bytes, bytes.len())), None, problem))
}

/// What is being read.
struct Table<'a> {
    path: &'a Path,
    bytes: &'a [u8],
    columns: &'a [&'a str],
}

impl Table<'_> {
    /// The sentence for what csv or serde found wrong with `row`.
    fn wrong(&self, row: &StringRecord, error: &csv::Error) -> FileError {
        let (at, field, problem) = match error.kind() {
            ErrorKind::Utf8 { pos, err } => {
                let problem = "expected UTF-8 text, found other bytes".to_string();
                (pos.as_ref(), Some(err.field()), problem)
            }
            ErrorKind::UnequalLengths { pos, expected_len, len } => {
                let problem = format!("expected {expected_len} cells, found {len}");
                (pos.as_ref(), None, problem)
            }
            ErrorKind::Deserialize { err, .. } => {
                let (field, expected) = refused(row, err);
                let found = field.and_then(|field| row.get(field)).map(shown);
                let problem = match found {
                    Some(found) => format!("expected {expected}, found {found}"),
                    None => err.to_string(),
                };
                (row.position(), field, problem)
            }
            _ => (error.position(), None, error.to_string()),
        };
        let column = field.and_then(|field| self.columns.get(field).copied());
        FileError::content(self.path, self.line(at), column, problem)
    }

    /// The line on which a row starts. Counted here, since csv's count is that of the end of the
    /// row before: behind by blank lines, and by one where lines end with CR LF.
    fn line(&self, at: Option<&csv::Position>) -> Option<u64> {
        let start = usize::try_from(at?.byte()).ok()?;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let blank = rest.iter().take_while(|b| matches!(b, b'\r' | b'\n'));
        Some(line_at(self.bytes, start + blank.count()))
    }
}

fn line_at(bytes: &[u8], end: usize) -> u64 {
    let before = bytes.get(..end).unwrap_or(bytes);
    1 + before.iter().filter(|&&b| b == b'\n').count() as u64
}

/// The cell that an error is about, and what was expected there. csv knows the cell for numbers; a
/// word that is none of several is quoted in serde's message: "unknown variant `x`, expected …".
fn refused(row: &StringRecord, error: &csv::DeserializeError) -> (Option<usize>, String) {
    let field = error.field().and_then(|field| usize::try_from(field).ok());
    let expected = match error.kind() {
        DeserializeErrorKind::ParseInt(_) => "a whole number of a possible size",
        DeserializeErrorKind::ParseFloat(_) => "a number",
        DeserializeErrorKind::ParseBool(_) => "true or false",
        DeserializeErrorKind::Message(text) => {
            let word = text.split('`').nth(1);
            let field = row.iter().position(|cell| Some(cell) == word);
            let expected = text.split_once("expected ").map_or(&**text, |(_, list)| list);
            return (field, expected.replace('`', ""));
        }
        other => return (field, other.to_string()),
    };
    (field, expected.to_string())
}

fn shown(cell: &str) -> String {
    match cell.char_indices().nth(SHOWN) {
        None if cell.is_empty() => "nothing".to_string(),
        None => format!("'{cell}'"),
        Some((end, _)) => format!("'{}…'", cell.get(..end).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Executor;
    use crate::tables::mutated::read_mutated;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Row {
        block: u16,
        who: Executor,
        end_ns: Option<u64>,
        case: String,
        low: Option<f64>,
        judged: bool,
    }

    const HEADER: &str = "block,who,end_ns,case,low,judged";
    const GOOD: &str = "1,threads,,,,true\n";

    fn read(text: impl AsRef<[u8]>) -> Result<Vec<Row>, String> {
        rows(Path::new("t.csv"), text.as_ref(), HEADER).map_err(|error| error.to_string())
    }

    #[test]
    fn everything_that_is_wrong_with_a_row_is_named_with_its_place() {
        let long = format!("1,threads,{0}{0},,,true", "ä".repeat(SHOWN));
        let cut = format!(
            "line 3, column end_ns: expected a whole number of a possible size, found '{}…'",
            "ä".repeat(SHOWN)
        );
        for case in [
            "1,threads,abc,,,true => line 3, column end_ns: expected a whole number of a possible size, found 'abc'",
            ",threads,,,,true => line 3, column block: expected a whole number of a possible size, found nothing",
            "70000,threads,,,,true => line 3, column block: expected a whole number of a possible size, found '70000'",
            "1,thread,,,,true => line 3, column who: expected one of serial, threads, rayon, async, interpreters, processes, found 'thread'",
            "1,threads,,,1.2.3,true => line 3, column low: expected a number, found '1.2.3'",
            "1,threads,,,,yes => line 3, column judged: expected true or false, found 'yes'",
            "1,thr => line 3: expected 6 cells, found 2",
            // Lines are counted right after blank lines and line breaks in cells.
            "\n\n1,threads,,,,yes => line 5, column judged: expected true or false, found 'yes'",
            "1,threads,,\"a\nb\",,true\n1,threads,,,,yes => line 5, column judged: expected true or false, found 'yes'",
            &format!("{long} => {cut}"),
        ] {
            let (row, problem) = case.split_once(" => ").unwrap();
            let error = read(format!("{HEADER}\n{GOOD}{row}\n")).unwrap_err();
            assert_eq!(error, format!("t.csv, {problem}"));
        }
        let bytes = [HEADER.as_bytes(), b"\n1,threads,,\xff,,true\n"].concat();
        let error = "t.csv, line 2, column case: expected UTF-8 text, found other bytes";
        assert_eq!(read(bytes).unwrap_err(), error);
    }

    #[test]
    fn wrong_headers_are_named() {
        for case in [
            "block,who,end_ns,case,judged => t.csv, line 1: missing columns: low",
            "block,who,end,case,low,judged => t.csv, line 1: missing columns: end_ns; unknown columns: end",
            "block,who,end_ns,case,low,judged,more => t.csv, line 1: unknown columns: more",
            "who,block,end_ns,case,low,judged => t.csv, line 1: the columns are in another order; \
             expected block,who,end_ns,case,low,judged",
            " => t.csv: the file is empty; expected a header line with \
             block,who,end_ns,case,low,judged",
        ] {
            let (header, problem) = case.split_once(" => ").unwrap();
            assert_eq!(read(format!("{header}\n")).unwrap_err(), problem);
            if header.is_empty() {
                assert_eq!(read(header).unwrap_err(), problem);
            }
        }
        assert_eq!(read(format!("{HEADER}\n")), Ok(vec![]));
    }

    #[test]
    fn a_last_line_that_was_cut_off_is_noticed_wherever_the_cut_is() {
        let text = format!("{HEADER}\n{GOOD}{GOOD}");
        for end in text.len() - GOOD.len() + 1..text.len() {
            let error = read(&text[..end]).unwrap_err();
            assert!(error.starts_with("t.csv, line 3"), "{error}");
        }
    }

    #[test]
    fn whatever_is_changed_in_a_table_it_is_read_or_refused_with_its_line() {
        let whole = format!("{HEADER}\n{GOOD}2,rayon,7,\"a, b\",0.5,false\n{GOOD}");
        read_mutated(whole.as_bytes(), |path, bytes| rows::<Row>(path, bytes, HEADER));
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_column() {
        assert_eq!(read(format!("\u{feff}{HEADER}\n{GOOD}")).unwrap().len(), 1);
    }

    #[test]
    fn lines_may_end_as_on_windows() {
        let windows = |text: String| read(text.replace('\n', "\r\n"));
        assert_eq!(windows(format!("{HEADER}\n{GOOD}")).unwrap().len(), 1);
        let error = windows(format!("{HEADER}\n{GOOD}1,threads,,,,yes\n")).unwrap_err();
        assert!(error.contains("line 3, column judged"), "{error}");
    }
}
