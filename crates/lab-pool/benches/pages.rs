//! 256 pages on 64 threads and on 64 tasks, beside what nobody can beat: list scheduling of the
//! times for which the origin says it served them, in that very trial.
//!
//! `cargo bench -p lab-pool --bench pages` prints medians of many trials of pages with the
//! article's times at a tenth, `-- --csv` every trial as a line, `-- --quick` takes fewer.
#![allow(clippy::unwrap_used, reason = "a benchmark that fails is to stop")]

mod bench;

use bench::{Asked, Pair, pool, trial};
use lab_data::rows::Executor;
use lab_pool::jobs::Job;
use lab_pool::jobs::page::{PageAnswer, PageRequest};
use lab_pool::origin::{ARGUMENT, Origin, Script, serve_child};
use lab_pool::{Start, Trial};
use lab_stats::bounds::{list_scheduling, makespan};
use std::process::ExitCode;

const PAGES: usize = 256;
const WORKERS: usize = 64;
/// Of the article's times.
const SCALE: f64 = 0.1;
const SEED: u64 = 1;
const ROUNDS: usize = 31;
/// A page is given up after so long.
const TIMEOUT_NS: u64 = 10_000_000_000;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(ARGUMENT) {
        return serve_child();
    }
    let asked = Asked::read();
    if asked.bench {
        lab_pool::process::raise_file_limit();
        asked.head();
        pages(asked);
    }
    ExitCode::SUCCESS
}

fn pages(asked: Asked) {
    let script = Script::article(PAGES, SCALE, SEED);
    let mut origin = Origin::start(&Origin::command().unwrap(), script).unwrap();
    let jobs = jobs(&origin);
    let mut pool = pool();
    for executor in [Executor::Threads, Executor::Async] {
        let pair = Pair {
            what: "pages",
            executor,
            workers: WORKERS,
            jobs: PAGES,
            bare: "list scheduling",
        };
        let trial = Trial { jobs: jobs.clone(), ..trial(executor, WORKERS, Start::Cold, 0) };
        asked.pair(pair, ROUNDS, || {
            let report = pool.run(&trial).unwrap();
            let errors: Vec<_> =
                report.jobs.iter().filter_map(|j| j.report.error.as_ref()).collect();
            assert!(errors.is_empty(), "{errors:?}");
            let took = report.answered_ns - report.zero_ns;
            (took as f64, bound(&mut origin))
        });
    }
    origin.end().unwrap();
}

fn jobs(origin: &Origin) -> Vec<Job> {
    let pages = origin.script().pages.iter();
    let job = |page: &lab_pool::origin::Page| {
        Job::Page(PageRequest {
            url: origin.url(&page.path),
            timeout_ns: TIMEOUT_NS,
            max_bytes: page.body_bytes,
            expect: Some(PageAnswer { status: 200, length: page.body_bytes, crc32: page.crc32 }),
        })
    };
    pages.map(job).collect()
}

/// Of the trial that just ended.
fn bound(origin: &mut Origin) -> f64 {
    let requests = origin.take().unwrap();
    let service_ns = |page: &lab_pool::origin::Page| {
        let request = requests.iter().find(|request| request.path == page.path);
        request.unwrap().service_ns
    };
    let times: Vec<u64> = origin.script().pages.iter().map(service_ns).collect();
    makespan(&list_scheduling(&times, WORKERS).unwrap()) as f64
}
