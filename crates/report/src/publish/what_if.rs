//! What a simulation of the machine gives on more cores. It is made from what `sim-model` saved of this
//! machine, in virtual time, so that the same data give the same.

use crate::redraw::Redrawn;
use crate::run::RUN;
use anyhow::{Context, Result, ensure};
use lab::design::runtime::newest_with_lock;
use lab::programs::Programs;
use lab_data::rows::{Executor, TrialRow};
use lab_data::run::RunInfo;
use lab_data::tables;
use lab_page::{Recording, Runs, WhatIf};
use rayon::prelude::*;
use std::path::Path;
use std::process::{Command, Stdio};

/// Its threads only compute, and its record shows when each of them ran.
const EXPERIMENT: &str = "parallel-vs-concurrent";
/// What it is simulated with: costs that were measured here.
const MODEL: &str = "sim-model";
const CORES: [u32; 4] = [1, 2, 4, 8];
const INTERVALS_NS: [u64; 3] = [500_000, 5_000_000, 50_000_000];

/// What is simulated beside the recording of these data; none without a recording, or without costs.
///
/// # Errors
/// If a table cannot be read, or `sim-model` found that a simulation does not tell how threads fare.
pub(crate) fn what_if(
    data: &Path,
    redrawn: &Redrawn,
    programs: &Programs,
) -> Result<Option<WhatIf>> {
    let run = redrawn.runs.iter().find(|run| run.name == EXPERIMENT);
    let Some(run) = run.filter(|_| data.join(MODEL).join(RUN).is_file()) else { return Ok(None) };
    let cores = run.info.machine.cores.usable;
    // The recording has as many threads as cores, and twice as many.
    let threads = 2 * cores.max(2);
    let simulated: Vec<Vec<[Recording; 2]>> = INTERVALS_NS
        .par_iter()
        .map(|every| {
            let scratch = tempfile::tempdir().context("no scratch folder can be made")?;
            simulate(scratch.path(), &data.join(MODEL), *every, threads, programs)?;
            let of = |cores: &u32| {
                let folder = scratch.path().join(format!("data/{EXPERIMENT}-sim-{cores}"));
                let info = RunInfo::read(&folder.join(RUN))?;
                let [one, other] = ["sim-cpython", "sim-rust"];
                Ok([read(&folder, &info, one, threads)?, read(&folder, &info, other, threads)?])
            };
            CORES.iter().map(of).collect()
        })
        .collect::<Result<_>>()?;
    let newest = newest_with_lock(&run.info).map(|python| python.runtime.as_str());
    let folder = data.join(EXPERIMENT);
    let recorded = |runtime: Option<&str>| {
        runtime.map_or(Ok(Recording::default()), |name| read(&folder, &run.info, name, threads))
    };
    let column = |at: usize| {
        simulated.iter().map(move |row| row.iter().map(|pair| pair[at].clone()).collect())
    };
    let runs = vec![
        Runs { recorded: recorded(newest)?, simulated: column(0).collect() },
        // Without a lock there is nothing to switch.
        Runs { recorded: recorded(Some("rust"))?, simulated: column(1).take(1).collect() },
    ];
    let interval = run.info.settings.switch_interval_ns.unwrap_or_default();
    Ok(Some(WhatIf {
        cores: (cores, CORES.to_vec()),
        intervals: (interval, INTERVALS_NS.to_vec()),
        runs,
    }))
}

/// Simulates as many threads on machines that cost what the model's data say.
fn simulate(
    out: &Path,
    model: &Path,
    every_ns: u64,
    threads: u32,
    programs: &Programs,
) -> Result<()> {
    std::fs::create_dir(out.join("data"))
        .and_then(|()| model.canonicalize())
        .and_then(|model| std::os::unix::fs::symlink(model, out.join("data").join(MODEL)))
        .context("the scratch folder cannot be used")?;
    let program = programs.path(EXPERIMENT);
    let cores = CORES.map(|cores| cores.to_string()).join(",");
    let output = Command::new(&program)
        .args(["--simulate", &cores, "--switch-interval", &format!("{every_ns}ns")])
        .args([
            "--jobs",
            &threads.to_string(),
            "--executors",
            "threads",
            "--blocks",
            "2",
            "--no-plot",
        ])
        .arg("--costs")
        .arg(model.join(RUN))
        .arg("--out")
        .arg(out)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "nothing was simulated: {}", said.trim());
    Ok(())
}

/// What was recorded of so many threads in a runtime.
fn read(folder: &Path, info: &RunInfo, runtime: &str, threads: u32) -> Result<Recording> {
    let [trials, jobs, spans] =
        ["trials.csv", "jobs.csv", "spans.csv"].map(|file| folder.join(file));
    let mut trials: Vec<TrialRow> = tables::read(&trials)?;
    trials.retain(|trial| {
        let is_plain = trial.executor == Executor::Threads && trial.case.is_empty();
        is_plain && trial.workers == threads && trial.runtime == runtime
    });
    Ok(Recording::of(info, &[], &trials, &tables::read(&jobs)?, &tables::read(&spans)?))
}
