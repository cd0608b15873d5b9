//! What a turn costs while nobody else wants the lock: additions with a turn after each 64, against
//! the same loop without. Run it: `cargo bench -p lab-gil`

use lab_gil::threads::{Gil, GilThread, Options};
use lab_record::clock::now_ns;
use std::hint::black_box;

const ADDITIONS: u64 = 1 << 20;
const ADDITIONS_A_TURN: u64 = 64;
const PAIRS: usize = 201;

fn main() {
    divan::main();
    if !std::env::args().any(|argument| argument == "--test") {
        println!(
            "with turns / native, median of {PAIRS} interleaved pairs: {:.4} (to be at most 1.05)",
            median_ratio()
        );
    }
}

#[divan::bench]
fn native(bencher: divan::Bencher) {
    bencher.bench_local(|| add(|| {}));
}

#[divan::bench]
fn with_turns(bencher: divan::Bencher) {
    let mut thread = holder();
    bencher.bench_local(|| add(|| thread.turn()));
}

/// A thread that has the lock and no rival.
fn holder() -> GilThread {
    let mut thread = Gil::with(Options::default()).attach();
    thread.take();
    thread
}

#[inline(always)]
fn add(mut turn: impl FnMut()) -> u64 {
    let mut sum = 0u64;
    for start in (0..ADDITIONS).step_by(ADDITIONS_A_TURN as usize) {
        sum = sum.wrapping_add(sum_from(start));
        turn();
    }
    sum
}

/// Not inlined, so that both loops run the very same additions: inlined twice they differ by more
/// than a turn costs.
#[inline(never)]
fn sum_from(start: u64) -> u64 {
    (start..start + ADDITIONS_A_TURN).fold(0, |sum, i| sum.wrapping_add(black_box(i)))
}

/// Pairs one right after the other, in changing order: the processor's speed drifts.
fn median_ratio() -> f64 {
    let mut thread = holder();
    let mut ratios: Vec<f64> = (0..PAIRS)
        .map(|pair| {
            let (mut native_ns, mut turns_ns) = (0, 0);
            for half in 0..2 {
                let start_ns = now_ns();
                if (pair + half) % 2 == 0 {
                    black_box(add(|| {}));
                    native_ns = now_ns() - start_ns;
                } else {
                    black_box(add(|| thread.turn()));
                    turns_ns = now_ns() - start_ns;
                }
            }
            turns_ns as f64 / native_ns as f64
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios[PAIRS / 2]
}
