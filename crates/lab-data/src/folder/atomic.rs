//! Replacing a file so that whoever reads it sees the old content or the new, never half of it.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::recover::abandoned;
use crate::error::FileError;

/// Replaces (or makes) `path` with `bytes`: writes a hidden file beside it, syncs it, and renames
/// it. When that fails the old content is untouched and the hidden file is gone; one that a killed
/// process left is removed by the next to write the same file.
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
            let beside = beside(path).map_err(&failed)?;
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
    match File::open(folder)?.sync_all() {
        // Some file systems of virtual machines and networks cannot do that for folders.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {
            Ok(())
        }
        synced => synced,
    }
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
    // So that others see that it is no leftover. Where there are no locks, they take it for one only
    // if they write the same file at this moment.
    let _ = file.try_lock();
    file.write_all(bytes)?;
    file.sync_all()
}

/// A free place beside `path`, without what killed processes left there.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(ErrorKind::IsADirectory)?;
    let prefix = format!(".{}.new-", name.to_string_lossy());
    for (leftover, _) in abandoned(parent(path), &prefix).unwrap_or_default() {
        let _ = fs::remove_file(leftover);
    }
    Ok(parent(path).join(format!("{prefix}{}", std::process::id())))
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

    /// Of which file an error speaks.
    fn place(error: &FileError) -> &Path {
        let (FileError::Io { path, .. } | FileError::Content { path, .. }) = error;
        path
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
    fn what_a_killed_process_left_goes_and_what_others_are_writing_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path(".x.new-4711"), "half").unwrap();
        let other = File::create(path(".x.new-4712")).unwrap();
        other.lock().unwrap();
        atomic_write(&path("x"), b"new").unwrap();
        assert_eq!(names(folder.path()), [".x.new-4712", "x"]);
    }

    /// As a folder whose file system cannot sync folders answers.
    #[test]
    fn a_folder_that_cannot_be_synced_is_no_failure() {
        let folder = Path::new("/proc");
        let answer = File::open(folder).unwrap().sync_all().unwrap_err();
        assert_eq!(answer.kind(), ErrorKind::InvalidInput);
        sync_folder(folder).unwrap();
        assert!(sync_folder(Path::new("/nowhere")).is_err());
    }

    #[test]
    fn a_failure_names_the_file_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("taken");
        fs::create_dir(&path).unwrap();
        let error = atomic_write(&path, b"new").unwrap_err();
        assert_eq!(place(&error), path);
        assert_eq!(names(folder.path()), ["taken"]);
    }

    #[test]
    fn of_files_that_belong_together_none_is_replaced_if_one_cannot_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let first = folder.path().join("README.md");
        fs::write(&first, "old").unwrap();
        let second = folder.path().join("none").join("figure.png");
        let files: [(&Path, &[u8]); 2] = [(&first, b"new"), (&second, b"new")];
        assert_eq!(place(&atomic_write_all(&files).unwrap_err()), second);
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
