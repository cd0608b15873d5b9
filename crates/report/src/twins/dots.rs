//! A dot for each reading of a clock: the first article's scatter, and the second one's grid.

use super::{FIRST, SECOND, Source, facets, over_time};
use lab::record::Trial;
use lab::show::words::colour;
use lab_data::rows::JobRow;
use lab_plot::{Figure, Item, Row};
use lab_stats::format;

/// What is drawn of the live jobs: a tenth of a second, in which a GIL is handed over some twenty times.
const SHOWN_NS: u64 = 100_000_000;
/// A dot per so much time in which a job ran. A job reads its clock thousands of times meanwhile.
const EVERY_NS: u64 = 1_000_000;

/// When each of a few jobs that only read the clock was running.
pub(super) fn live(source: Option<Source>) -> Option<Figure> {
    let source = source?;
    let ran = |trial: &Trial, job: &JobRow, zero: u64| {
        let own = trial.span_rows().iter().filter(|span| span.job == job.job);
        let from_zero = |at: u64| at.saturating_sub(zero).min(SHOWN_NS);
        let runs: Vec<_> =
            own.map(|span| (from_zero(span.start_ns), from_zero(span.end_ns))).collect();
        sampled(&runs)
    };
    let facets = facets(&source, |trial, zero| dots(trial, zero, ran))?;
    let [python, rust] = source.estimates("threads-parallel")?;
    let jobs = source.recording.cores();
    let title = format!(
        "{}: {jobs} threads run at once {} of the time; Rust: {}",
        source.python(),
        format::share(python),
        format::share(rust),
    );
    let point = "the job ran at this millisecond".to_owned();
    let figure = Figure::new(title, over_time(point, 2, facets)).subtitle(format!(
        "The first {} of jobs that do nothing but read the clock, one job per core. The article had 4 \
         jobs on 4 cores.",
        format::time(SHOWN_NS as f64)
    ));
    Some(source.figure(figure, FIRST))
}

/// When each job reached each of its points of work.
pub(super) fn points(source: Option<Source>) -> Option<Figure> {
    let source = source?;
    let noted = |trial: &Trial, job: &JobRow, zero: u64| {
        trial.points(job).into_iter().map(|at| at.saturating_sub(zero)).collect()
    };
    let facets = facets(&source, |trial, zero| dots(trial, zero, noted))?;
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
    let figure = Figure::new(title, over_time(point, 2, facets)).subtitle(format!(
        "Twenty points per job, with equal work before each, one job per core. The article, on a \
         number of cores that it does not give: {}.",
        format::ratio(theirs)
    ));
    Some(source.figure(figure, SECOND))
}

/// A row per job of the instants that `of` finds of it, in nanoseconds after the first job's start.
fn dots(trial: &Trial, zero: u64, of: impl Fn(&Trial, &JobRow, u64) -> Vec<u64>) -> Vec<Row> {
    let row = |job: &JobRow| {
        let at = of(trial, job, zero).into_iter().map(|at| at as f64).collect();
        let items = vec![Item::Values(at, colour(trial.row.executor))];
        Row { label: format!("job {}", job.job), items, note: String::new() }
    };
    trial.jobs().iter().map(row).collect()
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
