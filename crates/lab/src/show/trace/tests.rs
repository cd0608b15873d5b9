//! What is in a trace, read back as a viewer would.

use super::*;
use crate::record::test_rows::{self, job, recorded, span};
use lab_data::rows::{Executor, Role};
use serde::Deserialize;
use serde_json::Value;

/// An event, its times in microseconds.
#[derive(Clone, Debug, Deserialize)]
struct Event {
    ph: String,
    pid: u64,
    #[serde(default)]
    tid: u64,
    #[serde(default)]
    ts: f64,
    #[serde(default)]
    dur: f64,
    name: String,
    #[serde(default)]
    args: Value,
}

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

/// The events of a run's trace. On every track each two slices are apart, or one lies within the
/// other; in the reckoning of a viewer, which adds fractions.
fn events(run: &Recording) -> Vec<Event> {
    let trace: Value = serde_json::from_str(&text(run)).unwrap();
    assert_eq!(trace["displayTimeUnit"], "ns");
    let events: Vec<Event> = serde_json::from_value(trace["traceEvents"].clone()).unwrap();
    let mut tracks: BTreeMap<u64, Vec<(f64, f64)>> = BTreeMap::new();
    for event in of(&events, "X") {
        tracks.entry(event.tid).or_default().push((event.ts, event.ts + event.dur));
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
    events
}

fn of<'e>(events: &'e [Event], kind: &'e str) -> impl Iterator<Item = &'e Event> {
    events.iter().filter(move |event| event.ph == kind)
}

/// The slices on a track that has this name, with start and length.
fn slices<'e>(events: &'e [Event], track: &str) -> Vec<(&'e str, f64, f64)> {
    let named = |event: &&Event| event.name == "thread_name" && event.args["name"] == track;
    let track = events.iter().find(named).unwrap().tid;
    let own = of(events, "X").filter(|event| event.tid == track);
    own.map(|event| (&*event.name, event.ts, event.dur)).collect()
}

/// When the counter changes, and to which value.
fn counts(events: &[Event]) -> Vec<(f64, u64)> {
    let counts = of(events, "C").inspect(|event| assert_eq!(event.name, RUNNING));
    counts.map(|event| (event.ts, event.args["jobs"].as_u64().unwrap())).collect()
}

#[test]
fn a_worker_is_a_track_with_its_jobs_and_their_spans() {
    let trials = [trial(0, 1_000_000), trial(1, 2_000_000)];
    let jobs = [job(&trials[1], 0, 1_000, 9_000), job(&trials[1], 1, 2_000, 8_000)];
    let spans =
        [span(&jobs[0], 1_500, 3_000), span(&jobs[0], 6_000, 9_000), span(&jobs[1], 2_000, 5_000)];
    let events = events(&recorded(&trials, &jobs, &spans));
    // Trial 0 has no job that was kept.
    for (track, expected) in [
        (
            "worker 0",
            &[("job 0", 2001.0, 8.0), ("core 0", 2001.5, 1.5), ("core 0", 2006.0, 2.999)][..],
        ),
        ("worker 1", &[("job 1", 2002.0, 6.0), ("core 1", 2002.0, 3.0)]),
        (
            "trials",
            &[
                ("block 1, round 1", 2000.0, 10.0),
                ("pool starts", 2000.0, 0.1),
                ("pool ends", 2009.0, 0.999),
            ],
        ),
    ] {
        assert_eq!(slices(&events, track), expected);
    }
    let expected = [(2001.5, 1), (2002.0, 2), (2003.0, 1), (2005.0, 0), (2006.0, 1), (2009.0, 0)];
    assert_eq!(counts(&events), expected);
}

