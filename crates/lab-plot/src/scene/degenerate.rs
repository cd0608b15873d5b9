use super::Scene;
use crate::bars::{Bar, BarFacet, Bars};
use crate::columns::Zoom;
use crate::cores::{CoreFacet, CoreRow, Cores};
use crate::error::PlotError;
use crate::page::Frame;
use crate::scaling::{ReferenceLine, Scaling, ScalingLine, ScalingPanel, Unit, XAxis, YAxis};
use crate::scaling_notes::{PointMark, Region, Shade};
use crate::series::{Runtime, Series};
use crate::strips::{Strip, StripPanel, Strips};
use crate::timeline::{Facet, Row, Timeline};
use crate::waterfall::{PageBar, Waterfall, WaterfallPanel};

const LONG: &str = "A finding so long that it wraps, over a good number of lines, because it says \
    everything twice: that threads take turns, and that taking turns is what threads do; and with \
    awordthatnolinecouldeverholdbecauseitgoesonandonandonandonandonandonandonandonandonandonandon\
    andonandonandonandon \n and a line of its own, 100 % of the time — “quoted”, and 漢字 besides";

fn frame() -> Frame {
    Frame {
        title: LONG.into(),
        subtitle: LONG.repeat(3),
        caption: LONG.repeat(9),
    }
}

fn timeline(begun: (u64, u64), zoom: Option<Zoom>) -> Timeline {
    Timeline {
        frame: frame(),
        cores: 64,
        facets: vec![Facet {
            title: LONG.into(),
            series: Series::Serial,
            rows: vec![Row {
                label: LONG.into(),
                begun,
                spans: vec![begun],
                samples: vec![begun.0],
                points: vec![],
            }],
            running: vec![(begun.0, 1), (begun.1, 0)],
        }],
        zoom,
    }
}

fn cores(span: (u64, u64), zoom: Option<Zoom>) -> Cores {
    let row = CoreRow {
        label: LONG.into(),
        spans: vec![(span.0, span.1, u32::MAX)],
    };
    Cores {
        frame: frame(),
        facets: vec![CoreFacet {
            title: LONG.into(),
            rows: vec![row; 2],
        }],
        zoom,
    }
}

fn waterfall(start: u64, end: u64) -> Waterfall {
    let page = PageBar {
        worker: u32::MAX,
        label: LONG.into(),
        submitted: 0,
        start,
        end,
        service: Some((start, end)),
        ok: false,
    };
    let near = PageBar {
        worker: 0,
        ..page.clone()
    };
    Waterfall {
        frame: frame(),
        panels: vec![WaterfallPanel {
            title: LONG.into(),
            series: Series::Async,
            workers: 1,
            pages: vec![page, near],
            bound: Some(end),
            makespan: Some(end),
        }],
    }
}

fn scaling(points: Vec<(f64, f64)>, x: XAxis, y: YAxis) -> Scaling {
    let shade = |region| Shade {
        label: LONG.into(),
        region,
    };
    let values = points.iter().map(|point| point.1);
    let regions = values.clone().zip(values.rev()).flat_map(|(low, high)| {
        let between = Region::Between(low, high);
        [Region::Below(low), Region::Above(high), between]
    });
    let marks = points.iter().flat_map(|&(x, y)| {
        [Some(y), None].map(|y| PointMark {
            label: LONG.into(),
            x,
            y,
        })
    });
    Scaling {
        frame: frame(),
        x_label: LONG.into(),
        y_label: LONG.into(),
        x,
        y,
        point: "one block".to_owned(),
        interval: "95 % interval".into(),
        panels: vec![ScalingPanel {
            title: LONG.into(),
            lines: vec![ScalingLine {
                label: LONG.into(),
                series: Series::Serial,
                runtime: Runtime::Gil,
                median: points.clone(),
                band: points.iter().map(|p| (p.0, p.1, p.1)).collect(),
                points: points.clone(),
            }],
            references: vec![ReferenceLine {
                label: LONG.into(),
                points: vec![(1.0, 1e9), (2.0, 1e9)],
            }],
            cores: None,
            shades: regions.map(shade).collect(),
            marks: marks.collect(),
        }],
    }
}

fn strips(points: &[f64], categories: usize) -> Strips {
    let strip = Strip {
        label: LONG.into(),
        series: Series::Serial,
        points: points.to_vec(),
        median: points.first().copied(),
        band: points.first().copied().zip(points.last().copied()),
        note: LONG.into(),
    };
    let references = points.iter().take(3).map(|&value| (LONG.into(), value));
    let panel = StripPanel {
        title: LONG.into(),
        references: references.collect(),
        strips: vec![strip; categories],
    };
    Strips {
        frame: frame(),
        y_label: LONG.into(),
        point: LONG.into(),
        interval: LONG.into(),
        panels: vec![panel; 4],
    }
}

/// Instants that touch every corner of the axes.
const TIMES: [(u64, u64); 6] = [
    (0, 0),
    (7, 7),
    (0, 1),
    (0, u64::MAX),
    (u64::MAX, u64::MAX),
    (10_000_000_000, 10_060_000_000),
];

#[test]
fn any_times_can_be_drawn() {
    for (from, to) in TIMES {
        Scene::of(&timeline((from, to), None)).unwrap();
        Scene::of(&timeline((from, to), Some(Zoom { from, to }))).unwrap();
        Scene::of(&waterfall(from, to)).unwrap();
        Scene::of(&cores((from, to), None)).unwrap();
        Scene::of(&cores((from, to), Some(Zoom { from, to }))).unwrap();
        let bar = Bar {
            label: LONG.into(),
            start: from,
            end: to,
            ready: Some(to),
            ends: vec![from, to],
        };
        let facet = BarFacet {
            title: LONG.into(),
            series: Series::Threads,
            bars: vec![bar; 2],
        };
        let facets = vec![facet; 2];
        Scene::of(&Bars {
            frame: frame(),
            facets,
        })
        .unwrap();
    }
}

