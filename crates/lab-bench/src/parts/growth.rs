//! Time and peak memory over size: each size in a process of its own.

use crate::bench::{Bench, found, task};
use crate::goals::{FEW_SAMPLES, MOST_SAMPLES, comparison, subject};
use crate::limits::{check_disk, check_memory};
use crate::rounds::{Measured, Subject};
use crate::tasks::task as name;
use anyhow::Result;
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(180);
const BUDGET: Duration = Duration::from_secs(180);
/// Rounds of every size but the largest, which has one.
const ROUNDS: u32 = 3;

/// A line of the figure: sizes that are ten times (or so) as large, one after another.
struct Line {
    comparison: &'static str,
    task: &'static str,
    subject: &'static str,
    sizes: Vec<u64>,
    /// About so much memory for each thing, in bytes.
    memory: u64,
    /// About so much disk.
    disk: u64,
}

pub(super) fn measure(bench: &mut Bench) -> Result<()> {
    let top = |bench: &Bench, quick: u64, default: u64| bench.pick(quick, default);
    let lines = [
        Line {
            comparison: comparison::SAMPLES,
            task: name::TRACK,
            subject: subject::SPANS,
            sizes: decades(FEW_SAMPLES, top(bench, 100_000_000, MOST_SAMPLES)),
            memory: 0,
            disk: 0,
        },
        Line {
            comparison: comparison::SAMPLES,
            task: name::TRACK,
            subject: subject::RAW,
            sizes: decades(FEW_SAMPLES, top(bench, 10_000_000, 100_000_000)),
            memory: 10,
            disk: 0,
        },
        Line {
            comparison: comparison::JOBS,
            task: name::JOBS,
            subject: subject::THREADS,
            sizes: decades(1_000, top(bench, 100_000, 1_000_000)),
            memory: 1_000,
            disk: 0,
        },
        Line {
            comparison: comparison::JOBS,
            task: name::JOBS,
            subject: subject::PROCESSES,
            sizes: decades(1_000, top(bench, 10_000, 1_000_000)),
            memory: 1_000,
            disk: 0,
        },
        Line {
            comparison: comparison::WORKERS,
            task: name::WORKERS,
            subject: subject::THREADS,
            sizes: vec![1, 4, 16, 64, 256, 1024],
            memory: 100_000,
            disk: 0,
        },
        Line {
            comparison: comparison::WORKERS,
            task: name::WORKERS,
            subject: subject::PROCESSES,
            sizes: bench.pick(vec![1, 4, 16, 64], vec![1, 4, 16, 64, 256, 1024]),
            memory: 4_000_000,
            disk: 0,
        },
        Line {
            comparison: comparison::ROWS,
            task: name::ROWS,
            subject: subject::ROWS_OUT,
            sizes: decades(10_000, top(bench, 1_000_000, 100_000_000)),
            memory: 0,
            disk: 20,
        },
        Line {
            comparison: comparison::ROWS,
            task: name::ROWS,
            subject: subject::ROWS_IN,
            sizes: decades(10_000, top(bench, 1_000_000, 100_000_000)),
            memory: 40,
            disk: 0,
        },
    ];
    for line in lines {
        line.measure(bench);
    }
    Ok(())
}

/// From the first size to the last, each ten times the one before.
fn decades(first: u64, last: u64) -> Vec<u64> {
    std::iter::successors(Some(first), |size| size.checked_mul(10))
        .take_while(|size| *size <= last)
        .collect()
}

impl Line {
    fn measure(self, bench: &mut Bench) {
        let scratch = bench.scratch.clone();
        for &size in &self.sizes {
            let what = format!("{} of {size}, {}", self.comparison, self.subject);
            let fits = check_memory(&what, size.saturating_mul(self.memory))
                .and_then(|()| check_disk(&what, size.saturating_mul(self.disk), &scratch));
            if let Err(why) = fits {
                eprintln!("bench: {why:#}");
                bench
                    .record
                    .skip(self.comparison, self.subject, format!("{why:#}"));
                return;
            }
            let is_last = self.sizes.last() == Some(&size);
            let rounds = if is_last { 1 } else { ROUNDS };
            // Each size reads the file that is written for it.
            let folder = scratch.join(format!("rows-{size}"));
            if let Err(error) = std::fs::create_dir_all(&folder) {
                let why = format!("{} cannot be made: {error}", folder.display());
                bench.record.skip(self.comparison, self.subject, why);
                return;
            }
            let (text, place) = (size.to_string(), folder.to_string_lossy());
            let mut subjects = [Subject::new(self.subject, size, rounds, || {
                let ended = task([self.task, self.subject, &text, &place], TIMEOUT)?;
                let (time_ns, peak) = found(&ended)?;
                Ok(Measured {
                    time_ns,
                    peak_rss_bytes: peak.or(ended.measured.peak_rss_bytes),
                })
            })];
            bench.compare(self.comparison, &mut subjects, &[], BUDGET);
            if self.subject == subject::ROWS_IN {
                // What cannot be removed goes with the scratch folder.
                let _ = std::fs::remove_dir_all(&folder);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_grow_tenfold() {
        assert_eq!(
            decades(1_000, 1_000_000),
            [1_000, 10_000, 100_000, 1_000_000]
        );
        assert_eq!(decades(10, 99), [10]);
        assert!(decades(10, 9).is_empty());
    }
}
