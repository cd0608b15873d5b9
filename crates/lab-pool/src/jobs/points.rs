//! Work with points: the same additions again and again, and a point in time after each lot.
//!
//! A point has no length, so that points alone do not show who ran when. The clock is therefore
//! read during the additions, too, and the record has both: a *span* ends at every point, and a
//! point is the end of the span that completes a lot of readings ([`readings_per_point`]).

use super::add::{SLOW_ADDITION_NS, add_range, sum_below};
use crate::work::{Answer, Done, Host, JobContext, Plan, Work};
use lab_data::burst::Recorder;
use lab_data::clock;
use serde::{Deserialize, Serialize};

/// Additions between two readings of the clock: some microseconds in the slowest runtime, which is
/// well below every gap threshold.
const ADDITIONS_PER_READING: u64 = 128;

/// Adds and notes points in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Points {
    /// Number of points.
    pub points: u64,
    /// Additions before each; the sum over all of them is the answer.
    pub additions: u64,
}

/// How often the clock is read for a point that comes after this many additions: before the first,
/// then regularly, and after the last, which is the point.
pub fn readings_per_point(additions: u64) -> u64 {
    1 + additions.div_ceil(ADDITIONS_PER_READING).max(1)
}

impl Work for Points {
    const KIND: &'static str = "points";

    fn run<H: Host>(&self, context: &mut JobContext<H>, recorder: &mut Recorder) -> Done {
        let mut sum = 0u64;
        for _ in 0..self.points {
            recorder.sample(clock::now_ns(), clock::core_id);
            let mut from = 0;
            while self.additions - from > ADDITIONS_PER_READING {
                let to = from + ADDITIONS_PER_READING;
                sum = sum.wrapping_add(add_range(from, to, &mut context.host));
                recorder.sample(clock::now_ns(), clock::core_id);
                from = to;
            }
            sum = sum.wrapping_add(add_range(from, self.additions, &mut context.host));
            recorder.point(clock::now_ns(), clock::core_id);
        }
        Ok((self.points, sum.into()))
    }

    fn plan(&self) -> Plan {
        Plan {
            readings: self.points.saturating_mul(readings_per_point(self.additions)),
            ..Plan::steps(self.points).computing(self.additions.saturating_mul(SLOW_ADDITION_NS))
        }
    }

    fn expected(&self, points: u64) -> Option<Answer> {
        Some(sum_below(self.additions).wrapping_mul(points).into())
    }
}
