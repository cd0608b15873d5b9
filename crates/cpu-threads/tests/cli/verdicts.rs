//! Verdicts on made-up times, through the whole program.

use crate::CPU_THREADS;
use crate::user::Place;
use crate::user::saved::Table;
use std::fs;

const HEAVIER: &str = "Multithreading is faster than serial for heavy CPU work.";
const ALWAYS: &str = "Multithreading is always faster than serial.";

/// How long a job takes alone, in microseconds.
fn size(case: &str) -> f64 {
    match case.split_once(' ') {
        Some((_, "1 µs")) => 1.0,
        Some((_, "10 µs")) => 10.0,
        Some((_, "100 µs")) => 100.0,
        Some((_, "1 ms")) => 1_000.0,
        _ => 10_000.0,
    }
}

/// How long two of them take, in microseconds: to start threads takes 100, a lock lets one thread
/// compute at a time and costs a tenth, and who shares a counter is three times as slow.
fn time(runtime: &str, executor: &str, case: &str) -> f64 {
    let alone = 2.0 * size(case);
    let contended = case.starts_with("contended");
    100.0
        + match (executor, runtime) {
            ("serial", _) => return alone,
            (_, "gil") => 1.1 * alone,
            _ if contended => 1.5 * alone,
            _ => 0.5 * alone,
        }
}

/// The earlier run with these times, judged again.
fn judged(place: &Place) -> Vec<[String; 5]> {
    let path = place.data().join("trials.csv");
    let text = fs::read_to_string(&path).unwrap();
    let (header, lines) = text.split_once('\n').unwrap();
    let at = |name: &str| header.split(',').position(|column| column == name).unwrap();
    let mut made_up = format!("{header}\n");
    for line in lines.lines() {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        let of = |name: &str| cells[at(name)].as_str();
        let ns = time(of("runtime"), of("executor"), of("case")) * 1e3;
        // A thousandth of scatter, or every interval would be a point; the same however many blocks
        // were run again.
        let block: usize = of("block").parse().unwrap();
        let scatter = (5 * block + of("executor").len()) % 7;
        let ns = ns * (1.0 + scatter as f64 / 7e3);
        for column in ["makespan_ns", "window_ns"] {
            cells[at(column)] = format!("{ns:.0}");
        }
        cells[at("voluntary_switches")] = "100".into();
        cells[at("involuntary_switches")] = "0".into();
        made_up += &(cells.join(",") + "\n");
    }
    fs::write(&path, made_up).unwrap();
    place.run_bare(&["--replay", "--expect"]).exits_with(0);
    let table = Table::read(&place.data().join("verdicts.csv"));
    let columns = ["claim", "runtime", "case", "verdict", "reason"];
    let rows = table
        .rows()
        .map(|row| columns.map(|column| row.text(column).to_owned()));
    rows.collect()
}

#[test]
fn times_of_which_the_answer_is_known_are_judged_so() {
    let place = Place::with_earlier_run(&CPU_THREADS);
    let rows = judged(&place);
    let row = |claim: &str, runtime: &str, case: &str| {
        let mut found = rows.iter().filter(|row| row[..3] == [claim, runtime, case]);
        let [_, _, _, verdict, reason] = found.next().expect(case);
        (verdict.as_str(), reason.as_str())
    };
    assert_eq!(row(HEAVIER, "rust", "").0, "TRUE");
    assert_eq!(row(HEAVIER, "rust", "against serial alone").0, "TRUE");
    let (verdict, reason) = row(HEAVIER, "gil", "");
    assert_eq!(verdict, "FALSE");
    assert!(
        reason.starts_with("2 threads are slower than one job after another: 0.90×"),
        "{reason}"
    );

    // 100 + x = 2 x at 100 µs.
    let (verdict, reason) = row(ALWAYS, "rust", "");
    assert_eq!(verdict, "FALSE");
    assert!(
        reason.contains("faster in private from 100 µs a job on, on one counter at no size"),
        "{reason}"
    );
    assert_eq!(row(ALWAYS, "rust", "private 10 µs").0, "FALSE");
    assert_eq!(row(ALWAYS, "rust", "private 1 ms").0, "TRUE");
    assert_eq!(row(ALWAYS, "rust", "contended 10 ms").0, "FALSE");
    let (verdict, reason) = row(ALWAYS, "gil", "");
    assert_eq!(verdict, "FALSE");
    assert!(
        reason.contains("faster in private at no size for sure"),
        "{reason}"
    );

    // 20 ms of additions and 2.1 ms more, over 100 switches.
    let (_, reason) = row(HEAVIER, "gil", "switching every 0.1 ms");
    assert!(reason.contains("; a switch costs 21."), "{reason}");
}
