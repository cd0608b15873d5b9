//! The live tracker: a job that does nothing but note when it runs, and where.

use crate::host::Host;
use crate::job::Amount;
use lab_record::burst::Recorder;
use lab_record::clock;
use std::sync::atomic::AtomicBool;

/// Reads the clock and the core as often as `amount` says; returns the number of readings.
pub(crate) fn run(
    amount: Amount,
    host: &mut impl Host,
    stop: &AtomicBool,
    recorder: &mut Recorder,
) -> u64 {
    let mut done = 0;
    while !amount.is_reached(done, stop) {
        recorder.sample(clock::now_ns(), clock::core_id);
        done += 1;
        host.turn();
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;
    use lab_record::burst::GAP_NS;

    #[test]
    fn every_reading_stands_in_a_span_and_spans_follow_one_another() {
        let mut recorder = Recorder::new(GAP_NS);
        let count = run(
            Amount::Steps(10_000),
            &mut Native,
            &AtomicBool::new(false),
            &mut recorder,
        );
        let (spans, samples) = recorder.finish();
        assert_eq!(count, 10_000);
        assert!(samples.is_empty());
        assert_eq!(spans.iter().map(|span| span.samples).sum::<u64>(), count);
        assert!(spans.windows(2).all(|two| two[0].end_ns <= two[1].start_ns));
    }
}
