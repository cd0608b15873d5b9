//! Where pages come from: the laboratory's own origin, or the addresses of `--urls`.

use crate::options::Io;
use crate::recording::PAGE_PATHS;
use anyhow::{Context, Result, bail, ensure};
use lab_jobs::Job;
use lab_jobs::page::{PageAnswer, PageRequest, check_url};
use lab_origin::{Origin, Request, Script};
use lab_pool::TrialReport;
use lab_record::run::RunInfo;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// The article gives a page up after so long.
const TIMEOUT: Duration = Duration::from_secs(5);
/// A page that is longer is given up.
const LONGEST_PAGE: u64 = 10 * 1024 * 1024;
/// The pages of the laboratory are the same in every run.
const SEED: u64 = 2018;

/// The pages of a run.
#[derive(Debug)]
pub(crate) struct Pages {
    origin: Option<Origin>,
    jobs: Vec<Job>,
}

impl Pages {
    /// The pages of `--urls`, or `number` pages of an origin that is started for them, with
    /// `scale` times the article's times.
    pub(crate) fn open(
        options: &Io,
        number: usize,
        scale: f64,
        info: &mut RunInfo,
    ) -> Result<Pages> {
        let timeout = options.timeout.unwrap_or(TIMEOUT);
        let request = |url: String, expect| {
            Job::Page(PageRequest {
                url,
                timeout_ns: u64::try_from(timeout.as_nanos()).unwrap_or(u64::MAX),
                max_bytes: LONGEST_PAGE,
                expect,
            })
        };
        let mut note = |name: &str, value: serde_json::Value| {
            info.settings.insert(name.to_owned(), value);
        };
        if let Some(file) = &options.urls {
            let jobs: Vec<Job> = read_urls(file)?
                .into_iter()
                .map(|url| request(url, None))
                .collect();
            note("pages", jobs.len().into());
            note("pages_from", file.display().to_string().into());
            return Ok(Pages { origin: None, jobs });
        }
        let script = Script::article(number, scale, SEED);
        note("pages", number.into());
        note("pages_from", "origin".into());
        note("page_scale", scale.into());
        note("page_seed", SEED.into());
        let paths: Vec<&str> = script.pages.iter().map(|page| page.path.as_str()).collect();
        note(PAGE_PATHS, paths.into());
        let origin = Origin::start(&Origin::command()?, script)?;
        let jobs = origin
            .script()
            .pages
            .iter()
            .map(|page| {
                let answer = PageAnswer {
                    status: 200,
                    length: page.body_bytes,
                    crc32: page.crc32,
                };
                request(origin.url(&page.path), Some(answer))
            })
            .collect();
        Ok(Pages {
            origin: Some(origin),
            jobs,
        })
    }

    /// An origin without pages: for its echo.
    pub(crate) fn none() -> Result<Pages> {
        let origin = Origin::start(&Origin::command()?, Script::new(SEED))?;
        Ok(Pages {
            origin: Some(origin),
            jobs: Vec::new(),
        })
    }

    /// Where the origin echoes.
    pub(crate) fn echo_port(&self) -> Option<u16> {
        self.origin.as_ref().map(Origin::echo_port)
    }

    pub(crate) fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// The addresses of the origin's pages, and how long each takes.
    pub(crate) fn delays(&self) -> impl Iterator<Item = (String, Duration)> {
        self.origin.iter().flat_map(|origin| {
            origin.script().pages.iter().map(|page| {
                let delay = Duration::from_nanos(page.delay_ns);
                (origin.url(&page.path), delay)
            })
        })
    }

    pub(crate) fn origin_cpu_ns(&self) -> Option<u64> {
        self.origin.as_ref()?.cpu_ns()
    }

    /// What the origin saw of the trial that just ended. Every page that a worker says it loaded
    /// must have been served whole, once for each load.
    pub(crate) fn take_requests(&mut self, trial: &TrialReport) -> Result<Vec<Request>> {
        let Some(origin) = &mut self.origin else {
            return Ok(Vec::new());
        };
        let requests = origin.take()?;
        let mut served: BTreeMap<&str, usize> = BTreeMap::new();
        for request in requests.iter().filter(|request| !request.aborted) {
            *served.entry(&request.path).or_default() += 1;
        }
        let loaded = trial
            .jobs
            .iter()
            .filter(|job| job.report.error.is_none())
            .filter_map(|job| origin.script().pages.get(job.job));
        for page in loaded {
            match served.get_mut(page.path.as_str()) {
                Some(times) if *times > 0 => *times -= 1,
                _ => bail!(
                    "a worker says that it loaded {}, and the origin did not serve it: the run \
                     cannot be trusted; run it again",
                    page.path
                ),
            }
        }
        Ok(requests)
    }
}

/// The addresses in a file: one a line; empty lines and what follows a `#` at the start of a word
/// are left out.
fn read_urls(file: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    let urls = parse_urls(&text).with_context(|| file.display().to_string())?;
    ensure!(
        !urls.is_empty(),
        "{} holds no address: write one a line, such as https://example.org/",
        file.display()
    );
    Ok(urls)
}

fn parse_urls(text: &str) -> Result<Vec<String>> {
    let mut urls = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let comment = line
            .match_indices('#')
            .map(|(at, _)| at)
            .find(|&at| at == 0 || line[..at].ends_with(char::is_whitespace));
        let url = line[..comment.unwrap_or(line.len())].trim();
        if !url.is_empty() {
            check_url(url).with_context(|| format!("line {}", number + 1))?;
            urls.push(url.to_owned());
        }
    }
    Ok(urls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_empty_lines_are_no_addresses() {
        let text = "# mine\n\nhttp://a.example/x#part  # that one\n  https://b.example  \n";
        assert_eq!(
            parse_urls(text).unwrap(),
            ["http://a.example/x#part", "https://b.example"]
        );
    }

    #[test]
    fn a_bad_line_is_named_with_its_number() {
        for bad in ["ftp://a.example", "a.example", "http://", "http://a b"] {
            let text = format!("http://a.example\n{bad}\n");
            let error = format!("{:#}", parse_urls(&text).unwrap_err());
            assert!(error.starts_with("line 2: "), "{error}");
        }
    }
}
