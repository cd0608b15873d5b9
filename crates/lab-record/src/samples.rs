//! `samples.csv` out and in: every reading of every job, a row each.
//!
//! The rows are those of [`SampleRow`], and the bytes are those that [`crate::tables`] would write.

use std::path::Path;

use crate::burst::{Sample, Samples};
use crate::clock::UNKNOWN_CORE;
use crate::error::FileError;
use crate::rows::SampleRow;
use crate::tables::{self, TableWriter};

/// Writes the readings of one job after another while the run goes on.
#[derive(Debug)]
pub struct SampleWriter(TableWriter<SampleRow>);

impl SampleWriter {
    /// Begins the file anew, with the header.
    ///
    /// # Errors
    /// The file cannot be made or written.
    pub fn create(path: &Path) -> Result<SampleWriter, FileError> {
        Ok(SampleWriter(TableWriter::create(path)?))
    }

    /// Adds the readings of a job, counted from `zero_ns`, the trial's zero; one before it counts
    /// as zero.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn append(
        &mut self,
        trial: u32,
        job: u32,
        zero_ns: u64,
        samples: &Samples,
    ) -> Result<(), FileError> {
        samples.iter().try_for_each(|sample| {
            self.0.append(&SampleRow {
                trial,
                job,
                core: (sample.core != UNKNOWN_CORE).then_some(sample.core),
                at_ns: sample.at_ns.saturating_sub(zero_ns),
            })
        })
    }

    /// Hands what was added so far to the kernel, so that the file can be read.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn flush(&mut self) -> Result<(), FileError> {
        self.0.flush()
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(self) -> Result<(), FileError> {
        self.0.finish()
    }
}

/// The readings of one job of one trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobSamples {
    /// Number of the trial.
    pub trial: u32,
    /// Number of the job.
    pub job: u32,
    /// Its readings, from the trial's zero.
    pub samples: Samples,
}

/// All readings, job by job in the order of their first rows.
///
/// # Errors
/// As [`tables::read`].
pub fn read(path: &Path) -> Result<Vec<JobSamples>, FileError> {
    let mut jobs: Vec<JobSamples> = Vec::new();
    for row in tables::read::<SampleRow>(path)? {
        let sample = Sample {
            at_ns: row.at_ns,
            core: row.core.unwrap_or(UNKNOWN_CORE),
        };
        let known = jobs
            .iter_mut()
            .rev()
            .find(|job| (job.trial, job.job) == (row.trial, row.job));
        match known {
            Some(job) => job.samples.extend([sample]),
            None => jobs.push(JobSamples {
                trial: row.trial,
                job: row.job,
                samples: [sample].into_iter().collect(),
            }),
        }
    }
    Ok(jobs)
}
