//! Samples in: fast where the file is as it was written, else as any table is read.

use std::collections::HashMap;
use std::os::unix::fs::FileExt;
use std::path::Path;

use csv::ByteRecord;

use super::{BUFFER, HEADER};
use crate::burst::Samples;
use crate::clock::UNKNOWN_CORE;
use crate::disk::file;
use crate::error::FileError;
use crate::rows::SampleRow;
use crate::tables;

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

/// All readings, job by job in the order of their first rows. A job's rows need not follow one another.
///
/// # Errors
/// As [`crate::tables::read`].
pub fn read(path: &Path) -> Result<Vec<JobSamples>, FileError> {
    if let Some(jobs) = read_as_written(path) {
        return Ok(jobs);
    }
    // What is not as it was written is read slowly, or refused with a sentence.
    let mut jobs = Jobs::default();
    for row in tables::read::<SampleRow>(path)? {
        jobs.change_to(row.trial, row.job);
        jobs.push(row.at_ns, row.core.unwrap_or(UNKNOWN_CORE));
    }
    Ok(jobs.all)
}

/// The readings if the file is as it was written; none if anything else is in it.
fn read_as_written(path: &Path) -> Option<Vec<JobSamples>> {
    let file = file::open(path).ok()?;
    let mut last = [0];
    let length = file.metadata().ok()?.len();
    file.read_exact_at(&mut last, length.checked_sub(1)?).ok()?;
    let mut table = csv::ReaderBuilder::new().buffer_capacity(BUFFER).from_reader(file);
    if last != *b"\n" || *table.headers().ok()? != HEADER[..] {
        return None;
    }
    let mut jobs = Jobs::default();
    let mut row = ByteRecord::new();
    // The first three cells, and where each ends: mostly they are those of the row before.
    let (mut last, mut core) = ((Vec::new(), [0; 3]), UNKNOWN_CORE);
    while table.read_byte_record(&mut row).ok()? {
        let end = |cell: usize| row.range(cell).map(|range| range.end);
        let ends = [end(0)?, end(1)?, end(2)?];
        let (beginning, at_ns) = row.as_slice().split_at_checked(ends[2])?;
        if ends != last.1 || beginning != last.0 {
            let small = |cell: usize| u32::try_from(number(row.get(cell)?)?).ok();
            core = match row.get(2)? {
                [] => UNKNOWN_CORE,
                _ => small(2)?,
            };
            jobs.change_to(small(0)?, small(1)?);
            last = (beginning.to_vec(), ends);
        }
        jobs.push(number(at_ns)?, core);
    }
    Some(jobs.all)
}

/// A whole number without a sign; none if it is anything else, or long enough to be too large, perhaps.
fn number(digits: &[u8]) -> Option<u64> {
    const SAFE: usize = 19;
    let mut number: u64 = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
    }
    (1..=SAFE).contains(&digits.len()).then_some(number)
}

/// The jobs whose rows were read, and the one that the last row belongs to.
#[derive(Default)]
struct Jobs {
    all: Vec<JobSamples>,
    places: HashMap<(u32, u32), usize>,
    current: usize,
}

impl Jobs {
    fn change_to(&mut self, trial: u32, job: u32) {
        self.current = *self.places.entry((trial, job)).or_insert_with(|| {
            self.all.push(JobSamples { trial, job, samples: Samples::default() });
            self.all.len() - 1
        });
    }

    fn push(&mut self, at_ns: u64, core: u32) {
        if let Some(job) = self.all.get_mut(self.current) {
            job.samples.push(at_ns, core);
        }
    }
}
