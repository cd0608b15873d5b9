//! Input that no experiment should make: a figure or a typed error, never a panic.

use lab_plot::*;

use crate::legible::check;
use crate::samples;

fn refused(chart: impl Into<Chart>) -> String {
    let error = Figure::new("title", chart).svg().unwrap_err();
    error.to_string()
}

fn facet(rows: Vec<Row>) -> Facet {
    Facet { rows, ..Facet::default() }
}

#[test]
fn nothing_to_draw_is_said() {
    let no_value = Rows { facets: vec![facet(vec![Row::default()])], ..Rows::default() };
    let empty: [(Chart, &str); 5] = [
        (Rows::default().into(), "the figure of rows has no facets"),
        (
            Rows { facets: vec![facet(Vec::new())], ..Rows::default() }.into(),
            "the figure of rows has no rows",
        ),
        (no_value.into(), "the figure of rows has no values"),
        (Lines::default().into(), "the figure of lines has no panels"),
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
        strips.facets[0].rows[0].items.push(Item::Values(vec![value], Series::Threads));
        assert!(refused(strips).starts_with("facet “CPython 3.11”, row “a thread”: "), "{value}");
        let mut strips = samples::strips();
        strips.facets[0].verticals[0].at = value;
        assert!(refused(strips).contains("has no place on a"), "{value}");
    }
}

#[test]
fn stretches_that_end_before_they_start_are_named() {
    let mut timeline = samples::timeline();
    let backwards = Item::Spans(vec![(1.0, 2.0), (7.0, 3.0)], Series::Threads);
    timeline.facets[0].rows[1].items.push(backwards);
    assert!(refused(timeline).contains("row “job 1”: a stretch starts at 7 and ends at 3"));
}

#[test]
fn one_value_equal_values_and_huge_values_make_a_figure() {
    for values in [vec![1.0], vec![5.0; 3000], vec![1e-300, 1e300], vec![1e9, 1e9 + 1.0]] {
        for y in [Scale::log("y"), Scale::linear("y")] {
            let row = Row {
                label: "one".to_owned(),
                items: vec![Item::Values(values.clone(), Series::Rayon), Item::Median(values[0])],
                note: "note".to_owned(),
            };
            let facets = vec![facet(vec![row, Row::default()])];
            let rows = Rows { x: y.clone(), facets, ..Rows::default() };
            check("rows", &Figure::new("values", rows));
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
    for end in [0.0, 1.0, u64::MAX as f64] {
        let series = Series::Threads;
        let row = Row {
            label: "job".to_owned(),
            items: vec![
                Item::Bar { span: (0.0, end), series, is_pale: true, words: "job".to_owned() },
                Item::Spans(vec![(end, end), (0.0, end)], series),
                Item::Jobs(vec![(0.0, end, u32::MAX)]),
                Item::Points(vec![0.0, end]),
            ],
            note: String::new(),
        };
        let line = Vertical { at: end, is_dashed: false, words: "took".to_owned() };
        let facet = Facet { verticals: vec![line], ..facet(vec![row, Row::default()]) };
        let facets = vec![facet, Facet::default()];
        let x = Scale::linear("").unit(Unit::Time);
        let timeline = Rows { x, cores: Some(u32::MAX), facets, ..Rows::default() };
        check("timeline", &Figure::new("times", timeline));
    }
}

#[test]
fn a_hundred_thousand_spans_are_as_few_elements_as_the_page_has_columns() {
    let mut timeline = samples::timeline();
    let spans = (0..100_000).map(|i| f64::from(i) * 1000.0);
    let spans = spans.map(|at| (at, at + 500.0 + at % 300.0)).collect();
    timeline.facets[0].rows[0].items.push(Item::Spans(spans, Series::Rayon));
    let figure = Figure::new("spans", timeline);
    check("spans", &figure);
    let svg = figure.svg().unwrap();
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
        let mut timeline = samples::bars();
        timeline.facets[0].title = name();
        timeline.facets[0].rows[0].label = name();
        timeline.facets[0].rows[1].note = name();
        timeline.facets[1].verticals[0].words = name();
        timeline.key.push(Key::new(Sign::Full, name()));
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
        strips.x.label = name();
        let mut matrix = samples::matrix(5);
        matrix.columns[1] = name();
        matrix.rows[1].label = name();
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
fn the_same_figure_gives_the_same_bytes() {
    let figure = Figure::new("bars", samples::bars());
    let png = figure.png().unwrap();
    assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
    assert_eq!(png, figure.clone().png().unwrap());
}
