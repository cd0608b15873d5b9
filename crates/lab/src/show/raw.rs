//! The figure of a run that kept every reading of the clock (`--raw`).

use super::figures::{Drawn, caption};
use super::panels::colour;
use crate::arms::arm::Arm;
use crate::record::Recording;
use lab_plot::{DotFacet, DotRow, Dots};

/// What is added to the experiment's name in the name of the figure's file.
pub(crate) const SUFFIX: &str = "samples";
/// Arms that one figure can hold legibly.
const MOST_ARMS: usize = 12;

/// A facet per arm, from the readings of its first judged trial that has some; none if no readings
/// were kept.
pub(super) fn figure(run: &Recording) -> Option<Drawn> {
    let mut arms: Vec<Arm> = Vec::new();
    let mut facets = Vec::new();
    let mut trials: Vec<_> = run.all_trials().iter().filter(|one| one.judged).collect();
    // In a block they are shuffled.
    trials.sort_by_key(|one| (&one.runtime, &one.case, one.executor, one.workers, one.trial));
    for row in trials {
        let arm = Arm::of(row);
        if arms.contains(&arm) {
            continue;
        }
        let rows = run.trial(row).jobs().iter().map(|job| DotRow {
            label: format!("job {}", job.job),
            series: colour(row.executor),
            readings: run.samples(row, job.job).to_vec(),
        });
        let rows: Vec<DotRow> = rows.collect();
        if rows.iter().all(|row| row.readings.is_empty()) {
            continue;
        }
        facets.push(DotFacet { title: arm.key(), rows });
        arms.push(arm);
    }
    let all = facets.len();
    facets.truncate(MOST_ARMS);
    let which = match all - facets.len() {
        0 => String::new(),
        more => format!("; {more} more arms are not drawn"),
    };
    (all > 0).then(|| Drawn {
        suffix: SUFFIX.to_owned(),
        figure: lab_plot::Figure::new(
            "Every reading of every job's clock",
            Dots { point: "a reading of the job's clock".to_owned(), columns: 1, facets },
        )
        .subtitle(format!("The first trial of each arm{which}."))
        .caption(caption(&run.info)),
    })
}
