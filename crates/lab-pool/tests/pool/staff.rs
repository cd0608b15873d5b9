//! What the tests share: trials, the worker processes of one test and whether they are gone, and
//! whom jobs talk to.

use lab_data::rows::Executor;
use lab_pool::jobs::page::PageRequest;
use lab_pool::process::ChildCommand;
use lab_pool::{Job, Pool, Runtime, Start, Trial, TrialReport};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub const FIXTURE: &str = env!("CARGO_BIN_EXE_pool-fixture");

/// What must happen happens within this time on the slowest machine that is worth waiting for.
const LIMIT: Duration = Duration::from_secs(60);

/// A warm trial without background.
pub fn trial(executor: Executor, workers: usize, jobs: Vec<Job>) -> Trial {
    Trial { start: Start::Warm, ..Trial::new(Runtime::Rust, executor, workers, jobs) }
}

/// Panics if the report is not one of this trial, done right.
pub fn check(trial: &Trial, report: &TrialReport) {
    let numbers: Vec<usize> = report.jobs.iter().map(|job| job.job).collect();
    let all = trial.jobs.len() + trial.background.len();
    assert_eq!(numbers, (0..all).collect::<Vec<_>>(), "{trial:?}");
    assert!(report.zero_ns <= report.ready_ns, "{trial:?}");
    assert!(report.ready_ns <= report.closed_ns, "{trial:?}");
    assert!(report.answered_ns <= report.closed_ns, "{trial:?}");
    let background = trial.background.iter().map(|background| &background.job);
    for (i, (job, asked)) in report.jobs.iter().zip(trial.jobs.iter().chain(background)).enumerate()
    {
        assert_eq!(job.report.error, None, "{trial:?}");
        asked.check(job.report.count, &job.report.answer).unwrap();
        assert!(job.submitted_ns <= job.report.start_ns, "{trial:?} {job:?}");
        if i >= trial.jobs.len() {
            assert_eq!(job.worker, trial.workers + i - trial.jobs.len());
            assert!(job.report.count > 0, "{trial:?} {job:?}");
            continue;
        }
        assert!(job.worker < trial.workers, "{trial:?} {job:?}");
        let times = [
            report.zero_ns,
            job.submitted_ns,
            job.report.start_ns,
            job.report.end_ns,
            report.answered_ns,
        ];
        assert!(times.is_sorted(), "{trial:?} {times:?}");
        if trial.start == Start::Warm {
            assert!(report.ready_ns <= job.submitted_ns, "{trial:?} {job:?}");
        }
    }
}

/// Runs the trial with good workers, none of which is left.
pub fn run(trial: &Trial) -> TrialReport {
    let staff = Staff::new();
    let report = staff.pool("good").run(trial).unwrap();
    check(trial, &report);
    let background = trial.background.iter().map(|background| background.executor);
    let processes = background.filter(|executor| *executor == Executor::Processes).count();
    let of_pool = if trial.executor == Executor::Processes { trial.workers } else { 0 };
    assert_eq!(staff.pids().len(), processes + of_pool);
    staff.assert_gone();
    report
}

/// Starts fixtures and knows their process ids.
pub struct Staff {
    folder: TempDir,
}

impl Staff {
    pub fn new() -> Staff {
        Staff { folder: tempfile::tempdir().unwrap() }
    }

    /// The arguments with which the fixture misbehaves in this way.
    pub fn arguments(&self, mode: &str) -> [PathBuf; 2] {
        [mode.into(), self.folder.path().into()]
    }

    /// A pool whose workers misbehave in this way.
    pub fn pool(&self, mode: &str) -> Pool {
        Pool::new(ChildCommand::new("worker", FIXTURE).args(self.arguments(mode)))
    }

    /// All that were started so far.
    pub fn pids(&self) -> Vec<u32> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        let names = files.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.map(|name| name.parse().unwrap()).collect()
    }

    /// Waits until this many were started.
    pub fn wait_for(&self, count: usize) -> Vec<u32> {
        until(|| self.pids().len() >= count, "they never started");
        self.pids()
    }

    /// Waits until this many have used a core for longer than anybody needs to start.
    pub fn wait_for_computing(&self, count: usize) {
        let has_computed = |pid: &u32| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/schedstat"));
            let cpu_ns = stat.ok().and_then(|stat| stat.split(' ').next()?.parse().ok());
            cpu_ns > Some(50_000_000u64)
        };
        let computing = || self.pids().iter().filter(|pid| has_computed(pid)).count();
        until(|| computing() >= count, "they never computed");
    }

    /// Panics if one of them is still a child of this process, or does not end.
    pub fn assert_gone(&self) {
        let own = format!("PPid:\t{}\n", std::process::id());
        for pid in self.pids() {
            let status = std::fs::read_to_string(format!("/proc/{pid}/status"));
            let is_child = status.unwrap_or_default().contains(&own);
            assert!(!is_child, "process {pid} was not reaped");
        }
        // A worker's own children are killed with it, but nobody waits for them here. A zombie has
        // no executable.
        let runs = |pid: &u32| {
            let exe = std::fs::read_link(format!("/proc/{pid}/exe"));
            exe.is_ok_and(|exe| exe == Path::new(FIXTURE))
        };
        until(|| !self.pids().iter().any(runs), "some live on");
    }
}

pub fn until(done: impl Fn() -> bool, otherwise: &str) {
    let deadline = Instant::now() + LIMIT;
    while !done() {
        assert!(Instant::now() < deadline, "{otherwise}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Answers every request with the same page for as long as the test's process lives; gives the job
/// that loads it.
pub fn page() -> Job {
    let port = serve(|mut stream| {
        let mut header = BufReader::new(&stream).lines();
        while header.next().unwrap().unwrap() != "" {}
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\n";
        let body = "The quick brown fox jumps over the lazy dog";
        stream.write_all((head.to_owned() + body).as_bytes()).unwrap();
    });
    page_at(port)
}

/// The job that loads that page from this port.
pub fn page_at(port: u16) -> Job {
    Job::page(PageRequest {
        url: format!("http://127.0.0.1:{port}/"),
        timeout_ns: 60_000_000_000,
        max_bytes: 1000,
        expect: Some("200:43:414fa339".parse().unwrap()),
    })
}

/// Sends every byte back; gives its port.
pub fn echo() -> u16 {
    serve(|mut stream| {
        stream.set_nodelay(true).unwrap();
        let mut byte = [0];
        // Until the client goes.
        while stream.read_exact(&mut byte).is_ok() && stream.write_all(&byte).is_ok() {}
    })
}

/// A port that nobody listens on.
pub fn nobody() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn serve(client: impl Fn(TcpStream) + Clone + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let client = client.clone();
            std::thread::spawn(move || client(stream));
        }
    });
    port
}
