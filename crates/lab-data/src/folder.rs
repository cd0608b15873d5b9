//! The folder of a run: written beside the last complete one, and exchanged with it at the end.
//!
//! ```text
//! data/io-threads/            the last complete run
//! data/.io-threads.new-4711/  the run that process 4711 is writing, locked by it
//! data/.io-threads.old-4711/  only where folders cannot be exchanged in one step, for a moment
//! ```
//!
//! A run that is stopped, killed or out of disk leaves the last complete one as it was. Whatever it
//! leaves beside it, the next run of the experiment removes.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use self::atomic::parent;
use self::recover::{NEW, OLD, prefix, remove};
use crate::disk::{self, Operation};
use crate::error::FileError;

pub use self::recover::{DataLock, recover};

pub(crate) mod atomic;
mod keep;
pub mod lock;
mod recover;

/// The folder that a run is written into. Dropped without [`RunFolder::commit`], it is removed.
#[derive(Debug)]
pub struct RunFolder {
    new: PathBuf,
    old: PathBuf,
    target: PathBuf,
    /// Locked, so that others see that the run lives.
    _alive: File,
    is_committed: bool,
}

impl RunFolder {
    /// Makes an empty folder for a run of `experiment` beside `data_dir/experiment`, and makes sure
    /// that a run can be saved there: to be called before anything is measured. Makes `data_dir`
    /// where it is missing, and tidies up after earlier runs that were interrupted.
    ///
    /// # Errors
    /// The folder cannot be made or written (no permission, read-only, full, a file in its place).
    pub fn create(data_dir: &Path, experiment: &str) -> Result<RunFolder, FileError> {
        disk::attempt(Operation::Make, || fs::create_dir_all(data_dir))
            .map_err(FileError::io(data_dir, "made"))?;
        let _lock = recover(data_dir, experiment)?;
        let target = data_dir.join(experiment);
        // A link to nowhere does not exist, and is in the way.
        if fs::symlink_metadata(&target).is_ok() && !target.is_dir() {
            return Err(FileError::io(&target, "replaced by a folder")(
                io::ErrorKind::NotADirectory.into(),
            ));
        }
        let (new, number) = make_new(data_dir, &prefix(experiment, NEW))?;
        let alive = disk::open(&new).and_then(|folder| {
            disk::attempt(Operation::Lock, || Ok(folder.try_lock()?))?;
            Ok(folder)
        });
        let alive = alive.map_err(|cause| {
            let _ = disk::remove_dir_all(&new);
            FileError::io(&new, "locked")(cause)
        });
        let folder = RunFolder {
            old: data_dir.join(format!("{}{number}", prefix(experiment, OLD))),
            _alive: alive?,
            new,
            target,
            is_committed: false,
        };
        probe(&folder.path("probe"))?;
        Ok(folder)
    }

    /// Where a file of the run is to be written.
    pub fn path(&self, file: &str) -> PathBuf {
        self.new.join(file)
    }

    /// Syncs all files and puts the folder in the place of the last complete run, which is removed;
    /// files in it that no run wrote are kept. Waits while others read or change the data. Returns
    /// the folder's final path.
    ///
    /// # Errors
    /// Something could not be synced or moved; the last complete run is untouched then.
    pub fn commit(self) -> Result<PathBuf, FileError> {
        self.commit_with(|a, b| {
            let exchange = || Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?);
            disk::attempt(Operation::Move, exchange)
        })
    }

    fn commit_with(
        mut self,
        exchange: impl FnOnce(&Path, &Path) -> io::Result<()>,
    ) -> Result<PathBuf, FileError> {
        let data_dir = parent(&self.target);
        let _lock = DataLock::to_change(data_dir)?;
        if self.target.exists() {
            keep::keep_strangers(&self.target, &self.new)
                .map_err(FileError::io(&self.target, "kept in part"))?;
        }
        sync(&self.new).map_err(FileError::io(&self.new, "written to the disk"))?;
        let failed = FileError::io(&self.target, "replaced by the new run");
        self.replace(exchange).map_err(&failed)?;
        self.is_committed = true;
        let synced = disk::sync(data_dir).map_err(&failed);
        // The last run is in one of these places. What cannot be removed now, the next run removes.
        let _ = remove(&self.new).and(remove(&self.old));
        synced.map(|()| self.target.clone())
    }

    fn replace(&self, exchange: impl FnOnce(&Path, &Path) -> io::Result<()>) -> io::Result<()> {
        if !self.target.exists() {
            return disk::rename(&self.new, &self.target);
        }
        // Not every file system can exchange; those that cannot say so in different ways.
        if exchange(&self.new, &self.target).is_ok() {
            return Ok(());
        }
        disk::rename(&self.target, &self.old)?;
        disk::rename(&self.new, &self.target).inspect_err(|_| {
            // If this fails as well, the next start finishes it.
            let _ = disk::rename(&self.old, &self.target);
        })
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        // After a commit the names are free, and may be another run's.
        if !self.is_committed {
            let _ = disk::remove_dir_all(&self.new);
        }
    }
}

/// Makes a folder with the first free number from that of this process on: runs in two containers
/// may share the number, and a folder of data.
fn make_new(data_dir: &Path, prefix: &str) -> Result<(PathBuf, u32), FileError> {
    let mut number = std::process::id();
    loop {
        let new = data_dir.join(format!("{prefix}{number}"));
        match disk::create_dir(&new) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                number = number.wrapping_add(1);
            }
            Err(error) => return Err(FileError::io(&new, "made")(error)),
            Ok(()) => return Ok((new, number)),
        }
    }
}

/// Writes a file and removes it: what permissions say is not always what happens.
fn probe(path: &Path) -> Result<(), FileError> {
    disk::create(path)
        .and_then(|mut file| file.write_all(b"can this be written?\n").and_then(|()| file.sync()))
        .and_then(|()| disk::remove_file(path))
        .map_err(FileError::io(path, "written"))
}

/// All files in a folder, then the folder itself.
fn sync(folder: &Path) -> io::Result<()> {
    for entry in disk::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync(&entry.path())?;
        } else if entry.file_type()?.is_file() {
            disk::sync(&entry.path())?;
        }
    }
    disk::sync(folder)
}

#[cfg(test)]
mod tests;
