//! Whether a verdict follows from its own numbers, on the machine that it is said to come from.

use crate::machines::rules::Rule;
use crate::machines::submission::Judged;
use anyhow::{Context, Result, bail, ensure};
use lab_data::rows::{Decision, Kind};
use lab_stats::control::MIN_CONTROL_SPEED_UP;
use lab_stats::decide::decide;
use lab_stats::interval::{Interval, Scale};
use lab_stats::null::{NULL_LEVEL, vetoes};

/// How much more than they can gain processes seem to gain on an unsteady machine: less than the least that
/// a control needs, so that none holds on one core.
const NOISE: f64 = 1.1;

/// Whether the numbers of a verdict make sense on a machine with so many cores, and the verdict follows
/// from them: interval, edges, control and A/A.
///
/// # Errors
/// A sentence, if not.
pub(super) fn follows(row: &Judged, rule: &Rule, cores: u32) -> Result<()> {
    let Judged { estimate, low, high, .. } = *row;
    ensure!(row.level.is_none_or(|level| (0.5..1.0).contains(&level)), "its level is none");
    for (estimate, low, high) in
        [(estimate, low, high), (row.shown_estimate, row.shown_low, row.shown_high)]
    {
        match (estimate, low, high) {
            (None, None, None) => {}
            (Some(estimate), Some(low), Some(high)) => {
                ensure!(
                    low <= estimate && estimate <= high,
                    "its interval {low}–{high} does not contain its estimate {estimate}"
                );
                let can_be = match row.kind {
                    Kind::Ratio | Kind::Distribution => low > 0.0,
                    Kind::Share => (0.0..=1.0).contains(&estimate),
                    _ => true,
                };
                ensure!(can_be, "no {} can be {estimate} ({low}–{high})", row.kind);
            }
            _ => bail!("it has half an interval"),
        }
    }
    let null = match (row.null_low, row.null_high) {
        (Some(low), Some(high)) => {
            ensure!(low > 0.0 && low <= high, "its A/A interval is none: {low}–{high}");
            Some(interval((low * high).sqrt(), low, high, NULL_LEVEL))
        }
        (None, None) => None,
        _ => bail!("it has half an A/A interval"),
    };
    controlled(row, cores)?;
    if row.verdict == Decision::Inconclusive {
        return Ok(());
    }
    ensure!(
        row.control_low.is_some() || !rule.is_controlled(),
        "it is {} without a control, and this claim needs one",
        row.verdict
    );
    let (Some(estimate), Some(low), Some(high), Some(level)) = (estimate, low, high, row.level)
    else {
        bail!("it is {} without an interval", row.verdict);
    };
    ensure!(row.blocks >= 2, "it is {} after {} blocks", row.verdict, row.blocks);
    let edges =
        row.row().edges().with_context(|| format!("it is {} without edges", row.verdict))?;
    let own = interval(estimate, low, high, level);
    let decided = decide(&own, &edges);
    ensure!(
        decided == row.verdict,
        "it says {}, and its interval {low}–{high} says {decided}",
        row.verdict
    );
    ensure!(
        row.control_low.is_none_or(|control| control > MIN_CONTROL_SPEED_UP),
        "its control did not hold: native processes gained too little, and the verdict is {}",
        row.verdict
    );
    ensure!(
        !null.is_some_and(|null| vetoes(&null, &own, &edges)),
        "its A/A does not hold: a variant differs from itself by more than lies between the verdict and its edge"
    );
    Ok(())
}

fn interval(estimate: f64, low: f64, high: f64, level: f64) -> Interval {
    Interval { estimate, low, high, level, blocks: 0, scale: Scale::Log }
}

/// Native processes gain no more than there are cores, on average over the blocks; nothing on one.
fn controlled(row: &Judged, cores: u32) -> Result<()> {
    let words = if cores == 1 { "one core".to_owned() } else { format!("{cores} cores") };
    let cores = f64::from(cores);
    if let Some(control) = row.control_low {
        ensure!(
            control > 0.0 && control <= NOISE * cores,
            "its control cannot be: native processes were at least {control:.2}× as fast as serial, on {words}"
        );
    }
    // What is shown is what is judged, times the square root of what they gained.
    if let Some((shown, judged)) = row.shown_estimate.zip(row.estimate) {
        let control = (shown / judged).powi(2);
        ensure!(
            control <= 1.25 * NOISE * cores,
            "what it shows cannot be: native processes would have been {control:.2}× as fast as serial, on {words}"
        );
    }
    Ok(())
}
