//! Why a verdict is what it is: a finding, or what stands against one and what would help.

use lab_stats::control::ControlFailure;
use lab_stats::interval::StatsError;
use lab_stats::verdict::Decision;
use std::fmt;

/// The option that measures more blocks.
pub(crate) const LONGER: &str = "--thorough";

/// Why a verdict is what it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The finding in a sentence: the verdict is decided.
    Finding(String),
    /// The interval reaches over an edge.
    OverAnEdge {
        /// What was found all the same.
        finding: String,
        /// What would decide.
        remedy: Remedy,
        /// What is known to have hindered.
        hindrances: Hindrances,
    },
    /// This process may use one core, and the question makes no sense there.
    OneCore,
    /// Nothing can be estimated.
    Missing(Missing),
    /// The machine did not run two jobs at once, or the measure is wrong.
    Control(ControlFailure, Hindrances),
    /// The control failed in too many of the blocks, whatever it did on average.
    ControlInBlocks {
        /// In how many.
        failed: usize,
        /// Of how many.
        blocks: usize,
        /// What is known to have hindered.
        hindrances: Hindrances,
    },
    /// The control itself could not be estimated.
    NoControl(Missing),
    /// An arm that was measured twice differs from itself by more than the verdict from its edge.
    Replicate {
        /// The least ratio.
        low: f64,
        /// The largest.
        high: f64,
        /// What is known to have hindered.
        hindrances: Hindrances,
    },
    /// A busy neighbour could have brought the verdict about.
    Load {
        /// The verdict.
        decision: Decision,
        /// What others had of the machine.
        disturbance: String,
        /// Why, where it does not follow from the arms.
        why: Option<String>,
    },
    /// What decided is one part.
    OfPart {
        /// Its name.
        part: String,
        /// Why.
        reason: Box<Reason>,
        /// Of how many parts any one may look so by chance, if that is why there is no verdict.
        by_chance: Option<usize>,
    },
}

/// Why nothing can be estimated.
#[derive(Clone, Debug, PartialEq)]
pub enum Missing {
    /// The arm was left out by an option.
    NotMeasured(String),
    /// Jobs of the arm failed.
    Failed {
        /// The arm.
        arm: String,
        /// How many jobs failed.
        errors: u32,
        /// Of how many.
        jobs: u32,
        /// In which block.
        block: u32,
        /// What the first of them said, if that was kept.
        cause: Option<String>,
    },
    /// The arm has nothing of what is asked for.
    NothingRecorded(String),
    /// No block has all arms.
    NoCommonBlock,
    /// Both sides are one arm.
    OneSide,
    /// What the design says is missing, and what to do.
    Declared(String),
    /// The numbers allow no interval.
    Stats(StatsError),
}

impl From<StatsError> for Missing {
    fn from(error: StatsError) -> Missing {
        Missing::Stats(error)
    }
}

/// What would decide a claim whose interval reaches over an edge.
#[derive(Clone, Debug, PartialEq)]
pub enum Remedy {
    /// The run ended within the default time.
    Undecided {
        /// After so many blocks.
        after: u32,
        /// So many are expected to decide, in words.
        needed: Option<String>,
    },
    /// More blocks: so many, in words.
    Blocks(Option<String>),
}

/// What is known to have hindered, each with what to do about it: the most likely cause first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hindrances(pub(crate) Vec<String>);

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
            Reason::OverAnEdge {
                finding,
                remedy,
                hindrances,
            } => write!(
                f,
                "{finding}, but the interval reaches over an edge: {remedy}{hindrances}"
            ),
            Reason::OneCore => f.write_str(
                "this process may use one core only, and the question makes no sense there: measure \
                 on a machine with two, or without taskset or quota",
            ),
            Reason::Missing(missing) | Reason::NoControl(missing) => write!(f, "{missing}"),
            Reason::Control(failure, hindrances) => write!(f, "{failure}{hindrances}"),
            Reason::ControlInBlocks {
                failed,
                blocks,
                hindrances,
            } => write!(
                f,
                "this machine did not run two jobs at once all the time: in {failed} of {blocks} \
                 blocks native processes were no faster than serial; close other programs and run \
                 again{hindrances}"
            ),
            Reason::Replicate {
                low,
                high,
                hindrances,
            } => write!(
                f,
                "an arm that was measured twice took {low:.2}–{high:.2}× its own time, and that much \
                 would carry this verdict over its edge: the machine was not steady, so measure \
                 again, or longer, with {LONGER}{hindrances}"
            ),
            Reason::Load {
                decision,
                disturbance,
                why,
            } => {
                write!(f, "it looks {decision}, and a busy neighbour makes it look so")?;
                if let Some(why) = why {
                    write!(f, " ({why})")?;
                }
                write!(f, ": {disturbance}")
            }
            Reason::OfPart {
                part,
                reason,
                by_chance,
            } => {
                write!(f, "{part}: {reason}")?;
                match by_chance {
                    Some(parts) => write!(
                        f,
                        ", but one of {parts} parts may well look so by chance: measure more blocks, \
                         as {LONGER} does"
                    ),
                    None => Ok(()),
                }
            }
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Missing::NotMeasured(arm) => {
                write!(f, "{arm} was not measured: leave it in to get a verdict")
            }
            Missing::Failed { arm, errors, jobs, block, cause } => {
                let cause = cause.as_deref().unwrap_or("the cause was not kept");
                write!(f, "{errors} of {jobs} jobs failed on {arm} in block {block}: {cause}")
            }
            Missing::NothingRecorded(arm) => {
                write!(f, "nothing of the kind was recorded for {arm}")
            }
            Missing::NoCommonBlock => {
                f.write_str("no block has all numbers of workers: measure more")
            }
            Missing::OneSide => f.write_str(
                "both sides are one and the same arm, so that nothing is compared: ask for other \
                 numbers of workers or jobs",
            ),
            Missing::Declared(text) => f.write_str(text),
            Missing::Stats(error) => write!(f, "{error}"),
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remedy::Undecided { after, needed: Some(needed) } => write!(
                f,
                "undecided after {after} blocks within the default time; {needed} ({LONGER}, or \
                 --blocks)"
            ),
            Remedy::Undecided { after, needed: None } => {
                write!(f, "undecided after {after} blocks within the default time: {LONGER}")
            }
            Remedy::Blocks(Some(needed)) => write!(f, "{needed} (--blocks)"),
            Remedy::Blocks(None) => write!(f, "measure more blocks, as {LONGER} does"),
        }
    }
}

impl Remedy {
    /// Whether it tells the reader to measure for longer.
    pub(crate) fn takes_longer(&self) -> bool {
        !matches!(self, Remedy::Blocks(Some(_)))
    }
}

impl fmt::Display for Hindrances {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|what| write!(f, "; {what}"))
    }
}
