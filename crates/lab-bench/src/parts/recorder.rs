//! What a sample costs, against the least that any tracker does: read the clock and keep what it
//! says, in memory that was touched before. Pinned to one core, or pairs scatter by 15 %.

use crate::bench::Bench;
use crate::goals::{comparison, subject};
use crate::rounds::Subject;
use anyhow::Result;
use lab_record::burst::{GAP_NS, Recorder};
use lab_record::clock::{core_id, now_ns};
use nix::sched::{CpuSet, sched_setaffinity};
use nix::unistd::Pid;
use std::hint::black_box;
use std::time::Duration;

/// About a millisecond, less than a kernel slice.
const SAMPLES: u64 = 30_000;
const ROUNDS: u32 = 201;
/// Numbers in the bare loop's memory: 1 MiB, a power of two.
const RING: usize = 1 << 17;
const BUDGET: Duration = Duration::from_secs(20);

pub(super) fn measure(bench: &mut Bench) -> Result<()> {
    // On a thread of its own, so that nothing else is pinned.
    std::thread::scope(|scope| {
        let measured = scope.spawn(|| {
            if let Err(error) = pin() {
                let warning = format!("the recorder could not be pinned to one core ({error})");
                bench.warnings.push(warning);
            }
            // Touched, or the first round would fetch its pages.
            let mut ring = black_box(vec![1_u64; RING]);
            let ring = ring.as_mut_slice();
            let mut recorder = Recorder::new(GAP_NS);
            let mut subjects = [
                Subject::new(subject::BARE, SAMPLES, ROUNDS, || {
                    let start_ns = now_ns();
                    for i in 0..SAMPLES as usize {
                        ring[i & (RING - 1)] = black_box(now_ns());
                    }
                    Ok((now_ns() - start_ns).into())
                }),
                Subject::new(subject::SPANS, SAMPLES, ROUNDS, || {
                    let start_ns = now_ns();
                    for _ in 0..SAMPLES {
                        recorder.sample(black_box(now_ns()), core_id);
                    }
                    Ok((now_ns() - start_ns).into())
                }),
            ];
            bench.compare(comparison::RECORDER, &mut subjects, &[], BUDGET);
        });
        measured.join()
    })
    .map_err(|_| anyhow::anyhow!("the recorder's measurement broke off"))
}

fn pin() -> nix::Result<()> {
    let mut one = CpuSet::new();
    one.set(core_id() as usize)?;
    sched_setaffinity(Pid::from_raw(0), &one)
}
