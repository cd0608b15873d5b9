//! The figures: every round held against its goal, and growth.

use crate::block::{self, with_unit};
use crate::goals::{GOALS, Goal, Target, comparison, subject};
use crate::results::values;
use crate::rows::ResultRow;
use crate::saved::Saved;
use crate::slopes::{GROWING, Grows, Growth, growths, two_digits};
use anyhow::Result;
use lab_plot::{
    Frame, Runtime, Scaling, ScalingLine, ScalingPanel, Series, Strip, StripPanel, Strips, Unit,
    XAxis, YAxis,
};
use lab_record::run::RunInfo;
use lab_stats::summary::{median, quantile};
use std::path::Path;

/// Panels of the first figure, and whose goals stand in them.
const PANELS: [(&str, &[&str]); 3] = [
    (
        "The articles' pipeline, and a tracker",
        &[
            comparison::PIPELINE,
            comparison::SAMPLES,
            comparison::RECORDER,
        ],
    ),
    (
        "Samples to picture and file",
        &[
            comparison::DRAW,
            comparison::WRITE,
            comparison::READ,
            comparison::FIGURES,
        ],
    ),
    (
        "Executors",
        &[
            comparison::DISPATCH,
            comparison::FIRST_JOB,
            comparison::PAGES,
        ],
    ),
];

/// Draws what there are data for; the files' names.
pub(crate) fn draw(saved: &Saved, folder: &Path) -> Result<Vec<&'static str>> {
    let mut names = Vec::new();
    if let Some(figure) = goals(saved) {
        names.push("bench.png");
        lab_plot::strips(&figure, &folder.join("bench.png"))?;
    }
    let growth = [
        (Grows::Time, "bench-growth.png"),
        (Grows::Memory, "bench-growth-memory.png"),
    ];
    for (grows, name) in growth {
        if let Some(figure) = growing(saved, grows) {
            names.push(name);
            lab_plot::scaling(&figure, &folder.join(name))?;
        }
    }
    Ok(names)
}

/// So many goals have room for their names side by side.
const A_PANEL: usize = 3;

/// How many times better than its goal every round was; none without a round.
fn goals(saved: &Saved) -> Option<Strips> {
    let all: Vec<(&Goal, &ResultRow)> = GOALS
        .iter()
        .zip(&saved.results)
        .filter(|(goal, _)| goal.target.is_some())
        .collect();
    let panels: Vec<StripPanel> = PANELS
        .iter()
        .flat_map(|(title, comparisons)| {
            let strips: Vec<Strip> = all
                .iter()
                .filter(|(goal, row)| {
                    comparisons.contains(&goal.comparison) && row.estimate.is_some()
                })
                .map(|(goal, row)| strip(saved, goal, row))
                .collect();
            let panels: Vec<StripPanel> = strips
                .chunks(A_PANEL)
                .map(|strips| StripPanel {
                    title: (*title).to_owned(),
                    strips: strips.to_vec(),
                    references: vec![("the goal".to_owned(), 1.0)],
                })
                .collect();
            panels
        })
        .collect();
    if panels.is_empty() {
        return None;
    }
    let verdicts: Vec<&str> = all.iter().map(|(_, row)| row.verdict.as_str()).collect();
    let subtitle = "Every round, as many times better than its goal; beside the median what was \
                    measured";
    Some(Strips {
        frame: frame(&saved.info, goals_title(&verdicts), subtitle),
        y_label: "times better than the goal".to_owned(),
        point: "one round".to_owned(),
        interval: "quartiles".to_owned(),
        panels,
    })
}

/// How many of all goals are met, and how many were not measured: a disturbed one counts among
/// those, and one that was measured with another size than its own.
fn goals_title(verdicts: &[&str]) -> String {
    let count = |verdict| verdicts.iter().filter(|one| **one == verdict).count();
    let (all, met) = (verdicts.len(), count("met"));
    match all - met - count("not met") {
        0 => format!("{met} of {all} goals are met"),
        open => format!("{met} of {all} goals are met, {open} not measured"),
    }
}

