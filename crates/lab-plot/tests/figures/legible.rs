//! Whether all words can be read, and whether the page is kept.

use lab_plot::{Chart, Figure, Rows};
use resvg::usvg::{self, Group, Node};

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
    let many = |rows: Rows, n: usize| Rows { facets: samples::times(&rows.facets, n), ..rows };
    let charts: Vec<Chart> = vec![
        timeline.into(),
        many(samples::timeline(), 20).into(),
        many(samples::bars(), 8).into(),
        many(samples::strips(), 4).into(),
        many(samples::strips(), 40).into(),
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

/// Words and the place that their glyphs take, in pixels.
struct Words {
    text: String,
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

/// From the page's edges.
const MARGIN: f32 = 8.0;
/// Words may share this part of the lower one's line: a line is higher than its letters.
const SHARED: f32 = 0.3;

/// What is wrong with the words of a figure, a sentence each: cut off, one over another, or without
/// glyphs. None, if all can be read.
fn illegible(svg: &str) -> Vec<String> {
    let tree = match tree(svg) {
        Ok(tree) => tree,
        Err(error) => return vec![format!("it is no SVG: {error}")],
    };
    let mut found = Vec::new();
    collect(tree.root(), &mut found);
    let (width, height) = (tree.size().width(), tree.size().height());
    let mut wrong = Vec::new();
    for words in &found {
        let inside = words.left >= MARGIN
            && words.right <= width - MARGIN
            && words.top >= 0.0
            && words.bottom <= height;
        if !inside {
            wrong.push(format!("“{}” is cut off", words.text));
        }
        if words.right - words.left < 1.0 {
            wrong.push(format!("“{}” has no glyphs", words.text));
        }
    }
    for (i, a) in found.iter().enumerate() {
        for b in &found[i + 1..] {
            let beside = a.right < b.left || b.right < a.left;
            let high = (a.bottom - a.top).min(b.bottom - b.top);
            let shared = a.bottom.min(b.bottom) - a.top.max(b.top);
            if !beside && shared > SHARED * high {
                wrong.push(format!("“{}” and “{}” overlap", a.text, b.text));
            }
        }
    }
    let drawn = svg.matches("<text").count() - svg.matches(">\n\n</text>").count();
    if drawn != found.len() {
        wrong.push(format!("{} of {drawn} texts are drawn", found.len()));
    }
    wrong
}

fn collect(group: &Group, found: &mut Vec<Words>) {
    for node in group.children() {
        match node {
            Node::Group(group) => collect(group, found),
            Node::Text(text) => {
                let place = text.abs_bounding_box();
                let chunks = text.chunks().iter();
                found.push(Words {
                    text: chunks.map(|chunk| chunk.text().trim()).collect(),
                    left: place.left(),
                    top: place.top(),
                    right: place.right(),
                    bottom: place.bottom(),
                });
            }
            _ => {}
        }
    }
}

/// The SVG with the places of all glyphs.
fn tree(svg: &str) -> Result<usvg::Tree, usvg::Error> {
    let mut options = usvg::Options::default();
    for face in ["Inter_400Regular-latin.ttf", "Inter_600SemiBold-latin.ttf"] {
        let path = format!("{}/assets/{face}", env!("CARGO_MANIFEST_DIR"));
        options.fontdb_mut().load_font_data(std::fs::read(path).unwrap());
    }
    usvg::Tree::from_str(svg, &options)
}
