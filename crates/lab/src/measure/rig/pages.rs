//! Where pages come from: origins of the laboratory's own, or the addresses of `--urls`.
//!
//! A run may have several sets of pages, such as short ones and long ones. Each has an origin of its
//! own, whose pages are numbered from 1, so that job i of an arm always loads page i + 1 of its set.

use super::urls::Urls;
use crate::options::Io;
use anyhow::{Result, bail};
use lab_data::run::{PageSet, RunInfo};
use lab_pool::jobs::Job;
use lab_pool::jobs::page::{PageAnswer, PageRequest, ignored_proxy};
use lab_pool::origin::{Origin, Request, Script};
use lab_pool::{JobReport, TrialReport};
use std::collections::BTreeMap;
use std::time::Duration;

/// The article gives a page up after this time.
const TIMEOUT: Duration = Duration::from_secs(5);
/// A page that is longer is given up.
const LONGEST_PAGE: u64 = 10 * 1024 * 1024;
/// The pages of the laboratory are the same in every run.
const SEED: u64 = 2018;

/// Pages that an origin serves.
#[derive(Clone, Debug)]
pub(crate) enum Served {
    /// This many, which take `scale` times the article's times.
    Article { pages: u32, scale: f64 },
    /// Each takes this long, in nanoseconds.
    Lasting(Vec<u64>),
}

impl Served {
    pub(crate) fn pages(&self) -> u32 {
        match self {
            Served::Article { pages, .. } => *pages,
            Served::Lasting(times) => times.len() as u32,
        }
    }
}

/// A set of pages.
#[derive(Debug)]
pub(crate) struct Pages {
    source: Source,
    jobs: Vec<Job>,
}

/// Where they come from.
#[derive(Debug)]
enum Source {
    /// The addresses of `--urls`.
    Urls,
    /// An origin of the laboratory's own.
    Origin(Box<Origin>),
    /// Nowhere: they take their time in virtual time. Where they would be.
    Simulated(Script, String),
}

impl Pages {
    /// The pages of `--urls`.
    pub(super) fn of_urls(urls: &Urls, options: &Io, info: &mut RunInfo) -> Pages {
        let timeout = options.timeout.unwrap_or(TIMEOUT);
        let jobs: Vec<Job> =
            urls.addresses.iter().map(|url| page(url.clone(), timeout, None)).collect();
        info.settings.page_sets.push(PageSet::Urls {
            pages: u32::try_from(jobs.len()).unwrap_or(u32::MAX),
            file: urls.file.clone(),
        });
        if let Some(variable) = urls.addresses.iter().find_map(|url| ignored_proxy(url)) {
            info.warnings.push(format!(
                "{variable} is set and not used: every runtime loads the pages directly"
            ));
        }
        Pages { source: Source::Urls, jobs }
    }

    /// Pages of an origin that is started for them.
    pub(super) fn of_origin(set: Served, options: &Io, info: &mut RunInfo) -> Result<Pages> {
        let script = script(set, info);
        let origin = Origin::start(&Origin::command()?, script)?;
        let jobs = jobs(origin.script(), &origin.base_url(), options);
        Ok(Pages { source: Source::Origin(Box::new(origin)), jobs })
    }

    /// The same pages where nothing is loaded; `number` of the set.
    pub(super) fn simulated(set: Served, number: usize, options: &Io, info: &mut RunInfo) -> Pages {
        let script = script(set, info);
        let base_url = format!("http://127.0.0.1:{}", number + 1);
        let jobs = jobs(&script, &base_url, options);
        Pages { source: Source::Simulated(script, base_url), jobs }
    }

    /// An origin without pages: for its echo.
    pub(crate) fn none() -> Result<Pages> {
        let origin = Origin::start(&Origin::command()?, Script::new(SEED))?;
        Ok(Pages { source: Source::Origin(Box::new(origin)), jobs: Vec::new() })
    }

    /// Where the origin echoes.
    pub(crate) fn echo_port(&self) -> Option<u16> {
        match &self.source {
            Source::Origin(origin) => Some(origin.echo_port()),
            _ => None,
        }
    }

    pub(crate) fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// The addresses of the origin's pages, and how long each takes.
    pub(crate) fn delays(&self) -> impl Iterator<Item = (String, Duration)> {
        let (script, base_url) = match &self.source {
            Source::Urls => (None, String::new()),
            Source::Origin(origin) => (Some(origin.script()), origin.base_url()),
            Source::Simulated(script, base_url) => (Some(script), base_url.clone()),
        };
        script.into_iter().flat_map(|script| &script.pages).map(move |page| {
            (format!("{base_url}{}", page.path), Duration::from_nanos(page.delay_ns))
        })
    }

