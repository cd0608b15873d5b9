//! What is drawn where: read from the elements of the SVG.

use std::collections::BTreeMap;

use lab_plot::{Answer, Chart, Figure, MOST_POINTS, Series};

use crate::samples;

/// The drawn elements of a figure.
struct Drawn(String);

impl Drawn {
    fn of(chart: impl Into<Chart>) -> Drawn {
        Drawn(Figure::new("title", chart).svg().unwrap())
    }

    /// All elements with this tag and fill: their numbers by name of the attribute.
    fn all(&self, tag: &str, fill: &str) -> Vec<BTreeMap<String, f64>> {
        let document = roxmltree::Document::parse(&self.0).unwrap();
        let own = document
            .descendants()
            .filter(|node| node.has_tag_name(tag) && node.attribute("fill") == Some(fill));
        let numbers = own.map(|node| {
            let attributes = node.attributes();
            let number = |a: roxmltree::Attribute<'_, '_>| {
                Some((a.name().to_owned(), a.value().parse().ok()?))
            };
            attributes.filter_map(number).collect()
        });
        numbers.collect()
    }

    /// Bars of full colour, by their widths in pixels.
    fn widths(&self, series: Series) -> Vec<f64> {
        let solid = self.all("rect", series.hex()).into_iter();
        let solid = solid.filter(|rect| !rect.contains_key("opacity"));
        solid.map(|rect| rect["width"] / 10.0).collect()
    }

    fn words(&self) -> Vec<String> {
        let document = roxmltree::Document::parse(&self.0).unwrap();
        let texts = document.descendants().filter(|node| node.has_tag_name("text"));
        let words = texts.map(|node| node.text().unwrap_or_default().trim().to_owned());
        words.filter(|words| !words.is_empty()).collect()
    }

    fn says(&self, words: &str) -> bool {
        self.words().iter().any(|own| own == words)
    }
}

#[test]
fn a_bar_is_as_long_as_its_job_and_its_note_behind_it() {
    let drawn = Drawn::of(samples::bars());
    let widths = drawn.widths(Series::Threads);
    let [first, second, third] = widths[..] else {
        panic!("{widths:?}: all but the frame");
    };
    // All without the 10 ms in which the pool started.
    assert!((first / second - 177.0 / 169.0).abs() < 0.01, "{widths:?}");
    assert!((first / third - 177.0 / 90.0).abs() < 0.01, "{widths:?}");
    assert!(drawn.says("187 ms") && drawn.says("179 ms") && drawn.says("3"));
    assert!(drawn.says("took 190 ms") && drawn.says("allowed 180 ms"));
}

#[test]
fn threads_that_take_turns_are_drawn_in_turns() {
    let drawn = Drawn::of(samples::timeline());
    let solid: Vec<_> = drawn
        .all("rect", Series::Threads.hex())
        .into_iter()
        .filter(|rect| !rect.contains_key("opacity"))
        .collect();
    assert_eq!(solid.len(), 40, "20 slices of 5 ms in each of two rows");
    let overlap = |a: &BTreeMap<String, f64>, b: &BTreeMap<String, f64>| {
        a["y"] != b["y"] && a["x"] + 1.0 < b["x"] + b["width"] && b["x"] + 1.0 < a["x"] + a["width"]
    };
    assert!(!solid.iter().any(|a| solid.iter().any(|b| overlap(a, b))));
    assert_eq!(drawn.widths(Series::Processes).len(), 0, "paler behind points");
    assert!(drawn.says("2 cores"));
}

#[test]
fn noted_points_are_drawn_one_by_one() {
    let drawn = Drawn::of(samples::timeline());
    assert_eq!(drawn.all("circle", "#1F1F1F").len(), 20);
}

#[test]
fn every_value_is_a_point_at_its_place_until_there_are_too_many() {
    let mut strips = samples::strips();
    strips.facets.truncate(1);
    strips.facets[0].rows = vec![
        samples::values("few", Series::Rayon, 3, 1e5),
        samples::values("many", Series::Async, MOST_POINTS as u32, 1e6),
        samples::values("too many", Series::Threads, 100_000, 1e6),
    ];
    let drawn = Drawn::of(strips);
    assert_eq!(drawn.all("circle", Series::Async.hex()).len(), MOST_POINTS);
    let few = drawn.all("circle", Series::Rayon.hex());
    let mut places: Vec<f64> = few.iter().map(|circle| circle["cx"]).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    assert_eq!(places.len(), 3);
    assert!(drawn.widths(Series::Threads).len() > 20);
    assert!(drawn.says("many of them (higher: more)"));
}

#[test]
fn panels_share_their_axes_and_name_their_lines_once() {
    let drawn = Drawn::of(samples::lines(6));
    let count = |words: &str| drawn.words().iter().filter(|own| *own == words).count();
    assert_eq!(count("threads"), 1, "in the key");
    assert_eq!(count("times as fast as serial"), 1);
    assert_eq!(count("time of a job in serial"), 3, "under the lowest panel of each column");
    assert_eq!(count("slower than serial"), 6);
    let one = Drawn::of(samples::lines(1));
    assert!(one.says("processes") && one.says("2 cores") && one.says("crossover: 180 µs"));
}

#[test]
fn rows_of_panels_have_their_own_scales() {
    let mut lines = samples::lines(2);
    lines.columns = 1;
    for line in &mut lines.panels[1].lines {
        line.points.iter_mut().for_each(|(_, y)| *y *= 1000.0);
        line.median.iter_mut().for_each(|(_, y)| *y *= 1000.0);
        line.band.clear();
    }
    lines.panels[1].marks.clear();
    lines.panels[1].references.clear();
    lines.panels[1].shades.clear();
    let drawn = Drawn::of(lines);
    assert!(drawn.says("1000") && drawn.says("1"));
}

#[test]
fn answers_have_their_colours_and_words() {
    let drawn = Drawn::of(samples::matrix(4));
    let cells = |answer: Answer| drawn.all("rect", answer.hex()).len();
    let all = [Answer::True, Answer::False, Answer::Neither, Answer::Inconclusive];
    // Two cells are empty.
    assert_eq!(all.map(cells), [4, 2, 4, 4]);
    let said = |answer: &Answer| drawn.words().iter().filter(|own| *own == answer.word()).count();
    assert_eq!(all.iter().map(said).collect::<Vec<_>>(), [4, 2, 4, 4]);
}

#[test]
fn what_is_left_out_is_counted() {
    let mut timeline = samples::timeline();
    timeline.facets = samples::times(&timeline.facets, 20);
    let drawn = Drawn::of(timeline);
    let starts = |start: &str| drawn.words().iter().filter(|own| own.starts_with(start)).count();
    let shown = starts("CPython") + starts("Rust");
    let left_out = format!("{} panels are not drawn.", 40 - shown);
    assert!(drawn.words().iter().any(|own| own.ends_with(&left_out)), "{:?}", drawn.words());
    let lines = Drawn::of(samples::lines(40));
    let panels = lines.words().iter().filter(|words| words.starts_with("Rust, panel")).count();
    assert!(lines.says(&format!("{} more panels are not drawn: there is no room.", 40 - panels)));
}

#[test]
fn colours_belong_to_one_series_or_answer_each() {
    let answers = [Answer::True, Answer::False].map(Answer::hex);
    let colours: Vec<&str> = Series::ALL.iter().map(|series| series.hex()).chain(answers).collect();
    let unique: std::collections::BTreeSet<&&str> = colours.iter().collect();
    assert_eq!(unique.len(), colours.len());
}
