//! Time over numbers of workers: a panel a mix and runtime, or one for somebody's own work.

use crate::{MIXES, NO_GENERAL_RULE, RULE_WORKS, advised, tried};
use lab::prelude::*;
use std::collections::BTreeMap;

/// More runtimes would not fit beside one another.
const MOST_RUNTIMES: usize = 3;

/// A row of panels a mix, a column a runtime.
pub fn of_mixes(run: &Recording, verdicts: &[VerdictRow]) -> Vec<Figure> {
    let mut runtimes = run.runtimes();
    runtimes.truncate(MOST_RUNTIMES);
    let cells = MIXES
        .iter()
        .flat_map(|mix| runtimes.iter().map(move |runtime| (mix, runtime)));
    let panels: Vec<ScalingPanel> = cells
        .filter_map(|(mix, runtime)| {
            let arms = tried(run, mix, runtime);
            let n = advised(run, mix, runtime);
            let part = verdicts
                .iter()
                .find(|row| row.runtime == *runtime && row.case == *mix);
            let over = part.and_then(words::estimate).unwrap_or("?".to_owned());
            let title = format!("{}, {mix}: {over}", words::runtime(runtime));
            let marks = [
                ("formula", n),
                ("Python's default", Some(python_default(run.cores()))),
                ("advice", run.smallest_as_good(Measure::Makespan, &arms)),
            ];
            panel(run, title, &arms, &marks)
        })
        .collect();
    let title = format!(
        "The formula's number of threads over the best, at its worst: {}",
        by_runtime(verdicts, &NO_GENERAL_RULE)
    );
    let subtitle = "In a panel's title: the formula's time over the best's. Formula: cores × (1 + \
                    wait/compute), a lock counts as one core. Advice: the smallest number shown to \
                    be as good as any other. Shaded: at most 1.05 × the best.";
    figure(run, title, subtitle.to_owned(), panels)
}

/// One panel, and the advice in the title.
pub fn of_own_work(run: &Recording, advice: &lab::Advice) -> Vec<Figure> {
    let workers: Vec<u32> = advice.tried.iter().map(|tried| tried.workers).collect();
    let arms: Vec<ArmId> = workers.iter().map(|&n| threads(n)).collect();
    let title = match (advice.workers, &advice.refused) {
        (Some(n), _) => format!("Advice: {n} workers (max_workers={n})"),
        (None, _) => "No advice: see the reason in the text".to_owned(),
    };
    let most = workers.last().copied().unwrap_or(1);
    let marks = [
        ("formula", advice.formula.map(|n| n.min(most))),
        ("Python's default", Some(advice.python_default)),
        ("advice", advice.workers),
    ];
    let what = format!("{} jobs", advice.jobs_measured);
    let subtitle = format!(
        "Every block a point: the time of all jobs over that of the fastest number; line: median, \
         band: {}. Shaded: at most 1.05 × the fastest.",
        run.interval_words()
    );
    let panels = panel(run, what, &arms, &marks).into_iter().collect();
    figure(run, title, subtitle, panels)
}

fn figure(
    run: &Recording,
    title: String,
    subtitle: String,
    panels: Vec<ScalingPanel>,
) -> Vec<Figure> {
    if panels.is_empty() {
        return Vec::new();
    }
    let scaling = Scaling {
        frame: run.frame(title, subtitle),
        x_label: "workers".to_owned(),
        y_label: "times the time of the fastest number".to_owned(),
        x: XAxis::Workers,
        y: YAxis::Log,
        point: "one block".to_owned(),
        interval: run.interval_words(),
        panels,
    };
    vec![scaling.into()]
}

/// The times of the arms over that of the fastest; none if they have none.
fn panel(
    run: &Recording,
    title: String,
    arms: &[ArmId],
    marks: &[(&str, Option<u32>)],
) -> Option<ScalingPanel> {
    let fastest = run.best_of(Measure::Makespan, arms)?;
    let line = run.line("threads", &fastest, Measure::Makespan, &fastest);
    // Names of the same number stand together.
    let mut names: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for (name, workers) in marks {
        if let Some(workers) = workers {
            names.entry(*workers).or_default().push(name);
        }
    }
    let marks = names.into_iter().filter_map(|(workers, names)| {
        let x = f64::from(workers);
        let (_, y) = line.median.iter().find(|(at, _)| *at == x)?;
        Some(PointMark {
            label: format!("{}: {workers}", names.join(", ")),
            x,
            y: Some(*y),
        })
    });
    let marks = marks.collect();
    Some(ScalingPanel {
        title,
        lines: vec![line],
        references: Vec::new(),
        cores: Some(run.cores().into()),
        shades: vec![Shade {
            label: String::new(),
            region: Region::Between(1.0, RULE_WORKS),
        }],
        marks,
    })
}
