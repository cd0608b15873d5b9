//! `samples.csv` out and in: every reading of every job, a row each.
//!
//! The rows are those of [`crate::rows::SampleRow`], and the bytes are those that [`crate::tables`]
//! would write. But there may be a hundred million of them, so they are neither made into rows nor
//! held as text.

mod read;
mod write;

pub use read::{JobSamples, read};
pub use write::SampleWriter;

const HEADER: [&str; 4] = ["trial", "job", "core", "at_ns"];
/// Bytes that are handed to the kernel, or asked of it, at once.
const BUFFER: usize = 1 << 18;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::burst::{Sample, Samples};
    use crate::clock::UNKNOWN_CORE;
    use crate::error::FileError;
    use crate::rows::SampleRow;
    use crate::tables;
    use std::path::Path;

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
    fn a_full_disk_is_an_error() {
        let mut writer = SampleWriter::create(Path::new("/dev/full")).unwrap();
        let samples = (0..100_000).map(|at_ns| Sample { at_ns, core: 0 });
        assert!(writer.append(0, 0, 0, &samples.collect()).unwrap_err().is_full());
    }
}
