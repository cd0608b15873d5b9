//! Which runtimes a run measures in: those asked for, else all that this machine has.

use crate::arms::runtime::{Runtime, of_run};
use crate::console;
use crate::options::Common;
use anyhow::{Result, bail, ensure};
use lab_data::run::{Python, RunInfo};
use lab_pool::cpython::{self, Interpreter};
use lab_pool::{Pool, StartMethod, Wanted};

/// The native runtime alone: what the user's own work runs in. An interpreter only says how many threads
/// it would take.
///
/// # Errors
/// If another one was asked for.
pub(crate) fn native(common: &Common, info: &mut RunInfo) -> Result<Vec<Runtime>> {
    let is_native = |wanted: &Wanted| wanted.includes(&lab_pool::Runtime::Rust);
    ensure!(
        common.runtimes.iter().all(is_native) && common.python.is_empty() && !common.gil_pair,
        "your own work is run natively, on threads: leave out --runtimes and --python"
    );
    let found = cpython::find(&[]);
    let first = found.interpreters.first();
    info.settings.python_default = first.and_then(|one| one.is.default_workers);
    Ok(vec![Runtime::rust()])
}

/// The first interpreter with a lock on this machine, which the pool knows then; none if there is none.
pub(crate) fn first_python(pool: &mut Pool) -> Option<String> {
    let found = cpython::find(&[]).interpreters;
    let mut with_gil = found.into_iter().filter(|interpreter| interpreter.is.gil);
    with_gil.find_map(|interpreter| {
        let name = interpreter.runtime.clone();
        pool.add_python(interpreter).ok().map(|()| name)
    })
}

/// Chooses the runtimes, makes the pool know its interpreters, and notes which they are. What is
/// left out is reported to the person who waits and noted with its reason; the others go on.
///
/// # Errors
/// If a runtime or an interpreter that was asked for by name is not there, or none is left.
pub(crate) fn choose(common: &Common, pool: &mut Pool, info: &mut RunInfo) -> Result<Vec<Runtime>> {
    let wanted = &common.runtimes;
    let is_wanted = |runtime: &lab_pool::Runtime| {
        wanted.is_empty() || wanted.iter().any(|wanted| wanted.includes(runtime))
    };
    let mut chosen = vec![lab_pool::Runtime::Rust, lab_pool::Runtime::Gil];
    chosen.retain(&is_wanted);
    let mut skipped = Vec::new();
    let is_python_wanted = wanted.is_empty() || wanted.iter().any(|wanted| wanted.is_python());
    if is_python_wanted || !common.python.is_empty() || common.gil_pair {
        let find = if common.gil_pair { cpython::find_with_pairs } else { cpython::find };
        let found = find(&common.python);
        if let Some(named) = found.skipped.iter().find(|one| one.is_asked) {
            bail!("--python {}: {}", named.what, named.reason);
        }
        let first = found.interpreters.first();
        info.settings.python_default = first.and_then(|one| one.is.default_workers);
        ensure!(
            !common.gil_pair || found.interpreters.iter().any(|one| one.is.free_threaded),
            "--gil-pair needs a free-threaded CPython: name one with --python, such as --python 3.14t"
        );
        for interpreter in found.interpreters {
            let runtime = lab_pool::Runtime::CPython(interpreter.runtime.clone());
            if !is_wanted(&runtime) {
                continue;
            }
            let noted = noted(&interpreter);
            match pool.add_python(interpreter) {
                Ok(()) => {
                    info.pythons.push(noted);
                    chosen.push(runtime);
                }
                Err(one) => skipped.push(one),
            }
        }
        skipped.extend(found.skipped.into_iter().filter(|_| is_python_wanted));
    }
    let mut reasons = Vec::new();
    for skipped in skipped {
        console::err(&skipped.to_string());
        reasons.push(skipped.to_string());
    }
    let why = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join("; ")) };
    for wanted in wanted {
        let is_there = chosen.iter().any(|runtime| wanted.includes(runtime));
        ensure!(
            is_there || wanted.to_string() == "cpython",
            "there is no {wanted} here{why}: put it on PATH as python3, or name it with --python"
        );
    }
    ensure!(!chosen.is_empty(), "no runtime is left to measure in{why}");
    info.settings.skipped_runtimes = reasons;
    let names = chosen.iter().map(ToString::to_string);
    info.settings.runtimes = names.collect();
    Ok(of_run(info))
}

fn noted(Interpreter { runtime, is, .. }: &Interpreter) -> Python {
    Python {
        runtime: runtime.clone(),
        version: is.version.clone(),
        gil: Some(is.gil),
        free_threaded: Some(is.free_threaded),
        start_method: is.start_method.map(|method| method.to_string()),
        interpreters: Some(is.interpreters),
        default_workers: is.default_workers,
        cores: is.cores,
    }
}

