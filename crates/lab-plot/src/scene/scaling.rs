use super::{Scene, near};
use crate::error::PlotError;
use crate::page::Frame;
use crate::scaling::{ReferenceLine, Scaling, ScalingLine, ScalingPanel, Unit, XAxis, YAxis};
use crate::series::{GREY, PAPER, Runtime, Series};

pub(super) fn line(label: &str, series: Series, values: &[(f64, f64)]) -> ScalingLine {
    let blocks = |&(x, y): &(f64, f64)| [0.98, 1.0, 1.02].map(|noise| (x, y * noise));
    ScalingLine {
        label: label.into(),
        series,
        runtime: Runtime::Native,
        points: values.iter().flat_map(blocks).collect(),
        median: values.to_vec(),
        band: values
            .iter()
            .map(|&(x, y)| (x, y * 0.97, y * 1.03))
            .collect(),
    }
}

pub(super) fn figure() -> Scaling {
    let threads = [(1.0, 1.0), (2.0, 1.9), (4.0, 1.95), (32.0, 1.9)];
    let processes = [(1.0, 0.95), (2.0, 1.8), (4.0, 1.7), (32.0, 1.2)];
    let ideal = [1.0, 2.0, 4.0, 32.0].map(|n| (n, n)).to_vec();
    Scaling {
        frame: Frame::default(),
        x_label: "workers".into(),
        y_label: "speed-up".into(),
        x: XAxis::Workers,
        y: YAxis::FromZero,
        point: "one block".to_owned(),
        interval: "95 % interval".into(),
        panels: vec![ScalingPanel {
            title: "Rust".into(),
            lines: vec![
                line("threads", Series::Threads, &threads),
                line("processes", Series::Processes, &processes),
            ],
            references: vec![ReferenceLine {
                label: "ideal".into(),
                points: ideal,
            }],
            cores: Some(2.0),
            shades: vec![],
            marks: vec![],
        }],
    }
}

#[test]
fn every_block_is_a_point_and_every_median_a_marker() {
    let scene = Scene::of(&figure()).unwrap();
    let colour = Series::Threads.colour();
    assert_eq!(scene.discs(colour, 4).len(), 12);
    assert_eq!(scene.discs(colour, 6).len(), 4);
    let squares = scene.polygons.iter();
    let squares = squares.filter(|p| p.colour == Series::Processes.colour());
    assert_eq!(
        squares.count(),
        12 + 4 + 2,
        "points, medians, label's marker, band"
    );
}

#[test]
fn workers_stand_a_doubling_apart_and_are_the_ticks() {
    let scene = Scene::of(&figure()).unwrap();
    let x = |n: &str| scene.text(n).centre().0;
    assert!(near(x("4") - x("2"), x("2") - x("1")));
    assert!((x("32") - x("4") - 3 * (x("2") - x("1"))).abs() <= 4);
    assert!(!scene.has("8"));
}

#[test]
fn the_cores_are_marked_at_their_number() {
    let scene = Scene::of(&figure()).unwrap();
    let two = scene.text("2").centre().0;
    assert!(near(scene.text("2 cores").centre().0, two));
    let dashes = scene.rects(GREY);
    let dashes = dashes
        .iter()
        .filter(|dash| near(dash.left, two) && dash.bottom - dash.top > 3);
    assert!(dashes.count() > 20);
}

#[test]
fn cores_beyond_the_workers_stand_beyond_them() {
    let mut figure = figure();
    figure.panels[0].cores = Some(64.0);
    let scene = Scene::of(&figure).unwrap();
    let x = |words: &str| scene.text(words).centre().0;
    assert!(near(x("64 cores") - x("32"), x("2") - x("1")));
}

#[test]
fn the_ideal_may_leave_the_panel_but_no_data_may() {
    let scene = Scene::of(&figure()).unwrap();
    let ideal = scene.text("ideal");
    assert!(ideal.left > scene.text("2 cores").right);
    let highest = scene.discs(Series::Threads.colour(), 4);
    let highest = highest.iter().map(|point| point.1).min().unwrap();
    assert!(highest > ideal.bottom);
}

#[test]
fn labels_of_lines_that_end_alike_stand_apart() {
    let mut figure = figure();
    let panel = &mut figure.panels[0];
    panel.lines = Series::ALL
        .map(|series| line(&format!("{series:?}"), series, &[(1.0, 1.0), (2.0, 1.0)]))
        .to_vec();
    let scene = Scene::of(&figure).unwrap();
    for series in Series::ALL {
        assert!(scene.has(&format!("{series:?}")));
    }
}

#[test]
fn labels_without_room_go_into_the_key() {
    let mut figure = figure();
    let long = "threads, with a queue of their own for each, and a very long name";
    figure.panels[0].lines[0].label = long.into();
    figure.panels = vec![figure.panels[0].clone(); 3];
    let scene = Scene::of(&figure).unwrap();
    assert!(scene.text(long).bottom < scene.text("speed-up").top);
    let ideals = scene.texts().filter(|text| *text == "ideal");
    assert_eq!(ideals.count(), 3, "reference lines keep their labels");
}

#[test]
fn a_declared_range_grows_but_is_never_cut() {
    let mut figure = figure();
    figure.y = YAxis::Linear(1.0, 1.5);
    figure.panels[0].references.clear();
    let scene = Scene::of(&figure).unwrap();
    let points = scene.discs(Series::Threads.colour(), 4);
    let (low, high) = (
        points.iter().map(|p| p.1).max(),
        points.iter().map(|p| p.1).min(),
    );
    assert!(low.unwrap() - high.unwrap() > 200);
}

