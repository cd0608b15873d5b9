//! What the burst recorder costs beside a bare loop of clock reads, in time and in memory.
//!
//! `cargo bench -p lab-data` prints first the ratios, which are what counts: each is the median
//! of many pairs of loops, one right after the other on one core, since the speed of a shared
//! machine changes from second to second. Then divan's absolute times, with the allocations of those
//! that make any.

use std::hint::black_box;

use divan::{AllocProfiler, Bencher};
use lab_data::burst::{GAP_NS, Recorder};
use lab_data::clock::{UNKNOWN_CORE, core_id, now_ns};
use lab_data::usage::{peak_rss_bytes, reset_peak_rss};
use nix::sched::{CpuSet, sched_setaffinity};
use nix::unistd::Pid;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

/// Clock reads in a loop that divan times.
const SAMPLES: usize = 1_000_000;
/// Clock reads in one half of a pair: about a millisecond, less than a kernel slice.
const HALF: usize = 30_000;
/// Samples of a job that computes, a microsecond apart.
const MICROSECONDS: usize = 1000;
/// Pairs for a ratio.
const PAIRS: usize = 301;
/// Numbers in the bare loop's memory: 1 MiB, a power of two.
const RING: usize = 1 << 17;

fn main() {
    pin();
    // `cargo test --all-targets` only asks whether it runs.
    if std::env::args().any(|argument| argument == "--bench") {
        // First, or pages that the heap keeps would hide what the recorder takes.
        memory();
        ratios();
    }
    divan::main();
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
    disturbance();
}

/// A recorder that keeps every sample (`--raw`), which is made anew: its memory is part of the time.
fn kept(samples: usize) -> Recorder {
    let mut recorder = Recorder::new(GAP_NS).keep_samples(samples);
    with_core(&mut recorder, samples);
    recorder
}

/// What tracking takes of a job that computes: a sample after each microsecond of additions.
fn disturbance() {
    let additions = (1..).map(|i| i * 100).find(|&i| {
        let times = (0..9).map(|_| time(|| add(i)));
        times.fold(f64::INFINITY, f64::min) >= 1000.0
    });
    let additions = additions.unwrap_or(1);
    println!("a job of additions with a sample each {additions} of them (1 µs) / without:");
    let mut recorder = Recorder::new(GAP_NS);
    let alone = || (0..MICROSECONDS).for_each(|_| add(additions));
    show("without again", alone, alone);
    show("with core id", alone, || {
        for _ in 0..MICROSECONDS {
            add(additions);
            recorder.sample(black_box(now_ns()), core_id);
        }
    });
    black_box(recorder.finish());
}

fn add(additions: u64) {
    let mut sum = 0u64;
    for i in 0..additions {
        sum += black_box(i);
    }
    black_box(sum);
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

/// Peak memory over a track of 5 ms on and 5 ms off the core, as two threads under a GIL leave it.
fn memory() {
    println!("memory of the recorder, a sample each 50 ns, 5 ms on and 5 ms off the core:");
    for samples in [1_000_000_u64, 1_000_000_000] {
        let reset = reset_peak_rss();
        let before = peak_rss_bytes();
        let mut recorder = Recorder::new(GAP_NS);
        let mut at_ns = 0;
        for i in 0..samples {
            at_ns += if i % 100_000 == 0 { 5_000_000 } else { 50 };
            recorder.sample(black_box(at_ns), || 0);
        }
        let after = peak_rss_bytes();
        let spans = recorder.finish().0.len();
        match (reset, before, after) {
            (true, Some(before), Some(after)) => println!(
                "  {samples:>10} samples: {spans:>5} spans, peak {} KiB more",
                (after - before) / 1024
            ),
            _ => println!("  {samples:>10} samples: {spans:>5} spans, peak not known here"),
        }
    }
}

#[divan::bench(name = "1 bare loop")]
fn bare_loop(bencher: Bencher) {
    let mut ring = touched();
    bencher
        .counter(divan::counter::ItemsCount::new(SAMPLES))
        .bench_local(|| bare(&mut ring, SAMPLES));
}

#[divan::bench(name = "2 recorder with core id")]
fn recorder_with_core_id(bencher: Bencher) {
    let mut recorder = Recorder::new(GAP_NS);
    bencher
        .counter(divan::counter::ItemsCount::new(SAMPLES))
        .bench_local(|| with_core(&mut recorder, SAMPLES));
}

#[divan::bench(name = "3 recorder without core id")]
fn recorder_without_core_id(bencher: Bencher) {
    let mut recorder = Recorder::new(GAP_NS);
    bencher
        .counter(divan::counter::ItemsCount::new(SAMPLES))
        .bench_local(|| without_core(&mut recorder, SAMPLES));
}

#[divan::bench(name = "4 a track with a hundred switches, to its spans")]
fn track_with_switches(bencher: Bencher) {
    bencher.counter(divan::counter::ItemsCount::new(SAMPLES)).bench_local(|| {
        let mut recorder = Recorder::new(GAP_NS);
        for i in 0..SAMPLES as u64 {
            recorder.sample(black_box(i * 25 + i / 10_000 * 5_000_000), || 0);
        }
        recorder.finish()
    });
}
