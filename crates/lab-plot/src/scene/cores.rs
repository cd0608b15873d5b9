use super::{Scene, near};
use crate::columns::Zoom;
use crate::cores::{CoreFacet, CoreRow, Cores};
use crate::page::Frame;
use crate::series::job_colour;

const MS: u64 = 1_000_000;

fn row(label: &str, spans: &[(u64, u64, u32)]) -> CoreRow {
    let spans = spans
        .iter()
        .map(|&(from, to, job)| (from * MS, to * MS, job));
    CoreRow {
        label: label.into(),
        spans: spans.collect(),
    }
}

/// Two jobs that change places after 100 ms.
fn figure() -> Cores {
    Cores {
        frame: Frame::default(),
        facets: vec![CoreFacet {
            title: "two threads".into(),
            rows: vec![
                row("core 0", &[(0, 100, 0), (100, 200, 1)]),
                row("core 1", &[(100, 200, 0), (0, 100, 1)]),
                row("core 2", &[]),
            ],
        }],
        zoom: None,
    }
}

/// The bars of a job, without the key's.
fn bars(scene: &Scene, job: u32) -> Vec<super::Extent> {
    let below = scene.text("two threads").bottom;
    let mut bars = scene.rects(job_colour(job));
    bars.retain(|bar| bar.top > below);
    bars
}

#[test]
fn a_row_is_a_core_and_a_colour_a_job() {
    let scene = Scene::of(&figure()).unwrap();
    let zero = scene.text("0").centre().0;
    let x = |ms: i32| zero + (scene.text("200 ms").centre().0 - zero) * ms / 200;
    let (first, second) = (bars(&scene, 0), bars(&scene, 1));
    for (job, bars) in [(0, &first), (1, &second)] {
        assert_eq!(bars.len(), 2, "job {job}");
    }
    for (bar, (from, to)) in [(first[0], (0, 100)), (first[1], (100, 200))] {
        assert!(near(bar.left, x(from)) && near(bar.right, x(to)), "{bar:?}");
    }
    assert!(near(scene.text("core 0").centre().1, first[0].centre().1));
    assert!(near(scene.text("core 1").centre().1, first[1].centre().1));
    assert!(near(second[0].left, x(100)) && second[0].top == first[0].top);
    assert!(scene.text("core 2").top > first[1].bottom - 2);
    assert!(scene.has("job 0") && scene.has("job 1") && !scene.has("job 2"));
}

#[test]
fn the_zoom_shows_the_same_jobs_larger() {
    let mut figure = figure();
    figure.zoom = Some(Zoom {
        from: 80 * MS,
        to: 120 * MS,
    });
    let scene = Scene::of(&figure).unwrap();
    let zoomed = scene.text("40.0 ms of it, enlarged").left;
    let (whole, large): (Vec<_>, Vec<_>) = bars(&scene, 0)
        .into_iter()
        .partition(|bar| bar.right < zoomed);
    assert_eq!((whole.len(), large.len()), (2, 2));
    assert!(
        near(large[0].right, large[1].left),
        "the middle is at 100 ms"
    );
}

#[test]
fn beyond_eight_jobs_the_key_says_who_shares_a_colour() {
    let mut figure = figure();
    let jobs: Vec<_> = (0..18).map(|i| (i * 10, i * 10 + 10, i as u32)).collect();
    figure.facets[0].rows[2] = row("core 2", &jobs);
    let scene = Scene::of(&figure).unwrap();
    assert!(scene.has("jobs 0, 8, 16") && scene.has("jobs 2, 10"));
    assert_eq!(job_colour(0), job_colour(16));
}

#[test]
fn very_many_spans_are_few_bars() {
    let mut figure = figure();
    let spans = (0..100_000u64).map(|i| (i * 2_000, i * 2_000 + 1_000, (i % 3) as u32));
    figure.facets[0].rows[0].spans = spans.collect();
    let scene = Scene::of(&figure).unwrap();
    assert!(scene.rects.len() < 4_000, "{}", scene.rects.len());
    assert_eq!(bars(&scene, 0).len(), 1, "pale in row 0, solid in row 1");
}
