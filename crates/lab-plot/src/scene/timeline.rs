use super::{Scene, near};
use crate::columns::Zoom;
use crate::page::Frame;
use crate::series::{BAND, GREY, INK, Series};
use crate::timeline::{Facet, Row, Timeline};

const MS: u64 = 1_000_000;

fn row(label: &str, begun: (u64, u64), spans: &[(u64, u64)]) -> Row {
    Row {
        label: label.into(),
        begun: (begun.0 * MS, begun.1 * MS),
        spans: spans.iter().map(|s| (s.0 * MS, s.1 * MS)).collect(),
        samples: vec![],
        points: vec![],
    }
}

/// Two jobs that take turns of 50 ms.
fn turns() -> Timeline {
    let running = [(0, 1), (200, 0)].map(|(at, n)| (at * MS, n)).to_vec();
    Timeline {
        frame: Frame {
            title: "They take turns".into(),
            subtitle: "Two threads under a lock".into(),
            caption: "a machine, a commit, a day".into(),
        },
        cores: 2,
        facets: vec![Facet {
            title: "two threads".into(),
            series: Series::Threads,
            rows: vec![
                row("first", (0, 150), &[(0, 50), (100, 150)]),
                row("second", (20, 200), &[(50, 100), (150, 200)]),
            ],
            running,
        }],
        zoom: None,
    }
}

/// Pixels a millisecond and the pixel of zero, from where the axis' numbers stand.
fn pixels(scene: &Scene, number: &str, ms: f64) -> (f64, f64) {
    let zero = scene.texts.iter().rfind(|text| text.what.0 == "0").unwrap();
    let zero = f64::from(zero.what.1.centre().0);
    let per_ms = (f64::from(scene.text(number).centre().0) - zero) / ms;
    (per_ms, zero)
}

#[test]
fn pale_bars_span_begun_and_solid_ones_progress() {
    let scene = Scene::of(&turns()).unwrap();
    let (per_ms, zero) = pixels(&scene, "200 ms", 200.0);
    let x = |ms: f64| (zero + ms * per_ms).round() as i32;
    let colour = Series::Threads.colour();

    let pale = scene.rects(colour.tint(0.25));
    assert_eq!(pale.len(), 2);
    assert!(near(pale[0].left, x(0.0)) && near(pale[0].right, x(150.0)));
    assert!(near(pale[1].left, x(20.0)) && near(pale[1].right, x(200.0)));
    assert!(pale[0].bottom < pale[1].top);

    let solid = scene.rects(colour);
    let expected = [(0.0, 50.0), (100.0, 150.0), (50.0, 100.0), (150.0, 200.0)];
    assert_eq!(solid.len(), expected.len());
    for (bar, (from, to)) in solid.iter().zip(expected) {
        assert!(near(bar.left, x(from)) && near(bar.right, x(to)), "{bar:?}");
    }
    assert_eq!(
        (solid[0].top, solid[0].bottom),
        (pale[0].top, pale[0].bottom)
    );
}

#[test]
fn labels_title_and_caption_are_there() {
    let scene = Scene::of(&turns()).unwrap();
    for words in [
        "They take turns",
        "Two threads under a lock",
        "two threads",
        "first",
        "second",
        "2 cores",
        "a machine, a commit, a day",
    ] {
        scene.text(words);
    }
    let bars = scene.rects(Series::Threads.colour().tint(0.25));
    assert!(near(scene.text("first").centre().1, bars[0].centre().1));
}

#[test]
fn the_dashed_line_lies_at_the_number_of_cores() {
    let scene = Scene::of(&turns()).unwrap();
    let two = scene.text("2").centre().1;
    assert!(near(scene.text("2 cores").centre().1, two));
    let dashes = scene.rects(GREY);
    let dashes = dashes.iter().filter(|dash| near(dash.centre().1, two));
    assert!(dashes.count() > 50);
    let one = scene.text("1").centre().1;
    let line = scene.rects(INK);
    assert!(
        line.iter()
            .any(|step| near(step.centre().1, one) && step.right - step.left > 500)
    );
}

