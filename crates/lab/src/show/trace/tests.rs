//! What is in a trace, read back as a viewer would.

use super::*;
use crate::record::test_rows::{self, job, recorded, span};
use lab_data::rows::Role;
use serde_json::Value;

fn trial(number: u32, start_ns: u64) -> TrialRow {
    TrialRow {
        trial: number,
        round: number,
        executor: Executor::Threads,
        workers: 2,
        jobs: 2,
        start_ns,
        ready_ns: Some(100),
        makespan_ns: Some(9_000),
        window_ns: Some(8_000),
        closed_ns: Some(10_000),
        ..test_rows::trial()
    }
}

/// The events of a run's trace.
fn events(run: &Recording) -> Vec<Value> {
    let trace: Value = serde_json::from_str(&text(run)).unwrap();
    assert_eq!(trace["displayTimeUnit"], "ns");
    trace["traceEvents"].as_array().unwrap().clone()
}

fn number(event: &Value, key: &str) -> f64 {
    event[key].as_f64().unwrap()
}

/// The names of the slices on a track that has this name, with start and length in microseconds.
fn slices(events: &[Value], track: &str) -> Vec<(String, f64, f64)> {
    let named = |event: &&Value| event["name"] == "thread_name" && event["args"]["name"] == track;
    let track = events.iter().find(named).unwrap();
    events
        .iter()
        .filter(|event| event["ph"] == "X" && event["tid"] == track["tid"])
        .map(|event| {
            let name = event["name"].as_str().unwrap().to_owned();
            (name, number(event, "ts"), number(event, "dur"))
        })
        .collect()
}

/// On every track each two slices are apart, or one lies within the other; in the reckoning of a
/// viewer, which adds fractions.
fn assert_nested(events: &[Value]) {
    let mut tracks: BTreeMap<u64, Vec<(f64, f64)>> = BTreeMap::new();
    for event in events.iter().filter(|event| event["ph"] == "X") {
        let (start, length) = (number(event, "ts"), number(event, "dur"));
        let track = event["tid"].as_u64().unwrap();
        tracks.entry(track).or_default().push((start, start + length));
    }
    for slices in tracks.values_mut() {
        slices.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
        let mut open: Vec<f64> = Vec::new();
        for &(start, end) in slices.iter() {
            open.retain(|&outer| outer > start);
            assert!(open.iter().all(|&outer| end <= outer), "{start} {end}");
            open.push(end);
        }
    }
}

#[test]
fn a_worker_is_a_track_with_its_jobs_and_their_spans() {
    let trials = [trial(0, 1_000_000), trial(1, 2_000_000)];
    let jobs = [job(&trials[1], 0, 1_000, 9_000), job(&trials[1], 1, 2_000, 8_000)];
    let spans =
        [span(&jobs[0], 1_500, 3_000), span(&jobs[0], 6_000, 9_000), span(&jobs[1], 2_000, 5_000)];
    let events = events(&recorded(&trials, &jobs, &spans));
    assert_nested(&events);
    let own = |name: &str, ts, dur| (name.to_owned(), ts, dur);
    assert_eq!(
        slices(&events, "worker 0"),
        [own("job 0", 2001.0, 8.0), own("core 0", 2001.5, 1.5), own("core 0", 2006.0, 2.999)]
    );
    assert_eq!(
        slices(&events, "worker 1"),
        [own("job 1", 2002.0, 6.0), own("core 1", 2002.0, 3.0)]
    );
    // Trial 0 has no job that was kept.
    assert_eq!(
        slices(&events, "trials"),
        [
            own("block 1, round 1", 2000.0, 10.0),
            own("pool starts", 2000.0, 0.1),
            own("pool ends", 2009.0, 0.999)
        ]
    );
    let counts: Vec<(f64, u64)> = events
        .iter()
        .filter(|event| event["ph"] == "C" && event["name"] == RUNNING)
        .map(|event| (number(event, "ts"), event["args"]["jobs"].as_u64().unwrap()))
        .collect();
    assert_eq!(
        counts,
        [(2001.5, 1), (2002.0, 2), (2003.0, 1), (2005.0, 0), (2006.0, 1), (2009.0, 0)]
    );
}

