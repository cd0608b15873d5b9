//! Speed-up over the time of a job, and from where on there is one.

use crate::{CONTENDED, PRIVATE, cases, executors, speed_up, workers};
use lab::prelude::*;

/// How many times as fast as serial, over the time that a job takes there.
fn line(run: &Recording, label: &str, id: &ArmId, work: &str) -> ScalingLine {
    let mut sizes: Vec<(f64, ArmId, ArmId)> = cases(work)
        .iter()
        .filter_map(|case| {
            let [alone, arm] = [serial(), id.clone()].map(|arm| arm.under(&id.runtime).case(case));
            let a_job = |trial: &TrialRow| Some(trial.window_ns? as f64 / f64::from(trial.jobs));
            let times: Vec<f64> = run.trials(&alone).filter_map(a_job).collect();
            Some((median(&times)?, alone, arm))
        })
        .collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    run.speed_ups(label, Measure::Makespan, &sizes)
}

/// From which time of a job on threads are faster: where the line of medians crosses 1. None if
/// not even the longest jobs show that they are.
fn faster_from(run: &Recording, runtime: &str, work: &str) -> Option<f64> {
    let longest = cases(work).pop()?;
    let speed_up = speed_up(run, runtime, &longest);
    speed_up
        .interval()
        .ok()
        .filter(|times| times.is_above(1.0))?;
    let line = line(run, "", &threads(workers(run)).under(runtime), work);
    let losses: Vec<_> = line.median.iter().map(|(x, y)| (x.ln(), -y.ln())).collect();
    below_from(&losses, 0.0).map(f64::exp)
}

/// The same in words.
pub fn faster_in_words(run: &Recording, runtime: &str, work: &str) -> String {
    faster_from(run, runtime, work).map_or("at no size for sure".to_owned(), |ns| {
        format!("from {} a job on", words::time(ns))
    })
}

/// Speed-up over the time of a job: a panel a runtime, in private and contended.
pub fn draw(run: &Recording, _: &[VerdictRow]) -> Vec<Figure> {
    let n = workers(run);
    let mut panels = Vec::new();
    for (work, title) in [
        (PRIVATE, "each adds in private"),
        (CONTENDED, "all on one counter"),
    ] {
        for runtime in run.runtimes() {
            let arms = executors(n, &runtime).into_iter().skip(1);
            let lines = arms.map(|id| line(run, id.executor.name(), &id.under(&runtime), work));
            let lines: Vec<_> = lines.filter(|line| !line.points.is_empty()).collect();
            let name = words::runtime(&runtime);
            panels.push(panel(
                run,
                format!("{name}, {title}"),
                lines,
                faster_from(run, &runtime, work),
            ));
        }
    }
    panels.retain(|panel| !panel.lines.is_empty());
    if panels.is_empty() {
        return Vec::new();
    }
    let from = run.runtimes().into_iter().map(|runtime| {
        let from = faster_in_words(run, &runtime, PRIVATE);
        format!("{} {from}", words::runtime(&runtime))
    });
    let from = from.collect::<Vec<_>>().join(", ");
    let scaling = Scaling {
        frame: run.frame(
            format!("Where {n} threads are faster than one job after another: {from}"),
            format!(
                "The time counts from before the threads are started. Every block a point; line: \
                 median, band: {}.",
                run.interval_words()
            ),
        ),
        x_label: "time of a job in serial".to_owned(),
        y_label: "times as fast as serial".to_owned(),
        x: XAxis::Log(Unit::Nanoseconds),
        y: YAxis::Log,
        point: "one block".to_owned(),
        interval: run.interval_words(),
        panels,
    };
    vec![scaling.into()]
}

fn panel(
    run: &Recording,
    title: String,
    lines: Vec<ScalingLine>,
    from: Option<f64>,
) -> ScalingPanel {
    let xs = || {
        lines
            .iter()
            .flat_map(|line| &line.median)
            .map(|point| point.0)
    };
    let most = f64::from(run.cores().min(workers(run)));
    let cores = ReferenceLine {
        label: format!("all {most} cores"),
        points: vec![
            (xs().fold(f64::INFINITY, f64::min), most),
            (xs().fold(0.0, f64::max), most),
        ],
    };
    ScalingPanel {
        title,
        references: vec![cores],
        cores: None,
        shades: vec![Shade {
            label: "slower than serial".to_owned(),
            region: Region::Below(1.0),
        }],
        marks: from
            .map(|x| PointMark {
                label: format!("crossover: {}", words::time(x)),
                x,
                y: Some(1.0),
            })
            .into_iter()
            .collect(),
        lines,
    }
}
