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
    let mut trials: Vec<_> = run.all_trials().iter().filter(|one| one.judged).collect();
    // In a block they are shuffled.
    trials.sort_by_key(|one| {
        (
            &one.runtime,
            &one.case,
            one.executor,
            one.workers,
            one.trial,
        )
    });
    for trial in trials {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::tests::{trial, with};
    use crate::test_rows::job;
    use lab_record::burst::Sample;
    use lab_record::rows::{Executor, JobRow, TrialRow};
    use lab_record::samples::JobSamples;

    #[test]
    fn each_arm_with_readings_is_a_facet_whatever_the_order_of_its_trials() {
        let of = |number, workers| TrialRow {
            trial: number,
            workers,
            executor: Executor::Threads,
            ..trial()
        };
        let trials = [of(0, 4), of(1, 2), of(2, 2), of(3, 8)];
        let jobs: Vec<JobRow> = trials.iter().map(|trial| job(trial, 0, 0, 9)).collect();
        let mut run = with(&trials, &jobs, &[]);
        assert!(figure(&run).is_none());
        run.keep_samples((0..3).map(|trial| JobSamples {
            trial,
            job: 0,
            samples: [Sample { at_ns: 5, core: 0 }].into_iter().collect(),
        }));
        let figure = figure(&run).unwrap();
        let titles: Vec<_> = figure.facets.iter().map(|facet| &facet.title).collect();
        assert_eq!(titles, ["threads 2", "threads 4"]);
    }
}