#[test]
fn any_finite_values_can_be_drawn() {
    let words = vec![LONG.to_owned(), "two".into(), "three".into()];
    for points in [
        vec![(1.0, 5.0)],
        vec![(1.0, 0.5), (2.0, 0.5)],
        vec![(1.0, 1e-300), (2.0, 1e300)],
        vec![(2.0, 3.0), (2.0, 3.0 + 1e-12)],
    ] {
        for x in [
            XAxis::Workers,
            XAxis::Log(Unit::Plain),
            XAxis::Log(Unit::Nanoseconds),
            XAxis::Linear,
            XAxis::Categories(words.clone()),
        ] {
            for y in [YAxis::FromZero, YAxis::Linear(2.0, 2.0), YAxis::Log] {
                Scene::of(&scaling(points.clone(), x.clone(), y)).unwrap();
            }
        }
    }
    for points in [
        vec![1.0],
        vec![5.0, 5.0, 5.0 + 1e-12],
        vec![1e-300, 1e300],
        vec![f64::MIN_POSITIVE, f64::MAX],
    ] {
        for categories in [1, 5, 12] {
            Scene::of(&strips(&points, categories)).unwrap();
        }
    }
    let negative = vec![(0.0, -5.0), (2.0, -1.0)];
    Scene::of(&scaling(negative, XAxis::Linear, YAxis::FromZero)).unwrap();
}

#[test]
fn nothing_is_an_error_that_says_what_is_missing() {
    let mut empty = timeline((0, 1), None);
    empty.facets[0].rows.clear();
    let error = Scene::of(&empty).unwrap_err().to_string();
    assert!(error.contains("the timeline has no rows"), "{error}");
    empty.facets.clear();
    let error = Scene::of(&empty).unwrap_err().to_string();
    assert!(error.contains("the timeline has no facets"), "{error}");

    let empty = scaling(vec![], XAxis::Workers, YAxis::Log);
    assert!(matches!(Scene::of(&empty), Err(PlotError::Empty { .. })));
    let mut empty = waterfall(0, 1);
    empty.panels[0].pages.clear();
    assert!(matches!(Scene::of(&empty), Err(PlotError::Empty { .. })));
    let mut empty = cores((0, 1), None);
    empty.facets[0]
        .rows
        .iter_mut()
        .for_each(|row| row.spans.clear());
    let error = Scene::of(&empty).unwrap_err().to_string();
    assert!(
        error.contains("the figure of cores has no spans"),
        "{error}"
    );
    let error = Scene::of(&strips(&[], 2)).unwrap_err().to_string();
    assert!(
        error.contains("the figure of strips has no points"),
        "{error}"
    );
    let frame = frame();
    let facets = vec![];
    assert!(matches!(
        Scene::of(&Bars { frame, facets }),
        Err(PlotError::Empty { .. })
    ));
}

#[test]
fn too_many_facets_and_reversed_times_are_named() {
    let mut many = timeline((0, 1), None);
    many.facets = vec![many.facets[0].clone(); 13];
    assert!(matches!(
        Scene::of(&many),
        Err(PlotError::TooMany { count: 13, .. })
    ));
    let many = strips(&[1.0], 13);
    assert!(matches!(
        Scene::of(&many),
        Err(PlotError::TooMany { count: 13, .. })
    ));
    let mut reversed = timeline((0, 9), None);
    reversed.facets[0].rows[0].label = "job 7".into();
    reversed.facets[0].rows[0].spans = vec![(5, 4)];
    let error = Scene::of(&reversed).unwrap_err().to_string();
    assert!(
        error.contains("“job 7”") && error.contains("before it starts"),
        "{error}"
    );
    assert!(Scene::of(&timeline((0, 9), Some(Zoom { from: 5, to: 4 }))).is_err());
    assert!(Scene::of(&cores((0, 9), Some(Zoom { from: 5, to: 4 }))).is_err());
    let error = Scene::of(&cores((5, 4), None)).unwrap_err().to_string();
    assert!(error.contains("a span ends at 4 ns"), "{error}");
}

#[test]
fn a_hundred_thousand_rows_pages_and_steps_are_drawn_in_bounds() {
    let mut many = timeline((0, 9), None);
    many.facets[0].rows = vec![many.facets[0].rows[0].clone(); 100_000];
    many.facets[0].running = (0..100_000).map(|i| (i, (i % 3) as u32)).collect();
    Scene::of(&many).unwrap();
    let mut many = cores((0, 9), None);
    let jobs = (0..100_000).map(|i| (u64::from(i), u64::from(i) + 7, i));
    many.facets[0].rows[0].spans = jobs.collect();
    many.facets[0].rows = vec![many.facets[0].rows[0].clone(); 9];
    Scene::of(&many).unwrap();
    let mut many = waterfall(0, 1);
    let page = many.panels[0].pages[0].clone();
    let pages = (0..100_000).map(|i| PageBar {
        worker: i % 500,
        start: u64::from(i / 500) * 10,
        end: u64::from(i / 500) * 10 + 9,
        ..page.clone()
    });
    many.panels[0].pages = pages.collect();
    many.panels[0].workers = u32::MAX;
    Scene::of(&many).unwrap();
}
