use super::{Scene, near};
use crate::page::Frame;
use crate::series::Series;
use crate::tracker::{Progress, Tracker, TrackerFacet, TrackerRow};
use crate::{Result, tracker_to_rgb};

const MS: u64 = 1_000_000;
const ZERO: u64 = 77_000 * MS;

/// Turns of 5 ms, from zero or 5 ms on.
fn turns(first: u64) -> Vec<(u64, u64)> {
    let starts = (0..10).map(|turn| ZERO + (first + 10 * turn) * MS);
    starts.map(|start| (start, start + 5 * MS)).collect()
}

/// A reading each microsecond of them.
fn readings(spans: &[(u64, u64)]) -> Vec<u64> {
    spans
        .iter()
        .flat_map(|&(start, end)| (start..=end).step_by(1000))
        .collect()
}

fn figure<'a>(rows: &[Progress<'a>]) -> Tracker<'a> {
    let rows = (0..).zip(rows).map(|(job, &progress)| TrackerRow {
        label: format!("job {job}"),
        progress,
    });
    Tracker {
        frame: Frame::default(),
        facets: vec![TrackerFacet {
            title: "threads under a lock".into(),
            series: Series::Threads,
            zero_ns: ZERO,
            rows: rows.collect(),
        }],
    }
}

fn bars(figure: &Tracker) -> Result<Vec<(i32, i32, i32)>> {
    let scene = Scene::of(figure)?;
    let bars = scene.rects(Series::Threads.colour());
    Ok(bars
        .iter()
        .map(|bar| (bar.left, bar.right, bar.top))
        .collect())
}

#[test]
fn spans_and_their_readings_give_the_same_bars() {
    let (a, b) = (turns(0), turns(5));
    let (all_a, all_b) = (readings(&a), readings(&b));
    let spans = bars(&figure(&[Progress::Spans(&a), Progress::Spans(&b)])).unwrap();
    let samples = bars(&figure(&[
        Progress::Samples(&all_a),
        Progress::Samples(&all_b),
    ]))
    .unwrap();
    assert_eq!(spans.len(), 20);
    assert_eq!(samples.len(), 20);
    for (span, sample) in spans.iter().zip(&samples) {
        assert!(
            near(span.0, sample.0) && near(span.1, sample.1),
            "{span:?} {sample:?}"
        );
        assert_eq!(span.2, sample.2);
    }
    let rows: std::collections::BTreeSet<_> = samples.iter().map(|bar| bar.2).collect();
    assert_eq!(rows.len(), 2);
}

#[test]
fn labels_and_title_are_there() {
    let spans = turns(0);
    let scene = Scene::of(&figure(&[Progress::Spans(&spans)])).unwrap();
    scene.text("threads under a lock");
    scene.text("job 0");
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let error = |rows: &[Progress]| tracker_to_rgb(&figure(rows)).unwrap_err().to_string();
    assert!(error(&[]).contains("no readings"));
    assert!(error(&[Progress::Samples(&[]), Progress::Spans(&[])]).contains("no readings"));
    let back = error(&[Progress::Samples(&[ZERO + 5, ZERO + 4])]);
    assert!(back.contains("row “job 0”"), "{back}");
    assert!(error(&[Progress::Spans(&[(5, 4)])]).contains("a span ends"));
    let none = Tracker {
        facets: vec![],
        ..figure(&[])
    };
    assert!(tracker_to_rgb(&none).is_err());
}

#[test]
fn one_reading_is_a_figure() {
    assert_eq!(
        bars(&figure(&[Progress::Samples(&[ZERO + 5])]))
            .unwrap()
            .len(),
        1
    );
    assert!(tracker_to_rgb(&figure(&[Progress::Samples(&[3])])).is_ok());
}
