use super::scaling::{figure, line};
use super::{Extent, Scene, near};
use crate::error::PlotError;
use crate::scaling::{Scaling, XAxis, YAxis};
use crate::scaling_notes::{PointMark, Region, Shade};
use crate::series::{GREY, INK, Series};

const SLOWER: &str = "slower than serial";

fn shade(label: &str, region: Region) -> Shade {
    let label = label.into();
    Shade { label, region }
}

fn mark(label: &str, x: f64, y: Option<f64>) -> PointMark {
    let label = label.into();
    PointMark { label, x, y }
}

/// Two lines of speed-ups that cross 1, on logarithmic axes, with everything that can be noted.
fn noted() -> Scaling {
    let mut figure = figure();
    figure.y = YAxis::Log;
    let panel = &mut figure.panels[0];
    panel.references.clear();
    panel.lines = vec![
        line("threads", Series::Threads, &[(1.0, 0.1), (32.0, 2.0)]),
        line("processes", Series::Processes, &[(1.0, 0.01), (32.0, 1.5)]),
    ];
    panel.shades = vec![
        shade(SLOWER, Region::Below(1.0)),
        shade("within 5 % of the best", Region::Between(1.9, 2.0)),
    ];
    panel.marks = vec![
        mark("crossover: 12", 12.0, Some(1.0)),
        mark("Python's default: 6", 6.0, None),
        mark("advice: 6", 6.0, None),
        mark("formula: 5", 5.0, None),
    ];
    figure
}

fn shades(scene: &Scene) -> Vec<Extent> {
    scene.rects(GREY.tint(0.12))
}

#[test]
fn a_region_is_as_wide_as_the_panel_and_ends_at_its_value() {
    let scene = Scene::of(&noted()).unwrap();
    let [below, between] = shades(&scene)[..] else {
        panic!("two regions")
    };
    let y = |words: &str| scene.text(words).centre().1;
    let one = 2 * y("0.1") - y("0.01");
    assert!(near(below.top, one));
    assert_eq!((below.left, below.right), (between.left, between.right));
    assert!(between.bottom < below.top);
    let points = scene.discs(Series::Threads.colour(), 4);
    assert!(points.iter().all(|point| point.0 > below.left));
}

#[test]
fn a_region_lies_behind_the_grid() {
    let scene = Scene::of(&noted()).unwrap();
    let first = |colour| scene.rects.iter().position(|rect| rect.colour == colour);
    assert!(first(GREY.tint(0.12)) < first(crate::series::GRID));
}

#[test]
fn words_of_a_region_stand_inside_it_or_beside_it_if_it_is_low() {
    let scene = Scene::of(&noted()).unwrap();
    let regions = shades(&scene);
    let words = scene.text(SLOWER);
    assert!(words.top >= regions[0].top && words.bottom <= regions[0].bottom);
    let words = scene.text("within 5 % of the best");
    assert!((words.bottom - regions[1].top).abs() < 8 || (words.top - regions[1].bottom).abs() < 8);
}

#[test]
fn every_mark_has_its_words_near_it() {
    let scene = Scene::of(&noted()).unwrap();
    let x = |words: &str| scene.text(words).centre().0;
    assert!(x("formula: 5") < x("advice: 6").max(x("Python's default: 6")));
    let (ring, _) = scene
        .discs
        .iter()
        .find(|disc| disc.colour == INK && disc.what.1 == 8)
        .unwrap()
        .what;
    let words = scene.text("crossover: 12");
    assert!(near(ring.1, shades(&scene)[0].top), "the ring is at 1");
    assert!((words.centre().1 - ring.1).abs() < 150);
}

#[test]
fn words_of_marks_hide_no_median() {
    let scene = Scene::of(&noted()).unwrap();
    let points = scene.discs(Series::Threads.colour(), 6);
    for label in ["crossover: 12", "advice: 6", "formula: 5", SLOWER] {
        let area = scene.text(label);
        for &(x, y) in &points {
            let on = x >= area.left && x < area.right && y >= area.top && y < area.bottom;
            assert!(!on, "“{label}” hides {x}, {y}");
        }
    }
}

#[test]
fn marks_stretch_the_level_axis_and_panels_of_three_hold_them() {
    let mut figure = noted();
    figure.panels[0]
        .marks
        .push(mark("far: 640", 640.0, Some(0.5)));
    figure.panels = vec![figure.panels[0].clone(); 3];
    let scene = Scene::of(&figure).unwrap();
    for label in ["far: 640", "crossover: 12", "Python's default: 6", SLOWER] {
        let count = scene.texts().filter(|text| *text == label).count();
        assert_eq!(count, 3, "{label}");
    }
}

#[test]
fn a_region_outside_the_axis_is_left_out_with_its_words() {
    let mut figure = noted();
    figure.panels[0].shades = vec![shade(SLOWER, Region::Above(1e6))];
    let scene = Scene::of(&figure).unwrap();
    assert!(shades(&scene).is_empty() && !scene.has(SLOWER));
}

#[test]
fn notes_without_a_place_are_refused_by_name() {
    let refused = |change: &dyn Fn(&mut Scaling)| {
        let mut figure = noted();
        change(&mut figure);
        let error = Scene::of(&figure).unwrap_err();
        assert!(matches!(error, PlotError::Value { .. }));
        error.to_string()
    };
    let text = refused(&|f| f.panels[0].marks[0].x = 0.0);
    assert!(text.contains("mark “crossover: 12”"), "{text}");
    let text = refused(&|f| f.panels[0].shades[0].region = Region::Below(0.0));
    assert!(text.contains("region “slower than serial”"), "{text}");
    refused(&|f| f.panels[0].shades[1].region = Region::Between(1.0, f64::NAN));
    refused(&|f| f.panels[0].marks[0].y = Some(f64::INFINITY));
    refused(&|f| f.x = XAxis::Categories(vec!["one".into()]));
}
