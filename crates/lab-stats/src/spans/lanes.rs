//! Who took over from whom: lanes, hand-overs, slices.
//!
//! A lane is one place at which a job can make progress, such as a core or a GIL, whichever core it
//! was. A span that starts takes its job's last lane if that is free, else the
//! lane that was freed last, else a new lane:
//!
//! ```text
//! two threads, one GIL      two native threads       four processes, two cores
//! lane 0  0000 1111 0000    lane 0  00000000000      lane 0  0000 2222 0000 2222
//!                           lane 1  11111111111      lane 1   1111 3333 1111 333
//! ```
//!
//! A *hand-over* is a change of job on a lane, a *slice* what lies between two of them. So threads
//! under a GIL take turns on one lane, native threads with a core each have no hand-over at all,
//! and processes that outnumber the cores are dashed like threads, only on several lanes.
//!
//! Known weakness: jobs that overlapped once have a lane each from then on, so turns that they take
//! later are not hand-overs. Spans must therefore be true to the clock: a span that ends a
//! nanosecond too late makes a GIL look like two cores. Read [`crate::parallelism::share_with`]
//! beside the slices.

use crate::summary::quantile;
use crate::timeline::{Span, merged};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

/// One job's uninterrupted turn on a lane; gaps in which no other job took the lane are inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Which lane, counted from 0 in the order in which they were opened.
    pub lane: usize,
    /// Which job.
    pub job: u32,
    /// The start of its first span, in nanoseconds.
    pub start: u64,
    /// The end of its last span, in nanoseconds.
    pub end: u64,
    /// Whether it lies between two hand-overs. The first on a lane and the last do not: they were
    /// cut off by the job's start or end and say nothing about how long a turn takes.
    pub whole: bool,
}

/// All slices, lane by lane, each lane by time. `spans` is when the jobs make progress, in any
/// order; those of one job that touch or overlap are one.
pub fn slices(spans: &[Span]) -> Vec<Slice> {
    let mut lanes = lanes(spans);
    for lane in &mut lanes {
        let inner = 1..lane.len().saturating_sub(1);
        for slice in lane.get_mut(inner).into_iter().flatten() {
            slice.whole = true;
        }
    }
    lanes.concat()
}

/// How often a lane went from one job to another, in what [`slices`] returned.
pub fn hand_overs(slices: &[Slice]) -> usize {
    slices.windows(2).filter(|pair| matches!(pair, [a, b] if a.lane == b.lane)).count()
}

/// The `q`-quantile (0 to 1) of the lengths of whole slices, in nanoseconds. `None` if there is
/// none, as with a core for every thread.
pub fn slice_quantile(slices: &[Slice], q: f64) -> Option<f64> {
    let lengths: Vec<f64> = slices
        .iter()
        .filter(|slice| slice.whole)
        .map(|slice| (slice.end - slice.start) as f64)
        .collect();
    quantile(&lengths, q)
}

fn lanes(spans: &[Span]) -> Vec<Vec<Slice>> {
    let mut spans = merged(spans);
    spans.sort_unstable_by_key(|span| (span.start, span.end, span.job));
    let mut lanes: Vec<Vec<Slice>> = Vec::new();
    let mut last_lane: HashMap<u32, usize> = HashMap::new();
    // (when it is free again, lane); of two freed at one instant the first opened comes last.
    let mut ends: BTreeSet<(u64, Reverse<usize>)> = BTreeSet::new();
    for span in spans {
        let end_of = |lane: usize| Some(lanes.get(lane)?.last()?.end);
        let own = last_lane
            .get(&span.job)
            .copied()
            .filter(|&lane| end_of(lane).is_some_and(|end| end <= span.start));
        let freed_last = ends.range(..=(span.start, Reverse(0))).next_back();
        let lane = own.or(freed_last.map(|&(_, Reverse(lane))| lane)).unwrap_or(lanes.len());
        if let Some(end) = end_of(lane) {
            ends.remove(&(end, Reverse(lane)));
        }
        ends.insert((span.end, Reverse(lane)));
        last_lane.insert(span.job, lane);
        take_turn(&mut lanes, lane, span);
    }
    lanes
}

