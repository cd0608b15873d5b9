//! How fast the simulation is. To run it: `cargo bench -p lab-sim`

use lab_data::settings::costs::{KernelCosts, Spread};
use lab_data::usage::Resources;
use lab_gil::Interval;
use lab_sim::{Executor, Gil, Outcome, Plan, PoolCosts, Profile, Step, simulate};
use std::hint::black_box;

fn main() {
    divan::main();
    if !std::env::args().any(|argument| argument == "--test") {
        println!(
            "| what is simulated | events | CPU time | millions per second | memory at its peak so far |"
        );
        println!("|---|---|---|---|---|");
        say("10,000 jobs on 1,000 workers and 128 cores", &many());
        say("eight threads under a lock", &under_gil());
        for times in [1, 10, 100, 1000] {
            say("1,000 threads that compute on 128 cores", &crowded(times));
        }
    }
}

/// One line of the table. To be: 3 million per second or more; the jobs in 3 s and 200 MB or less; time in
/// proportion to events, and memory not.
fn say(what: &str, plan: &Plan) {
    let cpu_ns = || Resources::own().map_or(0, |own| own.cpu_ns);
    let begun_ns = cpu_ns();
    let events = run(plan).events;
    let seconds = (cpu_ns() - begun_ns) as f64 / 1e9;
    let memory = peak_megabytes().map_or("unknown".to_owned(), |mb| format!("{mb:.0} MB"));
    let rate = events as f64 / seconds / 1e6;
    println!("| {what} | {events} | {seconds:.2} s | {rate:.1} | {memory} |");
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

/// More threads than cores: so many times 400 ms of slices each.
fn crowded(times: u64) -> Plan {
    let jobs = vec![Profile::cpu(times * 400_000_000); 1000];
    Plan {
        kernel: kernel(),
        pool: pool(),
        records: false,
        ..Plan::exact(128, Executor::Each, 1000, jobs)
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
