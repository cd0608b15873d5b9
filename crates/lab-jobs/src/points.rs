//! Work with points: the same additions again and again, and a point in time after each lot.
//!
//! A point has no length, so that points alone cannot tell who ran when. The clock is therefore
//! read during the additions, too, and the record has both: a *span* ends at every point, and a
//! point is the end of the span that completes a lot of readings ([`readings_a_point`]).

use crate::compute;
use crate::host::Host;
use lab_record::burst::Recorder;
use lab_record::clock;

/// Additions between two readings of the clock: some microseconds in the slowest runtime, which is
/// well below every gap threshold.
const ADDITIONS_A_READING: u64 = 128;

/// How often the clock is read for a point of so many additions: before the first, then regularly,
/// and after the last, which is the point.
pub fn readings_a_point(additions: u64) -> u64 {
    1 + additions.div_ceil(ADDITIONS_A_READING).max(1)
}

/// Makes the points; returns the sum of everything that was added, modulo 2^64.
pub(crate) fn run(
    points: u64,
    additions: u64,
    host: &mut impl Host,
    recorder: &mut Recorder,
) -> u64 {
    let mut sum = 0u64;
    for _ in 0..points {
        recorder.sample(clock::now_ns(), clock::core_id);
        let mut from = 0;
        while additions - from > ADDITIONS_A_READING {
            let to = from + ADDITIONS_A_READING;
            sum = sum.wrapping_add(compute::add_range(from, to, host));
            recorder.sample(clock::now_ns(), clock::core_id);
            from = to;
        }
        sum = sum.wrapping_add(compute::add_range(from, additions, host));
        recorder.point(clock::now_ns(), clock::core_id);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;
    use lab_record::burst::{GAP_NS, Span};

    fn spans(points: u64, additions: u64) -> (u64, Vec<Span>) {
        let mut recorder = Recorder::new(GAP_NS);
        let sum = run(points, additions, &mut Native, &mut recorder);
        (sum, recorder.finish().0)
    }

    #[test]
    fn the_sum_is_that_of_every_lot() {
        for additions in [0, 1, 127, 128, 129, 1000] {
            let (sum, _) = spans(3, additions);
            assert_eq!(sum, 3 * additions * additions.saturating_sub(1) / 2);
        }
    }

    #[test]
    fn a_span_ends_at_every_point_and_the_readings_tell_which() {
        for additions in [0, 1, 127, 128, 129, 100_000] {
            let lot = readings_a_point(additions);
            let (_, spans) = spans(5, additions);
            let mut readings = 0;
            let points = spans.iter().filter(|span| {
                readings += span.samples;
                readings % lot == 0
            });
            assert_eq!(points.count(), 5, "{additions}");
            assert_eq!(readings, 5 * lot, "{additions}");
        }
    }
}
