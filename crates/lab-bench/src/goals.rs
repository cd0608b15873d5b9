//! What is compared with what, and what it must reach. Written down before anything was measured.

use crate::rows::MeasurementRow;

/// Names of comparisons, as they stand in the tables.
pub(crate) mod comparison {
    pub(crate) const PIPELINE: &str = "pipeline";
    pub(crate) const DRAW: &str = "draw";
    pub(crate) const WRITE: &str = "write";
    pub(crate) const READ: &str = "read";
    pub(crate) const RECORDER: &str = "recorder";
    pub(crate) const DISPATCH: &str = "dispatch on 2 workers";
    pub(crate) const FIRST_JOB: &str = "worker-first-job on 1 workers";
    pub(crate) const PAGES: &str = "pages on 64 workers";
    pub(crate) const FIGURES: &str = "figures";
    pub(crate) const FIRST: &str = "first result";
    pub(crate) const SAMPLES: &str = "growth of samples";
    pub(crate) const JOBS: &str = "growth of jobs";
    pub(crate) const WORKERS: &str = "growth of workers";
    pub(crate) const ROWS: &str = "growth of rows";
}

/// Names of subjects that more than one module needs.
pub(crate) mod subject {
    pub(crate) const SPANS: &str = "spans";
    pub(crate) const RAW: &str = "raw samples";
    pub(crate) const CLOCK: &str = "reads of the clock alone";
    pub(crate) const OURS: &str = "ours";
    pub(crate) const PANDAS: &str = "pandas";
    pub(crate) const POLARS: &str = "polars";
    pub(crate) const PYARROW: &str = "pyarrow";
    pub(crate) const NUMPY: &str = "numpy";
    pub(crate) const NUMPY_PANDAS: &str = "numpy-pandas";
    pub(crate) const MATPLOTLIB: &str = "matplotlib";
    pub(crate) const DATASHADER: &str = "datashader";
    pub(crate) const DATASHADER_COLD: &str = "datashader, cold";
    pub(crate) const CSV_WRITER: &str = "csv.writer";
    pub(crate) const CSV_READER: &str = "csv.reader";
    pub(crate) const BARE: &str = "bare";
    pub(crate) const RAYON_SCOPE: &str = "rayon::scope beside threads";
    pub(crate) const COMMAND: &str = "Command beside processes";
    pub(crate) const THREADS: &str = "threads";
    pub(crate) const ASYNC: &str = "async";
    pub(crate) const PROCESSES: &str = "processes";
    pub(crate) const THREADS_BOUND: &str = "list scheduling beside threads";
    pub(crate) const ASYNC_BOUND: &str = "list scheduling beside async";
    pub(crate) const COLD_BUILD: &str = "cold build";
    pub(crate) const QUICK_RUN: &str = "io-threads --quick";
    pub(crate) const ROWS_OUT: &str = "write";
    pub(crate) const ROWS_IN: &str = "read";
}

/// The articles' pipeline: so many samples in all.
pub(crate) const PIPELINE_SAMPLES: u64 = 8_000_000;
/// Samples that are drawn from memory.
pub(crate) const DRAWN_SAMPLES: u64 = 8_000_000;
/// Where the growth of a tracker begins, and where it must not have grown yet.
pub(crate) const FEW_SAMPLES: u64 = 1_000_000;
/// Jobs of a trial whose hand-over is held against the goal.
pub(crate) const DISPATCHED_JOBS: u64 = 100_000;
/// The most samples that a tracker is followed to.
pub(crate) const MOST_SAMPLES: u64 = 1_000_000_000;

/// What a number says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value {
    /// The other's time over ours, for each thing done, round by round.
    TimesAsFast(&'static str),
    /// Our time over the other's, for each thing done, round by round.
    Times(&'static str),
    /// Our time.
    Time,
    /// Our time for each thing.
    TimeEach,
    /// Things a second.
    Rate,
    /// How many things there were.
    Size,
    /// Our peak of memory.
    Peak,
    /// Our peak at the largest size over that at this one.
    PeakOver(u64),
}

/// On which side of the goal it is met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    Least(f64),
    Most(f64),
}

