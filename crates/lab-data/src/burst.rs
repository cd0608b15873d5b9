//! The burst recorder: what a job that reads the clock at every turn leaves behind.
//!
//! A tracker that keeps every sample needs 16 bytes for each; this one keeps only *spans*:
//!
//! ```text
//! samples   |||||||||        ||||||||||||   |||||||
//! core      0                0              1
//! spans     [-------]        [----------]   [-----]
//!                    ^ gap                 ^ another core
//! ```
//!
//! Memory therefore grows with the number of switches, not of samples.

mod samples;

pub use samples::Samples;

/// Two samples on one core that are further apart than this belong to two spans: a switch to
/// another thread and back takes longer, a tick of the kernel's timer does not.
pub const GAP_NS: u64 = 50_000;

/// A thread that is moved to another core is stopped first, started there by another one, and loses
/// more than a microsecond on the way. Between two samples that are no further apart than this it
/// was not moved, so the recorder need not ask for the core: that costs three times as much as the
/// rest of it.
pub const NEAR_NS: u64 = 200;

/// How many spans a recorder makes room for when the first one ends.
const SPANS_AT_START: usize = 256;

/// An unbroken stretch of one job's progress on one core. Times are in nanoseconds of
/// [`crate::clock::now_ns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first sample.
    pub start_ns: u64,
    /// The last sample; equal to `start_ns` if there was only one.
    pub end_ns: u64,
    /// How many samples fell into the span.
    pub samples: u64,
    /// Where it ran; [`crate::clock::UNKNOWN_CORE`] if the kernel does not say.
    pub core: u32,
}

/// One reading of the clock, kept only on request (`--raw`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When, in nanoseconds of [`crate::clock::now_ns`].
    pub at_ns: u64,
    /// Where; [`crate::clock::UNKNOWN_CORE`] if the kernel does not say.
    pub core: u32,
}

/// Turns samples into spans as they come; see the module's text.
#[derive(Debug)]
pub struct Recorder {
    gap_ns: u64,
    near_ns: u64,
    open: Span,
    closed: Vec<Span>,
    raw: Option<Samples>,
}

impl Recorder {
    /// A recorder whose spans end at gaps of more than `gap_ns` nanoseconds.
    pub fn new(gap_ns: u64) -> Recorder {
        Recorder {
            gap_ns,
            near_ns: NEAR_NS.min(gap_ns),
            open: EMPTY,
            closed: Vec::new(),
            raw: None,
        }
    }

    /// Keeps every sample, too, with room for `expected` of them: see [`Samples::with_capacity`].
    pub fn keep_samples(mut self, expected: usize) -> Recorder {
        self.raw = Some(Samples::with_capacity(expected));
        self
    }

    /// The job made progress at `at_ns`. Times must not decrease. `core` is asked where that was only
    /// if it can have changed since the sample before; see [`NEAR_NS`].
    #[inline(always)]
    pub fn sample(&mut self, at_ns: u64, core: impl FnOnce() -> u32) {
        if at_ns.wrapping_sub(self.open.end_ns) <= self.near_ns {
            self.open.end_ns = at_ns;
            self.open.samples += 1;
        } else {
            self.extend_or_open(at_ns, core());
        }
        if let Some(raw) = &mut self.raw {
            raw.push(at_ns, self.open.core);
        }
    }

    /// A step that was one long call, such as a digest or a page: progress from its start to its
    /// end, whatever the gap threshold. `core` is where it ended.
    pub fn call(&mut self, start_ns: u64, end_ns: u64, core: u32) {
        self.sample(start_ns, || core);
        self.open.end_ns = end_ns;
    }

    /// A step that is a separate span, however near its neighbours are, such as a round trip of an
    /// echo. `core` is where it ended.
    pub fn step(&mut self, start_ns: u64, end_ns: u64, core: u32) {
        self.close();
        self.call(start_ns, end_ns, core);
        self.close();
    }

    /// A reading that is a point: whatever its neighbours, its span ends with it.
    pub fn point(&mut self, at_ns: u64, core: impl FnOnce() -> u32) {
        self.sample(at_ns, core);
        self.close();
    }

    /// All spans in order of time, and the samples if they were to be kept.
    pub fn finish(mut self) -> (Vec<Span>, Samples) {
        self.close();
        (self.closed, self.raw.unwrap_or_default())
    }

    #[inline(never)]
    fn extend_or_open(&mut self, at_ns: u64, core: u32) {
        let gap_ns = at_ns.wrapping_sub(self.open.end_ns);
        if self.open.samples > 0 && core == self.open.core && gap_ns <= self.gap_ns {
            self.open.end_ns = at_ns;
            self.open.samples += 1;
            return;
        }
        self.close();
        self.open = Span { start_ns: at_ns, end_ns: at_ns, samples: 1, core };
    }

