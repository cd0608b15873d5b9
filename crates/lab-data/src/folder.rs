//! The folder of a run: written beside the last complete one, and exchanged with it at the end.
//!
//! ```text
//! data/io-threads/            the last complete run
//! data/.io-threads.new-4711/  the run that process 4711 is writing
//! data/.io-threads.old-4711/  only where folders cannot be exchanged in one step, for a moment
//! ```
//!
//! A run that is stopped, killed or out of disk leaves the last complete one as it was. What it
//! leaves beside it, the next run of the experiment removes.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use self::atomic::{parent, sync_folder};
use crate::error::FileError;

pub(crate) mod atomic;
pub mod lock;

/// The folder that a run is written into. Dropped without [`RunFolder::commit`], it is removed.
#[derive(Debug)]
pub struct RunFolder {
    new: PathBuf,
    old: PathBuf,
    target: PathBuf,
}

impl RunFolder {
    /// Makes an empty folder for a run of `experiment` beside `data_dir/experiment`, and makes sure
    /// that a run can be saved there: to be called before anything is measured. Makes `data_dir`
    /// where it is missing, and tidies up after earlier runs that were interrupted.
    ///
    /// # Errors
    /// The folder cannot be made or written (no permission, read-only, full, a file in its place).
    pub fn create(data_dir: &Path, experiment: &str) -> Result<RunFolder, FileError> {
        fs::create_dir_all(data_dir).map_err(FileError::io(data_dir, "made"))?;
        recover(data_dir, experiment)?;
        let target = data_dir.join(experiment);
        if target.exists() && !target.is_dir() {
            return Err(FileError::io(&target, "replaced by a folder")(
                io::ErrorKind::NotADirectory.into(),
            ));
        }
        let pid = std::process::id();
        let folder = RunFolder {
            new: data_dir.join(format!("{}{pid}", prefix(experiment, NEW))),
            old: data_dir.join(format!("{}{pid}", prefix(experiment, OLD))),
            target,
        };
        fs::create_dir(&folder.new).map_err(FileError::io(&folder.new, "made"))?;
        probe(&folder.path("probe"))?;
        Ok(folder)
    }

    /// Where a file of the run is to be written.
    pub fn path(&self, file: &str) -> PathBuf {
        self.new.join(file)
    }

    /// Syncs all files and puts the folder in the place of the last complete run, which is removed
    /// with everything in it. Returns the folder's final path.
    ///
    /// # Errors
    /// Something could not be synced or moved; the last complete run is untouched then.
    pub fn commit(self) -> Result<PathBuf, FileError> {
        self.commit_with(|a, b| renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE))
    }

    fn commit_with(
        self,
        exchange: impl FnOnce(&Path, &Path) -> rustix::io::Result<()>,
    ) -> Result<PathBuf, FileError> {
        sync(&self.new).map_err(FileError::io(&self.new, "written to the disk"))?;
        self.replace(exchange)
            .and_then(|()| sync_folder(parent(&self.target)))
            .map_err(FileError::io(&self.target, "replaced by the new run"))?;
        // Dropping removes the last run, wherever it is now.
        Ok(self.target.clone())
    }

    fn replace(
        &self,
        exchange: impl FnOnce(&Path, &Path) -> rustix::io::Result<()>,
    ) -> io::Result<()> {
        if !self.target.exists() {
            return fs::rename(&self.new, &self.target);
        }
        // Not every file system can exchange; those that cannot say so in different ways.
        if exchange(&self.new, &self.target).is_ok() {
            return Ok(());
        }
        fs::rename(&self.target, &self.old)?;
        fs::rename(&self.new, &self.target).inspect_err(|_| {
            // If this fails as well, the next start finishes it.
            let _ = fs::rename(&self.old, &self.target);
        })
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        // What cannot be removed now, the next run removes: its name says that it is a leftover.
        let _ = fs::remove_dir_all(&self.new);
        if self.target.exists() {
            let _ = fs::remove_dir_all(&self.old);
        }
    }
}