/// A line of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Goal {
    /// In words.
    pub(crate) what: &'static str,
    /// In a few words, for the figure.
    pub(crate) short: &'static str,
    pub(crate) comparison: &'static str,
    /// Who of ours.
    pub(crate) ours: &'static str,
    pub(crate) value: Value,
    /// None for what is only named beside.
    pub(crate) target: Option<Target>,
    /// The size that it is about; if only others were measured there is a number and no verdict.
    pub(crate) size: Option<u64>,
}

const fn goal(
    (comparison, ours): (&'static str, &'static str),
    (what, short): (&'static str, &'static str),
    value: Value,
    target: Target,
) -> Goal {
    Goal {
        what,
        short,
        comparison,
        ours,
        value,
        target: Some(target),
        size: None,
    }
}

impl Goal {
    pub(crate) const fn at(self, size: u64) -> Goal {
        Goal {
            size: Some(size),
            ..self
        }
    }

    const fn beside(self) -> Goal {
        Goal {
            target: None,
            ..self
        }
    }

    /// Rows of ours that count for this line: those of its size, if there are any.
    pub(crate) fn ours<'a>(&self, rows: &'a [MeasurementRow]) -> Vec<&'a MeasurementRow> {
        let ours =
            |row: &&MeasurementRow| row.comparison == self.comparison && row.subject == self.ours;
        let all: Vec<&MeasurementRow> = rows.iter().filter(ours).collect();
        let fits = |row: &&MeasurementRow| Some(row.size) == self.size;
        match self.value {
            Value::PeakOver(_) => all,
            _ if !all.iter().any(fits) => all,
            _ => all.into_iter().filter(fits).collect(),
        }
    }
}

