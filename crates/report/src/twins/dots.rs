//! A dot for each reading of a clock: the first article's scatter, and the second one's grid.

use super::bars::series;
use super::{FACETS, FIRST, SECOND, Source};
use lab::record::Trial;
use lab_data::rows::{Executor, JobRow};
use lab_plot::{DotFacet, DotRow, Dots, Figure};
use lab_stats::format;

/// What is drawn of the live jobs: a tenth of a second, in which a GIL is handed over some twenty times.
const SHOWN_NS: u64 = 100_000_000;
/// A dot per so much time in which a job ran. A job reads its clock thousands of times meanwhile.
const EVERY_NS: u64 = 1_000_000;

/// When each of a few jobs that only read the clock was running.
pub(super) fn live(source: Option<Source>) -> Option<Figure> {
    let source = source?;
    let facets = facets(&source, |trial, job, zero| {
        let own = trial.span_rows().iter().filter(|span| span.job == job.job);
        let from_zero = |at: u64| at.saturating_sub(zero).min(SHOWN_NS);
        let runs: Vec<_> =
            own.map(|span| (from_zero(span.start_ns), from_zero(span.end_ns))).collect();
        sampled(&runs)
    })?;
    let [python, rust] = source.estimates("threads-parallel")?;
    let jobs = source.recording.cores();
    let title = format!(
        "{}: {jobs} threads run at once {} of the time; Rust: {}",
        source.python(),
        format::share(python),
        format::share(rust),
    );
    let point = "the job ran at this millisecond".to_owned();
    let dots = Dots { point, columns: 2, facets };
    let figure = Figure::new(title, dots).subtitle(format!(
        "The first {} of jobs that do nothing but read the clock, one job per core. The article had 4 \
         jobs on 4 cores.",
        format::time(SHOWN_NS as f64)
    ));
    Some(source.figure(figure, FIRST))
}

/// When each job reached each of its points of work.
pub(super) fn points(source: Option<Source>) -> Option<Figure> {
    let source = source?;
    let facets = facets(&source, |trial, job, zero| {
        trial.points(job).into_iter().map(|at| at.saturating_sub(zero)).collect()
    })?;
    let [python, rust] = source.estimates("less-total-runtime")?;
    let workers = source.recording.cores();
    let theirs = source.verdict("less-total-runtime", &source.runtimes[0])?.article_estimate?;
    let title = format!(
        "{}: a pool of {workers} threads takes {} as long as {workers} processes; Rust: {}",
        source.python(),
        format::ratio(python),
        format::ratio(rust),
    );
    let point = "a point of work is done".to_owned();
    let dots = Dots { point, columns: 2, facets };
    let figure = Figure::new(title, dots).subtitle(format!(
        "Twenty points per job, with equal work before each, one job per core. The article, on a \
         number of cores that it does not give: {}.",
        format::ratio(theirs)
    ));
    Some(source.figure(figure, SECOND))
}

/// A facet per pool and runtime, whose rows are the readings that `of` finds of a job, in nanoseconds
/// after the first job's start.
fn facets(source: &Source, of: impl Fn(&Trial, &JobRow, u64) -> Vec<u64>) -> Option<Vec<DotFacet>> {
    let facet = |&(executor, side): &(Executor, usize)| {
        let runtime = &source.runtimes[side];
        let trial = source.trial(runtime, executor)?;
        let zero = trial.jobs().iter().filter_map(|job| job.start_ns).min()?;
        let rows = trial.jobs().iter().map(|job| DotRow {
            label: format!("job {}", job.job),
            series: series(executor),
            readings: of(&trial, job, zero),
        });
        let title = format!("{}, {}", format::runtime(runtime), executor.name());
        Some(DotFacet { title, rows: rows.collect() })
    };
    FACETS.iter().map(facet).collect()
}

/// An instant each [`EVERY_NS`] in which a job ran (`runs` in order of time), in nanoseconds.
fn sampled(runs: &[(u64, u64)]) -> Vec<u64> {
    let of = |&(start, end): &(u64, u64)| {
        let first = start.div_ceil(EVERY_NS);
        (first..).map(|i| i.saturating_mul(EVERY_NS)).take_while(move |&at| at < end)
    };
    runs.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_sampled_where_something_ran() {
        let ms = |ms: u64| ms * 1_000_000;
        let runs = [(0, ms(1)), (ms(3) + 1, ms(5))];
        assert_eq!(sampled(&runs), [0, ms(4)]);
        assert_eq!(sampled(&[(1, 2), (u64::MAX - 1, u64::MAX)]), [0u64; 0]);
    }
}
