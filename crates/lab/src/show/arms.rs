//! The arms of a run, in the one order in which tables, figures and traces show them.

use crate::arms::arm::Arm;
use crate::arms::runtime;
use crate::record::Recording;
use lab_data::rows::TrialRow;

/// The arms with those trials that are wanted, in order of time; arms without any are left out.
pub(super) fn arms(
    run: &Recording,
    is_wanted: impl Fn(&TrialRow) -> bool,
) -> Vec<(Arm, Vec<&TrialRow>)> {
    let mut arms: Vec<(Arm, Vec<&TrialRow>)> = Vec::new();
    for trial in run.all_trials().iter().filter(|trial| is_wanted(trial)) {
        let arm = Arm::of(trial);
        match arms.iter_mut().find(|(known, _)| *known == arm) {
            Some((_, trials)) => trials.push(trial),
            None => arms.push((arm, vec![trial])),
        }
    }
    let mut order = runtime::of_run(run.info());
    runtime::in_order(&mut order);
    let cases: Vec<&str> = run.all_trials().iter().map(|trial| trial.case.as_str()).collect();
    arms.sort_by_key(|(arm, _)| {
        (
            order.iter().position(|runtime| runtime.name == arm.runtime),
            cases.iter().position(|case| *case == arm.case),
            arm.executor,
            arm.workers,
            arm.start_method.map(|method| method.name()),
            arm.is_replicate,
        )
    });
    arms
}
