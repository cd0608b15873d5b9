//! Input that no experiment should make: a figure or a typed error, never a panic.

use lab_plot::*;

use crate::legible::check;
use crate::samples;

fn refused(chart: impl Into<Chart>) -> String {
    let error = Figure::new("title", chart).svg().unwrap_err();
    error.to_string()
}

#[test]
fn nothing_to_draw_is_said() {
    let empty: [(Chart, &str); 8] = [
        (Timeline::default().into(), "the timeline has no facets"),
        (Bars::default().into(), "the figure of bars has no facets"),
        (Waterfall::default().into(), "the waterfall has no facets"),
        (Cores::default().into(), "the figure of cores has no facets"),
        (Dots::default().into(), "the figure of readings has no facets"),
        (Lines::default().into(), "the figure of lines has no panels"),
        (Strips::default().into(), "the figure of strips has no panels"),
        (Matrix::default().into(), "the table of answers has no columns"),
    ];
    for (chart, words) in empty {
        assert_eq!(refused(chart), format!("there is nothing to draw: {words}"));
    }
}

#[test]
fn values_without_a_place_are_named() {
    for value in [f64::NAN, f64::INFINITY, 0.0, -1.0] {
        let mut lines = samples::lines(1);
        lines.panels[0].lines[0].points[0].1 = value;
        assert!(refused(lines).starts_with("panel “Rust, panel 0”: "), "{value}");
        let mut strips = samples::strips();
        strips.panels[0].strips[0].values[0] = value;
        assert!(refused(strips).contains("has no place on a"), "{value}");
    }
}

#[test]
fn stretches_that_end_before_they_start_are_named() {
    let mut timeline = samples::timeline();
    timeline.facets[0].rows[1].runs[0] = (7, 3);
    assert!(
        refused(timeline)
            .contains("row “job 1”: a stretch of time starts at 7 ns and ends at 3 ns")
    );
    let mut dots = samples::dots(500_000);
    dots.facets[0].rows[0].readings.reverse();
    assert!(refused(dots).contains("before its start"));
    let zoom = Some((9, 9));
    assert!(refused(Cores { zoom, ..samples::cores() }).contains("the enlarged part"));
}

#[test]
fn one_value_equal_values_and_huge_values_make_a_figure() {
    for values in [vec![1.0], vec![5.0; 3000], vec![1e-300, 1e300], vec![1e9, 1e9 + 1.0]] {
        for y in [Scale::log("y"), Scale::linear("y")] {
            let strip = Strip {
                label: "one".to_owned(),
                values: values.clone(),
                median: values.first().copied(),
                ..Strip::default()
            };
            let panel =
                StripPanel { strips: vec![strip, Strip::default()], ..StripPanel::default() };
            let panels = vec![panel];
            let strips = Strips { y: y.clone(), panels, ..Strips::default() };
            check("strips", &Figure::new("values", strips));
            let line = Line {
                median: values.iter().map(|v| (1.0, *v)).collect(),
                band: values.iter().map(|v| (1.0, *v, *v)).collect(),
                ..Line::default()
            };
            let panels = vec![LinePanel { lines: vec![line], ..LinePanel::default() }];
            let lines = Lines { y, panels, ..Lines::default() };
            check("lines", &Figure::new("values", lines));
        }
    }
}

#[test]
fn times_of_no_length_and_of_centuries_make_a_figure() {
    for end in [0, 1, u64::MAX] {
        let row = TimelineRow {
            label: "job".to_owned(),
            begun: (0, end),
            runs: vec![(end, end), (0, end)],
            points: vec![0, end],
        };
        let facet =
            TimelineFacet { rows: vec![row, TimelineRow::default()], ..TimelineFacet::default() };
        let timeline =
            Timeline { cores: u32::MAX, zoom: None, facets: vec![facet, TimelineFacet::default()] };
        check("timeline", &Figure::new("times", timeline));
        let page = PageBar { worker: 3, end, ..PageBar::default() };
        let panel = WaterfallPanel {
            pages: vec![page],
            makespan: Some(end),
            bound: Some(0),
            ..WaterfallPanel::default()
        };
        let panels = vec![panel];
        check("waterfall", &Figure::new("times", Waterfall { panels }));
    }
}

#[test]
fn a_hundred_thousand_spans_are_as_few_elements_as_the_page_has_columns() {
    let mut timeline = samples::timeline();
    timeline.facets[0].rows[0].runs =
        (0..100_000).map(|i| (i * 1000, i * 1000 + 500 + i % 300)).collect();
    let figure = Figure::new("spans", timeline);
    check("spans", &figure);
    let svg = figure.svg_without_font().unwrap();
    assert!(svg.matches("<rect").count() < 3000);
}

#[test]
fn names_may_be_long_and_hold_anything() {
    let names = [
        "<b>&\"'</b> ]]> <!--",
        "中文 \u{0}\u{7} \n\t 🦀",
        &"name ".repeat(200),
        &"x".repeat(3000),
        "",
    ];
    for name in names {
        let name = || name.to_owned();
        let mut timeline = samples::zoomed();
        timeline.facets[0].title = name();
        timeline.facets[0].rows[0].label = name();
        let mut lines = samples::lines(1);
        lines.x.label = name();
        lines.point = name();
        lines.panels[0].title = name();
        lines.panels[0].lines[0].label = name();
        lines.panels[0].marks[0].label = name();
        lines.panels[0].references[0].label = name();
        lines.panels[0].shades[0].label = name();
        let mut many = lines.clone();
        many.panels = vec![lines.panels[0].clone(); 4];
        let mut strips = samples::strips();
        strips.panels[0].title = name();
        strips.panels[0].strips[1].label = name();
        strips.panels[0].strips[1].note = name();
        strips.panels[0].references[0].0 = name();
        let mut matrix = samples::matrix(5);
        matrix.columns[1] = name();
        matrix.rows[1].label = name();
        matrix.rows[2].group = name();
        matrix.rows[3].cells[0] = Some(MatrixCell { answer: Answer::True, note: name() });
        let charts: [Chart; 5] =
            [timeline.into(), lines.into(), many.into(), strips.into(), matrix.into()];
        for (i, chart) in charts.into_iter().enumerate() {
            let figure = Figure::new(name(), chart).subtitle(name()).caption(name());
            check(
                &format!("chart {i} with “{}”", name().chars().take(9).collect::<String>()),
                &figure,
            );
            figure.png().unwrap();
        }
    }
}

#[test]
fn a_figure_that_cannot_be_written_leaves_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("figure.png");
    let figure = Figure::new("bars", samples::bars());
    figure.write(&path).unwrap();
    let written = std::fs::read(&path).unwrap();
    assert_eq!(written[..8], *b"\x89PNG\r\n\x1a\n");
    assert_eq!(written, figure.png().unwrap(), "the same figure gives the same bytes");
    Figure::new("nothing", Bars::default()).write(&path).unwrap_err();
    assert_eq!(std::fs::read(&path).unwrap(), written);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let missing = folder.path().join("none").join("figure.png");
    let error = figure.write(&missing).unwrap_err();
    assert!(error.to_string().contains("could not be written"), "{error}");
}
