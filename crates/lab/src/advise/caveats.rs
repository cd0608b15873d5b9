//! What to keep in mind with an answer, a sentence each.

use super::answer::{Answer, busy};
use crate::measure::blocks::race::Race;
use crate::record::Recording;
use lab_data::rows::Role;
use lab_data::run::Noise;
use lab_stats::sizing::BLOCKS_TO_TELL;
use std::collections::BTreeSet;

/// The caveats of an answer.
pub(super) fn caveats(run: &Recording, race: &Race, answer: &Answer) -> Vec<String> {
    let reason = match answer {
        Answer::Supported(_, reason) => Some(format!("not certain: {reason}")),
        _ => None,
    };
    [reason, left_out(run, race), beside_others(run)].into_iter().flatten().collect()
}

/// That others had so much of the machine that blocks were disturbed.
fn beside_others(run: &Recording) -> Option<String> {
    let Noise { others_share, steal_share } = busy(run)?;
    let (others, steal) = (others_share.unwrap_or_default(), steal_share.unwrap_or_default());
    let who = if others >= steal { "other programs" } else { "other machines on this host" };
    Some(format!(
        "{who} used {:.0} % of this machine meanwhile: on an idle one another number may be better, \
         and what a job seems to wait may be for a core",
        100.0 * (others + steal)
    ))
}

/// The numbers that were not tried often enough to be called slower, since the time was short.
fn left_out(run: &Recording, race: &Race) -> Option<String> {
    let all = run.all_trials().iter().filter(|trial| trial.role != Role::Pilot);
    let all: BTreeSet<u32> = all.map(|trial| trial.workers).collect();
    let sizes = race.sizes();
    let rounds = |on: u32| {
        let size = sizes.iter().find(|(size, _)| size.workers == on);
        size.map_or(0, |(size, _)| size.times.len())
    };
    let most = all.iter().map(|on| rounds(*on)).max().filter(|most| *most > 0)?;
    let left = all.into_iter().filter(|on| rounds(*on) < most.min(BLOCKS_TO_TELL));
    let left: Vec<String> = left.map(|on| on.to_string()).collect();
    (!left.is_empty()).then(|| {
        format!(
            "left out after a first look, for lack of time, since others were faster then: {}",
            left.join(", ")
        )
    })
}