/// The runtimes that a design is described in: those asked for, as interpreters of those versions
/// usually are, since nothing is measured and nobody has to have them; else all that this machine has.
pub(crate) fn described(
    common: &Common,
    pool: &mut Pool,
    info: &mut RunInfo,
) -> Result<Vec<Runtime>> {
    let named = common.runtimes.iter().map(|wanted| wanted.to_string().parse());
    let named: Vec<lab_pool::Runtime> = match named.collect() {
        Ok(named) if !common.runtimes.is_empty() => named,
        _ => return choose(common, pool, info),
    };
    for runtime in named {
        if let lab_pool::Runtime::CPython(name) = &runtime {
            info.pythons.push(usual(name));
        }
        info.settings.runtimes.push(runtime.to_string());
    }
    Ok(of_run(info))
}

/// An interpreter of this name, as it usually is: from 3.14 on processes are started by a server, and
/// there are pools of interpreters.
fn usual(name: &str) -> Python {
    let version = name.trim_start_matches(|sign: char| !sign.is_ascii_digit());
    let minor = version.split(['.', 't']).nth(1).unwrap_or_default();
    let is_of_today = minor.parse::<u32>().is_ok_and(|minor| minor >= 14);
    let start = if is_of_today { StartMethod::Forkserver } else { StartMethod::Fork };
    Python {
        runtime: name.to_owned(),
        version: version.to_owned(),
        gil: Some(!name.ends_with('t')),
        start_method: Some(start.name().to_owned()),
        interpreters: Some(is_of_today),
        ..Python::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_data::run::Mode;
    use lab_pool::process::ChildCommand;

    type Choose = fn(&Common, &mut Pool, &mut RunInfo) -> Result<Vec<Runtime>>;

    /// What is chosen of these runtimes, with these interpreters, and what is noted of it.
    fn chosen(
        choose: Choose,
        runtimes: &[&str],
        python: &[&str],
        gil_pair: bool,
    ) -> (Result<Vec<Runtime>>, RunInfo) {
        let common = Common {
            runtimes: runtimes.iter().map(|word| word.parse().unwrap()).collect(),
            python: python.iter().map(|word| word.parse().unwrap()).collect(),
            gil_pair,
            ..Common::default()
        };
        let mut pool = Pool::new(ChildCommand::new("worker", "/nowhere/worker"));
        let mut info = RunInfo::begin("test", Mode::Quick, Vec::new(), 1);
        (choose(&common, &mut pool, &mut info), info)
    }

    #[test]
    fn an_interpreter_that_was_named_and_cannot_run_is_an_error_whatever_is_measured() {
        for runtimes in [&[][..], &["rust"], &["rust", "cpython"]] {
            let (chosen, _) = chosen(choose, runtimes, &["/nowhere/python"], false);
            let error = chosen.unwrap_err().to_string();
            assert!(error.starts_with("--python /nowhere/python: "), "{error}");
            assert!(error.contains("No such file"), "{error}");
        }
    }

    #[test]
    fn a_runtime_that_was_named_and_is_not_there_is_an_error_with_the_remedy() {
        let (chosen, _) = chosen(choose, &["rust", "cpython-3.99"], &[], false);
        let error = chosen.unwrap_err().to_string();
        assert!(error.starts_with("there is no cpython-3.99 here"), "{error}");
        assert!(error.ends_with("or name it with --python"), "{error}");
    }

    #[test]
    fn a_pair_needs_a_build_that_can_do_without_its_lock() {
        let (chosen, info) = chosen(choose, &[], &[], true);
        match chosen {
            Ok(_) => {
                let free = |one: &&Python| one.free_threaded == Some(true);
                let pair = info.pythons.iter().filter(free).map(|one| one.gil);
                assert_eq!(pair.collect::<Vec<_>>(), [Some(false), Some(true)]);
            }
            Err(error) => assert!(error.to_string().contains("free-threaded"), "{error}"),
        }
    }

    #[test]
    fn a_design_is_described_in_runtimes_that_are_not_here() {
        let runtimes = ["rust", "cpython-3.99", "cpython-3.13t", "cpython-3.13t+gil"];
        let all = chosen(described, &runtimes, &[], false).0.unwrap();
        let said: Vec<_> =
            all.iter().map(|one| (one.name(), one.has_gil(), one.default_start)).collect();
        assert_eq!(
            said,
            [
                ("rust", false, None),
                ("cpython-3.99", true, Some(StartMethod::Forkserver)),
                ("cpython-3.13t", false, Some(StartMethod::Fork)),
                ("cpython-3.13t+gil", true, Some(StartMethod::Fork)),
            ]
        );
    }
}