fn strip(saved: &Saved, goal: &Goal, row: &ResultRow) -> Strip {
    let better = |value: f64| match goal.target {
        Some(Target::Most(most)) => most / value,
        Some(Target::Least(least)) => value / least,
        None => value,
    };
    let points: Vec<f64> = values(goal, &saved.rows).into_iter().map(better).collect();
    let note = row.estimate.map(|value| with_unit(&row.unit, value));
    Strip {
        label: format!("{}: {}", goal.short, block::goal(row)),
        series: match goal.ours {
            subject::PROCESSES => Series::Processes,
            subject::ASYNC => Series::Async,
            subject::RAW => Series::Serial,
            _ => Series::Threads,
        },
        median: median(&points),
        band: quantile(&points, 0.25)
            .zip(quantile(&points, 0.75))
            .filter(|_| points.len() > 2),
        points,
        note: note.unwrap_or_default(),
    }
}

/// Time or memory over size, a panel for each thing; none without a measurement.
fn growing(saved: &Saved, grows: Grows) -> Option<Scaling> {
    let lines = growths(&saved.rows, grows);
    if lines.is_empty() {
        return None;
    }
    let panels = GROWING
        .iter()
        .map(|(_, things)| ScalingPanel {
            title: panel_title(things, &lines),
            lines: lines
                .iter()
                .filter(|line| line.things == *things)
                .map(scaling_line)
                .collect(),
            references: Vec::new(),
            cores: None,
            shades: Vec::new(),
            marks: Vec::new(),
        })
        .filter(|panel| !panel.lines.is_empty())
        .collect();
    let (title, y_label) = match grows {
        Grows::Time => ("Time over size", "milliseconds"),
        Grows::Memory => ("Peak memory over size", "megabytes, children included"),
    };
    let subtitle = "Each size in a process of its own; above each panel the slopes: the power of the size with \
                    which the upper end of a line grows";
    Some(Scaling {
        frame: frame(&saved.info, title.to_owned(), subtitle),
        x_label: "how many".to_owned(),
        y_label: y_label.to_owned(),
        x: XAxis::Log(Unit::Plain),
        y: YAxis::Log,
        point: "one round".to_owned(),
        interval: String::new(),
        panels,
    })
}

/// What grows, and the slope of each line: `jobs: threads 1.00, processes 1.01`.
fn panel_title(things: &str, lines: &[Growth]) -> String {
    let own = lines.iter().filter(|line| line.things == things);
    let slopes: Vec<String> = own
        .filter_map(|line| Some(format!("{} {}", name(line), two_digits(line.slope?))))
        .collect();
    match slopes.is_empty() {
        true => things.to_owned(),
        false => format!("{things}: {}", slopes.join(", ")),
    }
}

/// A short name, for there is little room.
fn name(line: &Growth) -> &str {
    line.subject.trim_end_matches(" samples")
}

fn scaling_line(line: &Growth) -> ScalingLine {
    ScalingLine {
        label: name(line).to_owned(),
        series: match line.subject.as_str() {
            subject::PROCESSES => Series::Processes,
            subject::RAW | subject::ROWS_IN => Series::Serial,
            _ => Series::Threads,
        },
        runtime: Runtime::Native,
        points: line.points.clone(),
        median: line.medians.clone(),
        band: Vec::new(),
    }
}

fn frame(info: &RunInfo, title: String, subtitle: &str) -> Frame {
    Frame {
        title,
        subtitle: subtitle.to_owned(),
        caption: lab::figure::caption(info),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_counts_all_goals_and_says_how_many_were_not_measured() {
        let title = goals_title(&["met", "not met", "met"]);
        assert_eq!(title, "2 of 3 goals are met");
        let title = goals_title(&["met", "disturbed", "not measured", "other size"]);
        assert_eq!(title, "1 of 4 goals are met, 3 not measured");
    }

    #[test]
    fn a_panel_says_its_slopes() {
        let line = |subject: &str, slope| Growth {
            things: "samples",
            subject: subject.to_owned(),
            grows: Grows::Time,
            points: Vec::new(),
            medians: Vec::new(),
            slope,
        };
        let lines = [
            line("spans", Some(1.0)),
            line("raw samples", Some(1.018)),
            line("others", None),
        ];
        assert_eq!(
            panel_title("samples", &lines),
            "samples: spans 1.00, raw 1.02"
        );
        assert_eq!(panel_title("jobs", &lines), "jobs");
    }
}
