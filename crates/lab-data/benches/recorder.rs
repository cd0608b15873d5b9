//! What the burst recorder costs compared with a bare loop of clock reads.
//!
//! `cargo bench -p lab-data --bench recorder` prints ratios: each is the median of many pairs of
//! loops, one right after the other on one core, since the speed of a shared machine changes from
//! second to second.

use std::hint::black_box;

use lab_data::burst::{GAP_NS, Recorder};
use lab_data::clock::{UNKNOWN_CORE, core_id, now_ns};
use nix::sched::{CpuSet, sched_setaffinity};
use nix::unistd::Pid;

/// Clock reads in one half of a pair: about a millisecond, less than a kernel slice.
const HALF: usize = 30_000;
/// Pairs for a ratio.
const PAIRS: usize = 301;
/// Numbers in the bare loop's memory: 1 MiB, a power of two.
const RING: usize = 1 << 17;

fn main() {
    pin();
    // `cargo test --all-targets` only asks whether it runs.
    if std::env::args().any(|argument| argument == "--bench") {
        ratios();
    }
}

/// Without this the kernel moves the loops between cores, and pairs scatter by 15 %.
fn pin() {
    let mut one = CpuSet::new();
    let pinned =
        one.set(core_id() as usize).and_then(|()| sched_setaffinity(Pid::from_raw(0), &one));
    if let Err(error) = pinned {
        println!("could not be pinned to one core ({error}): the ratios will scatter");
    }
}

/// The least that any tracker does: read the clock and keep what it says, in memory that was
/// touched before.
fn bare(ring: &mut [u64; RING], samples: usize) {
    for i in 0..samples {
        ring[i & (RING - 1)] = black_box(now_ns());
    }
}

fn with_core(recorder: &mut Recorder, samples: usize) {
    for _ in 0..samples {
        recorder.sample(black_box(now_ns()), core_id);
    }
}

fn without_core(recorder: &mut Recorder, samples: usize) {
    for _ in 0..samples {
        recorder.sample(black_box(now_ns()), || UNKNOWN_CORE);
    }
}

fn touched() -> Box<[u64; RING]> {
    Box::new(black_box([1; RING]))
}

fn ratios() {
    println!("recorder / bare loop of clock reads, {PAIRS} pairs of {HALF} samples:");
    let mut ring = touched();
    let mut other = touched();
    let mut base = || bare(&mut other, HALF);
    show("bare again", &mut base, || bare(&mut ring, HALF));
    let mut recorder = Recorder::new(GAP_NS);
    show("with core id", &mut base, || with_core(&mut recorder, HALF));
    black_box(recorder.finish());
    let mut recorder = Recorder::new(GAP_NS);
    show("without core id", &mut base, || without_core(&mut recorder, HALF));
    black_box(recorder.finish());
    show("every one kept", &mut base, || {
        black_box(kept(HALF));
    });
}

/// A recorder that keeps every sample (`--raw`), which is made anew: its memory is part of the time.
fn kept(samples: usize) -> Recorder {
    let mut recorder = Recorder::new(GAP_NS).keep_samples(samples);
    with_core(&mut recorder, samples);
    recorder
}

/// Prints the median of `measured` / `base` over interleaved pairs, with the quartiles. Which half
/// comes first changes from pair to pair.
fn show(name: &str, mut base: impl FnMut(), mut measured: impl FnMut()) {
    let mut ratios: Vec<f64> = (0..PAIRS)
        .map(|pair| {
            let (a, b);
            if pair % 2 == 0 {
                a = time(&mut base);
                b = time(&mut measured);
            } else {
                b = time(&mut measured);
                a = time(&mut base);
            }
            b / a
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "  {name:16} {:.3}  (quartiles {:.3} to {:.3})",
        ratios[PAIRS / 2],
        ratios[PAIRS / 4],
        ratios[PAIRS * 3 / 4]
    );
}

fn time(work: impl FnOnce()) -> f64 {
    let start = now_ns();
    work();
    (now_ns() - start) as f64
}