#[test]
fn what_has_no_place_is_refused_by_name() {
    let refused = |change: &dyn Fn(&mut Scaling)| {
        let mut figure = figure();
        change(&mut figure);
        let error = Scene::of(&figure).unwrap_err();
        assert!(matches!(error, PlotError::Value { .. }));
        error.to_string()
    };
    let text = refused(&|f| f.panels[0].lines[0].points[3].1 = f64::NAN);
    assert!(
        text.contains("“Rust”") && text.contains("“threads”") && text.contains("NaN"),
        "{text}"
    );
    refused(&|f| f.panels[0].lines[0].band[0].2 = f64::INFINITY);
    refused(&|f| f.panels[0].references[0].points[0].0 = f64::NAN);
    refused(&|f| f.panels[0].lines[0].median[0].0 = 0.0);
    refused(&|f| f.panels[0].cores = Some(0.0));
    refused(&|f| f.y = YAxis::Linear(f64::NEG_INFINITY, 0.0));
    refused(&|f| {
        f.y = YAxis::Log;
        f.panels[0].lines[0].points[0].1 = 0.0;
    });
    refused(&|f| f.x = XAxis::Categories(vec!["one".into(), "two".into()]));
}

#[test]
fn a_logarithmic_axis_has_the_set_values_as_ticks_or_round_ones() {
    let mut figure = figure();
    figure.x = XAxis::Log(Unit::Nanoseconds);
    let panel = &mut figure.panels[0];
    (panel.cores, panel.references) = (None, vec![]);
    let intervals = [1e5, 1e6, 5e6, 2e7].map(|x| (x, 1.0));
    panel.lines = vec![line("threads", Series::Threads, &intervals)];
    let scene = Scene::of(&figure).unwrap();
    let x = |words: &str| scene.text(words).centre().0;
    let decade = x("1 ms") - x("100 µs");
    assert!(near(
        x("20 ms") - x("1 ms"),
        (f64::from(decade) * 20f64.log10()) as i32
    ));
    assert!(scene.has("5 ms"));

    let sizes: Vec<_> = (0..13)
        .map(|i| (1.3e3 * 10f64.powf(f64::from(i) / 2.0), 1.0))
        .collect();
    figure.panels[0].lines = vec![line("threads", Series::Threads, &sizes)];
    let scene = Scene::of(&figure).unwrap();
    assert!(scene.has("10 µs") && scene.has("100 ms") && scene.has("1 s"));
}

#[test]
fn numbers_of_a_narrow_panel_are_left_out_and_not_cut_short() {
    let mut figure = figure();
    figure.x = XAxis::Log(Unit::Nanoseconds);
    let sizes: Vec<_> = (0..13)
        .map(|i| (1.3e3 * 10f64.powf(f64::from(i) / 2.0), 1.0))
        .collect();
    let panel = &mut figure.panels[0];
    (panel.cores, panel.references) = (None, vec![]);
    panel.lines = vec![line("threads", Series::Threads, &sizes)];
    figure.panels = vec![figure.panels[0].clone(); 3];
    let scene = Scene::of(&figure).unwrap();
    assert!(scene.has("10 µs") && scene.has("1 s"));
    assert!(!scene.texts().any(|text| text.contains('…')));
}

#[test]
fn words_at_a_reference_avoid_the_data() {
    let mut figure = figure();
    let long = "threads, with a queue of their own for each, and a very long name indeed";
    let along = [(1.0, 1.0), (2.0, 1.0), (4.0, 1.0), (32.0, 1.0)];
    let panel = &mut figure.panels[0];
    panel.lines = vec![line(long, Series::Threads, &along)];
    panel.references[0].points = vec![(1.0, 0.98), (32.0, 0.98)];
    figure.panels = vec![figure.panels[0].clone(); 2];
    let scene = Scene::of(&figure).unwrap();
    let points = scene.discs(Series::Threads.colour(), 4);
    let words = scene.texts.iter().filter(|text| text.what.0 == "ideal");
    let words: Vec<_> = words.map(|text| text.what.1).collect();
    assert_eq!(words.len(), 2);
    for area in words {
        for &(x, y) in &points {
            let on = x >= area.left && x < area.right && y >= area.top && y < area.bottom;
            assert!(!on, "{area:?} hides {x}, {y}");
        }
    }
}

#[test]
fn runtimes_of_one_series_differ_in_stroke_and_marker() {
    let mut figure = figure();
    let mut of = |runtime: Runtime| {
        figure.panels[0].lines.truncate(1);
        figure.panels[0].lines[0].runtime = runtime;
        let scene = Scene::of(&figure).unwrap();
        let colour = Series::Threads.colour();
        let strokes = scene
            .paths
            .iter()
            .filter(|path| path.colour == colour)
            .count();
        (
            strokes,
            scene.discs(PAPER, 4).len(),
            scene.discs(colour, 2).len(),
        )
    };
    let (native, gil, cpython) = (of(Runtime::Native), of(Runtime::Gil), of(Runtime::CPython));
    assert_eq!((native.1, native.2), (0, 0));
    assert_eq!((gil.1, gil.2), (4, 0), "hollow");
    assert_eq!((cpython.1, cpython.2), (4, 5), "ringed, as at the label");
    assert!(native.0 < gil.0 && gil.0 < cpython.0, "strokes");
}

#[test]
fn the_key_says_what_the_band_is() {
    assert!(Scene::of(&figure()).unwrap().has("95 % interval"));
}
