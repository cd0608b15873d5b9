//! The tables of a run while it is measured.

use super::rows;
use crate::design::quantity::Rows;
use anyhow::Result;
use lab_data::rows::{JobRow, RequestRow, SpanRow, TrialRow};
use lab_data::run::TableSum;
use lab_data::samples::SampleWriter;
use lab_data::tables::TableWriter;
use lab_pool::TrialReport;
use lab_pool::origin::Request;
use std::collections::BTreeMap;
use std::path::Path;

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
        trial: TrialRow,
        report: &TrialReport,
        requests: &[Request],
        keep: Keep,
    ) -> Result<()> {
        let zero_ns = report.zero_ns;
        for job in report.jobs.iter().filter(|_| keep.jobs) {
            self.jobs.append(&rows::job(&trial, zero_ns, job))?;
            if keep.spans {
                for span in rows::spans(&trial, zero_ns, job) {
                    self.spans.append(&span)?;
                }
                if let Some(table) = &mut self.samples {
                    table.append(trial.trial, job.job as u32, zero_ns, &job.report.samples)?;
                }
            }
        }
        if let Some(table) = self.requests.as_mut().filter(|_| keep.jobs) {
            for request in requests {
                table.append(&rows::request(&trial, zero_ns, request))?;
            }
        }
        self.block.push(TrialRow { attempt: self.attempt, ..trial });
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
