use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::burst::Samples;
use crate::clock::UNKNOWN_CORE;
use crate::columns::columns;
use crate::error::FileError;
use crate::rows::SampleRow;

/// Bytes that are handed to the kernel at once.
const BUFFER: usize = 1 << 16;
/// Room for the longest line: three numbers of up to 10 digits, one of up to 20, and what parts
/// them. Copied whole, since a copy whose length is known costs a third of one whose is not.
const LINE: usize = 64;
/// How many numbers the last four digits make.
const LAST_DIGITS: u64 = 10_000;

/// The four digits of each number below [`LAST_DIGITS`].
static DIGITS: [[u8; 4]; LAST_DIGITS as usize] = {
    let mut all = [[b'0'; 4]; LAST_DIGITS as usize];
    let mut number = 0;
    while number < all.len() {
        let mut rest = number;
        let mut place = 4;
        while place > 0 {
            place -= 1;
            all[number][place] += (rest % 10) as u8;
            rest /= 10;
        }
        number += 1;
    }
    all
};

/// Writes the readings of one job after another while the run goes on.
#[derive(Debug)]
pub struct SampleWriter {
    path: PathBuf,
    file: File,
    buffer: Box<[u8; BUFFER]>,
    used: usize,
}

impl SampleWriter {
    /// Begins the file anew, with the header.
    ///
    /// # Errors
    /// The file cannot be made or written.
    pub fn create(path: &Path) -> Result<SampleWriter, FileError> {
        let mut file = File::create(path).map_err(FileError::io(path, "made"))?;
        let header = columns::<SampleRow>().join(",") + "\n";
        file.write_all(header.as_bytes())
            .map_err(FileError::io(path, "written"))?;
        Ok(SampleWriter {
            path: path.to_path_buf(),
            file,
            buffer: Box::new([0; BUFFER]),
            used: 0,
        })
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
        for (core, times) in samples.stretches() {
            let beginning = match core {
                UNKNOWN_CORE => format!("{trial},{job},,"),
                core => format!("{trial},{job},{core},"),
            };
            self.stretch(&beginning, times, zero_ns)?;
        }
        Ok(())
    }

    /// A row for each of the times. Of the digits of one only the last four differ from those of
    /// the one before, mostly; the others are written when they change.
    fn stretch(&mut self, beginning: &str, times: &[u64], zero_ns: u64) -> Result<(), FileError> {
        let mut line = [b'\n'; LINE];
        let mut same = 0;
        let mut last_high = None;
        for time in times {
            let at_ns = time.saturating_sub(zero_ns);
            let (high, low) = (at_ns / LAST_DIGITS, (at_ns % LAST_DIGITS) as usize);
            if last_high != Some(high) {
                last_high = Some(high);
                same = write_into(&mut line, beginning, high);
            }
            let mut digits = DIGITS.get(low).copied().unwrap_or_default();
            let mut count = 4;
            if high == 0 {
                // Nothing stands before them, so they have no zeros in front.
                let zeros = digits.iter().take(3).take_while(|&&d| d == b'0').count();
                digits.rotate_left(zeros);
                count -= zeros;
            }
            let [a, b, c, d] = digits;
            if let Some(end) = line.get_mut(same..same + 5) {
                end.copy_from_slice(&[a, b, c, d, b'\n']);
            }
            let length = same + count;
            if let Some(end) = line.get_mut(length) {
                *end = b'\n';
            }
            self.put(&line, length + 1)?;
        }
        Ok(())
    }

    /// Adds the first `length` bytes of a line.
    #[inline(always)]
    fn put(&mut self, line: &[u8; LINE], length: usize) -> Result<(), FileError> {
        if self.used > BUFFER - LINE {
            self.flush()?;
        }
        if let Some(free) = self.buffer.get_mut(self.used..self.used + LINE) {
            free.copy_from_slice(line);
        }
        self.used += length;
        Ok(())
    }

    /// Hands what was added so far to the kernel, so that the file can be read.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn flush(&mut self) -> Result<(), FileError> {
        let used = self.buffer.get(..self.used).unwrap_or_default();
        self.file
            .write_all(used)
            .map_err(FileError::io(&self.path, "written"))?;
        self.used = 0;
        Ok(())
    }

    /// Hands what is left to the kernel. Waiting until the disk has it is the folder's part: see
    /// [`crate::folder::RunFolder::commit`].
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(mut self) -> Result<(), FileError> {
        self.flush()
    }
}

/// Begins a line with `beginning` and, unless it is 0, `high`; returns how long that is.
fn write_into(line: &mut [u8; LINE], beginning: &str, high: u64) -> usize {
    let text = match high {
        0 => beginning.to_owned(),
        high => format!("{beginning}{high}"),
    };
    if let Some(start) = line.get_mut(..text.len()) {
        start.copy_from_slice(text.as_bytes());
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::burst::Sample;
    use crate::tables;

    fn rows(trial: u32, job: u32, zero_ns: u64, samples: &Samples) -> Vec<SampleRow> {
        samples
            .iter()
            .map(|sample| SampleRow {
                trial,
                job,
                core: (sample.core != UNKNOWN_CORE).then_some(sample.core),
                at_ns: sample.at_ns.saturating_sub(zero_ns),
            })
            .collect()
    }

    #[test]
    fn the_bytes_are_those_of_the_table_that_serde_writes() {
        let folder = tempfile::tempdir().unwrap();
        let (fast, slow) = (
            folder.path().join("fast.csv"),
            folder.path().join("slow.csv"),
        );
        let mut powers = Samples::default();
        let mut power: u64 = 1;
        for core in (0..20).chain([u32::MAX - 1, UNKNOWN_CORE]) {
            for at_ns in [power - 1, power, power + 1, power.saturating_mul(9) + 1234] {
                powers.push(at_ns, core);
            }
            power = power.saturating_mul(10);
        }
        let all = |from: u64| {
            (from..from + 30_000).map(|at_ns| Sample {
                at_ns: at_ns * 7,
                core: 1,
            })
        };
        let jobs = [
            (0, 0, 0, powers.clone()),
            (u32::MAX, u32::MAX, 1_000_000, powers),
            (3, 4, 0, all(0).collect()),
            (3, 5, 12_345_678_901, all(123_456_789_012).collect()),
            (3, 6, 5, Samples::default()),
        ];
        let mut writer = SampleWriter::create(&fast).unwrap();
        let mut expected = Vec::new();
        for (trial, job, zero_ns, samples) in &jobs {
            writer.append(*trial, *job, *zero_ns, samples).unwrap();
            expected.extend(rows(*trial, *job, *zero_ns, samples));
        }
        writer.finish().unwrap();
        tables::write(&slow, &expected).unwrap();
        assert!(std::fs::read(&fast).unwrap() == std::fs::read(&slow).unwrap());
        assert_eq!(tables::read::<SampleRow>(&fast).unwrap(), expected);
    }

    #[test]
    fn without_samples_the_header_stands_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.csv");
        SampleWriter::create(&path).unwrap().finish().unwrap();
        assert_eq!(
            std::fs::read_to_string(path).unwrap(),
            "trial,job,core,at_ns\n"
        );
    }

    #[test]
    fn a_full_disk_is_a_sentence() {
        let mut writer = SampleWriter::create(Path::new("/dev/null")).unwrap();
        writer.file = File::create("/dev/full").unwrap();
        let samples: Samples = (0..10_000).map(|at_ns| Sample { at_ns, core: 0 }).collect();
        let error = writer.append(0, 0, 0, &samples).unwrap_err().to_string();
        assert!(error.contains("make room"), "{error}");
    }
}
