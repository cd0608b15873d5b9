//! What a turn costs while nobody else wants the lock: additions with a turn after every 64,
//! compared with the same loop without turns. To run it: `cargo bench -p lab-gil`

use lab_data::clock::now_ns;
use lab_gil::threads::{Gil, GilThread, Options};
use std::hint::black_box;

const ADDITIONS: u64 = 1 << 20;
const ADDITIONS_PER_TURN: u64 = 64;
const PAIRS: usize = 201;
/// That many frames fill more than a page.
const DEPTHS: usize = 67;

fn main() {
    if std::env::args().any(|argument| argument == "--bench") {
        println!(
            "with turns / native, median of {PAIRS} interleaved pairs: {:.4} (to be at most 1.05)",
            median_ratio()
        );
    }
}

/// A thread that has the lock and no rival.
fn holder() -> GilThread {
    let mut thread = Gil::with(Options::default()).attach();
    thread.take();
    thread
}

// The two that are compared are compiled once each: inlined into whoever times them, one took up to
// 1.3 times as long as the other.

#[inline(never)]
fn add_alone() -> u64 {
    add(|| {})
}

#[inline(never)]
fn add_with_turns(thread: &mut GilThread) -> u64 {
    add(|| thread.turn())
}

#[inline(always)]
fn add(mut turn: impl FnMut()) -> u64 {
    let mut sum = 0u64;
    for start in (0..ADDITIONS).step_by(ADDITIONS_PER_TURN as usize) {
        sum = sum.wrapping_add(sum_from(start));
        turn();
    }
    sum
}

/// Not inlined, so that both loops run the very same additions: inlined twice they differ by more
/// than a turn costs.
#[inline(never)]
fn sum_from(start: u64) -> u64 {
    (start..start + ADDITIONS_PER_TURN).fold(0, |sum, i| sum.wrapping_add(black_box(i)))
}

/// Runs something this many frames further down the stack. The additions go through memory, and where
/// that lies in its page makes them up to a third slower.
#[inline(never)]
fn deeper(frames: usize, run: &mut dyn FnMut()) {
    let frame = black_box([0u8; 48]);
    match frames {
        0 => run(),
        _ => deeper(frames - 1, run),
    }
    black_box(frame);
}

/// Pairs one right after the other, in changing order, since the processor's speed drifts, and at
/// changing places of the stack.
fn median_ratio() -> f64 {
    let mut thread = holder();
    let mut ratios: Vec<f64> = (0..PAIRS)
        .map(|pair| {
            let (mut native_ns, mut turns_ns) = (0, 0);
            for half in 0..2 {
                deeper(pair % DEPTHS, &mut || {
                    let start_ns = now_ns();
                    if (pair + half) % 2 == 0 {
                        black_box(add_alone());
                        native_ns = now_ns() - start_ns;
                    } else {
                        black_box(add_with_turns(&mut thread));
                        turns_ns = now_ns() - start_ns;
                    }
                });
            }
            turns_ns as f64 / native_ns as f64
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios[PAIRS / 2]
}