    fn close(&mut self) {
        if self.open.samples > 0 {
            if self.closed.capacity() == 0 {
                self.closed.reserve_exact(SPANS_AT_START);
            }
            self.closed.push(self.open);
        }
        self.open = EMPTY;
    }
}

/// No span is open. Its end is so far in the future that every sample is beyond the gap: the
/// difference wraps round.
const EMPTY: Span =
    Span { start_ns: 0, end_ns: 1 << 63, samples: 0, core: crate::clock::UNKNOWN_CORE };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::UNKNOWN_CORE;

    /// What a recorder makes of what is done with it: start, end and number of samples of each span.
    fn spans(record: impl FnOnce(&mut Recorder)) -> Vec<(u64, u64, u64)> {
        let mut recorder = Recorder::new(50);
        record(&mut recorder);
        let (spans, raw) = recorder.finish();
        assert!(raw.is_empty());
        spans.iter().map(|s| (s.start_ns, s.end_ns, s.samples)).collect()
    }

    #[test]
    fn a_longer_gap_or_another_core_ends_a_span() {
        for (samples, expected) in [
            (&[][..], &[][..]),
            (&[(7, 1)], &[(7, 7, 1)]),
            (&[(0, 0), (50, 0), (101, 0), (110, 0)], &[(0, 50, 2), (101, 110, 2)]),
            (
                &[(0, 0), (60, 0), (120, 1), (130, 1), (190, 0)],
                &[(0, 0, 1), (60, 60, 1), (120, 130, 2), (190, 190, 1)],
            ),
            (&[(1, UNKNOWN_CORE), (2, UNKNOWN_CORE)], &[(1, 2, 2)]),
        ] {
            let found = spans(|recorder| {
                samples.iter().for_each(|&(at, core)| recorder.sample(at, || core));
            });
            assert_eq!(found, expected, "{samples:?}");
        }
        let mut recorder = Recorder::new(GAP_NS);
        for (at, core) in [(0, 0), (NEAR_NS + 1, 0), (2 * NEAR_NS + 2, 1)] {
            recorder.sample(at, || core);
        }
        let cores: Vec<_> = recorder.finish().0.iter().map(|span| span.core).collect();
        assert_eq!(cores, [0, 1]);
    }

    #[test]
    fn the_core_is_not_asked_for_between_samples_that_are_too_near_for_a_move() {
        let asked = std::cell::Cell::new(0);
        let core = || {
            asked.set(asked.get() + 1);
            0
        };
        let mut recorder = Recorder::new(GAP_NS);
        for at in [0, NEAR_NS, 2 * NEAR_NS, 3 * NEAR_NS + 1] {
            recorder.sample(at, core);
        }
        assert_eq!(asked.get(), 2);
    }

    #[test]
    fn calls_in_a_row_join_and_neither_steps_nor_points_do() {
        let calls = spans(|recorder| {
            recorder.call(0, 1000, 0);
            recorder.call(1010, 2000, 0);
            recorder.call(2100, 3000, 0);
        });
        assert_eq!(calls, [(0, 2000, 2), (2100, 3000, 1)]);
        let steps = spans(|recorder| {
            recorder.sample(0, || 0);
            recorder.step(1, 10, 0);
            recorder.step(10, 20, 0);
            recorder.call(21, 30, 0);
            recorder.sample(31, || 0);
        });
        assert_eq!(steps, [(0, 0, 1), (1, 10, 1), (10, 20, 1), (21, 31, 2)]);
        let points = spans(|recorder| {
            recorder.sample(0, || 0);
            recorder.point(10, || 0);
            recorder.sample(10, || 0);
            recorder.point(20, || 0);
        });
        assert_eq!(points, [(0, 10, 2), (10, 20, 2)]);
    }

    #[test]
    fn samples_are_kept_on_request() {
        let mut recorder = Recorder::new(50).keep_samples(2);
        recorder.sample(1, || 0);
        recorder.sample(2, || 0);
        let (spans, samples) = recorder.finish();
        assert_eq!(spans.len(), 1);
        let expected = [Sample { at_ns: 1, core: 0 }, Sample { at_ns: 2, core: 0 }];
        assert!(samples.iter().eq(expected));
    }

    #[test]
    fn memory_grows_with_switches_and_not_with_samples() {
        let mut recorder = Recorder::new(50);
        for at in 0..10_000_000 {
            recorder.sample(at, || 0);
        }
        assert_eq!(recorder.closed.capacity(), 0);
        let (spans, _) = recorder.finish();
        assert_eq!(spans.len(), 1);
        assert_eq!(spans[0].samples, 10_000_000);
    }
}
