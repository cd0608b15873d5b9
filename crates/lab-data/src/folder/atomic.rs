//! Replacing a file so that whoever reads it sees the old content or the new, never half of it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::FileError;

/// Replaces (or makes) `path` with `bytes`: writes a hidden file beside it, syncs it, and renames
/// it. When that fails the old content is untouched and the hidden file is gone.
pub fn atomic_write(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    atomic_write_all(&[(path, bytes)])
}

/// The same for files that belong together: none is replaced before all of them are on the disk,
/// so that a full one leaves all as they were.
pub fn atomic_write_all(files: &[(&Path, &[u8])]) -> Result<(), FileError> {
    let mut written: Vec<(&Path, PathBuf)> = Vec::new();
    let result = files
        .iter()
        .try_for_each(|&(path, bytes)| {
            let failed = FileError::io(path, "written");
            let beside = match beside(path) {
                Ok(beside) => beside,
                Err(cause) => return Err(failed(cause)),
            };
            written.push((path, beside.clone()));
            write_synced(&beside, bytes).map_err(failed)
        })
        .and_then(|()| {
            written.iter().try_for_each(|(path, beside)| {
                fs::rename(beside, path)
                    .and_then(|()| sync_folder(parent(path)))
                    .map_err(FileError::io(path, "written"))
            })
        });
    if result.is_err() {
        // What counts is the first failure; a leftover is hidden and named for its process.
        for (_, beside) in &written {
            let _ = fs::remove_file(beside);
        }
    }
    result
}

/// Asks the kernel to put the entries of a folder on the disk.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// The folder in which `path` is; the current one for a bare name.
pub(crate) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    let name = name.to_string_lossy();
    Ok(parent(path).join(format!(".{name}.new-{}", std::process::id())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_made_and_replaced_and_nothing_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("verdicts.csv");
        atomic_write(&path, b"old, and longer").unwrap();
        atomic_write(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["verdicts.csv"]);
    }

    #[test]
    fn a_failure_is_a_sentence_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("taken");
        fs::create_dir(&path).unwrap();
        let error = atomic_write(&path, b"new").unwrap_err().to_string();
        assert!(error.contains("taken could not be written"), "{error}");
        assert_eq!(names(folder.path()), ["taken"]);
    }

    #[test]
    fn of_files_that_belong_together_none_is_replaced_if_one_cannot_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let first = folder.path().join("README.md");
        fs::write(&first, "old").unwrap();
        let second = folder.path().join("none").join("figure.png");
        let files: [(&Path, &[u8]); 2] = [(&first, b"new"), (&second, b"new")];
        let error = atomic_write_all(&files).unwrap_err().to_string();
        assert!(error.contains("figure.png could not be written"), "{error}");
        assert_eq!(fs::read(&first).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["README.md"]);
    }

    #[test]
    fn a_missing_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("none").join("verdicts.csv");
        assert!(atomic_write(&path, b"new").unwrap_err().is_missing());
    }
}
