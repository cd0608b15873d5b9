//! The other end of the pipe: a worker process, which does one job after another.
//!
//! It ends when its pool lets it end, and at once when the pool's process is gone, however that
//! ended, also in the middle of a job. The thread that does the jobs reads them, too: a job costs
//! one wake-up and no more.

use crate::http::Loader;
use crate::jobs::{Amount, Job, Report, Tracking, perform};
use crate::process::{Error, Inbox, reply, system};
use crate::protocol::{FromWorker, Packed, ToWorker, VERSION, gil};
use crate::work::{Host, JobContext, Locked, Native, Shared};
use lab_data::clock;
use lab_data::usage::{peak_rss_bytes, thread_run_delay_ns};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Serves the pool on stdin and stdout until it is to finish.
pub fn serve() -> ExitCode {
    match serve_until_finish() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn serve_until_finish() -> Result<(), Error> {
    let loader = Loader::new();
    let hello = FromWorker::Hello { version: VERSION, ready_ns: clock::now_ns() };
    reply(&hello, &[])?;
    // While the first job is on its way.
    let mut inbox = Inbox::open()?;
    while let Some(message) = inbox.receive()? {
        match message {
            ToWorker::Job { job, work, gil_interval_ns, tracking } => {
                let run = |stop: &AtomicBool| match gil_interval_ns.map(gil) {
                    None => run_on(Native, &work, tracking, stop, &loader),
                    Some(gil) => run_on(Locked::take(&gil), &work, tracking, stop, &loader),
                };
                let report = match work.amount() {
                    Some(Amount::UntilStopped) => run_until_stopped(&mut inbox, run)?,
                    _ => run(&AtomicBool::new(false)),
                };
                let (packed, samples, others) = Packed::new(job, report);
                let done = FromWorker::Done(Box::new(packed));
                reply(&done, &[samples.times_ns(), &others])?;
            }
            ToWorker::Stop => {}
            ToWorker::Finish => {
                let end = FromWorker::End {
                    run_delay_ns: thread_run_delay_ns(),
                    peak_rss_bytes: peak_rss_bytes(),
                };
                return reply(&end, &[]);
            }
        }
    }
    Ok(())
}

/// Runs a job in the background, while another thread waits for the word that ends it: nothing else
/// is said to a worker that has a job.
fn run_until_stopped(
    inbox: &mut Inbox,
    run: impl FnOnce(&AtomicBool) -> Report,
) -> Result<Report, Error> {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let listen = || {
            let word = inbox.receive::<ToWorker>();
            stop.store(true, Ordering::Relaxed);
            word
        };
        let listener = thread::Builder::new().spawn_scoped(scope, listen).map_err(system)?;
        let report = run(&stop);
        // Without an answer the listener has panicked, and the job was not stopped.
        listener.join().unwrap_or(Ok(None)).map(|_| report)
    })
}

fn run_on(
    host: impl Host,
    work: &Job,
    tracking: Tracking,
    stop: &AtomicBool,
    loader: &Loader,
) -> Report {
    let shared = Shared::default();
    let context = JobContext::new(host, tracking, stop, &shared, loader);
    perform(work, &mut { context })
}
