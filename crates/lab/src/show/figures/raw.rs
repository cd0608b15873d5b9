//! The figure of a run that kept every reading of the clock (`--raw`).

use crate::record::Recording;
use crate::show::arms::arms;
use crate::show::words::colour;
use lab_plot::{Facet, Figure, Item, Key, Row, Rows, Scale, Sign, Unit};

/// What is added to the experiment's name in the name of the figure's file.
pub(crate) const SUFFIX: &str = "samples";
/// Arms that one figure can hold legibly.
const MOST_ARMS: usize = 12;

/// A facet per arm, from the readings of its first judged trial that has some; none if no readings
/// were kept.
pub(super) fn figure(run: &Recording) -> Option<Figure> {
    let facets = arms(run, |trial| trial.judged).into_iter().filter_map(|(arm, trials)| {
        let rows = trials.into_iter().find_map(|trial| {
            let series = colour(trial.executor);
            let rows = run.jobs(trial).iter().map(|job| {
                let readings = run.samples(trial, job.job).iter().map(|at| *at as f64);
                let items = vec![Item::Values(readings.collect(), series)];
                Row { label: format!("job {}", job.job), items, note: String::new() }
            });
            let rows: Vec<Row> = rows.collect();
            run.jobs(trial)
                .iter()
                .any(|job| !run.samples(trial, job.job).is_empty())
                .then_some(rows)
        })?;
        Some(Facet { title: arm.key(), rows, ..Facet::default() })
    });
    let mut facets: Vec<Facet> = facets.collect();
    let all = facets.len();
    facets.truncate(MOST_ARMS);
    let which = match all - facets.len() {
        0 => String::new(),
        more => format!("; {more} more arms are not drawn"),
    };
    (all > 0).then(|| {
        let x = Scale::linear("").unit(Unit::Time);
        let key = vec![Key::new(Sign::Dot, "a reading of the job's clock")];
        let rows = Rows { x, key, columns: 1, facets, ..Rows::default() };
        Figure::new("Every reading of every job's clock", rows)
            .subtitle(format!("The first trial of each arm{which}."))
    })
}
