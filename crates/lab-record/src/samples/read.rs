use std::collections::HashMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::burst::Samples;
use crate::clock::UNKNOWN_CORE;
use crate::columns::columns;
use crate::error::FileError;
use crate::reader::Reader;
use crate::rows::SampleRow;

/// Bytes that are read at once. No line is nearly as long.
const BUFFER: usize = 1 << 18;

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

/// All readings, job by job in the order of their first rows. A job's rows need not stand together.
///
/// # Errors
/// As [`crate::tables::read`].
pub fn read(path: &Path) -> Result<Vec<JobSamples>, FileError> {
    let mut file = File::open(path).map_err(FileError::io(path, "read"))?;
    let mut jobs = Jobs::default();
    let mut lines = Lines::new(path);
    let mut buffer = vec![0; BUFFER];
    let mut kept = 0;
    loop {
        let free = buffer.get_mut(kept..).unwrap_or_default();
        let more = match file.read(free) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            more => more.map_err(FileError::io(path, "read"))?,
        };
        let filled = buffer.get(..kept + more).unwrap_or_default();
        let used = lines.whole(filled, &mut jobs)?;
        let rest = filled.len() - used;
        // At the end of the file, or where a line does not end, that is a line, too: a wrong one.
        if more == 0 || rest == buffer.len() {
            lines.last(filled.get(used..).unwrap_or_default(), &mut jobs)?;
            return Ok(jobs.all);
        }
        buffer.copy_within(used..used + rest, 0);
        kept = rest;
    }
}

/// The jobs whose rows were read, and where the last row belongs.
#[derive(Default)]
struct Jobs {
    all: Vec<JobSamples>,
    places: HashMap<(u32, u32), usize>,
    current: usize,
    core: u32,
}

impl Jobs {
    fn change_to(&mut self, trial: u32, job: u32, core: u32) {
        self.core = core;
        self.current = *self.places.entry((trial, job)).or_insert_with(|| {
            self.all.push(JobSamples {
                trial,
                job,
                samples: Samples::default(),
            });
            self.all.len() - 1
        });
    }

    fn push(&mut self, at_ns: u64) {
        if let Some(job) = self.all.get_mut(self.current) {
            job.samples.push(at_ns, self.core);
        }
    }
}

/// Takes the lines of the file one after another.
struct Lines<'a> {
    path: &'a Path,
    header: String,
    /// Lines that are done.
    done: u64,
    header_seen: bool,
    /// Trial, job and core of the last row as they stand there, with their commas.
    beginning: Vec<u8>,
}

