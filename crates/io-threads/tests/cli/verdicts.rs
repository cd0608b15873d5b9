//! Verdicts on made-up times, through the whole program: what `--expect` compares.

use crate::PAGES;
use crate::user::{Ended, Place};
use std::fs;

/// Replays the earlier run with other makespans, on a machine that does not tell of its neighbours:
/// `time` gives one in ms for a number of workers.
fn judge(time: impl Fn(&str, u64) -> f64) -> Ended {
    let place = Place::with_earlier_run(&PAGES);
    let path = place.data().join("trials.csv");
    let text = fs::read_to_string(&path).unwrap();
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    let columns: Vec<&str> = header.split(',').collect();
    let at = |name: &str| columns.iter().position(|column| *column == name).unwrap();
    let mut made_up = header.to_owned() + "\n";
    for line in lines {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        let block: f64 = cells[at("block")].parse().unwrap();
        let workers = cells[at("workers")].parse().unwrap();
        // A hundredth of scatter, the same for all arms of a block but for a thousandth.
        let jitter = 1.0 + block / 100.0 + workers as f64 * block / 10_000.0;
        let ns = time(&cells[at("executor")], workers) * 1e6 * jitter;
        cells[at("makespan_ns")] = format!("{ns:.0}");
        for column in ["others_cpu_ns", "steal_ns"] {
            cells[at(column)].clear();
        }
        made_up += &(cells.join(",") + "\n");
    }
    fs::write(&path, made_up).unwrap();
    let path = place.data().join("run.json");
    let mut run: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    run["noise"].take();
    fs::write(&path, run.to_string()).unwrap();
    place.run_bare(&["--replay", "--expect", "--no-plot"])
}

#[test]
fn what_is_documented_exits_with_0() {
    let ended = judge(|executor, workers| match executor {
        "serial" => 100.0,
        "threads" => 100.0 / workers.min(4) as f64,
        _ => 25.0,
    });
    let verdicts: Vec<&str> = ended
        .stdout
        .lines()
        .filter(|line| line.contains('"'))
        .collect();
    assert!(verdicts[0].starts_with("FALSE "), "{verdicts:?}");
    assert!(
        verdicts[0].contains("4 threads load 4 pages 4.0"),
        "{verdicts:?}"
    );
    assert!(verdicts[1].starts_with("TRUE "), "{verdicts:?}");
    assert!(verdicts[2].starts_with("TRUE "), "{verdicts:?}");
    ended.exits_with(0);
}

#[test]
fn threads_that_gain_nothing_exit_with_3() {
    let ended = judge(|_, _| 100.0);
    let verdicts: Vec<&str> = ended
        .stdout
        .lines()
        .filter(|line| line.contains('"'))
        .collect();
    assert!(verdicts[0].starts_with("TRUE "), "{verdicts:?}");
    assert!(verdicts[1].starts_with("FALSE "), "{verdicts:?}");
    ended.exits_with(3);
}
