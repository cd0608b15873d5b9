//! The kinds of job, what each is expected to answer, and how long to be patient with it.

use crate::answer::Answer;
use crate::command::CommandRequest;
use crate::{hash, page::PageRequest, points};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};

/// How much of a job's work is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// So many steps.
    Steps(u64),
    /// Until the measured jobs are done, and one step at least: for jobs in the background.
    UntilStopped,
}

impl Amount {
    /// Whether a job has done enough that has made so many steps.
    #[inline]
    pub(crate) fn is_reached(self, done: u64, stop: &AtomicBool) -> bool {
        match self {
            Amount::Steps(all) => done == all,
            Amount::UntilStopped => done > 0 && stop.load(Ordering::Relaxed),
        }
    }
}

/// A unit of work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Job {
    /// Adds 0, 1, 2, … modulo 2^64; the sum is the answer.
    Add {
        /// Number of additions.
        amount: Amount,
    },
    /// Reads the clock and the core again and again and records when it made progress.
    Track {
        /// Number of readings.
        amount: Amount,
    },
    /// SHA-256 of a buffer, several times; the digest is the answer.
    Hash {
        /// Length of the buffer.
        bytes: u64,
        /// Number of digests, each a step of its own.
        amount: Amount,
        /// The digest in hexadecimal, as [`Job::hash`] computed it.
        digest: String,
    },
    /// Loads a page; status, length and CRC-32 are the answer.
    Page(PageRequest),
    /// Runs a command from outside; its last line is the answer.
    Command(CommandRequest),
    /// Sleeps.
    Wait {
        /// For so many nanoseconds.
        ns: u64,
    },
    /// Computes and waits by turns.
    Mix {
        /// So often.
        rounds: u64,
        /// Additions in a round; the sum over all rounds is the answer.
        additions: u64,
        /// Sleep after them, in nanoseconds.
        wait_ns: u64,
    },
    /// Adds, notes a point in time, and adds again, and records when it made progress.
    Points {
        /// So many points.
        points: u64,
        /// Additions before each; the sum over all of them is the answer.
        additions: u64,
    },
    /// Sends a byte to a peer on the loopback and waits until it comes back, again and again.
    Echo {
        /// Where the peer listens.
        port: u16,
        /// For so many nanoseconds: a last round trip that has begun is ended. Without, until the
        /// measured jobs are done.
        lasts_ns: Option<u64>,
        /// Additions before each byte: what a client does with the answer before.
        additions: u64,
        /// Additions while the byte is on its way.
        meanwhile: u64,
    },
    /// Increments a counter that all workers of the pool share.
    Count {
        /// Number of increments.
        amount: Amount,
    },
}