/// The job goes on with its slice, or begins a new one, or opens a new lane.
fn take_turn(lanes: &mut Vec<Vec<Slice>>, lane: usize, span: Span) {
    let slice = Slice { lane, job: span.job, start: span.start, end: span.end, whole: false };
    match lanes.get_mut(lane) {
        None => lanes.push(vec![slice]),
        Some(turns) => match turns.last_mut() {
            Some(last) if last.job == span.job => last.end = span.end,
            _ => turns.push(slice),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span(job: u32, start: u64, end: u64) -> Span {
        Span { job, start, end }
    }

    /// Jobs of the slices by lane, number of hand-overs, and median of whole slices.
    fn turns(spans: &[(u32, u64, u64)]) -> (Vec<Vec<u32>>, usize, Option<f64>) {
        let spans: Vec<Span> = spans.iter().map(|&(j, start, end)| span(j, start, end)).collect();
        let slices = slices(&spans);
        let lanes = slices.chunk_by(|a, b| a.lane == b.lane);
        let jobs = lanes.map(|lane| lane.iter().map(|slice| slice.job).collect());
        (jobs.collect(), hand_overs(&slices), slice_quantile(&slices, 0.5))
    }

    #[test]
    fn who_takes_turns_shares_a_lane() {
        let gil: Vec<_> = (0..6).map(|turn| (turn % 2, u64::from(turn) * 51)).collect();
        let gil: Vec<_> = gil.iter().map(|&(job, at)| (job, at, at + 50)).collect();
        // Native threads are interrupted at times, and return to their lane.
        let native = [(0, 0, 40), (1, 1, 39), (0, 42, 100), (1, 45, 100)];
        // Four processes on two cores: whole are 40 to 80 and 41 to 79.
        let four = [(0, 0, 40), (1, 2, 39), (3, 40, 80), (2, 41, 79), (0, 80, 120), (1, 81, 119)];
        let freed_last = [(0, 0, 10), (1, 0, 20), (2, 30, 40), (3, 31, 40), (4, 32, 40)];
        for (spans, jobs, hand_overs, median) in [
            (&gil[..], vec![vec![0, 1, 0, 1, 0, 1]], 5, Some(50.0)),
            (&native, vec![vec![0], vec![1]], 0, None),
            (&four, vec![vec![0, 3, 0], vec![1, 2, 1]], 4, Some(39.0)),
            // The lane freed last is taken first.
            (&freed_last, vec![vec![0, 3], vec![1, 2], vec![4]], 2, None),
            // A job whose lane is taken goes elsewhere.
            (
                &[(0, 0, 10), (1, 0, 12), (2, 11, 30), (0, 13, 30)],
                vec![vec![0, 2], vec![1, 0]],
                2,
                None,
            ),
            // Jobs that overlapped once keep their lanes.
            (&[(0, 0, 10), (1, 9, 20), (0, 21, 30), (1, 31, 40)], vec![vec![0], vec![1]], 0, None),
            // A change of core and unsorted spans make no hand-over.
            (&[(0, 20, 30), (0, 0, 10), (0, 10, 20)], vec![vec![0]], 0, None),
            // A turn of one sample is a turn.
            (&[(0, 0, 10), (1, 11, 11), (0, 12, 20)], vec![vec![0, 1, 0]], 2, Some(0.0)),
            (&[], vec![], 0, None),
        ] {
            assert_eq!(turns(spans), (jobs, hand_overs, median), "{spans:?}");
        }
    }

    #[test]
    fn a_slice_reaches_from_the_first_span_to_the_last_and_is_whole_between_hand_overs() {
        let slices =
            slices(&[span(0, 0, 40), span(0, 42, 100), span(1, 100, 110), span(0, 110, 120)]);
        let all: Vec<_> = slices.iter().map(|s| (s.lane, s.job, s.start, s.end, s.whole)).collect();
        let expected = [(0, 0, 0, 100, false), (0, 1, 100, 110, true), (0, 0, 110, 120, false)];
        assert_eq!(all, expected);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_lane_holds_one_job_at_a_time_and_none_is_opened_without_need(
            parts in prop::collection::vec((0u32..5, 0u64..200, 1u64..30), 1..40),
        ) {
            let spans: Vec<Span> = parts
                .iter()
                .map(|&(job, start, length)| span(job, start, start + length))
                .collect();
            let slices = slices(&spans);
            for pair in slices.windows(2).filter(|pair| pair[0].lane == pair[1].lane) {
                prop_assert!(pair[0].end <= pair[1].start);
                prop_assert!(pair[0].job != pair[1].job);
            }
            let lanes = slices.iter().map(|slice| slice.lane + 1).max().unwrap_or(0);
            let most = crate::timeline::running(&spans).iter().map(|step| step.1).max();
            prop_assert_eq!(lanes, most.unwrap_or(0) as usize);
            prop_assert_eq!(hand_overs(&slices), slices.len() - lanes);
        }
    }
}
