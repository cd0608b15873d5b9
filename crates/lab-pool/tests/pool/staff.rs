//! The worker processes of one test, and whether they are gone.

use lab_child::ChildCommand;
use lab_pool::Pool;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What must happen happens within this time on the slowest machine that we would still wait for.
const LIMIT: Duration = Duration::from_secs(60);

/// Nobody needs so much to start, and whoever computes has used it soon.
const COMPUTED_NS: u64 = 50_000_000;

/// Starts fixtures and knows their process ids.
pub struct Staff {
    folder: TempDir,
}

impl Staff {
    pub fn new() -> Staff {
        Staff {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The arguments with which the fixture misbehaves in this way.
    pub fn arguments(&self, mode: &str) -> [PathBuf; 2] {
        [mode.into(), self.folder.path().into()]
    }

    /// A pool whose workers misbehave in this way.
    pub fn pool(&self, mode: &str) -> Pool {
        let fixture = env!("CARGO_BIN_EXE_pool-fixture");
        Pool::new(ChildCommand::new("worker", fixture).args(self.arguments(mode)))
    }

    /// All that were started so far.
    pub fn pids(&self) -> Vec<u32> {
        std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .map(|name| name.parse().unwrap())
            .collect()
    }

    /// Waits until so many were started.
    pub fn wait_for(&self, count: usize) -> Vec<u32> {
        until(
            || self.pids().len() >= count,
            || "they never started".into(),
        );
        self.pids()
    }

    /// Waits until so many have used a core for some time.
    pub fn wait_for_computing(&self, count: usize) {
        let computing = || {
            let pids = self.pids().into_iter();
            pids.filter(|&pid| cpu_ns(pid) > Some(COMPUTED_NS)).count()
        };
        until(|| computing() >= count, || "they never computed".into());
    }

    /// Panics if one of them is still a child of this process, or does not end.
    pub fn assert_gone(&self) {
        let own = std::process::id();
        for pid in self.pids() {
            assert_ne!(parent_of(pid), Some(own), "process {pid} was not reaped");
        }
        // A worker's own children are killed with it, but nobody waits for them here.
        let living = || {
            let pids = self.pids();
            pids.into_iter()
                .filter(|&pid| runs(pid))
                .collect::<Vec<_>>()
        };
        until(|| living().is_empty(), || format!("{:?} live on", living()));
    }
}

fn until(done: impl Fn() -> bool, otherwise: impl Fn() -> String) {
    let deadline = Instant::now() + LIMIT;
    while !done() {
        assert!(Instant::now() < deadline, "{}", otherwise());
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Whether this is a fixture and no corpse.
fn runs(pid: u32) -> bool {
    let fixture = Path::new(env!("CARGO_BIN_EXE_pool-fixture"));
    // A corpse has no executable.
    std::fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == fixture)
}

fn parent_of(pid: u32) -> Option<u32> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
    line.trim().parse().ok()
}

/// What its main thread used; none if it is gone.
fn cpu_ns(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/schedstat")).ok()?;
    stat.split(' ').next()?.parse().ok()
}
