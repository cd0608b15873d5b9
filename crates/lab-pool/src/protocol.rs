//! What a pool and its worker processes say to one another: JSON lines, and after a line that
//! announces them raw 64-bit integers.

use crate::jobs::{Job, Report, Tracking};
use lab_data::burst::{Samples, Span};
use lab_gil::threads::Options;
use lab_gil::{Gil, Interval};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// The version that both sides must have; a binary that was not rebuilt is found out.
pub(crate) const VERSION: u32 = 5;

/// From the pool to a worker.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "kebab-case")]
pub(crate) enum ToWorker {
    /// Do this job, under a modelled GIL of this interval if there is one: each process has its own.
    Job { job: usize, work: Job, gil_interval_ns: Option<u64>, tracking: Tracking },
    /// End the job that runs until it is stopped.
    Stop,
    /// Say what it all cost, and end.
    Finish,
}

/// A modelled GIL; an interval that is none counts as CPython's own.
pub(crate) fn gil(interval_ns: u64) -> Arc<Gil> {
    let interval = Interval::new(Duration::from_nanos(interval_ns)).unwrap_or_default();
    Gil::with(Options { interval, ..Options::default() })
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
    Done(Box<Packed>),
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
pub(crate) struct Packed {
    job: usize,
    /// Without samples and spans.
    report: Report,
    samples: usize,
    spans: usize,
}

impl Packed {
    /// What says `report`: the line, and the samples and the integers that follow it.
    pub fn new(job: usize, mut report: Report) -> (Packed, Samples, Vec<u64>) {
        let spans = std::mem::take(&mut report.spans);
        let samples = std::mem::take(&mut report.samples);
        let cores = samples.cores().iter();
        let integers = spans
            .iter()
            .flat_map(|span| [span.start_ns, span.end_ns, span.samples, span.core.into()])
            .chain(cores.flat_map(|&(first, core)| [first as u64, core.into()]))
            .collect();
        let packed = Packed { job, report, samples: samples.len(), spans: spans.len() };
        (packed, samples, integers)
    }

    /// The job's number and its report, or what is wrong with the message. The integers begin with
    /// the samples, so that those remain where they are.
    pub fn unpack(self, mut integers: Vec<u64>) -> Result<(usize, Report), String> {
        let (samples, spans) = (self.samples, self.spans);
        let parts = integers
            .split_at_checked(samples)
            .zip(spans.checked_mul(4))
            .and_then(|((_, rest), spans)| rest.split_at_checked(spans));
        let Some((spans, cores)) = parts else {
            let sent = integers.len();
            return Err(format!(
                "it announced {samples} samples and {spans} spans and sent {sent} integers"
            ));
        };
        let (spans, _) = spans.as_chunks::<4>();
        let spans = spans.iter().map(|&[start_ns, end_ns, samples, core]| Span {
            start_ns,
            end_ns,
            samples,
            core: core as u32,
        });
        let (cores, rest) = cores.as_chunks::<2>();
        let cores = cores.iter().map(|&[first, core]| (first as usize, core as u32));
        let (spans, cores, is_whole) = (spans.collect(), cores.collect(), rest.is_empty());
        integers.truncate(samples);
        let samples = Samples::from_parts(integers, cores).filter(|_| is_whole);
        let report = Report {
            spans,
            samples: samples.ok_or("its samples and their changes of core do not fit")?,
            ..self.report
        };
        Ok((self.job, report))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_data::burst::Sample;

    #[test]
    fn a_report_survives_the_way_to_the_pool_and_missing_integers_are_found() {
        let span = Span { start_ns: 1, end_ns: 2, samples: 2, core: lab_data::clock::UNKNOWN_CORE };
        let report = Report {
            start_ns: 1,
            end_ns: 9,
            cpu_ns: Some(7),
            count: 3,
            answer: 3.into(),
            error: None,
            spans: vec![span],
            samples: [Sample { at_ns: 1, core: 0 }, Sample { at_ns: 2, core: 1 }]
                .into_iter()
                .collect(),
        };
        let through_pipe = |integers: &dyn Fn(Vec<u64>) -> Vec<u64>| {
            let (packed, samples, others) = Packed::new(5, report.clone());
            let line = serde_json::to_string(&FromWorker::Done(Box::new(packed))).unwrap();
            let FromWorker::Done(packed) = serde_json::from_str(&line).unwrap() else {
                panic!("{line}");
            };
            packed.unpack(integers([samples.times_ns(), &others].concat()))
        };
        assert_eq!(through_pipe(&|all| all), Ok((5, report.clone())));
        assert!(through_pipe(&|all| all[1..].to_vec()).is_err());
        assert_eq!(
            through_pipe(&|all| all[..5].to_vec()).unwrap_err(),
            "it announced 2 samples and 1 spans and sent 5 integers"
        );
    }
}
