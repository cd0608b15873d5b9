//! A process measured from its start to its end: wall time, and the most memory that it and its
//! children held at once.

use crate::rounds::Measured;
use anyhow::{Context, Result, bail};
use lab_child::run_outside;
use lab_record::clock::now_ns;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Memory is looked at no more often than this …
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);
/// … and so seldom that looking takes no more than this part of a core.
const PART_OF_A_CORE: u32 = 25;

/// A process that ended well.
#[derive(Debug)]
pub(crate) struct Ended {
    /// From before its start until after its end, with its peak of memory.
    pub(crate) measured: Measured,
    /// The last line that it wrote to stdout.
    pub(crate) last_output: String,
}

/// Runs a program to its end, which comes within `timeout`.
///
/// # Errors
/// If it cannot be started, fails or takes too long; with the last line of its stderr.
pub(crate) fn run(program: &Path, args: &[&str], timeout: Duration) -> Result<Ended> {
    let args: Vec<String> = args.iter().map(|&word| word.to_owned()).collect();
    let name = || program.file_name().unwrap_or_default().to_string_lossy();
    let is_over = AtomicBool::new(false);
    let (used, time_ns, together) = std::thread::scope(|scope| {
        let looks = scope.spawn(|| peak_of_descendants(&is_over));
        let start_ns = now_ns();
        let used = run_outside(&program.to_string_lossy(), &args, timeout);
        let time_ns = now_ns() - start_ns;
        is_over.store(true, Ordering::Relaxed);
        (used, time_ns, looks.join().unwrap_or_default())
    });
    let used = used.with_context(|| format!("{} {}", name(), args.join(" ")))?;
    match used.status {
        Some(status) if status.success() => Ok(Ended {
            measured: Measured {
                time_ns,
                // The kernel knows the exact peak of the largest process; of several at once only
                // the looks know.
                peak_rss_bytes: Some(together.max(used.peak_rss_bytes)),
            },
            last_output: used.last_output,
        }),
        Some(status) => bail!("{} ended with {status}: {}", name(), used.last_error),
        None => bail!("{} took longer than {timeout:?} and was ended", name()),
    }
}

/// The most memory, in bytes, that the descendants of this process held together at any look. Pages
/// that several of them share count once.
fn peak_of_descendants(is_over: &AtomicBool) -> u64 {
    let mut peak = 0;
    while !is_over.load(Ordering::Relaxed) {
        let look = Instant::now();
        let mut bytes = 0;
        let mut parents = vec![std::process::id()];
        while let Some(parent) = parents.pop() {
            for child in children(parent) {
                bytes += proportional_bytes(child).unwrap_or(0);
                parents.push(child);
            }
        }
        peak = peak.max(bytes);
        std::thread::sleep(BETWEEN_LOOKS.max(look.elapsed() * PART_OF_A_CORE));
    }
    peak
}

/// The children that the threads of a process have started; none where the kernel does not tell.
fn children(pid: u32) -> Vec<u32> {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else {
        return Vec::new();
    };
    let lists = threads
        .filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("children")).ok());
    lists.flat_map(|list| pids(&list)).collect()
}

fn pids(list: &str) -> Vec<u32> {
    let words = list.split_whitespace();
    words.filter_map(|word| word.parse().ok()).collect()
}

/// What a process holds; a page that n processes share counts as an n-th in each.
fn proportional_bytes(pid: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    proportional(&text)
}

fn proportional(rollup: &str) -> Option<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHELL: &str = "/bin/sh";
    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn what_the_kernel_says_is_understood() {
        let text =
            "0-1 ---p 0 00:00 0  [rollup]\nRss:    1768 kB\nPss:     282 kB\nPss_Dirty: 1 kB\n";
        assert_eq!(proportional(text), Some(282 * 1024));
        assert_eq!(proportional("Rss: 1 kB\n"), None);
        assert_eq!(pids("12 345 \n"), [12, 345]);
        assert!(pids("").is_empty());
    }

    #[test]
    fn a_process_that_ends_well_has_a_time_a_peak_and_a_last_line() {
        let ended = run(Path::new(SHELL), &["-c", "echo one; echo two"], LONG).unwrap();
        assert_eq!(ended.last_output, "two");
        assert!(ended.measured.time_ns > 0);
        assert!(ended.measured.peak_rss_bytes.unwrap() > 0);
    }

    #[test]
    fn a_failure_has_the_last_line_of_stderr_and_a_sleeper_is_ended() {
        let script = "echo 'no module' >&2; exit 3";
        let error = run(Path::new(SHELL), &["-c", script], LONG).unwrap_err();
        assert!(error.to_string().ends_with(": no module"), "{error}");
        let error = run(
            Path::new(SHELL),
            &["-c", "sleep 60"],
            Duration::from_millis(50),
        );
        assert!(error.unwrap_err().to_string().contains("took longer"));
    }

    #[test]
    fn the_memory_of_a_child_of_a_child_is_seen() {
        // Two at once: what the kernel tells of those that have ended is the largest of them.
        let one = "sh -c 'x=$(head -c 30000000 /dev/zero | tr \"\\0\" x); sleep 5' &";
        let script = format!("{one} {one} wait; true");
        let ended = run(Path::new(SHELL), &["-c", &script], LONG).unwrap();
        assert!(ended.measured.peak_rss_bytes.unwrap() > 60_000_000);
    }
}
