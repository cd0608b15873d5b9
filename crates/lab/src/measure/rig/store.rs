//! What a trial reports, as rows of the run's tables.

use super::ready::Ready;
use crate::design::quantity::Rows;
use anyhow::Result;
use lab_data::clock::UNKNOWN_CORE;
use lab_data::rows::{JobRow, RequestRow, Role, SpanRow, TrialRow};
use lab_data::run::TableSum;
use lab_data::samples::SampleWriter;
use lab_data::tables::TableWriter;
use lab_pool::origin::Request;
use lab_pool::{JobReport, TrialReport};
use std::collections::BTreeMap;
use std::path::Path;

/// Where a trial is in its run.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) trial: u32,
    pub(crate) block: u32,
    pub(crate) round: u32,
    pub(crate) role: Role,
    pub(crate) run_zero_ns: u64,
}

/// Which rows of a trial are kept besides its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keep {
    pub(crate) jobs: bool,
    pub(crate) spans: bool,
}

impl Keep {
    /// Of a block: what claims read of all blocks, and what figures show of the first judged one.
    pub(crate) fn of(of_all: Rows, block: u32) -> Keep {
        let is_kept = |rows| block == 1 || block > 1 && of_all >= rows;
        Keep { jobs: is_kept(Rows::Jobs), spans: is_kept(Rows::Spans) }
    }
}

/// The tables of a run, open for writing.
#[derive(Debug)]
pub(crate) struct Tables {
    trials: TableWriter<TrialRow>,
    jobs: TableWriter<JobRow>,
    spans: TableWriter<SpanRow>,
    samples: Option<SampleWriter>,
    requests: Option<TableWriter<RequestRow>>,
    /// Trials of the block that is being run: only at its end is it known whether it is judged.
    block: Vec<TrialRow>,
    attempt: u32,
}

impl Tables {
    /// Begins the tables in the run's folder: samples only if they are kept, requests only if
    /// there may be an origin.
    pub(crate) fn create(folder: &Path, raw: bool, io: bool) -> Result<Tables> {
        Ok(Tables {
            trials: TableWriter::create(&folder.join("trials.csv"))?,
            jobs: TableWriter::create(&folder.join("jobs.csv"))?,
            spans: TableWriter::create(&folder.join("spans.csv"))?,
            samples: raw.then(|| SampleWriter::create(&folder.join("samples.csv"))).transpose()?,
            requests: io.then(|| TableWriter::create(&folder.join("requests.csv"))).transpose()?,
            block: Vec::new(),
            attempt: 0,
        })
    }

    /// Adds a trial, and as `keep` says its jobs and requests, its spans and samples.
    pub(crate) fn write_trial(
        &mut self,
        place: &Place,
        ready: &Ready,
        report: &TrialReport,
        requests: &[Request],
        origin_cpu_ns: Option<u64>,
        keep: Keep,
    ) -> Result<()> {
        let trial =
            TrialRow { attempt: self.attempt, ..trial_row(place, ready, report, origin_cpu_ns) };
        if keep.jobs {
            self.write_details(&trial, report, requests, keep)?;
        }
        self.block.push(trial);
        Ok(())
    }

    fn write_details(
        &mut self,
        trial: &TrialRow,
        report: &TrialReport,
        requests: &[Request],
        keep: Keep,
    ) -> Result<()> {
        for job in &report.jobs {
            self.write_job(trial, report.zero_ns, job)?;
            if keep.spans {
                self.write_progress(trial, report.zero_ns, job)?;
            }
        }
        if let Some(table) = &mut self.requests {
            for request in requests {
                table.append(&RequestRow {
                    trial: trial.trial,
                    block: trial.block,
                    path: request.path.clone(),
                    accepted_ns: request.accepted_ns.saturating_sub(report.zero_ns),
                    service_ns: request.service_ns,
                    status: request.status,
                    bytes: request.bytes,
                    aborted: request.aborted,
                })?;
            }
        }
        Ok(())
    }

    fn write_job(&mut self, trial: &TrialRow, zero_ns: u64, job: &JobReport) -> Result<()> {
        let from_zero = |at_ns: u64| at_ns.saturating_sub(zero_ns);
        let report = &job.report;
        self.jobs.append(&JobRow {
            trial: trial.trial,
            block: trial.block,
            runtime: trial.runtime.clone(),
            executor: trial.executor,
            workers: trial.workers,
            case: trial.case.clone(),
            job: job.job as u32,
            worker: Some(job.worker as u32),
            submitted_ns: from_zero(job.submitted_ns),
            start_ns: Some(from_zero(report.start_ns)),
            end_ns: Some(from_zero(report.end_ns)),
            cpu_ns: report.cpu_ns,
            count: Some(report.count),
            answer: report.answer.to_string(),
            outcome: report.error.clone().unwrap_or_else(|| "ok".to_owned()),
        })?;
        Ok(())
    }