    pub(crate) fn origin_cpu_ns(&self) -> Option<u64> {
        match &self.source {
            Source::Origin(origin) => origin.cpu_ns(),
            Source::Urls | Source::Simulated(..) => Some(0),
        }
    }

    /// What the origin saw of the trial of these jobs that just ended. Every page that a worker says
    /// it loaded must have been served whole, once for each load.
    pub(crate) fn take_requests(
        &mut self,
        jobs: &[Job],
        trial: &TrialReport,
        is_simulated: bool,
    ) -> Result<Vec<Request>> {
        let origin = match &mut self.source {
            Source::Urls => return Ok(Vec::new()),
            Source::Simulated(script, base_url) => {
                return Ok(simulated_requests(script, base_url, jobs, trial));
            }
            Source::Origin(origin) if is_simulated => {
                let base_url = origin.base_url();
                return Ok(simulated_requests(origin.script(), &base_url, jobs, trial));
            }
            Source::Origin(origin) => origin,
        };
        let requests = origin.take()?;
        let mut served: BTreeMap<&str, usize> = BTreeMap::new();
        for request in requests.iter().filter(|request| !request.aborted) {
            *served.entry(&request.path).or_default() += 1;
        }
        let base_url = origin.base_url();
        let loaded =
            trial.jobs.iter().filter(|job| job.report.error.is_none()).filter_map(|job| match jobs
                .get(
                job.job,
            )? {
                Job::Page(request) => request.url.strip_prefix(&base_url),
                _ => None,
            });
        for path in loaded {
            match served.get_mut(path) {
                Some(times) if *times > 0 => *times -= 1,
                _ => bail!(
                    "a worker says that it loaded {path}, and the origin did not serve it: the run \
                     cannot be trusted; run it again"
                ),
            }
        }
        Ok(requests)
    }
}

/// What an origin is to serve, which is noted.
fn script(set: Served, info: &mut RunInfo) -> Script {
    let (script, set) = match set {
        Served::Article { pages, scale } => (
            Script::article(pages as usize, scale, SEED),
            PageSet::Article { pages, scale, seed: SEED },
        ),
        Served::Lasting(delays_ns) => {
            (Script::lasting(&delays_ns, SEED), PageSet::Delays { delays_ns })
        }
    };
    info.settings.page_sets.push(set);
    note_paths(info, &script);
    script
}

/// The pages of an origin at this address. One that takes longer than the article's patience on purpose
/// gets its time besides.
fn jobs(script: &Script, base_url: &str, options: &Io) -> Vec<Job> {
    let timeout = |delay_ns| match options.timeout {
        Some(asked) => asked,
        None => TIMEOUT + Duration::from_nanos(delay_ns),
    };
    let jobs = script.pages.iter().map(|served| {
        let answer = PageAnswer { status: 200, length: served.body_bytes, crc32: served.crc32 };
        let url = format!("{base_url}{}", served.path);
        page(url, timeout(served.delay_ns), Some(answer))
    });
    jobs.collect()
}

/// What an origin would have seen: it serves a page while the client does not compute.
fn simulated_requests(
    script: &Script,
    base_url: &str,
    jobs: &[Job],
    trial: &TrialReport,
) -> Vec<Request> {
    let served = trial.jobs.iter().filter_map(|JobReport { job, report, .. }| {
        let Job::Page(request) = jobs.get(*job)? else { return None };
        let path = request.url.strip_prefix(base_url)?;
        let page = script.pages.iter().find(|page| page.path == path)?;
        let computes_ns = report.cpu_ns.unwrap_or_default();
        Some(Request {
            path: path.to_owned(),
            accepted_ns: report.start_ns + computes_ns / 2,
            service_ns: report.end_ns.saturating_sub(report.start_ns + computes_ns),
            status: Some(200),
            bytes: page.body_bytes,
            aborted: false,
        })
    });
    served.collect()
}

fn page(url: String, timeout: Duration, expect: Option<PageAnswer>) -> Job {
    Job::page(PageRequest {
        url,
        timeout_ns: u64::try_from(timeout.as_nanos()).unwrap_or(u64::MAX),
        max_bytes: LONGEST_PAGE,
        expect,
    })
}

/// Where the page of each job lies, which is the same in all sets: the paths of the largest.
fn note_paths(info: &mut RunInfo, script: &Script) {
    if info.settings.page_paths.len() < script.pages.len() {
        let paths = script.pages.iter().map(|page| page.path.clone());
        info.settings.page_paths = paths.collect();
    }
}
