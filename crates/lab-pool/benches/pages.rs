//! 256 pages on 64 threads and on 64 tasks, beside what nobody can beat: list scheduling of the
//! times for which the origin says it served them, in that very trial.
//!
//! `cargo bench -p lab-pool --bench pages` prints medians of many trials of pages with the
//! article's times at a tenth, `-- --quick` takes fewer.
#![allow(clippy::unwrap_used, reason = "a benchmark that fails is to stop")]

mod bench;

use bench::{begin, pair, pool, trial};
use lab_data::rows::Executor;
use lab_pool::jobs::page::{PageAnswer, PageRequest};
use lab_pool::origin::{ARGUMENT, Origin, Page, Script, serve_child};
use lab_pool::{Job, Start};
use lab_stats::bounds::{list_scheduling, makespan};
use std::process::ExitCode;

const PAGES: usize = 256;
const WORKERS: usize = 64;
/// Of the article's times.
const SCALE: f64 = 0.1;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(ARGUMENT) {
        return serve_child();
    }
    if begin() {
        let script = Script::article(PAGES, SCALE, 1);
        let mut origin = Origin::start(&Origin::command().unwrap(), script).unwrap();
        for executor in [Executor::Threads, Executor::Async] {
            let mut trial = trial(executor, WORKERS, Start::Cold, 0);
            trial.jobs = origin.script().pages.iter().map(|page| job(&origin, page)).collect();
            let mut pool = pool();
            pair(&format!("pages, {executor} {WORKERS} {PAGES}"), 31, || {
                let report = pool.run(&trial).unwrap();
                let errors = report.jobs.iter().filter_map(|job| job.report.error.as_ref());
                assert_eq!(errors.collect::<Vec<_>>(), [""; 0]);
                let took = report.answered_ns - report.zero_ns;
                (took as f64, bound(&mut origin))
            });
        }
        origin.end().unwrap();
    }
    ExitCode::SUCCESS
}

fn job(origin: &Origin, page: &Page) -> Job {
    Job::page(PageRequest {
        url: origin.url(&page.path),
        timeout_ns: 10_000_000_000,
        max_bytes: page.body_bytes,
        expect: Some(PageAnswer { status: 200, length: page.body_bytes, crc32: page.crc32 }),
    })
}

/// Of the trial that just ended.
fn bound(origin: &mut Origin) -> f64 {
    let requests = origin.take().unwrap();
    let service_ns = |page: &Page| {
        let request = requests.iter().find(|request| request.path == page.path);
        request.unwrap().service_ns
    };
    let times: Vec<u64> = origin.script().pages.iter().map(service_ns).collect();
    makespan(&list_scheduling(&times, WORKERS).unwrap()) as f64
}
