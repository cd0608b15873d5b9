//! Why a verdict is what it is: a finding, or what stands against one and what would help.

use super::hindrances::{Hindrances, LONGER};
use crate::record::noise::Disturbance;
use lab_stats::blocks::BlocksNeeded;
use lab_stats::interval::StatsError;
use lab_stats::verdict::Decision;
use std::fmt;

/// Why a verdict is what it is.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant says what its fields are")]
pub enum Reason {
    /// The finding in a sentence: the verdict is decided.
    Finding(String),
    /// The interval reaches over an edge: what was found all the same, and what would decide.
    OverAnEdge { finding: String, remedy: Remedy, hindrances: Hindrances },
    /// This process may use one core, and the question makes no sense there.
    OneCore,
    /// Nothing can be estimated, or the control cannot.
    Missing(Missing),
    /// The machine did not run two jobs at once, or the measure is wrong.
    Control(String, Hindrances),
    /// The control failed in too many of the blocks, whatever it did on average.
    ControlInBlocks { failed: usize, blocks: usize, hindrances: Hindrances },
    /// An arm that was measured twice differs from itself by more than the verdict from its edge: the
    /// least and the largest ratio.
    Replicate { low: f64, high: f64, hindrances: Hindrances },
    /// A busy neighbour could have brought the verdict about: what others had of the machine, and why
    /// they could, where that does not follow from the arms.
    Load { decision: Decision, disturbance: Disturbance, why: Option<String> },
    /// What decided is one part. There is no verdict if it is one of this many parts, any of which
    /// may look so by chance.
    OfPart { part: String, reason: Box<Reason>, by_chance: Option<usize> },
}

/// Why nothing can be estimated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant says what its fields are")]
pub enum Missing {
    /// The arm was left out by an option.
    #[error("{0} was not measured: leave it in to get a verdict")]
    NotMeasured(String),
    /// How many jobs of the arm failed in a block, and what the first of them said, if that was kept.
    #[error(
        "{errors} of {jobs} jobs failed on {arm} in block {block}: {}",
        .cause.as_deref().unwrap_or("the cause was not kept")
    )]
    Failed { arm: String, errors: u32, jobs: u32, block: u32, cause: Option<String> },
    /// The arm has nothing of what is asked for.
    #[error("nothing of the kind was recorded for {0}")]
    NothingRecorded(String),
    /// No block has all arms.
    #[error("no block has all numbers of workers: measure more")]
    NoCommonBlock,
    /// Both sides are one arm.
    #[error(
        "both sides are one and the same arm, so that nothing is compared: ask for other numbers of \
         workers or jobs"
    )]
    OneSide,
    /// What the design says is missing, and what to do.
    #[error("{0}")]
    Declared(String),
    /// The numbers allow no interval.
    #[error(transparent)]
    Stats(#[from] StatsError),
}

impl From<Missing> for Reason {
    fn from(missing: Missing) -> Reason {
        Reason::Missing(missing)
    }
}

/// What would decide a claim whose interval reaches over an edge.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant says what its fields are")]
pub enum Remedy {
    /// The run ended within the default time after this many blocks; how many are expected to decide.
    Undecided { after: u32, needed: Option<BlocksNeeded> },
    /// More blocks, and how many.
    Blocks(Option<BlocksNeeded>),
}

impl Remedy {
    /// Whether it tells the reader to measure for longer.
    pub(crate) fn takes_longer(&self) -> bool {
        !matches!(self, Remedy::Blocks(Some(_)))
    }
}

