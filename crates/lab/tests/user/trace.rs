//! `--trace`: what a viewer of traces is given.

use super::saved::Table;
use super::{Place, Program};
use serde_json::Value;
use std::fs;

/// The saved data alone give the trace: a slice a job, each within what it stands in; and a file that
/// cannot be written is refused before anything else happens.
pub fn shows_every_job(program: &Program) {
    let place = Place::with_earlier_run(program);
    let file = place.file("trace.json", "an older one");
    let ended = place
        .run_bare(&["--replay", "--no-plot", "--trace", &file])
        .succeeds();
    assert!(ended.stdout.contains(&file), "{}", ended.stdout);
    let trace: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let mut slices: Vec<(u64, f64, f64, &str)> = trace["traceEvents"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["ph"] == "X")
        .map(|event| {
            let [start, length] = ["ts", "dur"].map(|key| event[key].as_f64().unwrap());
            let (track, name) = (event["tid"].as_u64(), event["name"].as_str());
            (track.unwrap(), start, start + length, name.unwrap())
        })
        .collect();
    let jobs = slices
        .iter()
        .filter(|slice| slice.3.starts_with("job "))
        .count();
    assert_eq!(
        jobs,
        Table::read(&place.data().join("jobs.csv")).rows().count()
    );
    slices.sort_by(|a, b| {
        (a.0.cmp(&b.0))
            .then(a.1.total_cmp(&b.1))
            .then(b.2.total_cmp(&a.2))
    });
    let mut open: Vec<(u64, f64)> = Vec::new();
    for (track, start, end, name) in slices {
        open.retain(|outer| outer.0 == track && outer.1 > start);
        assert!(open.iter().all(|outer| end <= outer.1), "{name} at {start}");
        open.push((track, end));
    }

    let empty = Place::empty(program);
    let folder = empty.file("x", "");
    let lost = format!("{folder}/trace.json");
    empty
        .run(&["--trace", &lost])
        .fails_saying(&["--trace", &lost]);
    assert!(!empty.out().exists());
}
