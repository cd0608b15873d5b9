//! One interpreter as a child: started before its first trial, and given one trial after another.

use super::message::{Done, End, FromPython, MAX_SAMPLES, Order, VERSION};
use super::report::job_report;
use super::{Identity, Interpreter};
use crate::error::PoolError;
use crate::jobs::Job;
use crate::limits::Limits;
use crate::process::{Child, ChildCommand};
use crate::trial::{JobReport, Trial, TrialReport, audit_counter};
use lab_data::clock;
use lab_data::rows::Executor;
use lab_data::usage::Meter;
use std::time::{Duration, Instant};

/// It starts within this time.
const START: Duration = Duration::from_secs(30);
/// It sends the results of a trial within this time.
const RESULTS: Duration = Duration::from_secs(60);
/// Computing takes about this many times as long as in Rust, one job at a time.
const SLOWER: u64 = 30;

/// What runs there.
pub(super) const WORKER: &str = concat!(
    include_str!("jobs.py"),
    include_str!("jobs_counters.py"),
    include_str!("pages.py"),
    include_str!("tasks.py"),
    include_str!("costs.py"),
    include_str!("interpreters.py"),
    include_str!("costs_of_workers.py"),
    include_str!("doing.py"),
    include_str!("watch.py"),
    include_str!("trial.py"),
    include_str!("worker.py")
);

/// Compiles the next argument into a file of memory, and starts the interpreter again on it. The
/// process stays the same, so the name of the file stays right. Compiled, since every process that
/// is started with spawn loads it: from source that takes 10 ms.
const BOOTSTRAP: &str = "\
import importlib.util, marshal, os, sys
code = compile(sys.argv[1], 'worker.py', 'exec')
fd = os.memfd_create('worker.py', 0)
os.write(fd, importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(code))
path = '/proc/%d/fd/%d' % (os.getpid(), fd)
if not os.path.exists(path):
    sys.exit('/proc does not show this process: mount the proc file system of this container')
os.execv(sys.executable, [sys.executable, *sys.argv[2:], '-I', path])
";

/// An interpreter, and the process in which it runs.
#[derive(Debug)]
pub(crate) struct Python {
    interpreter: Interpreter,
    /// None after a trial that failed.
    child: Option<Child>,
}

impl Python {
    /// Starts it.
    ///
    /// # Errors
    /// If it does not start, or says that it cannot run trials here.
    pub(crate) fn start(interpreter: Interpreter) -> Result<Python, PoolError> {
        let child = start(&interpreter)?;
        Ok(Python { interpreter, child: Some(child) })
    }

    /// The name of its runtime.
    pub(crate) fn runtime(&self) -> &str {
        &self.interpreter.runtime
    }

    /// Whether it has pools of interpreters.
    pub(crate) fn has_interpreters(&self) -> bool {
        self.interpreter.is.interpreters
    }

    /// The process, while there is one.
    #[cfg(test)]
    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::pid)
    }

    /// Runs the trial; its pool is made and closed over there. After an error the interpreter and
    /// all that it started are gone, and the next trial starts it anew.
    ///
    /// # Errors
    /// If it cannot be started, dies, hangs or breaks the protocol: with its last line on stderr.
    pub(crate) fn run(&mut self, trial: &Trial) -> Result<TrialReport, PoolError> {
        check(trial)?;
        if trial.executor == Executor::Interpreters && !self.has_interpreters() {
            return Err(PoolError::Refused(format!(
                "{} has no interpreters (concurrent.futures.InterpreterPoolExecutor); Python 3.14 and \
                 later have them",
                self.runtime()
            )));
        }
        let mut child = match self.child.take() {
            Some(child) => child,
            None => start(&self.interpreter)?,
        };
        let _limits = Limits::enter(trial.limit, Some(child.pid()))?;
        let (mut report, is) = converse(&mut child, trial, patience(trial))?;
        match is.differs_from(&self.interpreter.is) {
            None => self.child = Some(child),
            // The next trial has one that is again what it was.
            Some(what) => {
                for job in &mut report.jobs {
                    job.report.error.get_or_insert(format!("{what} during the run"));
                }
            }
        }
        Ok(report)
    }
}

