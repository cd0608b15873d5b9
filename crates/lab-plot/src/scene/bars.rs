use super::{Scene, near};
use crate::bars::{Bar, BarFacet, Bars, PALE};
use crate::page::Frame;
use crate::series::Series;

const MS: u64 = 1_000_000;

#[test]
fn bars_start_where_their_jobs_did() {
    let bar = |label: &str, start: u64, end: u64| Bar {
        label: label.into(),
        start: start * MS,
        end: end * MS,
        ..Bar::default()
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

#[test]
fn the_start_of_a_pool_is_a_segment_of_its_own() {
    let bar = Bar {
        label: "16 workers".into(),
        start: 0,
        ready: Some(40 * MS),
        end: 90 * MS,
        ends: vec![85 * MS, 90 * MS, 130 * MS],
    };
    let figure = Bars {
        frame: Frame::default(),
        facets: vec![BarFacet {
            title: "processes".into(),
            series: Series::Processes,
            bars: vec![bar],
        }],
    };
    let scene = Scene::of(&figure).unwrap();
    let zero = scene.text("0").centre().0;
    let per_ms = f64::from(scene.text("100").centre().0 - zero) / 100.0;
    let x = |ms: f64| zero + (ms * per_ms).round() as i32;
    let colour = Series::Processes.colour();
    let whole = scene.rects(colour);
    let whole = whole.iter().find(|bar| bar.right - bar.left > 20).unwrap();
    assert!(near(whole.left, x(0.0)) && near(whole.right, x(90.0)));
    let start = scene.rects(colour.tint(PALE))[0];
    assert!(near(start.left, x(0.0)) && near(start.right, x(40.0)));
    let ends: Vec<i32> = scene.discs.iter().map(|disc| disc.what.0.0).collect();
    for ms in [85.0, 90.0, 130.0] {
        assert!(ends.iter().any(|&end| near(end, x(ms))), "{ms} in {ends:?}");
    }
    for words in ["the pool starts", "all its workers are there", "one block"] {
        assert!(scene.has(words), "{words}");
    }
    let words = scene.text("90.0 ms");
    assert!(words.left > x(130.0), "beside the last point");
}
