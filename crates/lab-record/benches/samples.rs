//! How fast raw samples become `samples.csv` and come back, beside the csv crate with the same rows.
//!
//! `cargo bench -p lab-record --bench samples` prints rows a second, each the median of several
//! passes that take turns, and what the two writers' files are like: the same bytes.

use std::hint::black_box;
use std::path::Path;

use divan::Bencher;
use divan::counter::ItemsCount;
use lab_record::burst::Samples;
use lab_record::clock::now_ns;
use lab_record::rows::SampleRow;
use lab_record::samples::{self, SampleWriter};
use lab_record::tables::{self, TableWriter};

/// Jobs, and readings of each: the live tracker's of the articles.
const JOBS: u32 = 8;
const READINGS: u64 = 1_000_000;
/// As many in a row of divan's, and for csv, which is slow.
const FEW: u64 = 100_000;
const PASSES: usize = 7;
/// Time of the machine at the trial's zero.
const ZERO_NS: u64 = 1_234_567_890_123;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    // `cargo test --all-targets` only asks whether it runs.
    if std::env::args().any(|argument| argument == "--bench") {
        throughput()?;
    }
    divan::main();
    Ok(())
}

/// A job that reads the clock each 25 ns, and moves to another core each millisecond.
fn track(job: u32, readings: u64) -> Samples {
    let mut samples = Samples::with_capacity(readings as usize);
    for i in 0..readings {
        let core = job + (i / 40_000) as u32 % 2;
        samples.push(ZERO_NS + u64::from(job) * 5_000_000 + i * 25 + i % 3, core);
    }
    samples
}

fn write(path: &Path, jobs: &[Samples]) -> Result<()> {
    let mut writer = SampleWriter::create(path)?;
    for (job, samples) in (0..).zip(jobs) {
        writer.append(1, job, ZERO_NS, samples)?;
    }
    Ok(writer.finish()?)
}

/// The same rows through serde and csv, as all other tables are written.
fn write_rows(path: &Path, jobs: &[Samples]) -> Result<()> {
    let mut writer = TableWriter::create(path)?;
    for (job, samples) in (0..).zip(jobs) {
        for sample in samples.iter() {
            writer.append(&SampleRow {
                trial: 1,
                job,
                core: Some(sample.core),
                at_ns: sample.at_ns - ZERO_NS,
            })?;
        }
    }
    Ok(writer.flush()?)
}

/// Rows a microsecond: millions a second.
fn rate(rows: u64, work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let start = now_ns();
    work()?;
    Ok(rows as f64 * 1e3 / (now_ns() - start) as f64)
}

fn throughput() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = |name| folder.path().join(name);
    let all: Vec<Samples> = (0..JOBS).map(|job| track(job, READINGS)).collect();
    let few: Vec<Samples> = (0..JOBS).map(|job| track(job, FEW)).collect();
    let (rows, few_rows) = (u64::from(JOBS) * READINGS, u64::from(JOBS) * FEW);
    write(&path("ours.csv"), &few)?;
    write_rows(&path("csv.csv"), &few)?;
    let same = std::fs::read(path("ours.csv"))? == std::fs::read(path("csv.csv"))?;
    println!("{rows} rows of samples.csv ({few_rows} by serde and csv; the same bytes: {same}):");
    let mut rates: [Vec<f64>; 4] = Default::default();
    for _ in 0..PASSES {
        let pass = [
            rate(rows, || write(&path("all.csv"), &all))?,
            rate(few_rows, || write_rows(&path("few.csv"), &few))?,
            rate(rows, || {
                black_box(samples::read(&path("all.csv"))?);
                Ok(())
            })?,
            rate(few_rows, || {
                black_box(tables::read::<SampleRow>(&path("few.csv"))?);
                Ok(())
            })?,
        ];
        for (rates, rate) in rates.iter_mut().zip(pass) {
            rates.push(rate);
        }
    }
    let [out, csv_out, back, csv_back] = rates.map(|mut rates| {
        rates.sort_by(f64::total_cmp);
        rates[PASSES / 2]
    });
    for (name, ours, csv) in [("out", out, csv_out), ("back", back, csv_back)] {
        println!(
            "  {name:4} {ours:6.1} M rows/s, csv {csv:4.1}: {:.1} times",
            ours / csv
        );
    }
    Ok(())
}

#[divan::bench(name = "1 out")]
fn out(bencher: Bencher) {
    let Ok(folder) = tempfile::tempdir() else {
        return;
    };
    let jobs = [track(0, FEW)];
    bencher
        .counter(ItemsCount::new(FEW))
        .bench_local(|| write(&folder.path().join("samples.csv"), &jobs));
}

#[divan::bench(name = "2 back")]
fn back(bencher: Bencher) {
    let Ok(folder) = tempfile::tempdir() else {
        return;
    };
    let path = folder.path().join("samples.csv");
    if write(&path, &[track(0, FEW)]).is_ok() {
        bencher
            .counter(ItemsCount::new(FEW))
            .bench_local(|| samples::read(&path));
    }
}