pub(super) fn start(interpreter: &Interpreter) -> Result<Child, PoolError> {
    let mut child = Child::start(&command(interpreter))?;
    let hello = child.receive(Instant::now() + START)?;
    match hello.parse()? {
        FromPython::Hello { version: VERSION, is } => match is.differs_from(&interpreter.is) {
            None => Ok(child),
            Some(what) => Err(PoolError::Impossible {
                who: child.name().to_owned(),
                what: format!("since it was asked what it is, {what}"),
            }),
        },
        FromPython::Failed { what } => Err(given_up(&child, what)),
        _ => Err(PoolError::out_of_order(child.name(), hello.line)),
    }
}

fn given_up(child: &Child, what: String) -> PoolError {
    PoolError::Python { interpreter: child.name().to_owned(), what }
}

/// How the interpreter is started: isolated from the user's packages and from variables that change
/// how Python runs.
pub(super) fn command(interpreter: &Interpreter) -> ChildCommand {
    let executable = &interpreter.executable;
    let name = format!("{} ({})", interpreter.runtime, executable.display());
    let options = Interpreter::options(interpreter.gil_option);
    ChildCommand::new(name, executable.as_path())
        .args(&options)
        .args(["-I", "-c", BOOTSTRAP, WORKER])
        .args(&options)
}

/// And what the interpreter is after it.
pub(super) fn converse(
    child: &mut Child,
    trial: &Trial,
    patience: Duration,
) -> Result<(TrialReport, Identity), PoolError> {
    let (deadline, sent_ns) = (Instant::now() + patience, clock::now_ns());
    let meter = Meter::start();
    child.send(&Order::new(trial), deadline)?;
    let frame = child.receive(deadline)?;
    let (cost, heard_ns) = (meter.stop(), clock::now_ns());
    let end = match frame.parse()? {
        FromPython::End(end) => end,
        FromPython::Failed { what } => return Err(given_up(child, what)),
        _ => return Err(PoolError::out_of_order(child.name(), frame.line)),
    };
    let mut jobs = results(child, trial, &end)?;
    audit_counter(trial, &mut jobs, end.counter);
    let mut cost = cost;
    cost.own = end.own.plus(cost.own);
    cost.children = end.children.plus(cost.children);
    let report = TrialReport {
        zero_ns: end.zero_ns,
        ready_ns: end.ready_ns,
        answered_ns: end.answered_ns,
        closed_ns: end.closed_ns,
        jobs,
        start_method: end.start_method,
        run_delay_ns: end.run_delay_ns,
        peak_rss_bytes: end.peak_rss_bytes,
        cost,
    };
    report
        .check_times(trial, sent_ns, heard_ns)
        .map_err(|what| PoolError::Impossible { who: child.name().to_owned(), what })?;
    Ok((report, end.is))
}

/// One result for each job of the trial.
fn results(child: &mut Child, trial: &Trial, end: &End) -> Result<Vec<JobReport>, PoolError> {
    let deadline = Instant::now() + RESULTS;
    let expected = trial.jobs.len() + trial.background.len();
    if end.results != expected {
        let detail = format!("{} results instead of {expected}", end.results);
        return Err(PoolError::out_of_order(child.name(), detail));
    }
    let mut jobs = Vec::with_capacity(expected);
    for job in 0..expected {
        let frame = child.receive(deadline)?;
        let FromPython::Result(done) = frame.parse()? else {
            return Err(PoolError::out_of_order(child.name(), frame.line));
        };
        let workers = trial.workers + trial.background.len();
        if done.job != job || done.worker >= workers {
            let Done { job: other, worker, .. } = *done;
            let detail =
                format!("job {other} of worker {worker} instead of job {job} of {workers} workers");
            return Err(PoolError::out_of_order(child.name(), detail));
        }
        let report = job_report(trial, *done, &frame.integers)
            .map_err(|detail| PoolError::out_of_order(child.name(), detail))?;
        jobs.push(report);
    }
    Ok(jobs)
}

/// Refuses what would not fit into the interpreter's memory or its messages.
fn check(trial: &Trial) -> Result<(), PoolError> {
    let too_long = |job: &&Job| job.readings() > MAX_SAMPLES;
    match trial.jobs.iter().find(too_long) {
        None => Ok(()),
        Some(job) => Err(PoolError::Refused(format!(
            "{} cannot run this {} job: in CPython it keeps every sample, and there is room for \
             {MAX_SAMPLES}",
            trial.executor,
            job.kind()
        ))),
    }
}

/// How long a trial may take before it is given up.
fn patience(trial: &Trial) -> Duration {
    const AT_LEAST: Duration = Duration::from_secs(60);
    AT_LEAST.saturating_add(trial.jobs_take(SLOWER))
}
