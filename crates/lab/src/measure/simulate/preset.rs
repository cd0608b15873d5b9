//! What the articles' machine costs: four cores of an Amazon c5.xlarge, Linux, CPython 3.
//!
//! The articles give few numbers, so most are from elsewhere. `sources` says where each is from, and
//! what is a guess.

use lab_data::settings::costs::{Costs, KernelCosts, RuntimeCosts, Spread, StartCost};
use std::collections::BTreeMap;

const US: u64 = 1_000;
const MS: u64 = 1_000_000;

/// Where each number is from.
const SOURCES: [(&str, &str); 9] = [
    (
        "cpython.step_ps.add",
        "the first article: four threads make 10^8 additions each in 20 s under one lock, 50 ns each",
    ),
    ("cpython.step_ps.points", "a guess: as cpython.step_ps.add"),
    (
        "rust.step_ps.add",
        "seen on this laboratory's machine, a third of a nanosecond; the articles have no native code",
    ),
    ("rust.step_ps and cpython.step_ps of track and hash, rust.step_ps.points", "a guess"),
    (
        "kernel.slice_ns, preempt_ns",
        "a guess: Linux's defaults of that time for four cores, if nobody changed them",
    ),
    ("kernel.switch, wake, sleep, jitter_ppm", "a guess; 50 µs of sleep are Linux's timer slack"),
    (
        "cpython.process",
        "a guess: near what this laboratory's machine was seen to take for a pool, 4 to 6 ms by fork and \
         25 to 31 ms by forkserver",
    ),
    ("thread, rust.process, to_thread, to_process, turn_ns, page", "a guess"),
    (
        "page_wait, loop_wait",
        "a guess: near the 1.3 to 2.2 ms by which tokio's sleep was seen to be late here",
    ),
];

/// The articles' machine.
pub(crate) fn article() -> Costs {
    let steps = |all: &[(&str, u64)]| -> BTreeMap<String, u64> {
        all.iter().map(|(kind, ps)| ((*kind).to_owned(), *ps)).collect()
    };
    let process = |all: &[(&str, StartCost)]| -> BTreeMap<String, StartCost> {
        all.iter().map(|(method, cost)| ((*method).to_owned(), *cost)).collect()
    };
    let start = |spawn: (u64, u64), boot: (u64, u64)| StartCost {
        spawn: Spread::new(spawn.0 * US, spawn.1 * US),
        boot: Spread::new(boot.0 * US, boot.1 * US),
    };
    Costs {
        sources: SOURCES.iter().map(|(of, from)| ((*of).to_owned(), (*from).to_owned())).collect(),
        kernel: KernelCosts {
            slice_ns: 9 * MS,
            preempt_ns: 3 * MS,
            switch: Spread::new(US, 3 * US),
            wake: Spread::new(5 * US, 15 * US),
            sleep: Spread::new(50 * US, 70 * US),
            jitter_ppm: 10_000,
        },
        rust: RuntimeCosts {
            step_ps: steps(&[("add", 350), ("track", 30_000), ("points", 600), ("hash", 700)]),
            turn_ns: 25,
            thread: start((12, 30), (2, 6)),
            process: process(&[("", start((250, 500), (800, 1_200)))]),
            start_method: None,
            to_thread: Spread::new(100, 300),
            to_process: Spread::new(30 * US, 80 * US),
            page: Spread::new(100 * US, 200 * US),
            page_wait: Spread::new(1_000 * US, 2_000 * US),
            loop_wait: Spread::new(1_100 * US, 2_000 * US),
        },
        cpython: RuntimeCosts {
            step_ps: steps(&[
                ("add", 50_000),
                ("track", 300_000),
                ("points", 50_000),
                ("hash", 700),
            ]),
            turn_ns: 50,
            thread: start((30, 60), (15, 30)),
            process: process(&[
                ("fork", start((700, 1_200), (500, 1_000))),
                ("forkserver", start((300, 600), (4_000, 7_000))),
                ("spawn", start((300, 600), (25_000, 40_000))),
            ]),
            start_method: Some("fork".to_owned()),
            to_thread: Spread::new(10 * US, 30 * US),
            to_process: Spread::new(60 * US, 150 * US),
            page: Spread::new(500 * US, 1_000 * US),
            page_wait: Spread::new(1_000 * US, 2_000 * US),
            loop_wait: Spread::new(50 * US, 150 * US),
        },
    }
}