#[test]
fn a_span_too_narrow_for_a_bar_is_a_point() {
    let mut figure = turns();
    figure.facets[0].rows[0].spans.push((75 * MS, 75 * MS));
    let scene = Scene::of(&figure).unwrap();
    let (per_ms, zero) = pixels(&scene, "200 ms", 200.0);
    let points = scene.discs(Series::Threads.colour(), 3);
    assert_eq!(points.len(), 1);
    assert!(near(points[0].0, (zero + 75.0 * per_ms) as i32));
}

#[test]
fn the_zoom_is_marked_and_shows_only_its_own() {
    let mut figure = turns();
    figure.zoom = Some(Zoom {
        from: 60 * MS,
        to: 120 * MS,
    });
    let scene = Scene::of(&figure).unwrap();
    let (per_ms, zero) = pixels(&scene, "200 ms", 200.0);
    let band = scene.rects(BAND);
    // The first is the key's.
    assert_eq!(band.len(), 2);
    assert!(near(band[1].left, (zero + 60.0 * per_ms) as i32));
    assert!(near(band[1].right, (zero + 120.0 * per_ms) as i32));

    let zoomed = scene.text("60.0 ms of it, enlarged").left;
    let solid = scene.rects(Series::Threads.colour());
    let right: Vec<_> = solid.iter().filter(|bar| bar.left >= zoomed).collect();
    assert_eq!(right.len(), 2);
    let thirds =
        f64::from(right[1].right - right[1].left) / f64::from(right[0].right - right[0].left);
    assert!((thirds - 2.0).abs() < 0.05, "40 ms beside 20 ms: {thirds}");
}

#[test]
fn samples_are_points_where_there_is_room() {
    let mut figure = turns();
    figure.facets[0].rows[0].samples = (0..100).map(|i| i * MS).collect();
    assert_eq!(Scene::of(&figure).unwrap().discs(INK, 2).len(), 100);
    figure.facets[0].rows[0].samples = (0..100_000).map(|i| i * 1_000).collect();
    assert!(Scene::of(&figure).unwrap().discs(INK, 2).is_empty());
}

#[test]
fn points_stand_on_paler_progress() {
    let mut figure = turns();
    assert!(
        !Scene::of(&figure)
            .unwrap()
            .has("a point that the job noted")
    );
    figure.facets[0].rows[0].points = vec![50 * MS, 150 * MS];
    let scene = Scene::of(&figure).unwrap();
    scene.text("a point that the job noted");
    let (per_ms, zero) = pixels(&scene, "200 ms", 200.0);
    let points = scene.discs(INK, 5);
    let wanted = [50.0, 150.0].map(|ms| (zero + ms * per_ms) as i32);
    assert_eq!(points.len(), 2);
    for (point, wanted) in points.iter().zip(wanted) {
        assert!(near(point.0, wanted), "{point:?}");
    }
    let colour = Series::Threads.colour();
    assert!(scene.rects(colour.tint(0.6)).len() >= 4);
}

#[test]
fn very_many_spans_are_few_bars_and_not_solid() {
    let mut figure = turns();
    let half = (0..100_000u64).map(|i| (i * 2_000, i * 2_000 + 1_000));
    figure.facets[0].rows[0].spans = half.collect();
    let colour = Series::Threads.colour();
    let scene = Scene::of(&figure).unwrap();
    assert!(scene.rects.len() < 12_000, "{}", scene.rects.len());
    let solid = scene.rects(colour);
    assert_eq!(solid.len(), 2, "only the second row's");
    assert!(!scene.rects(colour.over(colour.tint(0.25), 0.5)).is_empty());
}

#[test]
fn rows_that_do_not_fit_are_counted_in_words() {
    let mut figure = turns();
    figure.facets[0].rows = (0..1000)
        .map(|i| row(&format!("job {i}"), (0, 9), &[]))
        .collect();
    let scene = Scene::of(&figure).unwrap();
    assert!(scene.has("job 119") && !scene.has("job 120"));
    assert!(scene.has("880 more rows are not drawn"));
}