/// All lines, in the order of the table.
#[rustfmt::skip]
pub(crate) const GOALS: &[Goal] = {
    use self::comparison::*;
    use self::subject::*;
    use self::Target::{Least, Most};
    use self::Value::*;
    &[
        goal((RECORDER, SPANS), ("a sample with its core, against a bare loop of clock reads", "a sample / bare loop"), Times(BARE), Most(1.06)),
        goal((SAMPLES, SPANS), ("memory of a tracker of 10⁹ samples, against 10⁶", "memory at 10⁹ samples"), PeakOver(FEW_SAMPLES), Most(1.1)).at(MOST_SAMPLES),
        goal((PIPELINE, SPANS), ("articles' figure end to end with spans, against lists, pandas, matplotlib", "spans / articles"), TimesAsFast(PANDAS), Least(130.0)).at(PIPELINE_SAMPLES),
        // Whoever writes the CSV: polars does it many times as fast as pandas.
        goal((PIPELINE, SPANS), ("… against arrays, polars, matplotlib on bins", "spans / numpy, polars"), TimesAsFast(NUMPY), Least(20.0)).at(PIPELINE_SAMPLES),
        goal((PIPELINE, SPANS), ("… against arrays, pandas, matplotlib on bins", "spans / numpy, pandas"), TimesAsFast(NUMPY_PANDAS), Least(20.0)).at(PIPELINE_SAMPLES),
        goal((PIPELINE, CLOCK), ("… of which the reads of the clock alone", ""), Time, Most(0.0)).at(PIPELINE_SAMPLES).beside(),
        goal((PIPELINE, RAW), ("… with raw samples, against lists, pandas, matplotlib", "raw / articles"), TimesAsFast(PANDAS), Least(65.0)).at(PIPELINE_SAMPLES),
        goal((PIPELINE, SPANS), ("… with spans, against lists, polars, matplotlib", ""), TimesAsFast(POLARS), Least(0.0)).beside(),
        goal((PIPELINE, SPANS), ("… with spans, against arrays, polars, datashader", ""), TimesAsFast(DATASHADER), Least(0.0)).beside(),
        goal((PIPELINE, SPANS), ("… peak memory with spans", "memory, spans"), Peak, Most(150e6)).at(PIPELINE_SAMPLES),
        goal((PIPELINE, RAW), ("… peak memory with raw samples", "memory, raw"), Peak, Most(150e6)).at(PIPELINE_SAMPLES),
        goal((DRAW, RAW), ("8 million samples to PNG from memory", "samples to PNG"), Time, Most(40e6)).at(DRAWN_SAMPLES),
        goal((DRAW, SPANS), ("… from their spans", "spans to PNG"), Time, Most(15e6)).at(DRAWN_SAMPLES),
        goal((DRAW, RAW), ("… samples, against matplotlib", ""), TimesAsFast(MATPLOTLIB), Least(0.0)).beside(),
        goal((DRAW, RAW), ("… samples, against datashader, warm", ""), TimesAsFast(DATASHADER), Least(0.0)).beside(),
        goal((DRAW, RAW), ("… samples, against datashader, cold", ""), TimesAsFast(DATASHADER_COLD), Least(0.0)).beside(),
        goal((WRITE, OURS), ("raw samples to CSV", "samples to CSV"), Rate, Least(20e6)),
        goal((WRITE, OURS), ("… against pandas", "CSV / pandas"), TimesAsFast(PANDAS), Least(10.0)),
        goal((WRITE, OURS), ("… against csv.writer", ""), TimesAsFast(CSV_WRITER), Least(0.0)).beside(),
        goal((WRITE, OURS), ("… against pyarrow", ""), TimesAsFast(PYARROW), Least(0.0)).beside(),
        goal((WRITE, OURS), ("… against polars", ""), TimesAsFast(POLARS), Least(0.0)).beside(),
        goal((READ, OURS), ("raw samples from CSV", "samples from CSV"), Rate, Least(16e6)),
        goal((READ, OURS), ("… against pandas", ""), TimesAsFast(PANDAS), Least(0.0)).beside(),
        goal((READ, OURS), ("… against csv.reader", ""), TimesAsFast(CSV_READER), Least(0.0)).beside(),
        goal((READ, OURS), ("… against pyarrow", ""), TimesAsFast(PYARROW), Least(0.0)).beside(),
        goal((READ, OURS), ("… against polars", ""), TimesAsFast(POLARS), Least(0.0)).beside(),
        goal((DISPATCH, THREADS), ("a job on threads, from hand to answer", "a job on threads"), TimeEach, Most(200.0)).at(DISPATCHED_JOBS),
        goal((DISPATCH, THREADS), ("… against a spawn in rayon::scope", ""), Times(RAYON_SCOPE), Most(0.0)).at(DISPATCHED_JOBS).beside(),
        goal((FIRST_JOB, PROCESSES), ("a worker process until its first job, against bare Command", "worker / Command"), Times(COMMAND), Most(1.2)),
        goal((PAGES, THREADS), ("256 pages on 64 threads, against list scheduling", "pages, threads / bound"), Times(THREADS_BOUND), Most(1.03)),
        goal((PAGES, ASYNC), ("256 pages on 64 tasks, against list scheduling", "pages, async / bound"), Times(ASYNC_BOUND), Most(1.03)),
        goal((FIGURES, OURS), ("all figures drawn again from the saved data", "all figures"), Time, Most(1e9)),
        goal((FIRST, COLD_BUILD), ("first result: a cold build of one experiment", ""), Time, Most(0.0)).beside(),
        goal((FIRST, COLD_BUILD), ("… crates that it compiles", ""), Size, Most(0.0)).beside(),
        goal((FIRST, QUICK_RUN), ("… and its run, `io-threads --quick`, to the first figure", ""), Time, Most(0.0)).beside(),
    ]
};
