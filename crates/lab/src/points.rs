//! The points that a job noted, found again in its spans.
//!
//! A span ends at every point, and before each point lies the same number of readings of the clock
//! ([`lab_jobs::readings_a_point`]). So the points are the ends of those spans that complete such a
//! lot; spans that end elsewhere ended because another job had the core.

use crate::recording::Recording;
use lab_plot::Facet;
use lab_record::rows::{JobRow, SpanRow, TrialRow};

impl Recording {
    /// A timeline's facet as [`Recording::facet`] gives it, with the points that the jobs noted.
    pub fn facet_with_points(&self, trial: &TrialRow, title: impl Into<String>) -> Facet {
        let mut facet = self.facet(trial, title);
        let spans: Vec<&SpanRow> = self.span_rows(trial).collect();
        for (row, job) in facet.rows.iter_mut().zip(self.jobs(trial)) {
            row.points = points(job, &spans);
        }
        facet
    }
}

/// When the points of a job were, in nanoseconds from its trial's zero.
fn points(job: &JobRow, spans: &[&SpanRow]) -> Vec<u64> {
    let own = || spans.iter().filter(|span| span.job == job.job);
    let all: u64 = own().map(|span| span.samples).sum();
    let Some(lot) = job.count.and_then(|points| all.checked_div(points)) else {
        return Vec::new();
    };
    let mut readings = 0;
    own()
        .filter(|span| {
            readings += span.samples;
            readings % lot.max(1) == 0
        })
        .map(|span| span.end_ns)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_rows::{self, trial};

    /// A span of two jobs' trial, which lasts a nanosecond.
    fn span(job: u32, end_ns: u64, samples: u64) -> SpanRow {
        let of = test_rows::job(&trial(), job, 0, 100);
        SpanRow {
            samples,
            ..test_rows::span(&of, end_ns - 1, end_ns)
        }
    }

    fn job(count: Option<u64>) -> JobRow {
        JobRow {
            count,
            ..test_rows::job(&trial(), 1, 0, 100)
        }
    }

    #[test]
    fn a_span_that_was_cut_short_ends_at_no_point() {
        let rows = [
            span(1, 10, 7),
            span(0, 15, 1),
            span(1, 20, 3),
            span(1, 30, 10),
            span(1, 40, 9),
            span(1, 50, 1),
        ];
        let spans: Vec<&SpanRow> = rows.iter().collect();
        assert_eq!(points(&job(Some(3)), &spans), [20, 30, 50]);
        assert!(points(&job(Some(0)), &spans).is_empty());
        assert!(points(&job(None), &spans).is_empty());
        assert!(points(&job(Some(3)), &[]).is_empty());
    }
}
