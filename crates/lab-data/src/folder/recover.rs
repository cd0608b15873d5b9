//! The lock under which a folder of data is read and changed, and what interrupted runs left in it.
//!
//! The lock is an advisory one (`flock`) on the folder itself, so that it leaves no file behind and
//! works where nothing may be written. A run holds it only while it begins and while it takes the
//! place of the last one; what it is writing until then is a folder that is locked in the same way.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{self, Operation};
use crate::error::FileError;

/// Nobody else who asks for the lock changes this folder of data until it is dropped.
#[derive(Debug)]
#[must_use = "the folder is locked only as long as this lives"]
pub struct DataLock {
    /// None if there is no such folder: nothing was saved yet.
    _folder: Option<File>,
}

impl DataLock {
    /// Waits until nobody changes the folder. Others may read it at the same time.
    ///
    /// # Errors
    /// The folder cannot be opened, or its file system has no locks.
    pub fn to_read(data_dir: &Path) -> Result<DataLock, FileError> {
        DataLock::take(data_dir, File::lock_shared)
    }

    /// Waits until nobody reads the folder or changes it.
    pub(super) fn to_change(data_dir: &Path) -> Result<DataLock, FileError> {
        DataLock::take(data_dir, File::lock)
    }

    fn take(
        data_dir: &Path,
        lock: impl Fn(&File) -> io::Result<()>,
    ) -> Result<DataLock, FileError> {
        let locked = disk::open(data_dir).and_then(|folder| {
            disk::attempt(Operation::Lock, || lock(&folder))?;
            Ok(folder)
        });
        match locked {
            Ok(folder) => Ok(DataLock { _folder: Some(folder) }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(DataLock { _folder: None }),
            Err(error) => Err(FileError::io(data_dir, "locked")(error)),
        }
    }
}

/// Finishes an exchange of folders that was interrupted between its two steps, and removes what
/// interrupted runs of `experiment` left; folders that living runs write into are not touched. To
/// be called before saved data is read or changed, which is safe for as long as the result lives.
///
/// # Errors
/// The folder cannot be locked, or a leftover cannot be read, moved or removed.
pub fn recover(data_dir: &Path, experiment: &str) -> Result<DataLock, FileError> {
    let lock = DataLock::to_change(data_dir)?;
    let target = data_dir.join(experiment);
    for (old, number) in abandoned(data_dir, &prefix(experiment, OLD))? {
        if !target.exists() {
            // The new folder was complete and synced before the old one was moved away.
            let new = data_dir.join(format!("{}{number}", prefix(experiment, NEW)));
            let complete = if new.exists() { &new } else { &old };
            disk::rename(complete, &target).map_err(FileError::io(complete, "put in place"))?;
        }
        remove(&old)?;
    }
    for (new, _) in abandoned(data_dir, &prefix(experiment, NEW))? {
        remove(&new)?;
    }
    Ok(lock)
}

pub(super) const NEW: &str = "new";
pub(super) const OLD: &str = "old";

pub(super) fn prefix(experiment: &str, kind: &str) -> String {
    format!(".{experiment}.{kind}-")
}

/// Files and folders in `folder` whose name is `prefix` and a number, and which no living process
/// has locked, in order of name; none if there is no such folder.
pub(super) fn abandoned(folder: &Path, prefix: &str) -> Result<Vec<(PathBuf, u32)>, FileError> {
    let entries = match disk::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(FileError::io(folder, "read"))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(FileError::io(folder, "read"))?;
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix(prefix));
        let Some(number) = number.and_then(|number| number.parse::<u32>().ok()) else {
            continue;
        };
        let lives = disk::open(&entry.path())
            .is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)));
        if !lives {
            found.push((entry.path(), number));
        }
    }
    found.sort();
    Ok(found)
}

pub(super) fn remove(folder: &Path) -> Result<(), FileError> {
    match disk::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(FileError::io(folder, "removed")(error))
        }
        _ => Ok(()),
    }
}
