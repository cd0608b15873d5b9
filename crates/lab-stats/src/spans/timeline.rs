//! How many jobs there are at each instant: the step function under a timeline.
//!
//! ```text
//! job 0   [--------]     [-----]
//! job 1        [------------]
//! running 1    2    1    2  1  0
//! ```

/// A span of one job's time: one in which it makes progress, or the whole time for which it
/// is in flight. Nanoseconds of one clock; the end itself is outside. One whose end lies before
/// its start is left out everywhere, one without length marks an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// Which job.
    pub job: u32,
    /// From when.
    pub start: u64,
    /// Until when.
    pub end: u64,
}

/// The step function: (time, how many jobs from then on), by time, each entry with a count that
/// differs from the one before it; the last count is 0. Empty if no span has a length.
///
/// Given spans it is what runs at once (parallelism), given the times in flight what has begun and
/// not yet ended (concurrency). Spans of one job that touch or overlap count once.
pub fn running(spans: &[Span]) -> Vec<(u64, u32)> {
    let ends_of = |span: Span| [(span.start, 1), (span.end, -1)];
    let mut changes: Vec<(u64, i32)> = merged(spans).into_iter().flat_map(ends_of).collect();
    changes.sort_unstable_by_key(|&(at, _)| at);
    let mut steps: Vec<(u64, u32)> = Vec::with_capacity(changes.len());
    let mut count = 0u32;
    for at_once in changes.chunk_by(|a, b| a.0 == b.0) {
        let before = count;
        count = count.saturating_add_signed(at_once.iter().map(|&(_, change)| change).sum());
        if let (Some(&(at, _)), true) = (at_once.first(), count != before) {
            steps.push((at, count));
        }
    }
    steps
}

/// The spans with those of one job that touch or overlap made into one; by job, then by time.
pub(crate) fn merged(spans: &[Span]) -> Vec<Span> {
    let mut sorted: Vec<Span> =
        spans.iter().copied().filter(|span| span.start <= span.end).collect();
    sorted.sort_unstable_by_key(|span| (span.job, span.start, span.end));
    sorted.dedup_by(|next, kept| {
        let joins = next.job == kept.job && next.start <= kept.end;
        if joins {
            kept.end = kept.end.max(next.end);
        }
        joins
    });
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span(job: u32, start: u64, end: u64) -> Span {
        Span { job, start, end }
    }

    #[test]
    fn each_step_is_where_the_count_changes() {
        let picture = [span(1, 5, 18), span(0, 0, 9), span(0, 15, 21)];
        for (spans, steps) in [
            (&picture[..], &[(0, 1), (5, 2), (9, 1), (15, 2), (18, 1), (21, 0)][..]),
            // A change of core is no step.
            (&[span(0, 10, 20), span(0, 0, 10), span(0, 15, 18)], &[(0, 1), (20, 0)]),
            // One that ends as another starts is no overlap.
            (&[span(0, 0, 10), span(1, 10, 20)], &[(0, 1), (20, 0)]),
            (&[span(0, 0, 10), span(0, 12, 20)], &[(0, 1), (10, 0), (12, 1), (20, 0)]),
            (&[], &[]),
            (&[span(0, 5, 5)], &[]),
            (&[span(0, 6, 5)], &[]),
        ] {
            assert_eq!(running(spans), steps);
        }
    }

    #[test]
    fn spans_of_one_job_that_touch_are_one() {
        let spans = [span(0, 10, 20), span(1, 20, 30), span(0, 0, 10), span(0, 21, 22)];
        assert_eq!(merged(&spans), [span(0, 0, 20), span(0, 21, 22), span(1, 20, 30)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_steps_add_up_to_the_busy_time(
            parts in prop::collection::vec((0u32..4, 0u64..60, 0u64..20), 0..30),
        ) {
            let spans: Vec<Span> = parts
                .iter()
                .map(|&(job, start, length)| span(job, start, start + length))
                .collect();
            // Counted instant by instant: every job once.
            let busy = (0u64..80)
                .flat_map(|at| (0u32..4).map(move |job| (at, job)))
                .filter(|&(at, job)| {
                    spans.iter().any(|s| s.job == job && s.start <= at && at < s.end)
                })
                .count() as u64;
            let steps = running(&spans);
            let sum: u64 = steps
                .windows(2)
                .map(|pair| (pair[1].0 - pair[0].0) * u64::from(pair[0].1))
                .sum();
            prop_assert_eq!(sum, busy);
            prop_assert!(steps.windows(2).all(|p| p[0].0 < p[1].0 && p[0].1 != p[1].1));
            prop_assert_eq!(steps.last().map_or(0, |step| step.1), 0);
        }
    }
}