/// Finishes an exchange of folders that was interrupted between its two steps, and removes what
/// interrupted runs of `experiment` left; folders of processes that live are not touched. To be
/// called before saved data is read; [`RunFolder::create`] does it too.
///
/// # Errors
/// A leftover could not be read, moved or removed.
pub fn recover(data_dir: &Path, experiment: &str) -> Result<(), FileError> {
    let target = data_dir.join(experiment);
    for (old, pid) in leftovers(data_dir, &prefix(experiment, OLD))? {
        if !target.exists() {
            // The new folder was complete and synced before the old one was moved away.
            let new = data_dir.join(format!("{}{pid}", prefix(experiment, NEW)));
            let complete = if new.exists() { &new } else { &old };
            fs::rename(complete, &target).map_err(FileError::io(complete, "put in place"))?;
        }
        remove(&old)?;
    }
    for (new, _) in leftovers(data_dir, &prefix(experiment, NEW))? {
        remove(&new)?;
    }
    Ok(())
}

const NEW: &str = "new";
const OLD: &str = "old";

fn prefix(experiment: &str, kind: &str) -> String {
    format!(".{experiment}.{kind}-")
}

/// Folders whose name is `prefix` and the number of a process that no longer writes them, in order
/// of name. A process with our own number is an earlier one: in a container all have the same.
fn leftovers(data_dir: &Path, prefix: &str) -> Result<Vec<(PathBuf, u32)>, FileError> {
    let entries = match fs::read_dir(data_dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(FileError::io(data_dir, "read"))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(FileError::io(data_dir, "read"))?;
        let name = entry.file_name();
        let pid = name.to_str().and_then(|name| name.strip_prefix(prefix));
        let Some(pid) = pid.and_then(|pid| pid.parse::<u32>().ok()) else {
            continue;
        };
        let lives = Path::new(&format!("/proc/{pid}")).exists();
        if pid == std::process::id() || !lives {
            found.push((entry.path(), pid));
        }
    }
    found.sort();
    Ok(found)
}

fn remove(folder: &Path) -> Result<(), FileError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(FileError::io(folder, "removed")(error))
        }
        _ => Ok(()),
    }
}

/// Writes a file and removes it: what permissions say is not always what happens.
fn probe(path: &Path) -> Result<(), FileError> {
    fs::write(path, "can this be written?\n")
        .and_then(|()| File::open(path)?.sync_all())
        .and_then(|()| fs::remove_file(path))
        .map_err(FileError::io(path, "written"))
}

