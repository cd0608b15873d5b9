use super::{Scene, near};
use crate::error::PlotError;
use crate::page::Frame;
use crate::series::{GREY, INK, Series};
use crate::strips::{Strip, StripPanel, Strips};

fn strip(label: &str, series: Series, points: Vec<f64>) -> Strip {
    Strip {
        label: label.into(),
        series,
        points,
        median: None,
        band: None,
        note: String::new(),
    }
}

fn figure() -> Strips {
    let mut beside = strip("beside a thread", Series::Rayon, vec![4.0, 10.0, 1.0]);
    beside.median = Some(10.0);
    beside.band = Some((8.0, 12.0));
    beside.note = "ten".into();
    Strips {
        frame: Frame::default(),
        y_label: "time (ms)".into(),
        point: "one answer".into(),
        interval: "95 % interval".into(),
        panels: vec![StripPanel {
            title: "Rust".into(),
            strips: vec![strip("alone", Series::Threads, vec![0.1, 1.0]), beside],
            references: vec![("switch interval 5 ms".into(), 5.0)],
        }],
    }
}

#[test]
fn powers_of_ten_are_as_far_apart_as_their_points() {
    let scene = Scene::of(&figure()).unwrap();
    let y = |words: &str| scene.text(words).centre().1;
    let mut points: Vec<_> = scene.discs(Series::Threads.colour(), 3);
    points.sort_by_key(|point| -point.1);
    assert_eq!(points.len(), 2);
    assert!(near(points[0].1, y("0.1")) && near(points[1].1, y("1")));
    assert!((y("0.1") - y("1") - (y("1") - y("10"))).abs() <= 2);
}

#[test]
fn points_stand_above_their_category() {
    let scene = Scene::of(&figure()).unwrap();
    let (alone, beside) = (scene.text("alone"), scene.text("beside a thread"));
    for point in scene.discs(Series::Threads.colour(), 3) {
        assert!((alone.left - 100..alone.right + 100).contains(&point.0));
        assert!(point.0 < beside.left && point.1 < alone.top);
    }
}

#[test]
fn the_median_is_a_short_line_with_its_note() {
    let scene = Scene::of(&figure()).unwrap();
    let (ten, note) = (scene.text("10").centre().1, scene.text("ten"));
    let lines = scene.rects(INK);
    let median: Vec<_> = lines
        .iter()
        .filter(|line| near(line.centre().1, ten) && line.right - line.left > 50)
        .collect();
    assert_eq!(median.len(), 1);
    assert!(near(note.centre().1, ten));
    assert!(note.left > median[0].right && note.left < median[0].right + 20);
    assert_eq!(scene.polygons.len(), 1, "the band");
}

#[test]
fn references_are_dashed_and_have_their_words_at_the_line() {
    let scene = Scene::of(&figure()).unwrap();
    let dashes = scene.rects(GREY);
    let width = |dash: &&super::Extent| dash.right - dash.left == 7;
    let dashes: Vec<_> = dashes.iter().filter(width).collect();
    assert!(dashes.len() > 80);
    let words = scene.text("switch interval 5 ms");
    assert!((words.centre().1 - dashes[0].centre().1).abs() < 25);
}

#[test]
fn the_axis_holds_a_reference_beyond_all_points() {
    let mut figure = figure();
    figure.panels[0].references[0].1 = 900.0;
    let scene = Scene::of(&figure).unwrap();
    assert!(scene.has("switch interval 5 ms") && scene.has("100"));
}

#[test]
fn an_empty_strip_says_none() {
    let mut figure = figure();
    figure.panels[0].strips[0].points.clear();
    let scene = Scene::of(&figure).unwrap();
    let (none, alone) = (scene.text("none"), scene.text("alone"));
    assert!(near(none.centre().0, alone.centre().0) && none.bottom < alone.top);
}

#[test]
fn a_million_points_are_few_shapes_and_the_outlier_is_one_of_them() {
    let mut figure = figure();
    let many = (0..1_000_000).map(|i| 1.0 + f64::from(i % 1000) / 2000.0);
    figure.panels[0].strips[0].points = many.chain([30.0]).collect();
    let scene = Scene::of(&figure).unwrap();
    assert!(scene.rects.len() < 10_000, "{}", scene.rects.len());
    assert_eq!(scene.discs(Series::Threads.colour(), 3).len(), 1);
}

#[test]
fn panels_share_the_axis_and_only_the_first_has_numbers() {
    let mut figure = figure();
    figure.panels = vec![figure.panels[0].clone(); 3];
    figure.panels[2].strips[0].points.push(0.001);
    let scene = Scene::of(&figure).unwrap();
    scene.text("0.001");
    let mut points = scene.discs(Series::Rayon.colour(), 3);
    points.sort_by_key(|point| point.1);
    assert!(points.chunks(3).all(|alike| alike[0].1 == alike[2].1));
}

#[test]
fn what_has_no_place_on_a_logarithmic_axis_is_refused_by_name() {
    let refused = |change: &dyn Fn(&mut StripPanel)| {
        let mut figure = figure();
        change(&mut figure.panels[0]);
        let error = Scene::of(&figure).unwrap_err();
        assert!(matches!(error, PlotError::Value { .. }));
        error.to_string()
    };
    let text = refused(&|panel| panel.strips[0].points.push(0.0));
    assert!(
        text.contains("“Rust”") && text.contains("“alone”") && text.contains("a point is 0"),
        "{text}"
    );
    refused(&|panel| panel.strips[0].points[0] = f64::NAN);
    refused(&|panel| panel.strips[0].points[0] = f64::INFINITY);
    refused(&|panel| panel.strips[0].points[0] = -1.0);
    refused(&|panel| panel.strips[1].median = Some(0.0));
    refused(&|panel| panel.strips[1].band = Some((-1.0, 1.0)));
    let text = refused(&|panel| panel.references[0].1 = 0.0);
    assert!(text.contains("“switch interval 5 ms”"), "{text}");
}