#[test]
fn an_arm_is_a_process_with_its_name() {
    let mut trials = [trial(0, 0), trial(1, 20_000), trial(2, 40_000)];
    trials[0].role = Role::Replicate;
    trials[1].executor = Executor::Serial;
    let jobs: Vec<JobRow> = trials.iter().map(|of| job(of, 0, 0, 9_000)).collect();
    let events = events(&recorded(&trials, &jobs, &[]));
    let processes = of(&events, "M").filter(|event| event.name == "process_name");
    let names: Vec<&str> = processes.map(|event| event.args["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["serial", "threads 2", "threads 2, again"]);
    assert!(counts(&events).is_empty(), "nobody knows what ran at once");
}

#[test]
fn what_runs_beside_the_workers_is_not_counted_among_them() {
    let trials = [trial(0, 0)];
    let jobs = [job(&trials[0], 0, 0, 9_000), job(&trials[0], 2, 0, 9_000)];
    let spans = [span(&jobs[0], 0, 5_000), span(&jobs[1], 0, 9_000)];
    let events = events(&recorded(&trials, &jobs, &spans));
    assert_eq!(slices(&events, "background 0")[0].0, "job 2");
    assert_eq!(counts(&events).into_iter().map(|(_, jobs)| jobs).max(), Some(1));
}

#[test]
fn a_job_that_failed_says_why_and_one_that_never_began_is_not_shown() {
    let trials = [trial(0, 0)];
    let mut jobs = [job(&trials[0], 0, 0, 9_000), job(&trials[0], 1, 0, 9_000)];
    jobs[0].outcome = "it said \"no\"".to_owned();
    jobs[1].start_ns = None;
    let trace = events(&recorded(&trials, &jobs, &[]));
    assert_eq!(slices(&trace, "worker 0")[0].0, "job 0 failed: it said \"no\"");
    assert!(slices(&trace, "worker 1").is_empty());
    assert!(events(&recorded(&[], &[], &[])).is_empty(), "a run without trials");
}

#[test]
fn committed_data_give_a_trace_that_nests_and_is_not_much_larger() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/same-core");
    let (run, _) = Recording::read(&folder, "same-core").unwrap();
    let tables = ["spans.csv", "jobs.csv"].map(|name| folder.join(name).metadata().unwrap().len());
    let bytes = text(&run).len() as u64;
    assert!(bytes < 6 * tables.iter().sum::<u64>(), "{bytes} bytes");

    let events = events(&run);
    let count = |name| of(&events, "X").filter(|event| event.name.starts_with(name)).count();
    let trials = run.all_trials();
    let jobs: usize = trials.iter().map(|trial| run.jobs(trial).len()).sum();
    let spans: usize = trials.iter().map(|trial| run.span_rows(trial).len()).sum();
    assert_eq!((count("job "), count("core ")), (jobs, spans));

    // Where a counter ends nothing runs, and never more than there are jobs.
    let most = trials.iter().map(|trial| u64::from(trial.jobs)).max().unwrap();
    assert!(counts(&events).iter().all(|&(_, jobs)| jobs <= most));
    let last: BTreeMap<u64, &Event> = of(&events, "C").map(|event| (event.pid, event)).collect();
    assert!(!last.is_empty() && last.values().all(|event| event.args["jobs"] == 0), "{last:?}");
}

#[test]
fn a_place_that_cannot_be_written_to_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (path, reasons) in [
        (folder.path(), &["is no file", "--trace"][..]),
        (&folder.path().join("missing/trace.json"), &["missing/trace.json", "--trace"]),
        (Path::new("/dev/null"), &["/dev/null", "is no file"]),
        (Path::new(".."), &["no trace can be written"]),
    ] {
        let error = format!("{:#}", check(path).unwrap_err());
        assert!(reasons.iter().all(|reason| error.contains(reason)), "{error}");
    }
    let path = folder.path().join("trace.json");
    std::fs::write(&path, "old").unwrap();
    check(&path).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    assert_eq!(folder.path().read_dir().unwrap().count(), 1, "no probe is left");
    write(&recorded(&[], &[], &[]), &path).unwrap();
    assert!(std::fs::read_to_string(&path).unwrap().starts_with('{'));
}
