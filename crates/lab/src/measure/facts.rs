//! What may be used here: what the machine has, what of it this process may use, and what the functions
//! say that programs ask.

use crate::arms::runtime::Runtime;
use crate::measure::rig::Rig;
use lab_data::machine::Machine;
use lab_data::rows::Executor;
use lab_pool::jobs::Source;
use lab_pool::jobs::command::CommandRequest;
use lab_pool::{Job, Pool, Trial};
use std::fmt::Write;

/// A command that says no more than a number ends within this time, in nanoseconds.
const PATIENCE_NS: u64 = 5_000_000_000;

impl Rig {
    /// What may be used here, in words.
    pub(crate) fn facts(&mut self) -> String {
        let runtimes = self.runtimes.clone();
        text(&mut self.bench.pool, &runtimes)
    }
}

/// All of it, in less than a screen.
pub(crate) fn text(pool: &mut Pool, runtimes: &[Runtime]) -> String {
    let cores = Machine::read().cores;
    let mut text = "What may be used here?\n".to_owned();
    let mut line = |label: &str, value: &str| {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "  {label:<42} {value:>5}");
    };
    line("cores of this machine", &cores.logical.to_string());
    line("  of which share no core with another", &cores.physical.to_string());
    let affinity = cores.affinity.map(|cores| cores.to_string());
    line("cores that this process may run on", &affinity.unwrap_or_else(|| "?".to_owned()));
    let quota = cores.quota.map(|quota| format!("{quota}"));
    line("cores' worth of time that it gets (quota)", quota.as_deref().unwrap_or("all"));
    line("so workers that compute are best started:", &best(cores.granted()).to_string());
    text.push_str("Who says what?\n");
    for runtime in runtimes.iter().filter(|runtime| !runtime.is_model()) {
        for (name, job) in questions(runtime) {
            let says = ask(pool, runtime, job).unwrap_or_else(|| "–".to_owned());
            let _ = writeln!(text, "  {:<42} {says:>5}", format!("{}: {name}", runtime.title()));
        }
    }
    text.push('\n');
    text
}

/// As many as run at once all the time, and one at least.
fn best(granted: f64) -> u32 {
    (granted.floor() as u32).max(1)
}

fn questions(runtime: &Runtime) -> Vec<(String, Job)> {
    let nproc =
        CommandRequest { program: "nproc".into(), args: Vec::new(), timeout_ns: PATIENCE_NS };
    let (sources, command) = if runtime.is_native() {
        let sources = vec![Source::AvailableParallelism, Source::NumCpus, Source::Affinity];
        (sources, Some(("nproc".to_owned(), Job::command(nproc))))
    } else {
        (vec![Source::CpuCount, Source::ProcessCpuCount, Source::Affinity], None)
    };
    let functions = sources.into_iter().map(|source| (source.to_string(), Job::cores(source)));
    functions.chain(command).collect()
}

/// The answer; none where there is none, say, in a version that has no such function.
fn ask(pool: &mut Pool, runtime: &Runtime, job: Job) -> Option<String> {
    let runtime = runtime.name.parse().ok()?;
    let report = pool.run(&Trial::new(runtime, Executor::Serial, 1, vec![job]));
    let answered = report.ok()?.jobs.into_iter().next()?.report;
    // A command's answer begins with its peak memory.
    let says = answered.answer.to_string();
    let says = says.rsplit(':').next().map(str::to_owned);
    says.filter(|_| answered.error.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_fraction_of_a_core_no_worker_can_run_all_the_time_but_one_must_run() {
        for (granted, workers) in [(0.5, 1), (1.0, 1), (1.5, 1), (2.0, 2), (63.9, 63)] {
            assert_eq!(best(granted), workers);
        }
    }
}
