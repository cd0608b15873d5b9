//! Samples out: one job after another while the run goes on.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::{BUFFER, HEADER};
use crate::burst::Samples;
use crate::clock::UNKNOWN_CORE;
use crate::disk::{self, Output};
use crate::error::FileError;
use crate::sum::{Summed, TableSum};

/// Room for a line: three numbers of up to 10 digits, one of up to 20, and what separates them.
const LINE: usize = 64;

/// Writes the readings of one job after another while the run goes on.
#[derive(Debug)]
pub struct SampleWriter {
    path: PathBuf,
    file: Summed<Output>,
    buffer: Vec<u8>,
    rows: u64,
}

impl SampleWriter {
    /// Begins the file anew, with the header.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(path: &Path) -> Result<SampleWriter, FileError> {
        let file = disk::create(path).map_err(FileError::io(path, "made"))?;
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
