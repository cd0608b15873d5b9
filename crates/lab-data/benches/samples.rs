//! How fast raw samples become `samples.csv` and come back, beside the csv crate with the same rows:
//!
//! `cargo bench -p lab-data --bench samples`

use std::path::Path;

use divan::Bencher;
use divan::counter::ItemsCount;
use lab_data::FileError;
use lab_data::burst::Samples;
use lab_data::rows::SampleRow;
use lab_data::samples::{self, SampleWriter};
use lab_data::tables::{self, TableWriter};

/// Readings: those of a live tracker of the articles.
const READINGS: u64 = 1_000_000;
/// Time of the machine at the trial's zero.
const ZERO_NS: u64 = 1_234_567_890_123;

fn main() {
    divan::main();
}

/// A job that reads the clock each 25 ns, and moves to another core each millisecond.
fn track() -> Samples {
    let mut samples = Samples::with_capacity(READINGS as usize);
    for i in 0..READINGS {
        samples.push(ZERO_NS + i * 25 + i % 3, (i / 40_000) as u32 % 2);
    }
    samples
}

fn write(path: &Path, samples: &Samples) -> Result<(), FileError> {
    let mut writer = SampleWriter::create(path)?;
    writer.append(1, 0, ZERO_NS, samples)?;
    writer.finish().map(drop)
}

/// The same rows as all other tables are written.
fn write_rows(path: &Path, samples: &Samples) -> Result<(), FileError> {
    let mut writer = TableWriter::create(path)?;
    for sample in samples.iter() {
        writer.append(&SampleRow {
            trial: 1,
            job: 0,
            core: Some(sample.core),
            at_ns: sample.at_ns - ZERO_NS,
        })?;
    }
    writer.flush()
}

/// Times `work` on a file of its own, which holds the track already.
fn on_a_file<T>(bencher: Bencher, work: impl Fn(&Path, &Samples) -> Result<T, FileError>) {
    let (Ok(folder), samples) = (tempfile::tempdir(), track()) else {
        return;
    };
    let path = folder.path().join("samples.csv");
    if write(&path, &samples).is_ok() {
        bencher.counter(ItemsCount::new(READINGS)).bench_local(|| work(&path, &samples));
    }
}

#[divan::bench(name = "1 out")]
fn out(bencher: Bencher) {
    on_a_file(bencher, write);
}

#[divan::bench(name = "2 out, row by row")]
fn out_by_rows(bencher: Bencher) {
    on_a_file(bencher, write_rows);
}

#[divan::bench(name = "3 back")]
fn back(bencher: Bencher) {
    on_a_file(bencher, |path, _| samples::read(path));
}

#[divan::bench(name = "4 back, row by row")]
fn back_by_rows(bencher: Bencher) {
    on_a_file(bencher, |path, _| tables::read::<SampleRow>(path));
}
