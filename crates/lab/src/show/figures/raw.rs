//! The figure of a run that kept every reading of the clock (`--raw`).

use crate::record::Recording;
use crate::show::arms::arms;
use crate::show::words::colour;
use lab_plot::{DotFacet, DotRow, Dots, Figure};

/// What is added to the experiment's name in the name of the figure's file.
pub(crate) const SUFFIX: &str = "samples";
/// Arms that one figure can hold legibly.
const MOST_ARMS: usize = 12;

/// A facet per arm, from the readings of its first judged trial that has some; none if no readings
/// were kept.
pub(super) fn figure(run: &Recording) -> Option<Figure> {
    let facets = arms(run, |trial| trial.judged).into_iter().filter_map(|(arm, trials)| {
        let rows = trials.into_iter().find_map(|trial| {
            let rows = run.jobs(trial).iter().map(|job| DotRow {
                label: format!("job {}", job.job),
                series: colour(trial.executor),
                readings: run.samples(trial, job.job).to_vec(),
            });
            let rows: Vec<DotRow> = rows.collect();
            rows.iter().any(|row| !row.readings.is_empty()).then_some(rows)
        })?;
        Some(DotFacet { title: arm.key(), rows })
    });
    let mut facets: Vec<DotFacet> = facets.collect();
    let all = facets.len();
    facets.truncate(MOST_ARMS);
    let which = match all - facets.len() {
        0 => String::new(),
        more => format!("; {more} more arms are not drawn"),
    };
    let point = "a reading of the job's clock".to_owned();
    (all > 0).then(|| {
        let dots = Dots { point, columns: 1, facets };
        Figure::new("Every reading of every job's clock", dots)
            .subtitle(format!("The first trial of each arm{which}."))
    })
}
