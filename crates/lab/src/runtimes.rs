//! Which runtimes a run measures in: those asked for, else all that this machine has.

use crate::options::Common;
use crate::print;
use anyhow::{Result, ensure};
use lab_pool::{Pool, Runtime, cpython};
use lab_record::run::{Python, RunInfo};

/// The setting in `run.json` that says which runtimes were passed by, and why.
const SKIPPED: &str = "skipped_runtimes";

/// Chooses the runtimes, makes the pool know its interpreters, and notes which they are. What is
/// passed by is told to the person who waits and noted with its reason; the others go on.
///
/// # Errors
/// If a runtime that was asked for by name is not there, or none is left.
pub(crate) fn choose(common: &Common, pool: &mut Pool, info: &mut RunInfo) -> Result<Vec<Runtime>> {
    let wanted = &common.runtimes;
    let is_wanted = |runtime: &Runtime| {
        wanted.is_empty() || wanted.iter().any(|wanted| wanted.includes(runtime))
    };
    let mut chosen = vec![Runtime::Rust, Runtime::Gil];
    chosen.retain(&is_wanted);
    let mut skipped = Vec::new();
    if wanted.is_empty() || wanted.iter().any(|wanted| wanted.is_python()) {
        let found = cpython::find(&common.python);
        for interpreter in found.interpreters {
            let runtime = Runtime::CPython(interpreter.runtime.clone());
            if !is_wanted(&runtime) {
                continue;
            }
            info.pythons.push(Python {
                runtime: interpreter.runtime.clone(),
                version: interpreter.version.clone(),
                gil: Some(interpreter.gil),
                start_method: interpreter.start_method.map(|method| method.to_string()),
            });
            pool.add_python(interpreter);
            chosen.push(runtime);
        }
        skipped = found.skipped;
    }
    let mut reasons = Vec::new();
    for skipped in skipped {
        print::err(&skipped.to_string());
        reasons.push(skipped.to_string());
    }
    for wanted in wanted {
        let is_there = chosen.iter().any(|runtime| wanted.includes(runtime));
        ensure!(
            is_there || wanted.to_string() == "cpython",
            "there is no {wanted} here: put it on PATH as python3, or name it with --python PATH"
        );
    }
    ensure!(
        !chosen.is_empty(),
        "no runtime is left to measure in: {}",
        reasons.join("; ")
    );
    info.settings.insert(SKIPPED.to_owned(), reasons.into());
    Ok(chosen)
}
