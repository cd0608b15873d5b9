//! Jobs as data: how they are written, run and checked.

use super::*;
use crate::http::Loader;
use crate::jobs::costs::{Beside, Held, Parked, Partner};
use crate::jobs::{Report, Tracking, perform};
use crate::work::{Native, Shared};
use std::sync::atomic::AtomicBool;

/// On this thread, with a counter.
pub fn run_until(job: &Job, stop: &AtomicBool) -> Report {
    let (loader, shared) = (Loader::new(), Shared::default());
    let tracking = Tracking { raw: true, ..Tracking::default() };
    let context = JobContext::new(Native, tracking, stop, &shared, &loader);
    perform(job, &mut { context })
}

pub fn alone(job: &Job) -> Report {
    run_until(job, &AtomicBool::new(false))
}

#[test]
fn every_kind_that_needs_no_network_gives_its_answer_and_its_readings() {
    let of_each = [
        (Job::add(1000), 0),
        (Job::hash(1000, 3), 0),
        (Job::wait(1000), 0),
        (Job::mix(2, 10, 1000), 0),
        (Job::count(1000), 0),
        (Job::tally(How::Plain, 1000), 0),
        (Job::tally(How::Call, 1000), 0),
        (Job::tally(How::Kernel, 10), 0),
        (Job::syscall(1000), 0),
        (Job::store(31, 1000), 0),
        (Job::touch(Touched::Arc, true, 1000), 0),
        (Job::cores(Source::Affinity), 0),
        (Job::track(10_000), 10_000),
    ];
    // A point comes before and after each 128 additions at most.
    let of_points = [0, 1, 127, 128, 129, 1000].map(|n: u64| {
        let readings = 5 * (1 + n.div_ceil(128).max(1));
        (Job::points(5, 5 * n), readings)
    });
    for (job, readings) in of_each.into_iter().chain(of_points) {
        let report = alone(&job);
        assert_eq!(report.error, None, "{job:?}");
        assert!(report.start_ns <= report.end_ns);
        assert_eq!(report.samples.len() as u64, readings, "{job:?}");
        assert_eq!(job.readings(), readings);
        let spans = &report.spans;
        assert!(spans.windows(2).all(|two| two[0].end_ns <= two[1].start_ns));
        if let Job::Points(Points { additions, .. }) = job {
            let lot = crate::jobs::readings_per_point(additions);
            let mut read = 0;
            let is_point = |span: &&lab_data::burst::Span| {
                read += span.samples;
                read % lot == 0
            };
            assert_eq!(spans.iter().filter(is_point).count(), 5, "{additions}");
        }
    }
}

/// `jobs.py` reads these words, too.
#[test]
fn a_job_survives_the_way_to_a_worker() {
    let text = r#"{"kind":"hash","bytes":1,"amount":{"steps":2},"digest":"00"}"#;
    for (line, job) in [
        (r#"{"kind":"add","amount":{"steps":3}}"#, Job::add(3)),
        (r#"{"kind":"track","amount":"until-stopped"}"#, Job::track(1).until_stopped()),
        (text, serde_json::from_str(text).unwrap()),
        (r#"{"kind":"wait","ns":1}"#, Job::wait(1)),
        (
            r#"{"kind":"echo","port":7,"lasts_ns":null,"additions":3,"meanwhile":2}"#,
            Job::echo(7, Some(1), 3, 2).until_stopped(),
        ),
        (r#"{"kind":"mix","rounds":1,"additions":2,"wait_ns":3}"#, Job::mix(1, 2, 3)),
        (r#"{"kind":"points","points":2,"additions":4}"#, Job::points(2, 7)),
        (r#"{"kind":"count","amount":{"steps":3}}"#, Job::count(3)),
        (r#"{"kind":"tally","how":"plain","amount":{"steps":3}}"#, Job::tally(How::Plain, 3)),
        (r#"{"kind":"syscall","amount":{"steps":3}}"#, Job::syscall(3)),
        (r#"{"kind":"store","at":1,"amount":{"steps":3}}"#, Job::store(1, 3)),
        (
            r#"{"kind":"touch","what":"dict","shared":true,"amount":{"steps":3}}"#,
            Job::touch(Touched::Dict, true, 3),
        ),
        (r#"{"kind":"cores","ask":"os.cpu_count"}"#, Job::cores(Source::CpuCount)),
        (
            r#"{"kind":"beat","lasts_ns":1,"period_ns":2,"beside":"loop","steps":3}"#,
            Job::Beat(Beat { lasts_ns: 1, period_ns: 2, beside: Beside::Loop, steps: 3 }),
        ),
        (
            r#"{"kind":"hand-over","to":"view","bytes":[1,2],"times":3}"#,
            Job::HandOver(HandOver { to: Partner::View, bytes: vec![1, 2], times: 3 }),
        ),
        (
            r#"{"kind":"park","parked":"locked-threads","workers":1}"#,
            Job::Park(Park { parked: Parked::LockedThreads, workers: 1 }),
        ),
        (
            r#"{"kind":"fork","held":"objects","bytes":1}"#,
            Job::Fork(Fork { held: Held::Objects, bytes: 1 }),
        ),
        (
            r#"{"kind":"command","program":"a","args":["b"],"timeout_ns":1}"#,
            Job::command(CommandRequest {
                program: "a".into(),
                args: vec!["b".into()],
                timeout_ns: 1,
            }),
        ),
        (
            r#"{"kind":"page","url":"u","timeout_ns":1,"max_bytes":2,"expect":null}"#,
            Job::page(PageRequest { url: "u".into(), timeout_ns: 1, max_bytes: 2, expect: None }),
        ),
    ] {
        assert_eq!(serde_json::to_string(&job).unwrap(), line);
        assert_eq!(serde_json::from_str::<Job>(line).unwrap(), job);
        assert!(line.starts_with(&format!(r#"{{"kind":"{}","#, job.kind())));
    }
}

#[test]
fn a_wrong_sum_and_a_wrong_count_are_found() {
    let job = Job::add(5);
    assert!(job.check(5, &Answer::Number(10)).is_ok());
    assert!(job.check(5, &Answer::Number(11)).is_err());
    let error = job.check(4, &Answer::Number(6)).unwrap_err().to_string();
    assert_eq!(error, "wrong answer: expected 10 after 5 steps, got 6 after 4");
    // One that was stopped is checked against the steps that it made.
    assert!(job.until_stopped().check(4, &Answer::Number(6)).is_ok());
    assert!(job.until_stopped().check(4, &Answer::Number(7)).is_err());
}

#[test]
fn what_a_runtime_lacks_is_an_error_and_no_fast_success() {
    for job in [Job::tally(How::Property, 9), Job::store(32, 9), Job::cores(Source::CpuCount)] {
        assert!(alone(&job).error.is_some(), "{job:?}");
    }
}
