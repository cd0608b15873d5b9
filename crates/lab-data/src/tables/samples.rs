//! `samples.csv` out and in: every reading of every job, a row each.
//!
//! The rows are those of [`crate::rows::SampleRow`], and the bytes are those that [`crate::tables`]
//! would write. But there may be a hundred million of them, all alike: so they are neither made into
//! rows nor held as text.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use csv::ByteRecord;

use crate::burst::Samples;
use crate::clock::UNKNOWN_CORE;
use crate::error::FileError;
use crate::rows::SampleRow;
use crate::sum::{Summed, TableSum};
use crate::tables;

const HEADER: [&str; 4] = ["trial", "job", "core", "at_ns"];
/// Bytes that are handed to the kernel, or asked of it, at once.
const BUFFER: usize = 1 << 18;
/// Room for a line: three numbers of up to 10 digits, one of up to 20, and what separates them.
const LINE: usize = 64;

/// Writes the readings of one job after another while the run goes on.
#[derive(Debug)]
pub struct SampleWriter {
    path: PathBuf,
    file: Summed<File>,
    buffer: Vec<u8>,
    rows: u64,
}

impl SampleWriter {
    /// Begins the file anew, with the header.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(path: &Path) -> Result<SampleWriter, FileError> {
        let file = File::create(path).map_err(FileError::io(path, "made"))?;
        let mut buffer = Vec::with_capacity(BUFFER);
        buffer.extend_from_slice(HEADER.join(",").as_bytes());
        buffer.push(b'\n');
        Ok(SampleWriter { path: path.to_path_buf(), file: Summed::new(file), buffer, rows: 0 })
    }

    /// Adds the readings of a job, counted from `zero_ns`, the trial's zero; one before it counts
    /// as zero. Some may stay in memory until [`SampleWriter::finish`], so a full disk may show
    /// only there.
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
        let mut digits = itoa::Buffer::new();
        for (core, times) in samples.stretches() {
            let beginning = match core {
                UNKNOWN_CORE => format!("{trial},{job},,"),
                core => format!("{trial},{job},{core},"),
            };
            for time in times {
                if self.buffer.len() > BUFFER - LINE {
                    self.flush()?;
                }
                self.buffer.extend_from_slice(beginning.as_bytes());
                let at_ns = digits.format(time.saturating_sub(zero_ns));
                self.buffer.extend_from_slice(at_ns.as_bytes());
                self.buffer.push(b'\n');
            }
        }
        self.rows += samples.len() as u64;
        Ok(())
    }

    /// Hands what was added so far to the kernel, so that the file can be read.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn flush(&mut self) -> Result<(), FileError> {
        self.file.write_all(&self.buffer).map_err(FileError::io(&self.path, "written"))?;
        self.buffer.clear();
        Ok(())
    }

    /// Hands what is left to the kernel. Waiting until the disk has it is the folder's part: see
    /// [`crate::folder::RunFolder::commit`].
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(mut self) -> Result<TableSum, FileError> {
        self.flush()?;
        Ok(self.file.sum(self.rows))
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
    let file = File::open(path).ok()?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::burst::Sample;

    fn rows(jobs: Vec<JobSamples>) -> Vec<SampleRow> {
        let rows = |job: JobSamples| -> Vec<SampleRow> {
            let row = |sample: Sample| SampleRow {
                trial: job.trial,
                job: job.job,
                core: (sample.core != UNKNOWN_CORE).then_some(sample.core),
                at_ns: sample.at_ns,
            };
            job.samples.iter().map(row).collect()
        };
        jobs.into_iter().flat_map(rows).collect()
    }

    #[test]
    fn the_bytes_are_those_of_the_table_that_serde_writes_and_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name| folder.path().join(name);
        let mut powers = Samples::default();
        let mut power: u64 = 1;
        for core in (0..20).chain([u32::MAX - 1, UNKNOWN_CORE]) {
            for at_ns in [power - 1, power, power + 1, power.saturating_mul(9) + 1234] {
                powers.push(at_ns, core);
            }
            power = power.saturating_mul(10);
        }
        let many = (0..60_000).map(|at_ns| Sample { at_ns, core: 1 });
        let jobs = [(u32::MAX, powers), (3, many.collect())].map(|(job, samples)| JobSamples {
            trial: 7,
            job,
            samples,
        });
        let mut writer = SampleWriter::create(&path("fast.csv")).unwrap();
        for job in &jobs {
            writer.append(job.trial, job.job, 0, &job.samples).unwrap();
        }
        writer.append(9, 9, 0, &Samples::default()).unwrap();
        let sum = writer.finish().unwrap();
        assert!(read(&path("fast.csv")).unwrap() == jobs);
        assert_eq!(tables::write(&path("slow.csv"), &rows(jobs.to_vec())).unwrap(), sum);
        let bytes = |name| std::fs::read(path(name)).unwrap();
        assert!(bytes("fast.csv") == bytes("slow.csv"));
    }

    #[test]
    fn times_count_from_the_trials_zero_and_none_lies_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.csv");
        let mut writer = SampleWriter::create(&path).unwrap();
        let samples = [5, 17].map(|at_ns| Sample { at_ns, core: 2 });
        let samples: Samples = samples.into_iter().collect();
        writer.append(1, 0, 10, &samples).unwrap();
        writer.finish().unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(text, "trial,job,core,at_ns\n1,0,2,0\n1,0,2,7\n");
    }

    /// What the general reader refuses is refused in its words, and what it reads is the same.
    #[test]
    fn whatever_is_there_is_read_or_refused_as_by_the_reader_of_all_tables() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.csv");
        let sorted = |mut rows: Vec<SampleRow>| {
            rows.sort_by_key(|row| (row.trial, row.job));
            rows
        };
        let check = |text: String| {
            std::fs::write(&path, &text).unwrap();
            let said = |error: FileError| error.to_string();
            let fast = read(&path).map(rows).map(sorted).map_err(said);
            let slow = tables::read(&path).map(sorted).map_err(said);
            assert_eq!(fast, slow, "{text:?}");
        };
        let lines = "0,0,0,007~ 4294967296,0,0,1~ 0,0,4294967296,1~ 0,0,0,18446744073709551615~
            0,0,0,18446744073709551616~ -1,0,0,1~ +1,+0,,+5~ ,0,0,1~ 0,0,0,~ 0,0,0~ 0,0,0,1,2~
            0,0,0,x~ 0,0,x,1~ x,0,0,1~ \"0\",0,\"\",\"9\"~ 0,\u{e4},0,1~ 0;0;0;1~ 0,0,0,1\u{0}~ ~
            0,0,0,9\r~ 0,1,0,7~0,0,,8~0,1,0,9~ 0,0,0,1 0,0";
        for line in lines.split([' ', '\n']).filter(|line| !line.is_empty()) {
            let line = line.replace('~', "\n");
            let good = "0,0,0,12345\n".repeat(3);
            check(format!("trial,job,core,at_ns\n{line}"));
            check(format!("trial,job,core,at_ns\n{good}{line}{good}"));
        }
        let headers = " ~~ trial,job,core,at_ns 0,0,0,1~ job,trial,core,at_ns~0,0,0,1~ \
            \"trial\",job,core,at_ns\r~1,2,3,4\r~";
        headers.split(' ').for_each(|text| check(text.replace('~', "\n")));
    }

    #[test]
    fn a_full_disk_is_a_sentence() {
        let mut writer = SampleWriter::create(Path::new("/dev/full")).unwrap();
        let samples = (0..100_000).map(|at_ns| Sample { at_ns, core: 0 });
        let error = writer.append(0, 0, 0, &samples.collect()).unwrap_err();
        assert!(error.to_string().contains("make room"), "{error}");
    }
}
