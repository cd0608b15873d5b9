//! The machine-wide lock for measuring: two experiments at once would disturb each other.
//!
//! It is an advisory lock (`flock`) on a file in the folder for temporary files, released by the
//! kernel when its holder ends, however it ends. Children do not inherit it.

use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use crate::error::FileError;

const NAME: &str = "laboratory-for-concurrency.lock";
/// Whatever the umask says: other users must be able to open it.
const EVERYBODY: u32 = 0o666;

/// The lock, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock; if another experiment has it, calls `on_wait` and waits as long as it takes.
    ///
    /// # Errors
    /// The file of the lock can be neither opened nor made (measuring without the lock is possible:
    /// a matter for a warning); or a signal that is handled (Ctrl-C, where it is caught) ended the
    /// waiting.
    pub fn acquire_waiting(on_wait: impl FnOnce()) -> Result<Lock, FileError> {
        wait_at(&std::env::temp_dir().join(NAME), on_wait)
    }
}

fn wait_at(path: &Path, on_wait: impl FnOnce()) -> Result<Lock, FileError> {
    let locked = open(path).and_then(|file| {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                on_wait();
                file.lock()?;
            }
            tried => tried?,
        }
        Ok(Lock { _file: file })
    });
    locked.map_err(FileError::io(path, "locked for this machine"))
}

/// Opens the file, and makes it only where there is none: in a folder with the sticky bit nobody
/// may open another user's file with `O_CREAT` (`fs.protected_regular`).
fn open(path: &Path) -> io::Result<File> {
    // Reading is enough to lock. Not to hang on a pipe that somebody put there: NONBLOCK.
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let opened = || OpenOptions::new().read(true).custom_flags(flags).open(path);
    match opened() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        opened => return opened,
    }
    // The standard library makes files only for writing.
    let made = OpenOptions::new().write(true).create_new(true).mode(EVERYBODY).open(path);
    match made {
        // Another process was quicker.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => opened(),
        Ok(file) => {
            file.set_permissions(Permissions::from_mode(EVERYBODY))?;
            Ok(file)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use std::sync::mpsc;
    use std::time::Duration;

    fn place() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        (folder, path)
    }

    #[test]
    fn everybody_may_open_the_file_and_no_child_inherits_it() {
        let (_folder, path) = place();
        let lock = wait_at(&path, || panic!("nobody had it")).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, EVERYBODY);
        let flags = rustix::io::fcntl_getfd(&lock._file).unwrap();
        assert!(flags.contains(rustix::io::FdFlags::CLOEXEC));
    }

    #[test]
    fn one_has_it_at_a_time_and_who_waits_says_so_once_and_gets_it_when_it_is_free() {
        let (_folder, path) = place();
        let first = wait_at(&path, || panic!("nobody had it")).unwrap();
        let (says, hears) = mpsc::channel();
        let waiter = std::thread::spawn({
            let path = path.clone();
            move || {
                let lock = wait_at(&path, || says.send("waits").unwrap()).unwrap();
                says.send("has it").unwrap();
                lock
            }
        });
        let patience = Duration::from_secs(60);
        assert_eq!(hears.recv_timeout(patience), Ok("waits"));
        assert!(hears.try_recv().is_err());
        drop(first);
        assert_eq!(hears.recv_timeout(patience), Ok("has it"));
        drop(waiter.join().unwrap());
    }

    #[test]
    fn a_file_that_cannot_be_made_is_named() {
        let error = wait_at(Path::new("/proc/lock"), || ()).unwrap_err();
        assert!(matches!(error, FileError::Io { path, .. } if path == Path::new("/proc/lock")));
    }
}
