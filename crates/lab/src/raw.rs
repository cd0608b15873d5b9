//! The figure of a run that kept every reading of the clock (`--raw`).

use crate::arm::ArmId;
use crate::figure::series;
use crate::recording::Recording;
use lab_plot::{Progress, Tracker, TrackerFacet, TrackerRow};

/// What is added to the experiment's name in the name of the figure's file.
pub(crate) const SUFFIX: &str = "samples";

/// Arms that one figure can hold legibly.
const MOST_ARMS: usize = 12;

/// A facet an arm, from the readings of its first judged trial that has some; none if no readings
/// were kept.
pub(crate) fn figure(run: &Recording) -> Option<Tracker<'_>> {
    let mut arms: Vec<ArmId> = Vec::new();
    let mut facets = Vec::new();
    for trial in run.all_trials().iter().filter(|trial| trial.judged) {
        let arm = ArmId::of(trial);
        if arms.contains(&arm) {
            continue;
        }
        let rows = run.jobs(trial).iter().map(|job| TrackerRow {
            label: format!("job {}", job.job),
            progress: Progress::Samples(run.samples(trial, job.job)),
        });
        let rows: Vec<TrackerRow> = rows.collect();
        if rows.iter().all(|row| row.progress.is_empty()) {
            continue;
        }
        facets.push(TrackerFacet {
            title: arm.to_string(),
            series: series(trial.executor),
            zero_ns: 0,
            rows,
        });
        arms.push(arm);
    }
    let all = facets.len();
    facets.truncate(MOST_ARMS);
    let which = match all - facets.len() {
        0 => String::new(),
        more => format!("; {more} more arms are not drawn"),
    };
    (all > 0).then(|| Tracker {
        frame: run.frame(
            "Every reading of every job's clock",
            format!("the first trial of each arm{which}"),
        ),
        facets,
    })
}
