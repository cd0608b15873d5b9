//! The articles' pipeline end to end: processes measured from their start to their end.

use crate::bench::{Bench, check_count, task};
use crate::goals::{comparison, subject};
use crate::limits::check_memory;
use crate::pipeline::JOBS;
use crate::process;
use crate::rounds::Subject;
use crate::tasks::task as name;
use anyhow::Result;
use std::time::Duration;

/// Jobs on threads and on processes.
const ALL_JOBS: u64 = 2 * JOBS;
/// What the hungriest pipeline holds of a sample at its peak, in bytes, as it was seen: Python's
/// numbers, lists of them, and a frame.
const BYTES_A_SAMPLE: u64 = 260;
const TIMEOUT: Duration = Duration::from_secs(150);
const BUDGET: Duration = Duration::from_secs(170);

/// Refuses what would not fit.
///
/// # Errors
/// A sentence with the estimate and the limit.
pub(crate) fn check(samples: u64) -> Result<()> {
    let all = samples.saturating_mul(ALL_JOBS);
    let what = format!("the pipeline with {all} samples");
    check_memory(&what, all.saturating_mul(BYTES_A_SAMPLE))
}

pub(super) fn measure(bench: &mut Bench) -> Result<()> {
    let samples = bench.samples;
    let all = samples * ALL_JOBS;
    let folder = bench.scratch.to_string_lossy().into_owned();
    let text = samples.to_string();
    let ours = |kind: &'static str, rounds| {
        let (folder, text) = (&folder, &text);
        Subject::new(kind, all, rounds, move || {
            let ended = task([name::PIPELINE, kind, text, folder], TIMEOUT)?;
            check_count(&ended, all)?;
            Ok(ended.measured)
        })
    };
    let rounds = bench.pick(2, 3);
    let kinds = [subject::SPANS, subject::RAW, subject::CLOCK];
    let mut subjects = Vec::from(kinds.map(|kind| ours(kind, rounds)));
    let python = [
        (subject::PANDAS, rounds, &["pandas", "matplotlib"][..]),
        (
            subject::NUMPY_PANDAS,
            rounds,
            &["numpy", "pandas", "matplotlib"],
        ),
        (subject::NUMPY, rounds, &["numpy", "polars", "matplotlib"]),
        (subject::POLARS, 1, &["polars", "matplotlib"]),
        (
            subject::DATASHADER,
            1,
            &["numpy", "polars", "pandas", "datashader"],
        ),
    ];
    let mut missing = Vec::new();
    for (variant, rounds, packages) in python {
        let python = match bench.python(packages) {
            Ok(python) => python,
            Err(why) => {
                missing.push((variant, format!("{why:#}")));
                continue;
            }
        };
        let program = python.with(packages)?.to_owned();
        let script = python.script("pipeline.py").to_string_lossy().into_owned();
        let (folder, text) = (&folder, &text);
        subjects.push(Subject::new(variant, all, rounds, move || {
            let ended = process::run(&program, &[&script, variant, text, folder], TIMEOUT)?;
            check_count(&ended, all)?;
            Ok(ended.measured)
        }));
    }
    bench.compare(comparison::PIPELINE, &mut subjects, &[], BUDGET);
    for (variant, why) in missing {
        bench.record.skip(comparison::PIPELINE, variant, why);
    }
    Ok(())
}
