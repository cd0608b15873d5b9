//! Who took over from whom: lanes, hand-overs, slices.
//!
//! A lane stands for one place at which a job can make progress, such as a core or a GIL, without
//! asking which core it was. A span that starts takes its job's last lane if that is free, else the
//! lane that was freed last, else a lane of its own:
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

use crate::summary::quantile;
use crate::timeline::{Stretch, merged};
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
pub fn slices(spans: &[Stretch]) -> Vec<Slice> {
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
    slices
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if a.lane == b.lane))
        .count()
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

fn lanes(spans: &[Stretch]) -> Vec<Vec<Slice>> {
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
        let lane = own
            .or(freed_last.map(|&(_, Reverse(lane))| lane))
            .unwrap_or(lanes.len());
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
fn take_turn(lanes: &mut Vec<Vec<Slice>>, lane: usize, span: Stretch) {
    let slice = Slice {
        lane,
        job: span.job,
        start: span.start,
        end: span.end,
        whole: false,
    };
    match lanes.get_mut(lane) {
        None => lanes.push(vec![slice]),
        Some(turns) => match turns.last_mut() {
            Some(last) if last.job == span.job => last.end = span.end,
            _ => turns.push(slice),
        },
    }
}