/// Everything in a folder, then the folder itself.
fn sync(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync(&entry.path())?;
        } else {
            File::open(entry.path())?.sync_all()?;
        }
    }
    sync_folder(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::io::Errno;
    use std::os::unix::fs::PermissionsExt;

    const NAME: &str = "io-threads";

    /// A folder for data that does not exist yet.
    fn data() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        (folder, data)
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<String> = entries.map(|e| name(e).into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn begin(data: &Path, text: &str) -> RunFolder {
        let run = RunFolder::create(data, NAME).unwrap();
        fs::write(run.path("trials.csv"), text).unwrap();
        run
    }

    /// The saved run is this one, and nothing else is there.
    fn assert_saved(data: &Path, text: &str) {
        let saved = fs::read_to_string(data.join(NAME).join("trials.csv")).unwrap();
        assert_eq!(saved, text);
        assert_eq!(names(data), [NAME]);
    }

    /// A folder as a process that is dead left it: no process has a number this high.
    fn left(data: &Path, kind: &str, text: &str) {
        let folder = data.join(format!(".{NAME}.{kind}-{}", u32::MAX));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("trials.csv"), text).unwrap();
    }

    #[test]
    fn a_run_replaces_the_last_one_with_everything_in_it() {
        let (_folder, data) = data();
        let run = begin(&data, "first");
        fs::write(run.path("samples.csv"), "many").unwrap();
        assert_eq!(run.commit().unwrap(), data.join(NAME));
        assert_eq!(names(&data.join(NAME)), ["samples.csv", "trials.csv"]);
        begin(&data, "second").commit().unwrap();
        assert_saved(&data, "second");
        assert_eq!(names(&data.join(NAME)), ["trials.csv"]);
        drop(begin(&data, "stopped"));
        assert_saved(&data, "second");
    }

    #[test]
    fn where_folders_cannot_be_exchanged_they_are_renamed_in_two_steps() {
        let (_folder, data) = data();
        begin(&data, "first").commit().unwrap();
        for error in [Errno::NOSYS, Errno::INVAL, Errno::PERM] {
            let text = error.to_string();
            let run = begin(&data, &text);
            run.commit_with(|_, _| Err(error)).unwrap();
            assert_saved(&data, &text);
        }
    }

    #[test]
    fn an_exchange_that_was_interrupted_is_finished() {
        for (left_behind, saved) in
            [(&[(OLD, "first"), (NEW, "second")][..], "second"), (&[(OLD, "first")][..], "first")]
        {
            let (_folder, data) = data();
            for (kind, text) in left_behind {
                left(&data, kind, text);
            }
            recover(&data, NAME).unwrap();
            assert_saved(&data, saved);
        }
        // An old run that was not yet removed is removed at the next start.
        let (_folder, data) = data();
        recover(&data, NAME).unwrap();
        assert!(!data.exists(), "nothing to recover is no error");
        begin(&data, "second").commit().unwrap();
        left(&data, OLD, "first");
        drop(RunFolder::create(&data, NAME).unwrap());
        assert_saved(&data, "second");
    }

    #[test]
    fn leftovers_of_dead_processes_go_and_folders_of_others_stay() {
        let (_folder, data) = data();
        left(&data, NEW, "half");
        let mut others = [
            format!(".{NAME}-2.new-{}", u32::MAX),
            format!(".{NAME}.new-1"), // process 1 lives
            format!(".{NAME}.new-x"),
        ];
        for other in &others {
            fs::create_dir(data.join(other)).unwrap();
        }
        drop(RunFolder::create(&data, NAME).unwrap());
        others.sort();
        assert_eq!(names(&data), others);
    }

    #[test]
    fn what_cannot_be_written_is_named_before_anything_is_measured() {
        let refused = |data: &Path| RunFolder::create(data, NAME).unwrap_err().to_string();
        let (folder, data) = data();
        fs::write(&data, "").unwrap();
        assert!(refused(&data).contains("data could not be made"));
        let data = folder.path().join("other");
        fs::create_dir(&data).unwrap();
        fs::write(data.join(NAME), "mine").unwrap();
        assert!(refused(&data).contains("io-threads could not be replaced by a folder"));
        assert_eq!(fs::read_to_string(data.join(NAME)).unwrap(), "mine");
        // The superuser may write anywhere but here.
        assert!(refused(Path::new("/proc/data")).starts_with("/proc/data could not be made"));
        if !rustix::process::geteuid().is_root() {
            fs::remove_file(data.join(NAME)).unwrap();
            fs::set_permissions(&data, fs::Permissions::from_mode(0o555)).unwrap();
            assert!(refused(&data).contains("or name another folder"));
        }
    }

    #[test]
    fn a_full_disk_and_a_commit_that_fails_cost_the_new_run_and_not_the_last_one() {
        let (_folder, data) = data();
        begin(&data, "first").commit().unwrap();
        let run = RunFolder::create(&data, NAME).unwrap();
        let path = run.path("spans.csv");
        std::os::unix::fs::symlink("/dev/full", &path).unwrap();
        let table = crate::tables::TableWriter::<crate::rows::SpanRow>::create(&path).unwrap();
        let error = table.finish().unwrap_err().to_string();
        assert!(error.contains("make room"), "{error}");
        drop(run);
        assert_saved(&data, "first");
        let run = begin(&data, "second");
        fs::remove_dir_all(&run.new).unwrap();
        assert!(run.commit().is_err());
        assert_saved(&data, "first");
    }
}
