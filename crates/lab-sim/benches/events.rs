//! How fast the simulation is. To run it: `cargo bench -p lab-sim`

use lab_data::settings::costs::{KernelCosts, Spread};
use lab_data::usage::Resources;
use lab_gil::Interval;
use lab_sim::{Executor, Gil, Outcome, Plan, PoolCosts, Profile, Step, simulate};
use std::hint::black_box;

fn main() {
    divan::main();
    if !std::env::args().any(|argument| argument == "--test") {
        for (name, plan) in [("cores", many()), ("gil", under_gil())] {
            let cpu_ns = || Resources::own().map_or(0, |own| own.cpu_ns);
            let begun_ns = cpu_ns();
            let events = run(&plan).events;
            let seconds = (cpu_ns() - begun_ns) as f64 / 1e9;
            println!(
                "{name}: {events} events in {seconds:.2} s of CPU time, {:.1} million per second (to be 3 or more)",
                events as f64 / seconds / 1e6
            );
            if let Some(megabytes) = peak_megabytes() {
                println!("{name}: {megabytes:.0} MB at the peak so far (to be 200 or less)");
            }
        }
    }
}

/// The most memory that this process had, in megabytes.
fn peak_megabytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1e3)
}

fn run(plan: &Plan) -> Outcome {
    simulate(plan).unwrap_or_default()
}

/// 10,000 jobs that compute and wait by turns, on 1,000 threads and 128 cores.
fn many() -> Plan {
    let round = [Step::Compute(1_000_000), Step::Wait(2_000_000)];
    let jobs = vec![Profile::new(round.repeat(50)); 10_000];
    Plan {
        kernel: kernel(),
        pool: pool(),
        records: false,
        ..Plan::exact(128, Executor::Threads, 1000, jobs)
    }
}

/// Eight threads that take turns of 0.1 ms.
fn under_gil() -> Plan {
    let interval = Interval::new(std::time::Duration::from_micros(100)).unwrap_or_default();
    let jobs = vec![Profile::cpu(2_000_000_000); 8];
    Plan {
        kernel: kernel(),
        pool: pool(),
        gil: Some(Gil::every(interval)),
        records: false,
        ..Plan::exact(4, Executor::Threads, 8, jobs)
    }
}

fn kernel() -> KernelCosts {
    KernelCosts {
        slice_ns: 4_000_000,
        preempt_ns: 1_000_000,
        switch: Spread::new(1_000, 2_000),
        wake: Spread::new(20_000, 60_000),
        sleep: Spread::new(50_000, 80_000),
        jitter_ppm: 10_000,
    }
}

fn pool() -> PoolCosts {
    PoolCosts { hand_over: Spread::new(1_000, 2_000), ..PoolCosts::default() }
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn ten_thousand_jobs_on_a_thousand_workers_and_128_cores(bencher: divan::Bencher) {
    let plan = many();
    bencher.bench_local(|| black_box(run(&plan)));
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn eight_threads_under_a_gil(bencher: divan::Bencher) {
    let plan = under_gil();
    bencher.bench_local(|| black_box(run(&plan)));
}