    /// When and where a job made progress.
    fn write_progress(&mut self, trial: &TrialRow, zero_ns: u64, job: &JobReport) -> Result<()> {
        let from_zero = |at_ns: u64| at_ns.saturating_sub(zero_ns);
        let known = |core: u32| (core != UNKNOWN_CORE).then_some(core);
        let report = &job.report;
        for span in &report.spans {
            self.spans.append(&SpanRow {
                trial: trial.trial,
                block: trial.block,
                runtime: trial.runtime.clone(),
                executor: trial.executor,
                workers: trial.workers,
                case: trial.case.clone(),
                job: job.job as u32,
                worker: job.worker as u32,
                core: known(span.core),
                start_ns: from_zero(span.start_ns),
                end_ns: from_zero(span.end_ns),
                samples: span.samples,
            })?;
        }
        if let Some(table) = &mut self.samples {
            table.append(trial.trial, job.job as u32, zero_ns, &report.samples)?;
        }
        Ok(())
    }

    /// The trials of the block that is being run.
    pub(crate) fn block(&self) -> &[TrialRow] {
        &self.block
    }

    /// Ends a block. Verdicts will look at it, unless it was a warm-up.
    pub(crate) fn end_block(&mut self) -> Result<()> {
        for trial in self.block.drain(..) {
            self.trials.append(&trial)?;
        }
        self.attempt = 0;
        Ok(())
    }

    /// Ends an attempt at a block that verdicts will not look at: the block is run again.
    pub(crate) fn discard_block(&mut self) -> Result<()> {
        for trial in &mut self.block {
            trial.judged = false;
        }
        let attempt = self.attempt + 1;
        self.end_block()?;
        self.attempt = attempt;
        Ok(())
    }

    /// Lets others read what was written so far.
    pub(crate) fn flush(&mut self) -> Result<()> {
        self.trials.flush()?;
        self.jobs.flush()?;
        self.spans.flush()?;
        if let Some(samples) = &mut self.samples {
            samples.flush()?;
        }
        if let Some(requests) = &mut self.requests {
            requests.flush()?;
        }
        Ok(())
    }

    /// Writes what is left; gives the sum of each table under the name of its file.
    pub(crate) fn finish(mut self) -> Result<BTreeMap<String, TableSum>> {
        self.end_block()?;
        let mut sums = BTreeMap::new();
        let mut note = |file: &str, sum: TableSum| sums.insert(file.to_owned(), sum);
        note("trials.csv", self.trials.finish()?);
        note("jobs.csv", self.jobs.finish()?);
        note("spans.csv", self.spans.finish()?);
        if let Some(samples) = self.samples {
            note("samples.csv", samples.finish()?);
        }
        if let Some(requests) = self.requests {
            note("requests.csv", requests.finish()?);
        }
        Ok(sums)
    }
}

fn trial_row(
    place: &Place,
    ready: &Ready,
    report: &TrialReport,
    origin_cpu_ns: Option<u64>,
) -> TrialRow {
    let cost = &report.cost;
    let both = |of: fn(&lab_data::usage::Resources) -> u64| {
        Some(cost.own.as_ref().map(of)? + cost.children.as_ref().map(of)?)
    };
    let others_cpu_ns = origin_cpu_ns.and_then(|origin| cost.others_cpu_ns(origin));
    let measured = || report.jobs.iter().filter(|job| job.job < ready.jobs.len());
    let window_ns = measured()
        .map(|job| job.report.end_ns)
        .max()
        .zip(measured().map(|job| job.report.start_ns).min())
        .map(|(last, first)| last.saturating_sub(first));
    let from_zero = |at_ns: u64| Some(at_ns.saturating_sub(report.zero_ns));
    TrialRow {
        trial: place.trial,
        block: place.block,
        round: place.round,
        attempt: 0,
        role: place.role,
        runtime: ready.arm.runtime.clone(),
        executor: ready.arm.executor,
        start_method: report.start_method.map(|method| method.to_string()),
        workers: ready.arm.workers,
        case: ready.arm.case.clone(),
        jobs: ready.jobs.len() as u32,
        start_ns: report.zero_ns.saturating_sub(place.run_zero_ns),
        ready_ns: from_zero(report.ready_ns),
        makespan_ns: from_zero(report.answered_ns),
        window_ns,
        closed_ns: from_zero(report.closed_ns),
        cpu_ns: cost.cpu_ns(),
        others_cpu_ns,
        steal_ns: cost.machine.map(|machine| machine.steal_ns),
        voluntary_switches: both(|used| used.voluntary_switches),
        involuntary_switches: both(|used| used.involuntary_switches),
        run_delay_ns: report.run_delay_ns,
        peak_rss_bytes: report.peak_rss_bytes,
        errors: measured().filter(|job| job.report.error.is_some()).count() as u32,
        judged: !matches!(place.role, Role::Warmup | Role::Pilot),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_all_blocks_only_what_claims_read_is_kept() {
        let kept = |rows, block| {
            let keep = Keep::of(rows, block);
            (keep.jobs, keep.spans)
        };
        for rows in [Rows::Trial, Rows::Jobs, Rows::Spans] {
            assert_eq!(kept(rows, 0), (false, false), "a warm-up");
            assert_eq!(kept(rows, 1), (true, true), "a figure shows the first");
        }
        assert_eq!(kept(Rows::Trial, 2), (false, false));
        assert_eq!(kept(Rows::Jobs, 2), (true, false));
        assert_eq!(kept(Rows::Spans, 2), (true, true));
    }
}
