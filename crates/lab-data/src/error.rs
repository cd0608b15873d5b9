//! What can go wrong with a file or folder of a run, as sentences for the person who reads them.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rustix::io::Errno;

/// A sentence about a file is cut here; the longest of our own name all columns of a table.
const MOST_LETTERS: usize = 600;

/// A file that could not be read or written, or whose content is not what it should be.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The operating system refused.
    #[error("{} could not be {doing}: {cause}{}", path.display(), advice(cause))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried, as a participle: `read`, `written`.
        doing: &'static str,
        /// What the system answered. Not the error's `source`, since the sentence contains it.
        cause: io::Error,
    },
    /// It was read, and something in it is wrong.
    #[error("{}{}{}: {problem}", path.display(), part("line", line), part("column", column))]
    Content {
        /// The file.
        path: PathBuf,
        /// Line, counted from 1, if it is known.
        line: Option<u64>,
        /// Name of the column in a table, number of the character in other files, if it is known.
        column: Option<String>,
        /// What was expected and what was found.
        problem: String,
    },
}

/// A part of a place in a file, as far as it is known.
fn part(name: &str, value: &Option<impl fmt::Display>) -> String {
    value.as_ref().map_or(String::new(), |value| format!(", {name} {value}"))
}

impl FileError {
    /// There is no such file or folder: nothing was saved yet.
    pub fn is_missing(&self) -> bool {
        matches!(self, FileError::Io { cause, .. } if cause.kind() == io::ErrorKind::NotFound)
    }

    /// The disk, or what the user may have of it, is full.
    #[cfg(test)]
    pub(crate) fn is_full(&self) -> bool {
        matches!(self, FileError::Io { cause, .. } if cause.kind() == io::ErrorKind::StorageFull)
    }

    /// For `map_err`: `doing` is what was tried with `path`, as a participle.
    pub(crate) fn io(path: &Path, doing: &'static str) -> impl Fn(io::Error) -> FileError {
        move |cause| FileError::Io { path: path.to_path_buf(), doing, cause }
    }

    /// `problem` is made one line that people can read, whatever it quotes.
    pub(crate) fn content(
        path: &Path,
        line: Option<u64>,
        column: Option<&str>,
        problem: String,
    ) -> FileError {
        FileError::Content {
            path: path.to_path_buf(),
            line,
            column: column.map(str::to_string),
            problem: readable(&problem),
        }
    }

    /// What serde found wrong with a file of JSON.
    pub(crate) fn json(path: &Path, error: &serde_json::Error) -> FileError {
        let text = error.to_string();
        let problem = text.rsplit_once(" at line ").map_or(&*text, |(problem, _)| problem);
        let line = Some(error.line() as u64).filter(|&line| line > 0);
        let column = line.map(|_| error.column().to_string());
        FileError::content(path, line, column.as_deref(), problem.replace('`', "'"))
    }
}

/// The same as one line, without control characters, and cut where nobody reads on.
fn readable(text: &str) -> String {
    let mut line = String::new();
    for (number, letter) in text.chars().enumerate() {
        match letter {
            _ if number == MOST_LETTERS => return line + "…",
            letter if letter.is_control() => line.extend(letter.escape_default()),
            letter => line.push(letter),
        }
    }
    line
}

/// What the reader can do about it.
fn advice(cause: &io::Error) -> &'static str {
    use io::ErrorKind::{
        FileTooLarge, NotADirectory, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem,
        StorageFull,
    };
    match cause.kind() {
        StorageFull | QuotaExceeded | FileTooLarge => "; make room or name another folder",
        PermissionDenied | ReadOnlyFilesystem | NotADirectory => {
            "; check who owns it, or name another folder"
        }
        _ if has_no_locks(cause) => {
            "; its file system has no locks for folders: name another folder"
        }
        _ => "",
    }
}

/// What file systems answer that cannot lock: NFS, for one, cannot lock what is open for reading.
fn has_no_locks(cause: &io::Error) -> bool {
    let error = Errno::from_io_error(cause);
    error.is_some_and(|error| {
        [Errno::BADF, Errno::NOLCK, Errno::NOSYS, Errno::OPNOTSUPP].contains(&error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_a_sentence_with_file_place_and_advice() {
        let full = FileError::io(Path::new("data/x.csv"), "written")(io::Error::from(
            io::ErrorKind::StorageFull,
        ));
        assert_eq!(
            full.to_string(),
            "data/x.csv could not be written: no storage space; make room or name another folder"
        );
        let wrong = FileError::Content {
            path: PathBuf::from("data/x.csv"),
            line: Some(7),
            column: Some("block".to_string()),
            problem: "expected a whole number, found 'abc'".to_string(),
        };
        assert_eq!(
            wrong.to_string(),
            "data/x.csv, line 7, column block: expected a whole number, found 'abc'"
        );
    }

    #[test]
    fn a_missing_file_is_not_a_broken_one() {
        let error = |kind| FileError::io(Path::new("x"), "read")(io::Error::from(kind));
        assert!(error(io::ErrorKind::NotFound).is_missing());
        assert!(!error(io::ErrorKind::PermissionDenied).is_missing());
    }
}
