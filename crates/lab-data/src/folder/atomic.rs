//! Replacing a file so that whoever reads it sees the old content or the new, never half of it.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::recover::abandoned;
use crate::disk;
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
                disk::rename(beside, path)
                    .and_then(|()| disk::sync(parent(path)))
                    .map_err(FileError::io(path, "written"))
            })
        });
    if result.is_err() {
        // What counts is the first failure; a leftover is hidden and named for its process.
        for (_, beside) in &written {
            let _ = disk::remove_file(beside);
        }
    }
    result
}

/// Makes sure that `path` can be written: writes the same hidden file beside it, and removes it.
pub fn check_writable(path: &Path) -> Result<(), FileError> {
    let failed = FileError::io(path, "written");
    let beside = beside(path).map_err(&failed)?;
    let written = write_synced(&beside, b"probe");
    let removed = disk::remove_file(&beside);
    written.and(removed).map_err(failed)
}

/// The folder in which `path` is; the current one for a bare name.
pub(crate) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = disk::create(path)?;
    // Else whoever writes the same file at this moment takes it for a leftover.
    file.claim();
    file.write_all(bytes)?;
    file.sync()
}

/// A free place beside `path`, without what killed processes left there. None beside a device, which would
/// be replaced by a file.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(ErrorKind::IsADirectory)?;
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is no file that can be replaced"));
    }
    let prefix = format!(".{}.new-", name.to_string_lossy());
    for (leftover, _) in abandoned(parent(path), &prefix).unwrap_or_default() {
        let _ = disk::remove_file(&leftover);
    }
    Ok(parent(path).join(format!("{prefix}{}", std::process::id())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::faults::at_every_operation;
    use std::fs::File;

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
    fn what_can_be_written_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("figure.png");
        fs::write(&path, "old").unwrap();
        check_writable(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        check_writable(&folder.path().join("none.png")).unwrap();
        assert_eq!(names(folder.path()), ["figure.png"]);
        let nowhere = folder.path().join("nowhere/figure.png");
        assert_eq!(place(&check_writable(&nowhere).unwrap_err()), nowhere);
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

    #[test]
    fn whatever_operation_fails_each_file_is_the_old_or_the_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["first", "second"].map(|name| folder.path().join(name));
        let files = || paths.iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>();
        let save = |text: &[u8]| {
            let both: Vec<(&Path, &[u8])> = paths.iter().map(|path| (&**path, text)).collect();
            atomic_write_all(&both)
        };
        save(b"old").unwrap();
        let points = at_every_operation(
            || save(b"new"),
            |fault, saved| {
                assert!(!fault.is_tolerated() || saved.is_ok(), "{fault:?}: {saved:?}");
                if saved.is_ok() {
                    assert_eq!(files(), [b"new", b"new"], "{fault:?}");
                }
                assert!(files().iter().all(|file| file == b"old" || file == b"new"), "{fault:?}");
                // What could not be removed then is removed by the next.
                save(b"old").unwrap();
                assert_eq!(names(folder.path()), ["first", "second"], "{fault:?}");
            },
        );
        println!("{points} points of failure");
        assert!(points > 60, "{points}");
    }

    #[test]
    fn a_failure_names_the_file_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("taken");
        fs::create_dir(&path).unwrap();
        let error = atomic_write(&path, b"new").unwrap_err();
        assert_eq!(place(&error), path);
        let nowhere = folder.path().join("none").join("verdicts.csv");
        assert!(atomic_write(&nowhere, b"new").unwrap_err().is_missing());
        let pipe = folder.path().join("pipe");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let error = atomic_write(&pipe, b"new").unwrap_err();
        assert_eq!(place(&error), pipe);
        assert!(!fs::metadata(&pipe).unwrap().is_file());
        assert_eq!(names(folder.path()), ["pipe", "taken"]);
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
}
