//! Which runtimes a run measures in: those asked for, else all that this machine has.

use crate::options::Common;
use crate::print;
use anyhow::{Result, ensure};
use lab_pool::{Pool, Runtime, Wanted, cpython};
use lab_record::run::{Python, RunInfo};

/// The setting in `run.json` that says which runtimes were passed by, and why.
const SKIPPED: &str = "skipped_runtimes";

/// The native runtime alone: what somebody's own work runs in.
///
/// # Errors
/// If another one was asked for.
pub(crate) fn native(common: &Common) -> Result<Vec<Runtime>> {
    let is_native = |wanted: &Wanted| wanted.includes(&Runtime::Rust);
    ensure!(
        common.runtimes.iter().all(is_native) && common.python.is_empty(),
        "your own work is run natively, on threads: leave out --runtimes and --python"
    );
    Ok(vec![Runtime::Rust])
}

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
    let why = match reasons.is_empty() {
        true => String::new(),
        false => format!(" ({})", reasons.join("; ")),
    };
    for wanted in wanted {
        let is_there = chosen.iter().any(|runtime| wanted.includes(runtime));
        ensure!(
            is_there || wanted.to_string() == "cpython",
            "there is no {wanted} here{why}: put it on PATH as python3, or name it with --python PATH"
        );
    }
    ensure!(!chosen.is_empty(), "no runtime is left to measure in{why}");
    info.settings.insert(SKIPPED.to_owned(), reasons.into());
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_child::ChildCommand;
    use lab_record::run::Mode;

    /// With an interpreter that is none.
    fn chosen(runtimes: &[&str]) -> (Result<Vec<Runtime>>, RunInfo) {
        let common = Common {
            runtimes: runtimes.iter().map(|word| word.parse().unwrap()).collect(),
            python: vec!["/nowhere/python".into()],
            ..Common::default()
        };
        let mut pool = Pool::new(ChildCommand::new("worker", "/nowhere/worker"));
        let mut info = RunInfo::begin("test", Mode::Quick, Vec::new(), 1);
        (choose(&common, &mut pool, &mut info), info)
    }

    #[test]
    fn an_interpreter_that_is_passed_by_is_noted_with_its_reason() {
        let (chosen, info) = chosen(&[]);
        assert!(chosen.unwrap().starts_with(&[Runtime::Rust, Runtime::Gil]));
        let noted = info.settings[SKIPPED].to_string();
        assert!(noted.contains("/nowhere/python is skipped"), "{noted}");
        assert!(noted.contains("No such file"), "{noted}");
    }

    #[test]
    fn a_runtime_that_was_named_and_is_not_there_is_an_error_with_the_reason() {
        let (chosen, _) = chosen(&["rust", "cpython-3.99"]);
        let error = chosen.unwrap_err().to_string();
        assert!(error.starts_with("there is no cpython-3.99 here (/nowhere/python is skipped: "));
        assert!(error.ends_with("or name it with --python PATH"), "{error}");
    }
}
