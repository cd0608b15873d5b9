//! The machine-wide lock: two experiments at once would spoil each other's measurements.
//!
//! It is an advisory `flock` on a file in the folder for temporary files, let go of by the kernel
//! when its holder ends, however it ends. Children do not inherit it.

use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, Mode, OFlags, fchmod, flock, open};
use rustix::io::Errno;

use crate::error::FileError;

const NAME: &str = "laboratory-for-concurrency.lock";

/// The lock, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: OwnedFd,
}

impl Lock {
    /// Takes the lock, or `None` if another experiment has it.
    ///
    /// # Errors
    /// The file of the lock can be neither opened nor made. Measuring without the lock is possible:
    /// a matter for a warning.
    pub fn try_acquire() -> Result<Option<Lock>, FileError> {
        try_at(&path())
    }

    /// Takes the lock; if another experiment has it, calls `on_wait` and waits as long as it takes.
    ///
    /// # Errors
    /// As [`Lock::try_acquire`]; or a signal with a handler of its own (Ctrl-C, where it is caught)
    /// ended the waiting.
    pub fn acquire_waiting(on_wait: impl FnOnce()) -> Result<Lock, FileError> {
        wait_at(&path(), on_wait)
    }
}

fn path() -> PathBuf {
    std::env::temp_dir().join(NAME)
}

fn try_at(path: &Path) -> Result<Option<Lock>, FileError> {
    let file = file(path).map_err(|error| refused(path, error))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(Lock { _file: file })),
        Err(Errno::WOULDBLOCK) => Ok(None),
        Err(error) => Err(refused(path, error)),
    }
}

fn wait_at(path: &Path, on_wait: impl FnOnce()) -> Result<Lock, FileError> {
    if let Some(lock) = try_at(path)? {
        return Ok(lock);
    }
    on_wait();
    let file = file(path).map_err(|error| refused(path, error))?;
    flock(&file, FlockOperation::LockExclusive).map_err(|error| refused(path, error))?;
    Ok(Lock { _file: file })
}

/// Opens the file, and makes it only where there is none: in a folder with the sticky bit the
/// kernel lets nobody open another user's file with `O_CREAT` (`fs.protected_regular`).
fn file(path: &Path) -> rustix::io::Result<OwnedFd> {
    // Reading is enough for flock. Not to hang on a pipe that somebody put there: NONBLOCK.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    match open(path, flags, Mode::empty()) {
        Err(Errno::NOENT) => {}
        opened => return opened,
    }
    let everybody = Mode::from_raw_mode(0o666);
    match open(path, flags | OFlags::CREATE | OFlags::EXCL, everybody) {
        // Another process was quicker.
        Err(Errno::EXIST) => open(path, flags, Mode::empty()),
        Ok(file) => {
            // Whatever the umask says: other users must be able to open it.
            fchmod(&file, everybody)?;
            Ok(file)
        }
        Err(error) => Err(error),
    }
}

fn refused(path: &Path, error: Errno) -> FileError {
    FileError::io(path, "locked for this machine")(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::sync::mpsc;
    use std::time::Duration;

    fn place() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        (folder, path)
    }

    #[test]
    fn one_holder_at_a_time_and_the_next_after_it() {
        let (_folder, path) = place();
        let first = try_at(&path).unwrap();
        assert!(first.is_some());
        assert!(try_at(&path).unwrap().is_none());
        drop(first);
        assert!(try_at(&path).unwrap().is_some());
    }

    #[test]
    fn who_waits_says_so_once_and_gets_the_lock_when_it_is_free() {
        let (_folder, path) = place();
        let first = wait_at(&path, || panic!("nobody had it")).unwrap();
        let (says, hears) = mpsc::channel();
        let waiter = std::thread::spawn({
            let (path, done) = (path.clone(), says.clone());
            move || {
                let lock = wait_at(&path, || says.send("waits").unwrap()).unwrap();
                done.send("has it").unwrap();
                lock
            }
        });
        let patience = Duration::from_secs(60);
        assert_eq!(hears.recv_timeout(patience), Ok("waits"));
        assert!(hears.try_recv().is_err());
        drop(first);
        assert_eq!(hears.recv_timeout(patience), Ok("has it"));
        assert!(try_at(&path).unwrap().is_none());
        drop(waiter.join().unwrap());
    }

    #[test]
    fn everybody_may_open_the_file_and_no_child_inherits_it() {
        let (_folder, path) = place();
        let lock = try_at(&path).unwrap().unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o666);
        let flags = rustix::io::fcntl_getfd(&lock._file).unwrap();
        assert!(flags.contains(rustix::io::FdFlags::CLOEXEC));
    }

    #[test]
    fn a_file_that_cannot_be_made_is_a_sentence() {
        let error = try_at(Path::new("/proc/lock")).unwrap_err().to_string();
        assert!(
            error.starts_with("/proc/lock could not be locked for this machine"),
            "{error}"
        );
    }
}
