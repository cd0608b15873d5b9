//! Whether all words can be read, and whether the page is kept.

use lab_plot::{Chart, Figure, illegible};

use crate::samples;

/// The size of a figure in pixels of the PNG.
pub fn size(svg: &str) -> (f64, f64) {
    let document = roxmltree::Document::parse(svg).unwrap();
    let side = |name| document.root_element().attribute(name).unwrap().parse::<f64>().unwrap();
    (2.0 * side("width"), 2.0 * side("height"))
}

/// No word is cut or over another, and the page is no higher than it may be.
pub fn check(name: &str, figure: &Figure) {
    let svg = figure.svg().unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(illegible(&svg), [""; 0], "{name}");
    let (width, height) = size(&svg);
    assert!(width == 1600.0 && height <= 900.0, "{name}: {width} x {height}");
}

#[test]
fn words_of_every_kind_can_be_read() {
    for (name, figure) in samples::all() {
        check(name, &figure);
    }
}

#[test]
fn so_can_many_rows_facets_and_panels() {
    let long = "a title of a panel or facet that is a good deal longer than there is room for it \
                beside the others, whatever the figure";
    let mut timeline = samples::timeline();
    timeline.facets[0].title = long.to_owned();
    timeline.facets[1].rows = vec![timeline.facets[1].rows[0].clone(); 30];
    let timelines = samples::times(&samples::timeline().facets, 20);
    let mut waterfall = samples::waterfall();
    waterfall.panels = samples::times(&waterfall.panels, 5);
    let mut bars = samples::bars();
    bars.facets = samples::times(&bars.facets, 12);
    let mut strips = samples::strips();
    strips.panels = samples::times(&strips.panels, 4);
    let charts: Vec<Chart> = vec![
        timeline.into(),
        lab_plot::Timeline { facets: timelines, ..samples::timeline() }.into(),
        waterfall.into(),
        bars.into(),
        strips.into(),
        samples::lines(2).into(),
        samples::lines(12).into(),
        samples::lines(40).into(),
        samples::matrix(23).into(),
        samples::matrix(200).into(),
    ];
    for (i, chart) in charts.into_iter().enumerate() {
        let figure = Figure::new("A finding in one line", chart).subtitle("How to read it.");
        check(&format!("chart {i}"), &figure.caption("The machine, the commit, the date."));
    }
}

#[test]
fn what_is_wrong_with_words_is_said() {
    let svg = |words: &str| {
        format!(
            "<svg width=\"200\" height=\"50\" xmlns=\"http://www.w3.org/2000/svg\" \
             font-family=\"Inter\" font-size=\"12\">{words}</svg>"
        )
    };
    let wrong = |words: &str| illegible(&svg(words)).join("; ");
    assert_eq!(wrong("<text x=\"20\" y=\"20\">one</text>"), "");
    assert_eq!(wrong("<text x=\"180\" y=\"20\">word</text>"), "“word” is cut off");
    let both = "<text x=\"20\" y=\"20\">one</text><text x=\"30\" y=\"22\">two</text>";
    assert_eq!(wrong(both), "“one” and “two” overlap");
    assert!(illegible("<svg").join("").starts_with("it is no SVG"));
}
