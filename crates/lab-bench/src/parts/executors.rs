//! The executors: their own benchmarks, which measure a pool and its bare counterpart one right
//! after the other.

use crate::bench::{Bench, say};
use crate::process;
use crate::rounds::Record;
use crate::rows::MeasurementRow;
use crate::watch::{Stretch, Watch};
use anyhow::{Context, Result};
use lab_record::tables;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Duration;

/// The benchmarks of lab-pool, and the comparisons that a missing one leaves out.
const BENCHES: [&str; 3] = ["dispatch", "start", "pages"];
const TIMEOUT: Duration = Duration::from_secs(120);
/// Runs the words after the first, into the file that the first names. What cargo tells this program
/// of its own package must not reach another cargo: build scripts that look at it would run again,
/// and everything after them.
const INTO_FILE: &str = "\
for name in $(env | cut -d= -f1 | grep -E '^CARGO_(PKG|MANIFEST)_'); do unset \"$name\"; done
exec \"$@\" > \"$0\"";

/// A pair, as those benchmarks print it with `--csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct PairRow {
    what: String,
    executor: String,
    workers: u64,
    jobs: u64,
    round: u32,
    measured_ns: f64,
    bare: String,
    bare_ns: f64,
}

pub(super) fn measure(bench: &mut Bench) -> Result<()> {
    for name in BENCHES {
        let file = bench.scratch.join(format!("{name}.csv"));
        let ran = match watched(name, &file) {
            // Disturbed: once more, and that is what stands.
            Ok((_, (_, true))) => watched(name, &file),
            first => first,
        };
        match ran {
            Ok((pairs, others)) => add(&mut bench.record, &pairs, others),
            Err(why) => {
                let why = format!("{why:#}");
                eprintln!("bench: {name}: {why}");
                for comparison in comparisons(name) {
                    bench.record.skip(comparison, "", &*why);
                }
            }
        }
    }
    Ok(())
}

/// The share of the machine that others had, and whether that was too much.
type Others = (Option<f64>, bool);

/// The pairs of a benchmark, and what others did meanwhile.
fn watched(name: &str, file: &Path) -> Result<(Vec<PairRow>, Others)> {
    say(name);
    let mut stretch = Stretch::new();
    let watch = Watch::start(&[]);
    let pairs = run(name, file)?;
    stretch.add(watch.stop());
    Ok((pairs, stretch.judge()))
}

/// Which goals are not measured without a benchmark.
fn comparisons(name: &str) -> &'static [&'static str] {
    use crate::goals::comparison::{DISPATCH, FIRST_JOB, PAGES};
    match name {
        "dispatch" => &[DISPATCH],
        "start" => &[FIRST_JOB],
        _ => &[PAGES],
    }
}

fn run(name: &str, file: &Path) -> Result<Vec<PairRow>> {
    let workspace = lab::workspace().context("there is no workspace around here")?;
    let manifest = workspace.join("Cargo.toml").to_string_lossy().into_owned();
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let file_name = file.to_string_lossy();
    let mut words = vec!["-c", INTO_FILE, &file_name, &cargo, "bench", "--quiet"];
    words.extend(["--profile", "dev", "--manifest-path", &manifest]);
    // Under 15 s each, and rounds enough for a median.
    words.extend(["-p", "lab-pool", "--bench", name, "--", "--csv", "--quick"]);
    process::run(Path::new("/bin/sh"), &words, TIMEOUT)
        .with_context(|| format!("cargo bench -p lab-pool --bench {name} failed"))?;
    Ok(tables::read(file)?)
}

/// Two rows a pair.
fn add(record: &mut Record, pairs: &[PairRow], (others_share, disturbed): Others) {
    for pair in pairs {
        // The start of one pool stands beside several bare ways, in pairs of their own.
        let what = match pair.what.as_str() {
            "pool-start" => format!("pool-start beside {}", pair.bare),
            what => what.to_owned(),
        };
        let comparison = format!("{what} on {} workers", pair.workers);
        let size = match pair.jobs {
            0 => pair.workers,
            jobs => jobs,
        };
        // Dispatches and runs are given for each job, all others as a whole.
        let times = match pair.what.as_str() {
            "dispatch" | "run" => pair.jobs as f64,
            _ => 1.0,
        };
        let bare = format!("{} beside {}", pair.bare, pair.executor);
        for (subject, ns) in [(&pair.executor, pair.measured_ns), (&bare, pair.bare_ns)] {
            record.rows.push(MeasurementRow {
                comparison: comparison.clone(),
                subject: subject.clone(),
                size,
                round: pair.round,
                time_ns: (ns * times).round() as u64,
                peak_rss_bytes: None,
                others_share,
                disturbed,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goals::{GOALS, comparison};
    use crate::results::values;

    const CSV: &str = "what,executor,workers,jobs,round,measured_ns,bare,bare_ns\n\
        dispatch,threads,2,100000,0,150.5,rayon::scope,301\n\
        dispatch,rayon,2,100000,0,400,rayon::scope,200\n\
        worker-first-job,processes,1,1,0,1200,Command,1000\n\
        pages,async,64,256,0,1010,list scheduling,1000\n";

    #[test]
    fn what_the_benchmarks_print_is_what_the_goals_are_about() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pairs.csv");
        std::fs::write(&file, CSV).unwrap();
        let pairs: Vec<PairRow> = tables::read(&file).unwrap();
        let mut record = Record::default();
        add(&mut record, &pairs, (Some(0.01), false));
        let found = |comparison: &str| -> Vec<f64> {
            let goals = GOALS.iter().filter(|goal| goal.comparison == comparison);
            goals.flat_map(|goal| values(goal, &record.rows)).collect()
        };
        assert_eq!(found(comparison::DISPATCH), [150.5, 0.5]);
        assert_eq!(found(comparison::FIRST_JOB), [1.2]);
        assert_eq!(found(comparison::PAGES), [1.01]);
    }

    fn pair(what: &str, jobs: u64, bare: &str) -> PairRow {
        PairRow {
            what: what.to_owned(),
            executor: "rayon".to_owned(),
            workers: 4,
            jobs,
            round: 0,
            measured_ns: 3.0,
            bare: bare.to_owned(),
            bare_ns: 2.0,
        }
    }

    #[test]
    fn what_is_given_for_each_job_is_kept_for_all() {
        let mut record = Record::default();
        let pairs = [pair("run", 1000, "scope"), pair("pages", 1000, "scope")];
        add(&mut record, &pairs, (None, false));
        let times: Vec<u64> = record.rows.iter().map(|row| row.time_ns).collect();
        assert_eq!(times, [3000, 2000, 3, 2]);
    }

    #[test]
    fn a_subject_stands_once_in_a_round() {
        let mut record = Record::default();
        let bare = ["thread::spawn", "ThreadPoolBuilder"];
        add(
            &mut record,
            &bare.map(|bare| pair("pool-start", 0, bare)),
            (None, false),
        );
        let place = |row: &MeasurementRow| (row.comparison.clone(), row.subject.clone(), row.round);
        let places: std::collections::BTreeSet<_> = record.rows.iter().map(place).collect();
        assert_eq!(places.len(), 4);
    }

    #[test]
    fn every_benchmark_has_goals() {
        for name in BENCHES {
            for comparison in comparisons(name) {
                assert!(
                    GOALS.iter().any(|goal| goal.comparison == *comparison),
                    "{name}"
                );
            }
        }
    }
}
