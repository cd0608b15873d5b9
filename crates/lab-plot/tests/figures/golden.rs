//! A few pictures as they have been looked at, compared with a tolerance.

use std::path::PathBuf;

use lab_plot::Figure;
use resvg::tiny_skia::Pixmap;

use crate::samples;

/// Set, to write the pictures anew. Then look at them.
const UPDATE: &str = "UPDATE_GOLDEN";
/// Mean difference of all channels, of 255: a word that moves by a pixel is about 0.05.
const TOLERANCE: f64 = 0.2;

fn compare(name: &str, figure: &Figure) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let png = figure.png().unwrap();
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&path, &png).unwrap();
    }
    let golden =
        Pixmap::load_png(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let drawn = Pixmap::decode_png(&png).unwrap();
    let sizes = [&golden, &drawn].map(|pixels| (pixels.width(), pixels.height()));
    assert_eq!(sizes[0], sizes[1], "{name}: its size");
    let pairs = golden.data().iter().zip(drawn.data());
    let sum: f64 = pairs.map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
    let mean = sum / golden.data().len() as f64;
    assert!(
        mean < TOLERANCE,
        "{name}: differs by {mean:.2} of 255; look at it, then set {UPDATE}=1"
    );
}

#[test]
fn a_timeline_looks_as_it_did() {
    compare(
        "timeline.png",
        &Figure::new("Under the GIL two threads take turns", samples::timeline()),
    );
}

#[test]
fn values_look_as_they_did() {
    compare("values.png", &Figure::new("A process takes longer to start", samples::strips()));
}

#[test]
fn panels_of_lines_look_as_they_did() {
    compare("lines.png", &Figure::new("Threads pay off from jobs of 180 µs on", samples::lines(3)));
}

#[test]
fn a_table_of_answers_looks_as_it_did() {
    compare("matrix.png", &Figure::new("7 of 21 claims differ", samples::matrix(5)));
}
