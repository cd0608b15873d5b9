//! A run that goes on.

use crate::{Ended, processes};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Nothing here takes a tenth of it; what does not happen by then does not happen.
const PATIENCE: Duration = Duration::from_secs(120);

/// Asks again and again until there is an answer, and fails with these words if there is none.
pub(crate) fn until<T>(mut seen: impl FnMut() -> Option<T>, words: impl Fn() -> String) -> T {
    let begin = Instant::now();
    loop {
        if let Some(seen) = seen() {
            return seen;
        }
        assert!(begin.elapsed() < PATIENCE, "not in time: {}", words());
        sleep(Duration::from_millis(2));
    }
}

/// A run that goes on. Killed when it is dropped.
pub struct Running {
    child: Child,
    stdout: PathBuf,
    stderr: PathBuf,
    mark: String,
}

impl Running {
    /// Starts a command whose processes all have the word `mark` in their environment; what it says
    /// goes to files of this name, so that no pipe can be full.
    pub(crate) fn start(mut command: Command, files: &Path, mark: String) -> Running {
        let [stdout, stderr] = ["out", "err"].map(|end| files.with_extension(end));
        command.stdout(File::create(&stdout).unwrap());
        command.stderr(File::create(&stderr).unwrap());
        let child = command.spawn().unwrap();
        Running { child, stdout, stderr, mark }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it says this on stderr.
    pub fn says(&mut self, text: &str) {
        self.shows(text, |run| run.stderr().contains(text).then_some(()));
    }

    /// Waits until it has a child that was started with this argument; gives the child's process.
    pub fn child_with(&mut self, argument: &str) -> u32 {
        self.shows(argument, |run| {
            let mut all = processes::marked(&run.mark).into_iter();
            all.find(|&pid| processes::has_argument(pid, argument))
        })
    }

    fn shows<T>(&mut self, what: &str, seen: impl Fn(&Running) -> Option<T>) -> T {
        let stderr = self.stderr.clone();
        let words = || format!("{what}: {}", read(&stderr));
        let next = || {
            // It may have shown it just before its end.
            let status = self.child.try_wait().unwrap();
            let shown = seen(self);
            assert!(shown.is_some() || status.is_none(), "{status:?} and no {}", words());
            shown
        };
        until(next, words)
    }

    /// Waits for its end.
    pub fn ends(mut self) -> Ended {
        let stderr = self.stderr.clone();
        let status =
            until(|| self.child.try_wait().unwrap(), || format!("its end: {}", read(&stderr)));
        let [stdout, stderr] = [read(&self.stdout), self.stderr()];
        let ended = Ended { status, stdout, stderr };
        assert!(!ended.stderr.contains("panicked"), "{ended:?}");
        ended
    }

    fn stderr(&self) -> String {
        read(&self.stderr)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}