impl Reason {
    /// Whether the question makes no sense on this machine, so that no further block could help.
    pub(crate) fn is_of_one_core(&self) -> bool {
        match self {
            Reason::OneCore => true,
            Reason::OfPart { reason, .. } => reason.is_of_one_core(),
            _ => false,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Finding(text) => f.write_str(text),
            Reason::OverAnEdge { finding, remedy, hindrances } => {
                write!(f, "{finding}: not decided {remedy}{hindrances}")
            }
            Reason::OneCore => f.write_str(
                "this process may use one core only, and the question makes no sense there: measure \
                 on a machine with two, or without taskset or quota",
            ),
            Reason::Missing(missing) => write!(f, "{missing}"),
            Reason::Control(failure, hindrances) => write!(f, "{failure}{hindrances}"),
            Reason::ControlInBlocks { failed, blocks, hindrances } => write!(
                f,
                "this machine did not run two jobs at once all the time: in {failed} of {blocks} \
                 blocks native processes were no faster than serial; close other programs and run \
                 again{hindrances}"
            ),
            Reason::Replicate { low, high, hindrances } => write!(
                f,
                "an arm that was measured twice took {low:.2}–{high:.2}× its own time, and that much \
                 would carry this verdict over its edge: the machine was not steady, so measure \
                 again, or longer, with {LONGER}{hindrances}"
            ),
            Reason::Load { decision, disturbance, why } => {
                write!(f, "it looks {decision}, and a busy neighbour makes it look so")?;
                if let Some(why) = why {
                    write!(f, " ({why})")?;
                }
                write!(f, ": {disturbance}")
            }
            Reason::OfPart { part, reason, by_chance: None } => write!(f, "{part}: {reason}"),
            Reason::OfPart { part, reason, by_chance: Some(parts) } => write!(
                f,
                "{part}: {reason}, but one of {parts} parts may well look so by chance: try {LONGER}"
            ),
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remedy::Undecided { after, needed } => {
                write!(f, "after {after} blocks, within the default time")?;
                match needed {
                    Some(needed) => write!(f, "; {needed} ({LONGER}, or --blocks)"),
                    None => write!(f, ": try {LONGER}"),
                }
            }
            Remedy::Blocks(Some(needed)) => write!(f, "so far; {needed} (--blocks)"),
            Remedy::Blocks(None) => write!(f, "so far: try {LONGER}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::hindrances::Hindrance;

    #[test]
    fn a_reason_names_what_stands_against_a_verdict_and_what_would_help() {
        let virtual_machine = |takes_longer| Hindrances {
            all: vec![Hindrance::Nice(19), Hindrance::VirtualMachine],
            takes_longer,
        };
        let over = |remedy: Remedy| {
            let (finding, hindrances) = ("1.2×".to_owned(), virtual_machine(remedy.takes_longer()));
            Reason::OverAnEdge { finding, remedy, hindrances }
        };
        let needed = || Some(BlocksNeeded::Between { fewest: 8, most: Some(29) });
        let part = |by_chance| Reason::OfPart {
            part: "tiny".to_owned(),
            reason: Box::new(Reason::Finding("1.2×".to_owned())),
            by_chance,
        };
        let failed = |cause: Option<&str>| {
            Reason::Missing(Missing::Failed {
                arm: "threads 2".to_owned(),
                errors: 1,
                jobs: 16,
                block: 3,
                cause: cause.map(str::to_owned),
            })
        };
        for (reason, start, end) in [
            (
                over(Remedy::Undecided { after: 7, needed: needed() }),
                "1.2×: not decided after 7 blocks, within the default time; 8 to 29 blocks would decide \
                 it (--thorough, or --blocks); this process",
                "ran at nice 19, behind others: run it without nice",
            ),
            (
                over(Remedy::Blocks(needed())),
                "1.2×: not decided so far; 8 to 29 blocks would decide it (--blocks)",
                "ran at nice 19, behind others: run it without nice; this is a virtual machine, whose \
                 cores may change their speed from time to time: run it again, or with --thorough",
            ),
            (
                over(Remedy::Blocks(None)),
                "1.2×: not decided so far: try --thorough",
                "without nice",
            ),
            (
                failed(None),
                "1 of 16 jobs failed on threads 2 in block 3: the cause",
                "was not kept",
            ),
            (failed(Some("no such page")), "1 of 16 jobs failed", "in block 3: no such page"),
            (Missing::OneSide.into(), "both sides are one and the same arm", "workers or jobs"),
            (part(None), "tiny: 1.2×", "1.2×"),
            (part(Some(2)), "tiny: 1.2×, but one of 2 parts may well", "try --thorough"),
        ] {
            let text = reason.to_string();
            assert!(text.starts_with(start) && text.ends_with(end), "{text}");
        }
    }
}