impl<'a> Lines<'a> {
    fn new(path: &'a Path) -> Lines<'a> {
        Lines {
            path,
            header: columns::<SampleRow>().join(",") + "\n",
            done: 0,
            header_seen: false,
            beginning: Vec::new(),
        }
    }

    /// The lines of `text` that end in it; returns how long they are.
    fn whole(&mut self, text: &[u8], jobs: &mut Jobs) -> Result<usize, FileError> {
        let mut used = 0;
        while let Some(rest) = text.get(used..).filter(|rest| !rest.is_empty()) {
            let plain = match self.header_seen {
                true => self.plain(rest, jobs),
                false => None,
            };
            used += match plain {
                Some(length) => length,
                None => match rest.iter().position(|&byte| byte == b'\n') {
                    Some(end) => {
                        self.any(rest.get(..=end).unwrap_or_default(), jobs)?;
                        end + 1
                    }
                    None => return Ok(used),
                },
            };
            self.done += 1;
        }
        Ok(used)
    }

    /// What is left when all lines that end are done.
    fn last(&mut self, line: &[u8], jobs: &mut Jobs) -> Result<(), FileError> {
        match line.is_empty() && self.header_seen {
            true => Ok(()),
            false => self.any(line, jobs),
        }
    }

    /// Takes the first line of `text`, if it is one as they are written: numbers without a sign or
    /// quotes. Returns its length.
    #[inline(always)]
    fn plain(&mut self, text: &[u8], jobs: &mut Jobs) -> Option<usize> {
        let start = match text.starts_with(&self.beginning) && !self.beginning.is_empty() {
            true => self.beginning.len(),
            false => self.change(text, jobs)?,
        };
        let (at_ns, digits) = number(text.get(start..)?)?;
        let end = start + digits;
        if text.get(end) != Some(&b'\n') {
            return None;
        }
        jobs.push(at_ns);
        Some(end + 1)
    }

    /// Takes trial, job and core of the first line of `text`, and returns their length.
    fn change(&mut self, text: &[u8], jobs: &mut Jobs) -> Option<usize> {
        let mut at = 0;
        let mut cell = || {
            let rest = text.get(at..)?;
            let found = number(rest);
            let digits = found.map_or(0, |(_, digits)| digits);
            at += digits + 1;
            (rest.get(digits) == Some(&b',')).then_some(found.map(|(number, _)| number))
        };
        let trial = u32::try_from(cell()??).ok()?;
        let job = u32::try_from(cell()??).ok()?;
        let core = match cell()? {
            Some(core) => u32::try_from(core).ok()?,
            None => UNKNOWN_CORE,
        };
        // The rest of the line may be wrong: then nothing of it counts, and reading ends.
        jobs.change_to(trial, job, core);
        self.beginning.clear();
        self.beginning.extend_from_slice(text.get(..at)?);
        Some(at)
    }

    /// Takes a line that is not as they are written. The reader of all tables knows what may stand
    /// there besides, and what is wrong with it.
    fn any(&mut self, line: &[u8], jobs: &mut Jobs) -> Result<(), FileError> {
        if !self.header_seen {
            let blank = line.iter().all(|byte| matches!(byte, b'\r' | b'\n'));
            self.header_seen = !blank;
            return match blank && !line.is_empty() {
                true => Ok(()),
                false => self.rows(line).map(drop),
            };
        }
        let text = [self.header.as_bytes(), line].concat();
        let rows = self
            .rows(&text)
            .map_err(|error| error.further_down(self.done - 1))?;
        for row in rows {
            jobs.change_to(row.trial, row.job, row.core.unwrap_or(UNKNOWN_CORE));
            jobs.push(row.at_ns);
            self.beginning.clear();
        }
        Ok(())
    }

    fn rows(&self, text: &[u8]) -> Result<Vec<SampleRow>, FileError> {
        Reader::new(self.path, text, columns::<SampleRow>()).rows()
    }
}

/// The whole number that `text` begins with, and how many digits it has; none if it has none, or
/// so many that it might be too large.
#[inline(always)]
fn number(text: &[u8]) -> Option<(u64, usize)> {
    const SAFE: usize = 19;
    let mut number: u64 = 0;
    let mut digits = 0;
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        number = number.wrapping_mul(10).wrapping_add(digit.into());
        digits += 1;
    }
    (1..=SAFE).contains(&digits).then_some((number, digits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::burst::Sample;
    use crate::samples::SampleWriter;
    use crate::tables;
    use std::path::PathBuf;

    const HEADER: &str = "trial,job,core,at_ns\n";

    fn file(text: impl AsRef<[u8]>) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.csv");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    /// What both readers make of a file: rows job by job, or the error without the folder.
    fn both(text: impl AsRef<[u8]>) -> [Result<Vec<SampleRow>, String>; 2] {
        let (folder, path) = file(text);
        let said = |error: FileError| {
            let folder = folder.path().display().to_string();
            error.to_string().replace(&folder, "")
        };
        let fast = read(&path).map_err(said).map(|jobs| {
            let rows = jobs.iter().flat_map(|job| {
                job.samples.iter().map(|sample| SampleRow {
                    trial: job.trial,
                    job: job.job,
                    core: (sample.core != UNKNOWN_CORE).then_some(sample.core),
                    at_ns: sample.at_ns,
                })
            });
            rows.collect()
        });
        let slow = tables::read(&path).map_err(said);
        [fast, slow].map(|rows: Result<Vec<SampleRow>, String>| {
            let mut rows = rows?;
            rows.sort_by_key(|row| (row.trial, row.job));
            Ok(rows)
        })
    }

    #[test]
    fn what_was_written_comes_back() {
        let (_folder, path) = file("");
        let many = |from: u64, core: u32| {
            let times = (from..from + 50_000).map(|i| i * 23);
            times.map(move |at_ns| Sample {
                at_ns,
                core: core + (at_ns / 300_000) as u32 % 2,
            })
        };
        let jobs: Vec<JobSamples> = (0..3)
            .map(|job| JobSamples {
                trial: 7,
                job,
                samples: many(u64::from(job) * 9_000_000_000, job).collect(),
            })
            .chain([JobSamples {
                trial: 8,
                job: 0,
                samples: [Sample {
                    at_ns: u64::MAX,
                    core: UNKNOWN_CORE,
                }]
                .into_iter()
                .collect(),
            }])
            .collect();
        let mut writer = SampleWriter::create(&path).unwrap();
        for job in &jobs {
            writer.append(job.trial, job.job, 0, &job.samples).unwrap();
        }
        writer.finish().unwrap();
        assert!(read(&path).unwrap() == jobs);
    }

    #[test]
    fn rows_of_a_job_need_not_stand_together() {
        let (_folder, path) = file(format!("{HEADER}0,0,1,5\n0,1,1,6\n0,0,1,7\n0,0,,8\n"));
        let jobs = read(&path).unwrap();
        let times: Vec<_> = jobs.iter().map(|job| job.samples.times_ns()).collect();
        assert_eq!(times, [&[5, 7, 8][..], &[6]]);
        let cores: Vec<_> = jobs[0].samples.iter().map(|sample| sample.core).collect();
        assert_eq!(cores, [1, 1, UNKNOWN_CORE]);
    }

    #[test]
    fn whatever_stands_there_is_read_or_refused_as_by_the_reader_of_all_tables() {
        let good = "0,0,0,12345\n".repeat(3);
        let rows = [
            "0,0,0,\n",
            "0,0,0\n",
            "0,0,0,1,2\n",
            "0,0,0,x\n",
            "0,0,x,1\n",
            "x,0,0,1\n",
            ",0,0,1\n",
            "-1,0,0,1\n",
            "+1,+0,,+5\n",
            "0,0,0,1 \n",
            "0,0,0,007\n",
            "\"0\",0,\"\",\"9\"\n",
            "\n",
            "4294967296,0,0,1\n",
            "0,0,4294967296,1\n",
            "0,0,0,18446744073709551615\n",
            "0,0,0,18446744073709551616\n",
            "0,0,0,99999999999999999999999\n",
            "0,0,0,9\r\n",
            "\r\n",
            "0,0,0,1",
            "0,0",
            "0,\u{e4},0,1\n",
            "0,0,0,\u{0}\n",
            "0;0;0;1\n",
        ];
        for row in rows {
            for text in [
                format!("{HEADER}{row}"),
                format!("{HEADER}{good}{row}"),
                format!("{HEADER}{good}{row}{good}"),
                format!("\n\r\n{HEADER}{good}\n\n{row}"),
            ] {
                let [fast, slow] = both(&text);
                assert_eq!(fast, slow, "{text:?}");
            }
        }
        let headers = [
            "",
            "\n\n",
            "trial,job,core,at_ns",
            "trial,job,core\n",
            "job,trial,core,at_ns\n0,0,0,1\n",
            "trial,job,core,at_ns,x\n",
            "0,0,0,1\n",
            "\"trial\",job,core,at_ns\r\n1,2,3,4\r\n",
        ];
        for text in headers {
            let [fast, slow] = both(text);
            assert_eq!(fast, slow, "{text:?}");
        }
        let [fast, slow] = both(b"trial,job,core,at_ns\n1,1,1,1\n1,\xff,1,1\n");
        assert_eq!(fast, slow);
        assert!(
            fast.unwrap_err()
                .contains("line 3, column job: expected UTF-8")
        );
    }

    #[test]
    fn damage_is_named_by_its_line_far_down_the_file() {
        let good = "3,1,0,1234567\n".repeat(40_000);
        let [fast, slow] = both(format!("{HEADER}{good}3,1,0,12x\n{good}"));
        assert_eq!(fast, slow);
        assert_eq!(
            fast.unwrap_err(),
            "/samples.csv, line 40002, column at_ns: expected a whole number of nanoseconds, found '12x'"
        );
    }

    #[test]
    fn a_line_that_never_ends_is_refused_without_reading_on() {
        let [fast, slow] = both(format!("{HEADER}{}", "7".repeat(3 * BUFFER)));
        assert!(slow.is_err());
        assert!(
            fast.unwrap_err()
                .contains("line 2: expected 4 cells, found 1")
        );
    }
}
