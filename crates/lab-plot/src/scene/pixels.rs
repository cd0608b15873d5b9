//! A few pixels of the finished picture, with tolerance.

use crate::page::{Frame, Image};
use crate::series::{Colour, Series};
use crate::strips::{Strip, StripPanel, Strips};
use crate::timeline::{Facet, Row, Timeline};
use crate::{strips_to_rgb, timeline, timeline_to_rgb};

fn figure() -> Timeline {
    Timeline {
        frame: Frame {
            title: "One job".into(),
            ..Frame::default()
        },
        cores: 1,
        facets: vec![Facet {
            title: "a process".into(),
            series: Series::Processes,
            rows: vec![Row {
                label: "job 0".into(),
                begun: (0, 1_000_000),
                spans: vec![(0, 500_000)],
                samples: vec![],
                points: vec![],
            }],
            running: vec![(0, 1), (500_000, 0)],
        }],
        zoom: None,
    }
}

/// How many pixels are about this colour, and the mean of their x.
fn patch(image: &Image, Colour(r, g, b): Colour) -> (usize, f64) {
    let like = |pixel: &[u8]| {
        let away = |a: u8, b: u8| a.abs_diff(b) <= 3;
        away(pixel[0], r) && away(pixel[1], g) && away(pixel[2], b)
    };
    let pixels = image.rgb.chunks_exact(3).enumerate();
    let x: Vec<_> = pixels
        .filter(|(_, pixel)| like(pixel))
        .map(|(i, _)| i as f64 % f64::from(image.width))
        .collect();
    (x.len(), x.iter().sum::<f64>() / x.len() as f64)
}

#[test]
fn solid_lies_left_of_pale_and_the_corners_are_paper() {
    let image = timeline_to_rgb(&figure()).unwrap();
    assert_eq!(image.rgb.len(), (3 * image.width * image.height) as usize);
    let colour = Series::Processes.colour();
    let (solid, solid_x) = patch(&image, colour);
    let (pale, pale_x) = patch(&image, colour.tint(0.25));
    assert!(solid > 10_000 && pale > 10_000, "{solid}, {pale}");
    assert!(solid_x < 600.0 && pale_x > 900.0, "{solid_x}, {pale_x}");
    assert!(image.rgb.starts_with(&[255; 9]) && image.rgb.ends_with(&[255; 9]));
    let dark = image
        .rgb
        .chunks_exact(3)
        .filter(|pixel| pixel.iter().all(|c| *c < 0x50));
    assert!(dark.count() > 500, "there is text");
}

#[test]
fn the_same_data_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("1.png"), folder.path().join("2.png"));
    timeline(&figure(), &first).unwrap();
    timeline(&figure(), &second).unwrap();
    assert_eq!(
        std::fs::read(first).unwrap(),
        std::fs::read(second).unwrap()
    );
}

#[test]
fn scattered_points_fall_on_the_same_pixels_every_time() {
    let strip = Strip {
        label: "alone".into(),
        series: Series::Processes,
        points: (1..20_000).map(|i| 1.0 / f64::from(i % 97 + 1)).collect(),
        median: Some(0.02),
        band: Some((0.018, 0.022)),
        note: "20 µs".into(),
    };
    let figure = Strips {
        frame: Frame::default(),
        y_label: "ms".into(),
        point: "one answer".into(),
        interval: "95 % interval".into(),
        panels: vec![StripPanel {
            title: "Rust".into(),
            strips: vec![strip],
            references: vec![],
        }],
    };
    let image = strips_to_rgb(&figure).unwrap();
    let (densest, x) = patch(&image, Series::Processes.colour());
    assert!(densest > 0 && x > 700.0 && x < 900.0, "{densest} at {x}");
    assert_eq!(image, strips_to_rgb(&figure).unwrap());
}
