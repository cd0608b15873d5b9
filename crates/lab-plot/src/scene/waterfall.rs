use super::{Scene, near};
use crate::page::Frame;
use crate::series::{INK, Series};
use crate::waterfall::{PageBar, Waterfall, WaterfallPanel};

const MS: u64 = 1_000_000;

fn page(worker: u32, label: &str, start: u64, end: u64) -> PageBar {
    PageBar {
        worker,
        label: label.into(),
        submitted: start * MS,
        start: start * MS,
        end: end * MS,
        service: None,
        ok: true,
    }
}

fn figure(series: Series, workers: u32, pages: Vec<PageBar>) -> Waterfall {
    Waterfall {
        frame: Frame::default(),
        panels: vec![WaterfallPanel {
            title: "a panel".into(),
            series,
            workers,
            pages,
            bound: None,
            makespan: None,
        }],
    }
}

#[test]
fn every_worker_has_a_row_and_every_page_a_bar() {
    let pages = vec![
        page(0, "p", 0, 40),
        page(0, "q", 40, 100),
        page(1, "r", 10, 70),
    ];
    let mut figure = figure(Series::Rayon, 3, pages);
    figure.panels[0].bound = Some(60 * MS);
    figure.panels[0].makespan = Some(100 * MS);
    let scene = Scene::of(&figure).unwrap();
    let zero = scene.text("0").centre().0;
    let x = |ms: i32| zero + (scene.text("100 ms").centre().0 - zero) * ms / 100;
    let bars = scene.rects(Series::Rayon.colour());
    assert_eq!(bars.len(), 3);
    for (bar, (from, to)) in bars.iter().zip([(0, 40), (40, 100), (10, 70)]) {
        assert!(near(bar.left, x(from)) && near(bar.right, x(to)), "{bar:?}");
    }
    assert!(near(scene.text("worker 1").centre().1, bars[2].centre().1));
    assert!(scene.text("worker 2").top > bars[2].bottom - 2);
    assert!(scene.has("p") && scene.has("q") && scene.has("r"));

    let upright = scene.rects(INK);
    let at = |ms: i32| {
        upright
            .iter()
            .filter(|line| near(line.centre().0, x(ms)))
            .count()
    };
    assert_eq!(at(100), 1, "the makespan is one solid line");
    assert!(at(60) > 5, "the bound is dashed");
    assert!(scene.text("list scheduling 60.0 ms").right < x(60));
    assert!(scene.text("makespan 100 ms").left > x(100));
}

#[test]
fn pages_at_once_on_one_worker_lie_below_one_another() {
    let pages = (0..16)
        .map(|i| page(0, &i.to_string(), i, 50 + i))
        .collect();
    let scene = Scene::of(&figure(Series::Async, 1, pages)).unwrap();
    let bars = scene.rects(Series::Async.colour());
    assert_eq!(bars.len(), 16);
    for (i, bar) in bars.iter().enumerate() {
        assert!(bars[i + 1..].iter().all(|other| !bar.overlaps(other)));
    }
    scene.text("worker 0");
}

#[test]
fn a_failed_page_is_hatched_and_not_filled() {
    let mut pages = vec![page(0, "p", 0, 40), page(1, "q", 0, 100)];
    pages[0].ok = false;
    let scene = Scene::of(&figure(Series::Rayon, 2, pages)).unwrap();
    assert_eq!(scene.rects(Series::Rayon.colour()).len(), 1);
    assert!(scene.paths.len() > 20, "{} strokes", scene.paths.len());
    assert!(scene.has("failed"));
}

#[test]
fn the_origins_time_lies_inside_the_workers() {
    let mut pages = vec![page(0, "p", 20, 100)];
    pages[0].submitted = 0;
    pages[0].service = Some((30 * MS, 90 * MS));
    let scene = Scene::of(&figure(Series::Rayon, 1, pages)).unwrap();
    let (outer, inner) = (
        scene.rects(Series::Rayon.colour().tint(0.4)),
        scene.rects(Series::Rayon.colour()),
    );
    assert_eq!((outer.len(), inner.len()), (1, 1));
    assert!(outer[0].left < inner[0].left && inner[0].right < outer[0].right);
    let waiting = scene.rects(Series::Rayon.colour().tint(0.6));
    assert_eq!(waiting.len(), 1);
    assert!(near(waiting[0].right, outer[0].left));
}