/// Why a job gave no answer, or the wrong one.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The page could not be loaded.
    #[error(transparent)]
    Page(#[from] crate::page::PageError),
    /// The peer gave no echo.
    #[error(transparent)]
    Echo(#[from] crate::echo::EchoError),
    /// The command did not succeed.
    #[error(transparent)]
    Command(#[from] crate::command::CommandError),
    /// The work was done wrongly.
    #[error("wrong answer: expected {expected}, got {got}")]
    WrongAnswer {
        /// What is known to be right.
        expected: String,
        /// What the job said.
        got: String,
    },
    /// An exception in Python: its type and text.
    #[error("it raised {0}")]
    Raised(String),
    /// The executor cannot run this kind of job.
    #[error("{executor} cannot run a {kind} job: {reason}")]
    Unfit {
        /// Who was asked.
        executor: &'static str,
        /// Kind of the job.
        kind: &'static str,
        /// Why not.
        reason: &'static str,
    },
}

impl Job {
    /// So many additions.
    pub fn add(additions: u64) -> Job {
        Job::Add {
            amount: Amount::Steps(additions),
        }
    }

    /// A live tracker that reads the clock `samples` times.
    pub fn track(samples: u64) -> Job {
        Job::Track {
            amount: Amount::Steps(samples),
        }
    }

    /// `points` points in time and `additions` additions, an equal share (rounded up) before each.
    pub fn points(points: u64, additions: u64) -> Job {
        Job::Points {
            points,
            additions: additions.div_ceil(points.max(1)),
        }
    }

    /// `times` digests of `bytes` bytes. Computes the digest once, so that workers can be checked.
    pub fn hash(bytes: u64, times: u64) -> Job {
        Job::Hash {
            bytes,
            amount: Amount::Steps(times),
            digest: hash::digest(&hash::buffer(bytes)),
        }
    }

    /// So many increments of the pool's counter.
    pub fn count(increments: u64) -> Job {
        Job::Count {
            amount: Amount::Steps(increments),
        }
    }

    /// The same job with so many steps; one that does not count steps stays as it is.
    pub fn with_steps(&self, steps: u64) -> Job {
        let mut job = self.clone();
        match &mut job {
            Job::Add { amount }
            | Job::Track { amount }
            | Job::Hash { amount, .. }
            | Job::Count { amount } => *amount = Amount::Steps(steps),
            Job::Page(_)
            | Job::Command(_)
            | Job::Wait { .. }
            | Job::Mix { .. }
            | Job::Points { .. }
            | Job::Echo { .. } => {}
        }
        job
    }

    /// The word for the job's kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Job::Add { .. } => "add",
            Job::Track { .. } => "track",
            Job::Hash { .. } => "hash",
            Job::Page(_) => "page",
            Job::Command(_) => "command",
            Job::Wait { .. } => "wait",
            Job::Mix { .. } => "mix",
            Job::Points { .. } => "points",
            Job::Echo { .. } => "echo",
            Job::Count { .. } => "count",
        }
    }

    /// How much is to be done, for the kinds that count steps or run until they are stopped.
    pub fn amount(&self) -> Option<Amount> {
        match self {
            Job::Add { amount }
            | Job::Track { amount }
            | Job::Hash { amount, .. }
            | Job::Count { amount } => Some(*amount),
            Job::Echo { lasts_ns: None, .. } => Some(Amount::UntilStopped),
            Job::Echo { .. }
            | Job::Page(_)
            | Job::Command(_)
            | Job::Wait { .. }
            | Job::Mix { .. }
            | Job::Points { .. } => None,
        }
    }

    /// How many readings of the clock it records at its turns; 0 for one that does not know beforehand.
    pub fn readings(&self) -> u64 {
        match (self, self.amount()) {
            (Job::Track { .. }, Some(Amount::Steps(steps))) => steps,
            (Job::Points { points, additions }, _) => {
                points.saturating_mul(points::readings_a_point(*additions))
            }
            _ => 0,
        }
    }

    /// Whether the answer is right for `count` steps: the sum in closed form, the known digest, as
    /// many samples as were asked for. Pages have been compared with what was expected of them
    /// when they were loaded; of a command nothing is known but that it said it had succeeded.
    pub fn check(&self, count: u64, answer: &Answer) -> Result<(), JobError> {
        let steps = match (self, self.amount()) {
            (_, Some(Amount::Steps(steps))) => steps,
            (Job::Points { points, .. }, _) => *points,
            (_, Some(Amount::UntilStopped) | None) => count,
        };
        let expected = match self {
            Job::Add { .. } => sum_below(steps).into(),
            Job::Mix {
                rounds, additions, ..
            } => sum_below(*additions).wrapping_mul(*rounds).into(),
            Job::Points { points, additions } => sum_below(*additions).wrapping_mul(*points).into(),
            Job::Track { .. } | Job::Echo { .. } | Job::Count { .. } => steps.into(),
            Job::Hash { digest, .. } => digest.clone().into(),
            Job::Wait { ns } => (*ns).into(),
            Job::Page(_) | Job::Command(_) => return Ok(()),
        };
        if count == steps && *answer == expected {
            return Ok(());
        }
        Err(JobError::WrongAnswer {
            expected: format!("{expected} after {steps} steps"),
            got: format!("{answer} after {count}"),
        })
    }

    /// How long the slowest machine that we would still wait for may take, in nanoseconds: for
    /// deadlines, never for measuring. A job that runs until it is stopped counts as nothing.
    pub fn patience_ns(&self) -> u64 {
        const SLOW_ADDITION: u64 = 20;
        const SLOW_SAMPLE: u64 = 2_000;
        const SLOW_BYTE: u64 = 100;
        let steps = match self.amount() {
            Some(Amount::Steps(steps)) => steps,
            Some(Amount::UntilStopped) | None => 0,
        };
        match self {
            Job::Add { .. } => steps.saturating_mul(SLOW_ADDITION),
            Job::Track { .. } | Job::Count { .. } => steps.saturating_mul(SLOW_SAMPLE),
            Job::Hash { bytes, .. } => steps.saturating_mul(*bytes).saturating_mul(SLOW_BYTE),
            Job::Echo { lasts_ns, .. } => lasts_ns.unwrap_or_default(),
            Job::Page(request) => request.timeout_ns,
            Job::Command(request) => request.timeout_ns,
            Job::Wait { ns } => *ns,
            Job::Points { points, additions } => {
                points.saturating_mul(additions.saturating_mul(SLOW_ADDITION))
            }
            Job::Mix {
                rounds,
                additions,
                wait_ns,
            } => rounds
                .saturating_mul(wait_ns.saturating_add(additions.saturating_mul(SLOW_ADDITION))),
        }
    }
}

/// 0 + 1 + … + (n − 1) modulo 2^64, without the loop whose result it checks.
fn sum_below(n: u64) -> u64 {
    let n = u128::from(n);
    (n * n.saturating_sub(1) / 2) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closed_form_is_the_sum() {
        assert_eq!(sum_below(0), 0);
        assert_eq!(sum_below(1), 0);
        assert_eq!(sum_below(5), 10);
        assert_eq!(
            sum_below(10_000_000_000),
            49_999_999_995_000_000_000u128 as u64
        );
        assert_eq!(sum_below(u64::MAX), 9223372036854775809);
    }

    #[test]
    fn a_wrong_sum_and_a_wrong_count_are_found() {
        let job = Job::add(5);
        assert!(job.check(5, &Answer::Number(10)).is_ok());
        assert!(job.check(5, &Answer::Number(11)).is_err());
        let error = job.check(4, &Answer::Number(6)).unwrap_err().to_string();
        assert_eq!(
            error,
            "wrong answer: expected 10 after 5 steps, got 6 after 4"
        );
    }

    #[test]
    fn a_job_that_was_stopped_is_checked_against_the_steps_it_made() {
        let job = Job::Add {
            amount: Amount::UntilStopped,
        };
        assert!(job.check(5, &Answer::Number(10)).is_ok());
        assert!(job.check(5, &Answer::Number(9)).is_err());
    }

    #[test]
    fn a_job_survives_the_way_to_a_worker() {
        let echo = Job::Echo {
            port: 7,
            lasts_ns: None,
            additions: 3,
            meanwhile: 2,
        };
        for job in [Job::add(3), Job::hash(16, 2), Job::Wait { ns: 1 }, echo] {
            let line = serde_json::to_string(&job).unwrap();
            assert_eq!(serde_json::from_str::<Job>(&line).unwrap(), job, "{line}");
        }
    }
}
