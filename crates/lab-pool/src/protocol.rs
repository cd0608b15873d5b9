//! What a pool and its worker processes say to one another: JSON lines, and after a line that
//! announces them raw 64-bit integers.

use crate::runtime::Runtime;
use crate::trial::Trial;
use lab_gil::threads::Options;
use lab_gil::{Gil, Interval};
use lab_jobs::{Job, Report, Tracking};
use lab_record::burst::{Samples, Span};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// The version that both sides must have; a binary that was not rebuilt is found out.
pub(crate) const VERSION: u32 = 3;

/// From the pool to a worker.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "kebab-case")]
pub(crate) enum ToWorker {
    /// Do this job.
    Job {
        /// Its number.
        job: usize,
        /// What to do.
        work: Job,
        /// In what to do it.
        under: Under,
        /// How to record it.
        tracking: Tracking,
    },
    /// End the job that runs until it is told to stop.
    Stop,
    /// Say what it all cost, and end.
    Finish,
}

/// In what a worker process does a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Under {
    /// Under nothing.
    Rust,
    /// Under a modelled GIL of its own.
    Gil {
        /// Its switch interval.
        interval_ns: u64,
    },
}

impl Under {
    /// What the trial's workers do their jobs in.
    pub(crate) fn of(trial: &Trial) -> Under {
        match trial.runtime {
            Runtime::Gil => Under::Gil {
                interval_ns: trial.switch_interval.ns(),
            },
            Runtime::Rust | Runtime::CPython(_) => Under::Rust,
        }
    }

    /// The lock, if there is one; an interval that is none counts as CPython's own.
    pub(crate) fn gil(self) -> Option<Arc<Gil>> {
        let Under::Gil { interval_ns } = self else {
            return None;
        };
        Some(Gil::with(Options {
            interval: Interval::new(Duration::from_nanos(interval_ns)).unwrap_or_default(),
            ..Options::default()
        }))
    }
}

/// From a worker to the pool.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "kebab-case")]
pub(crate) enum FromWorker {
    /// The worker can take a job.
    Hello {
        /// Of the protocol.
        version: u32,
        /// When it could take one, in nanoseconds of the shared clock.
        ready_ns: u64,
    },
    /// A job is done.
    Done(Box<Answer>),
    /// The worker ends.
    End {
        /// How long it was ready to run and had no core.
        run_delay_ns: Option<u64>,
        /// Its peak memory.
        peak_rss_bytes: Option<u64>,
    },
}

/// A [`Report`] whose samples, spans and changes of core follow the line as integers, in this order.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Answer {
    job: usize,
    start_ns: u64,
    end_ns: u64,
    cpu_ns: Option<u64>,
    count: u64,
    answer: lab_jobs::Answer,
    error: Option<String>,
    samples: usize,
    spans: usize,
    cores: usize,
}

/// Changes of core, as in [`Samples::cores`].
type Cores = Vec<(usize, u32)>;

const SPAN_INTEGERS: usize = 4;
const CORE_INTEGERS: usize = 2;

impl Answer {
    /// What says `report`: the line, and the samples and the integers that follow it.
    pub(crate) fn pack(job: usize, report: Report) -> (Answer, Samples, Vec<u64>) {
        let spans = report
            .spans
            .iter()
            .flat_map(|s| [s.start_ns, s.end_ns, s.samples, s.core.into()]);
        let cores = report.samples.cores().iter();
        let cores = cores.flat_map(|&(first, core)| [first as u64, core.into()]);
        let integers: Vec<u64> = spans.chain(cores).collect();
        let answer = Answer {
            job,
            start_ns: report.start_ns,
            end_ns: report.end_ns,
            cpu_ns: report.cpu_ns,
            count: report.count,
            answer: report.answer,
            error: report.error,
            samples: report.samples.len(),
            spans: report.spans.len(),
            cores: report.samples.cores().len(),
        };
        (answer, report.samples, integers)
    }

    /// The job's number and its report, or what is wrong with the message. The integers begin with
    /// the samples, so that those stay where they are.
    pub(crate) fn unpack(self, mut integers: Vec<u64>) -> Result<(usize, Report), String> {
        let (spans, cores) = self.behind_samples(&integers).ok_or_else(|| {
            format!(
                "it announced {} samples, {} spans and {} changes of core and sent {} integers",
                self.samples,
                self.spans,
                self.cores,
                integers.len()
            )
        })?;
        integers.truncate(self.samples);
        let samples = Samples::from_parts(integers, cores)
            .ok_or("its samples and their changes of core do not belong together")?;
        let report = Report {
            start_ns: self.start_ns,
            end_ns: self.end_ns,
            cpu_ns: self.cpu_ns,
            count: self.count,
            answer: self.answer,
            error: self.error,
            spans,
            samples,
        };
        Ok((self.job, report))
    }

    /// The spans and the changes of core; none if there are more integers or fewer.
    fn behind_samples(&self, integers: &[u64]) -> Option<(Vec<Span>, Cores)> {
        let (spans, cores) = integers
            .get(self.samples..)?
            .split_at_checked(self.spans.checked_mul(SPAN_INTEGERS)?)?;
        if self.cores.checked_mul(CORE_INTEGERS)? != cores.len() {
            return None;
        }
        let (spans, _) = spans.as_chunks::<SPAN_INTEGERS>();
        let (cores, _) = cores.as_chunks::<CORE_INTEGERS>();
        let spans = spans.iter().map(|&[start_ns, end_ns, samples, core]| Span {
            start_ns,
            end_ns,
            samples,
            core: core as u32,
        });
        let cores = cores
            .iter()
            .map(|&[first, core]| (first as usize, core as u32));
        Some((spans.collect(), cores.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_record::burst::Sample;

    fn report() -> Report {
        Report {
            start_ns: 1,
            end_ns: 9,
            cpu_ns: Some(7),
            count: 3,
            answer: 3.into(),
            error: None,
            spans: vec![Span {
                start_ns: 1,
                end_ns: 2,
                samples: 2,
                core: lab_record::clock::UNKNOWN_CORE,
            }],
            samples: [Sample { at_ns: 1, core: 0 }, Sample { at_ns: 2, core: 1 }]
                .into_iter()
                .collect(),
        }
    }

    fn packed() -> (Answer, Vec<u64>) {
        let (answer, samples, others) = Answer::pack(5, report());
        (answer, [samples.times_ns(), &others].concat())
    }

    #[test]
    fn a_report_survives_the_way_to_the_pool() {
        let (answer, integers) = packed();
        let line = serde_json::to_string(&FromWorker::Done(Box::new(answer))).unwrap();
        let FromWorker::Done(answer) = serde_json::from_str(&line).unwrap() else {
            panic!("{line}");
        };
        assert_eq!(answer.unpack(integers).unwrap(), (5, report()));
    }

    #[test]
    fn integers_that_are_missing_are_found() {
        let (answer, integers) = packed();
        let error = answer.unpack(integers[1..].to_vec()).unwrap_err();
        assert_eq!(
            error,
            "it announced 2 samples, 1 spans and 2 changes of core and sent 9 integers"
        );
    }
}