#[test]
fn an_arm_is_a_process_with_its_name() {
    let mut trials = [trial(0, 0), trial(1, 20_000), trial(2, 40_000)];
    trials[0].role = Role::Replicate;
    trials[1].executor = Executor::Serial;
    let jobs: Vec<JobRow> = trials.iter().map(|of| job(of, 0, 0, 9_000)).collect();
    let events = events(&recorded(&trials, &jobs, &[]));
    let names: Vec<&str> = events
        .iter()
        .filter(|event| event["name"] == "process_name")
        .map(|event| event["args"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["serial", "threads 2", "threads 2, again"]);
    let has_counter = events.iter().any(|event| event["ph"] == "C");
    assert!(!has_counter, "nobody knows what ran at once");
}

#[test]
fn what_runs_beside_the_workers_is_not_counted_among_them() {
    let trials = [trial(0, 0)];
    let jobs = [job(&trials[0], 0, 0, 9_000), job(&trials[0], 2, 0, 9_000)];
    let spans = [span(&jobs[0], 0, 5_000), span(&jobs[1], 0, 9_000)];
    let events = events(&recorded(&trials, &jobs, &spans));
    assert_eq!(slices(&events, "background 0")[0].0, "job 2");
    let most = events.iter().filter_map(|event| event["args"]["jobs"].as_u64()).max();
    assert_eq!(most, Some(1));
}

#[test]
fn a_job_that_failed_says_why_and_one_that_never_began_is_not_shown() {
    let trials = [trial(0, 0)];
    let mut jobs = [job(&trials[0], 0, 0, 9_000), job(&trials[0], 1, 0, 9_000)];
    jobs[0].outcome = "it said \"no\"".to_owned();
    jobs[1].start_ns = None;
    let events = events(&recorded(&trials, &jobs, &[]));
    assert_eq!(slices(&events, "worker 0")[0].0, "job 0 failed: it said \"no\"");
    assert!(slices(&events, "worker 1").is_empty());
}

#[test]
fn a_run_without_trials_is_a_trace_without_events() {
    assert!(events(&recorded(&[], &[], &[])).is_empty());
}

#[test]
fn committed_data_give_a_trace_that_nests_and_is_not_much_larger() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/same-core");
    let (run, _) = Recording::read(&folder, "same-core").unwrap();
    let trace = text(&run);
    let tables = ["spans.csv", "jobs.csv"].map(|name| folder.join(name).metadata().unwrap().len());
    let bytes = trace.len() as u64;
    assert!(bytes < 6 * tables.iter().sum::<u64>(), "{bytes} bytes");

    let events = events(&run);
    assert_nested(&events);
    let count = |name: &str| {
        let named = |event: &&Value| event["name"].as_str().is_some_and(|n| n.starts_with(name));
        events.iter().filter(|event| event["ph"] == "X").filter(named).count()
    };
    let trials = run.all_trials().iter();
    let (jobs, spans) = trials.fold((0, 0), |(jobs, spans), trial| {
        let more = run.span_rows(trial).len();
        (jobs + run.jobs(trial).len(), spans + more)
    });
    assert_eq!((count("job "), count("core ")), (jobs, spans));

    // Where a counter ends nothing runs, and never more than there are jobs.
    let most = run.all_trials().iter().map(|trial| u64::from(trial.jobs)).max().unwrap();
    let mut last: BTreeMap<u64, u64> = BTreeMap::new();
    for event in events.iter().filter(|event| event["ph"] == "C") {
        let jobs = event["args"]["jobs"].as_u64().unwrap();
        assert!(jobs <= most, "{event}");
        last.insert(event["pid"].as_u64().unwrap(), jobs);
    }
    assert!(!last.is_empty() && last.values().all(|&jobs| jobs == 0), "{last:?}");
}

#[test]
fn a_place_that_cannot_be_written_to_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |path: &Path| format!("{:#}", check(path).unwrap_err());
    assert!(refused(folder.path()).contains("is no file"));
    let lost = folder.path().join("missing/trace.json");
    let error = refused(&lost);
    assert!(error.contains("missing/trace.json") && error.contains("--trace"), "{error}");
    assert!(refused(Path::new("/dev/null")).contains("/dev/null is no file"));
    assert!(refused(Path::new("..")).contains("no trace can be written"));

    let path = folder.path().join("trace.json");
    std::fs::write(&path, "old").unwrap();
    check(&path).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    assert_eq!(folder.path().read_dir().unwrap().count(), 1, "no probe is left");
    write(&recorded(&[], &[], &[]), &path).unwrap();
    assert!(std::fs::read_to_string(&path).unwrap().starts_with('{'));
}
