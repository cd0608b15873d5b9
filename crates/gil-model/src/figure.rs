//! The figures: every slice, every answer, and who ran when.

use crate::{
    ECHO, ECHO_CONTROL, INTERVALS, THREADS, ZOOM_NS, answers_ns, lengths, slice_ns, with_gil,
};
use lab::prelude::*;

/// Every slice a point, side by side; and two of the trials as timelines.
pub fn draw(run: &Recording, verdicts: &[VerdictRow]) -> Vec<Figure> {
    let runtimes = with_gil(run.runtimes(), |name| run.has_gil(name));
    let panels = THREADS.map(|n| {
        let mut strips = Vec::new();
        let mut references = Vec::new();
        for (case, interval, ..) in INTERVALS {
            let before = strips.len();
            for runtime in &runtimes {
                let arm = threads(n).case(case).under(runtime);
                let trials = run.trials(&arm);
                let lengths: Vec<f64> = trials.flat_map(|trial| lengths(run, trial)).collect();
                if !lengths.is_empty() {
                    strips.push(run.strip(format!("{case} {}", short(runtime)), &arm, &lengths));
                }
            }
            if strips.len() > before {
                references.push((case.to_owned(), interval.as_secs_f64() * 1e3));
            }
        }
        StripPanel {
            title: format!("{n} threads"),
            strips,
            references,
        }
    });
    let first = verdicts.first().map_or("", |row| row.runtime.as_str());
    let ratios = verdicts
        .iter()
        .filter(|row| row.runtime == first && row.measure.starts_with("median slice"));
    let (least, most) = ratios
        .filter_map(|row| row.estimate)
        .fold((f64::INFINITY, 0.0f64), |(least, most), ratio| {
            (least.min(ratio), most.max(ratio))
        });
    let title = match verdicts.first() {
        Some(row) if least <= most => format!(
            "A slice of the model over one of {}, at its shortest and longest: {least:.2} and \
             {most:.2}",
            words::runtime(&row.runtime)
        ),
        _ => "The modelled GIL, and no CPython with a GIL to hold it against".to_owned(),
    };
    let subtitle = "The length of every slice between two hand-overs; dashed: the switch interval.";
    let strips = Strips {
        frame: run.frame(title, subtitle),
        y_label: "length of a slice, ms".to_owned(),
        point: "one slice".to_owned(),
        interval: String::new(),
        panels: panels.into(),
    };
    vec![
        strips.into(),
        convoy(run, verdicts).named("convoy"),
        timeline(run).named("timeline"),
    ]
}

/// Every answer of the echo, beside a thread and beside a process.
fn convoy(run: &Recording, verdicts: &[VerdictRow]) -> Figure {
    let panels = [ECHO, ECHO_CONTROL].map(|case| {
        let strips = with_gil(run.runtimes(), |name| run.has_gil(name))
            .into_iter()
            .map(|runtime| {
                let arm = threads(1).case(case).under(&runtime);
                let answers: Vec<f64> = run
                    .trials(&arm)
                    .flat_map(|trial| answers_ns(run, trial))
                    .collect();
                run.strip(short(&runtime), &arm, &answers)
            });
        StripPanel {
            title: case.to_owned(),
            strips: strips.filter(|strip| !strip.points.is_empty()).collect(),
            references: run.switch_interval_ms().map_or_else(Vec::new, |ms| {
                vec![
                    ("a switch interval".to_owned(), ms),
                    ("two".to_owned(), 2.0 * ms),
                ]
            }),
        }
    });
    let slower = verdicts
        .iter()
        .find(|row| row.case == "convoy")
        .and_then(words::estimate)
        .map_or(String::new(), |ratio| {
            format!(": {ratio} as much as CPython's")
        });
    let frame = run.frame(
        format!("How much a busy thread slows an echo in the model{slower}"),
        "The time of every answer. It needs the lock twice, and waits for it once or twice; or not \
         at all, while the kernel gives the busy thread no core.",
    );
    Strips {
        frame,
        y_label: "time of an answer, ms".to_owned(),
        point: "one answer".to_owned(),
        interval: String::new(),
        panels: panels.into(),
    }
    .into()
}

fn timeline(run: &Recording) -> Figure {
    let mut facets = Vec::new();
    let mut trials = Vec::new();
    for runtime in with_gil(run.runtimes(), |name| run.has_gil(name))
        .iter()
        .rev()
    {
        let arm = threads(2).case("5 ms").under(runtime);
        let Some(trial) = run.shown(&arm) else {
            continue;
        };
        let one = run.share("share with exactly one running", &arm, |trial| {
            let (spans, in_flight) = (run.spans(trial), run.in_flight(trial));
            let two = share_with(&spans, &in_flight, 2, 2)?;
            Some(share_with(&spans, &in_flight, 1, 2)? - two)
        });
        let slice = slice_ns(run, trial).map_or("?".to_owned(), words::time);
        let title = format!(
            "{}: exactly one thread makes progress {} of the time, median slice {slice}",
            words::runtime(runtime),
            shown(&one),
        );
        facets.push(run.facet(trial, title));
        trials.push(trial);
    }
    Timeline {
        frame: run.frame(
            "The modelled GIL and CPython's, side by side",
            "Two threads at a switch interval of 5 ms: pale while begun, solid while making progress.",
        ),
        cores: run.cores(),
        zoom: run.zoom(&trials, ZOOM_NS),
        facets,
    }
    .into()
}

fn short(runtime: &str) -> String {
    match runtime {
        "gil" => "model".to_owned(),
        other => words::runtime(other),
    }
}
