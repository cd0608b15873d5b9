use super::{Scene, near};
use crate::bars::{Bar, BarFacet, Bars};
use crate::page::Frame;
use crate::series::Series;

const MS: u64 = 1_000_000;

#[test]
fn bars_start_where_their_jobs_did() {
    let bar = |label: &str, start: u64, end: u64| Bar {
        label: label.into(),
        start: start * MS,
        end: end * MS,
    };
    let figure = Bars {
        frame: Frame::default(),
        facets: vec![
            BarFacet {
                title: "one by one".into(),
                series: Series::Rayon,
                bars: vec![bar("a", 0, 100), bar("b", 100, 200)],
            },
            BarFacet {
                title: "at once".into(),
                series: Series::Processes,
                bars: vec![bar("c", 50, 180)],
            },
        ],
    };
    let scene = Scene::of(&figure).unwrap();
    let zero = scene.text("0").centre().0;
    let per_ms = f64::from(scene.text("200 ms").centre().0 - zero) / 200.0;
    let _labels = [scene.text("a"), scene.text("b"), scene.text("c")];
    let x = |ms: f64| zero + (ms * per_ms).round() as i32;

    let first = scene.rects(Series::Rayon.colour());
    assert_eq!(first.len(), 2);
    assert!(near(first[1].left, x(100.0)) && near(first[1].right, x(200.0)));
    let second = scene.rects(Series::Processes.colour());
    let second = second.iter().find(|bar| bar.right - bar.left > 20).unwrap();
    assert!(near(second.left, x(50.0)) && near(second.right, x(180.0)));
    assert!(scene.has("130 ms"));
}
