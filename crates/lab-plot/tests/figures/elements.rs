//! What is drawn where: read from the elements of the SVG.

use std::collections::BTreeMap;

use lab_plot::{Answer, Chart, Figure, MOST_POINTS, Series};

use crate::samples;

/// The drawn elements of a figure.
struct Drawn(String);

impl Drawn {
    fn of(chart: impl Into<Chart>) -> Drawn {
        Drawn(Figure::new("title", chart).svg_without_font().unwrap())
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
fn a_bar_is_as_long_as_its_job() {
    let drawn = Drawn::of(samples::bars());
    let widths = drawn.widths(Series::Threads);
    let [first, _, third, _] = widths[..] else {
        panic!("{widths:?}");
    };
    // Both without the 10 ms in which the pool started.
    assert!((first / third - 177.0 / 90.0).abs() < 0.01, "{widths:?}");
    assert!(drawn.says("187 ms") && drawn.says("100 ms"));
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
fn a_zoomed_timeline_shows_the_part_larger() {
    let whole = Drawn::of(samples::timeline()).widths(Series::Threads);
    let both = Drawn::of(samples::zoomed()).widths(Series::Threads);
    let widest = |widths: &[f64]| widths.iter().copied().fold(0.0, f64::max);
    assert!(widest(&both) > 1.5 * widest(&whole));
    assert!(Drawn::of(samples::zoomed()).says("40 ms of it, enlarged"));
}

#[test]
fn noted_points_are_drawn_one_by_one() {
    let drawn = Drawn::of(samples::timeline());
    // One more in the key.
    assert_eq!(drawn.all("circle", "#1F1F1F").len(), 21);
}

#[test]
fn pages_are_in_the_row_of_their_worker_and_lines_are_where_they_say() {
    let drawn = Drawn::of(samples::waterfall());
    assert_eq!(drawn.widths(Series::Threads).len(), 15, "all but the page that failed");
    assert!(drawn.says("worker 4"), "it loaded nothing");
    assert!(drawn.says("took 79 ms") && drawn.says("allowed 76 ms"));
    let rows: std::collections::BTreeSet<i64> =
        drawn.all("rect", Series::Threads.hex()).iter().map(|rect| rect["y"] as i64).collect();
    assert_eq!(rows.len(), 4);
}

#[test]
fn pages_that_one_worker_loads_at_once_have_their_own_rows() {
    let mut waterfall = samples::waterfall();
    waterfall.panels.truncate(1);
    for page in &mut waterfall.panels[0].pages {
        (page.worker, page.ok) = (0, true);
    }
    waterfall.panels[0].workers = 1;
    let drawn = Drawn::of(waterfall);
    let rects = drawn.all("rect", Series::Threads.hex());
    let rows: std::collections::BTreeSet<i64> = rects.iter().map(|rect| rect["y"] as i64).collect();
    assert_eq!(rows.len(), 4);
    assert!(drawn.says("worker 0") && !drawn.says("worker 1"));
}

#[test]
fn every_reading_is_a_point_until_there_are_too_many() {
    let few = Drawn::of(samples::dots(500_000)).all("circle", Series::Threads.hex());
    let titles = 2;
    assert_eq!(few.len(), titles + 2 * 200 + 2 * 400);
    let many = Drawn::of(samples::dots(10_000));
    assert_eq!(many.all("circle", Series::Threads.hex()).len(), titles);
    assert!(!many.widths(Series::Threads).is_empty());
    let of_size = |r: f64| few.iter().filter(|circle| circle["r"] == r).count();
    // The few of a row lie on one line and are larger.
    assert_eq!([of_size(22.0), of_size(10.0)], [2 * 200, 2 * 400]);
}

#[test]
fn every_value_of_a_strip_is_a_point_at_its_height() {
    let mut strips = samples::strips();
    strips.panels.truncate(1);
    strips.panels[0].strips = vec![
        samples::strip("few", Series::Rayon, 3, 1e5),
        samples::strip("many", Series::Async, MOST_POINTS as u32, 1e6),
    ];
    let drawn = Drawn::of(strips);
    assert_eq!(drawn.all("circle", Series::Async.hex()).len(), MOST_POINTS);
    let few = drawn.all("circle", Series::Rayon.hex());
    let mut heights: Vec<f64> = few.iter().map(|circle| circle["cy"]).collect();
    heights.sort_by(f64::total_cmp);
    heights.dedup();
    assert_eq!(heights.len(), 3);
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
    let titles = drawn.words().iter().filter(|words| words.starts_with("CPython")).count();
    let shown = titles + drawn.words().iter().filter(|words| words.starts_with("Rust")).count();
    let left_out = format!("{} more panels are not drawn: there is no room.", 40 - shown);
    assert!(drawn.says(&left_out), "{:?}", drawn.words());
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
