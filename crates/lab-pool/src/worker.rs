//! The other end of the pipe: a worker process, which does one job after another.
//!
//! It ends when its pool lets it go, and at once when the pool's process is gone, however that
//! ended: a thread of its own reads what the pool says, also while a job runs.

use crate::locked::Locked;
use crate::protocol::{Answer, FromWorker, ToWorker, VERSION};
use lab_child::{Inbox, reply, to_bytes};
use lab_jobs::{Desk, Host, Job, Native, Report, Tracking, page::Loader, perform};
use lab_record::clock;
use lab_record::usage::{peak_rss_bytes, thread_run_delay_ns};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Serves the pool on stdin and stdout until it is let go.
pub fn serve() -> ExitCode {
    match serve_until_finish() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn serve_until_finish() -> Result<(), lab_child::Error> {
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    let inbox = Inbox::open(move |line: &str| {
        let is_stop = matches!(serde_json::from_str(line), Ok(ToWorker::Stop));
        if is_stop {
            told.store(true, Ordering::Relaxed);
        }
        is_stop
    })?;
    let loader = Loader::new();
    let hello = FromWorker::Hello {
        version: VERSION,
        ready_ns: clock::now_ns(),
    };
    reply(&hello, &[])?;
    while let Some(message) = inbox.next()? {
        match message {
            ToWorker::Job {
                job,
                work,
                under,
                tracking,
            } => {
                let report = match under.gil() {
                    None => run(&work, Native, tracking, &stop, &loader),
                    Some(gil) => run(&work, Locked::take(&gil), tracking, &stop, &loader),
                };
                let (answer, integers) = Answer::pack(job, report);
                reply(&FromWorker::Done(Box::new(answer)), &to_bytes(&integers))?;
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

fn run(
    work: &Job,
    host: impl Host,
    tracking: Tracking,
    stop: &AtomicBool,
    loader: &Loader,
) -> Report {
    let mut desk = Desk {
        host,
        tracking,
        stop,
        counter: None,
        loader,
    };
    perform(work, &mut desk)
}
