//! Every operation on the files of a run, in one place: each goes on where a signal came in between, a
//! file system that cannot sync is no failure, and [`faults`] can have any of them fail.

use std::fs::{self, File, ReadDir};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use self::faults::before;

pub(crate) use self::faults::Operation;

pub mod faults;
pub(crate) mod file;

/// Does it, again if a signal came in between.
pub(crate) fn attempt<T>(
    operation: Operation,
    mut act: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    loop {
        match before(operation).and_then(|()| act()) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

pub(crate) fn create(path: &Path) -> io::Result<Output> {
    attempt(Operation::Open, || File::create(path)).map(Output)
}

pub(crate) fn open(path: &Path) -> io::Result<File> {
    attempt(Operation::Open, || File::open(path))
}

pub(crate) fn read_dir(path: &Path) -> io::Result<ReadDir> {
    attempt(Operation::Open, || fs::read_dir(path))
}

pub(crate) fn create_dir(path: &Path) -> io::Result<()> {
    attempt(Operation::Make, || fs::create_dir(path))
}

pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    attempt(Operation::Move, || fs::rename(from, to))
}

pub(crate) fn remove_file(path: &Path) -> io::Result<()> {
    attempt(Operation::Remove, || fs::remove_file(path))
}

pub(crate) fn remove_dir_all(path: &Path) -> io::Result<()> {
    attempt(Operation::Remove, || fs::remove_dir_all(path))
}

/// Asks the kernel to put a file, or the entries of a folder, on the disk.
pub(crate) fn sync(path: &Path) -> io::Result<()> {
    sync_file(&open(path)?)
}

fn sync_file(file: &File) -> io::Result<()> {
    match attempt(Operation::Sync, || file.sync_all()) {
        // Some file systems of virtual machines and networks cannot do that, mostly for folders.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {
            Ok(())
        }
        synced => synced,
    }
}

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct Output(File);

impl Output {
    /// So that others see that somebody is writing it, as long as this lives. Where there are no locks,
    /// they do not see it.
    pub(crate) fn claim(&self) {
        let _ = self.0.try_lock();
    }

    pub(crate) fn sync(&self) -> io::Result<()> {
        sync_file(&self.0)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        attempt(Operation::Write, || self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a folder whose file system cannot sync folders answers.
    #[test]
    fn what_cannot_be_synced_is_no_failure() {
        let folder = Path::new("/proc");
        let answer = File::open(folder).unwrap().sync_all().unwrap_err();
        assert_eq!(answer.kind(), ErrorKind::InvalidInput);
        sync(folder).unwrap();
        assert!(sync(Path::new("/nowhere")).is_err());
    }

    /// What goes past this module can neither be tried out nor goes on after a signal.
    #[test]
    fn nothing_that_a_run_saves_goes_past_this_module() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        for file in [
            "folder.rs",
            "folder/atomic.rs",
            "folder/keep.rs",
            "folder/recover.rs",
            "tables.rs",
            "tables/samples/write.rs",
            "run.rs",
            "disk/file.rs",
        ] {
            let text = fs::read_to_string(source.join(file)).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for line in code.lines().filter(|line| !line.contains("disk::attempt(")) {
                let after = |start: &'static str| line.split(start).skip(1);
                let calls = after("fs::").chain(after("File::"));
                let names = calls.filter_map(|call| call.split_once('(')).map(|(name, _)| name);
                for name in names.filter(|name| name.chars().all(|c| c.is_alphabetic() || c == '_'))
                {
                    // These ask, and change nothing.
                    assert!(["metadata", "symlink_metadata"].contains(&name), "{file}: {line}");
                }
            }
        }
    }
}
