//! Replacing a file so that whoever reads it sees the old content or the new, never half of it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::FileError;

/// Replaces (or makes) `path` with `bytes`: writes a hidden file beside it, syncs it, and renames
/// it. When that fails the old content is untouched and the hidden file is gone.
pub fn atomic_write(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let beside = beside(path).map_err(FileError::io(path, "written"))?;
    write_synced(&beside, bytes)
        .and_then(|()| fs::rename(&beside, path))
        .and_then(|()| sync_folder(parent(path)))
        .map_err(|cause| {
            // What counts is the first failure; a leftover is hidden and named for its process.
            let _ = fs::remove_file(&beside);
            FileError::io(path, "written")(cause)
        })
}

/// Asks the kernel to put the entries of a folder on the disk.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// The folder in which `path` stands; the current one for a bare name.
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
    fn a_missing_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("none").join("verdicts.csv");
        assert!(atomic_write(&path, b"new").unwrap_err().is_missing());
    }
}
