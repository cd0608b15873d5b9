//! What a job does, as a recipe: how many steps that are in a runtime is found out when the arm is
//! measured, so that jobs last as long in one runtime as in another.

use lab_pool::Job;
use lab_pool::jobs::command::CommandRequest;
pub use lab_pool::jobs::costs::{Beside, Held, Parked, Partner};
use lab_pool::jobs::costs::{Fork, HandOver, Park};
pub use lab_pool::jobs::{How, Source, Touched};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// This many milliseconds.
pub const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// How long a job takes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Length {
    /// As long as `--job-time` or as many steps as `--work` say; else this.
    Asked(Duration),
    /// This, whatever was asked for.
    Fixed(Duration),
}

/// A job before it is known how many steps it makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Work(pub(crate) Recipe);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Recipe {
    /// Additions, or one of `parts` equal parts of them.
    Additions { lasts: Length, parts: u64 },
    /// Increments of the counter that all workers of a pool share.
    Increments { lasts: Duration },
    /// Reads the clock and the core all the time.
    Tracker { lasts: Length },
    /// Notes `points` points, each after an equal share of additions.
    Points { points: u64, lasts: Length },
    /// The job, with as many of its steps as take one worker alone so long.
    Steps { of: Job, lasts: Duration },
    /// SHA-256 digests of `bytes` bytes.
    Digests { bytes: u64, lasts: Duration },
    /// Computes and waits in turns, and waits for the share `waiting` of its time.
    Mix { lasts: Duration, turns: u32, waiting: f64 },
    /// A byte to a peer in another process and back, again and again, computing with each answer
    /// and while a byte is on its way.
    Echo { lasts: Duration, computes: Duration, meanwhile: Duration },
    /// The heartbeat of an event loop, which has something computed that takes `computes` each time.
    Heartbeat { lasts: Duration, period: Duration, beside: Beside, computes: Duration },
    /// A job that is the same in every runtime: a page, a command, nothing.
    Ready(Job),
}

/// W and C: how long a job waits and computes by itself, on average.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaitCompute {
    /// Waiting, in nanoseconds.
    pub waits_ns: f64,
    /// Computing, in nanoseconds.
    pub computes_ns: f64,
}

impl Work {
    /// `n` jobs that do this.
    pub fn times(&self, n: u32) -> Vec<Work> {
        vec![self.clone(); n as usize]
    }

    /// Whether the job computes for most of its time.
    pub(crate) fn computes(&self) -> bool {
        match &self.0 {
            Recipe::Mix { waiting, .. } => *waiting < 0.5,
            Recipe::Echo { .. } | Recipe::Heartbeat { beside: Beside::Nothing, .. } => false,
            Recipe::Ready(job) => !matches!(job, Job::Page(_) | Job::Wait { .. }),
            _ => true,
        }
    }

    /// Whether there is nothing to do.
    pub(crate) fn is_nothing(&self) -> bool {
        *self == nothing()
    }

    /// How long the job waits and computes by itself, where it says so.
    pub(crate) fn wait_compute(&self) -> Option<WaitCompute> {
        let Recipe::Mix { lasts, waiting, .. } = &self.0 else {
            return None;
        };
        let lasts_ns = lasts.as_nanos() as f64;
        Some(WaitCompute { waits_ns: lasts_ns * waiting, computes_ns: lasts_ns * (1.0 - waiting) })
    }
}

/// Additions that take as long as asked for, else `lasts`.
pub fn additions(lasts: Duration) -> Work {
    part_of_additions(lasts, 1)
}

/// One of `parts` equal parts of [`additions`].
pub fn part_of_additions(lasts: Duration, parts: u64) -> Work {
    Work(Recipe::Additions { lasts: Length::Asked(lasts), parts })
}

/// Additions that take about `lasts`, whatever was asked for.
pub fn additions_lasting(lasts: Duration) -> Work {
    Work(Recipe::Additions { lasts: Length::Fixed(lasts), parts: 1 })
}

/// Increments of the counter that all workers share, which take one worker alone about `lasts`.
pub fn increments_lasting(lasts: Duration) -> Work {
    Work(Recipe::Increments { lasts })
}

/// A live tracker: reads the clock and the core for as long as asked for, else `lasts`.
pub fn tracker(lasts: Duration) -> Work {
    Work(Recipe::Tracker { lasts: Length::Asked(lasts) })
}

/// Notes `points` points, each after equal work, in as long as asked for, else `lasts`.
pub fn points(points: u64, lasts: Duration) -> Work {
    Work(Recipe::Points { points, lasts: Length::Asked(lasts) })
}

/// Increments, made like this, of a counter that all workers share, which take one worker alone about
/// `lasts`. What of them is lost, the jobs' answers say.
pub fn tally(how: How, lasts: Duration) -> Work {
    Work(Recipe::Steps { of: Job::tally(how, 1), lasts })
}

/// Calls of the kernel that ask for next to nothing, for about `lasts`.
pub fn syscalls(lasts: Duration) -> Work {
    Work(Recipe::Steps { of: Job::syscall(1), lasts })
}

/// Increments of a word of its own, the one that lies `at` words of 8 bytes after the start of a cache
/// line, which take one worker alone about `lasts`.
pub fn stores(at: usize, lasts: Duration) -> Work {
    Work(Recipe::Steps { of: Job::store(at, 1), lasts })
}

/// Touches an object, its own or one that all workers share, which takes one worker alone about `lasts`.
pub fn touches(what: Touched, is_shared: bool, lasts: Duration) -> Work {
    Work(Recipe::Steps { of: Job::touch(what, is_shared, 1), lasts })
}

/// Asks how many cores there are; the number is the answer.
pub fn cores(ask: Source) -> Work {
    Job::cores(ask).into()
}

/// Runs a command of one word, whose last line is the answer.
pub fn command(program: &str) -> Work {
    let timeout_ns = Duration::from_secs(5).as_nanos() as u64;
    Job::command(CommandRequest { program: program.into(), args: Vec::new(), timeout_ns }).into()
}

/// SHA-256 digests of `bytes` bytes for about `lasts`.
pub fn digests(bytes: u64, lasts: Duration) -> Work {
    Work(Recipe::Digests { bytes, lasts })
}

/// Computes and waits in `turns` turns for about `lasts`, and waits for the share `waiting` (0 to 1)
/// of that time.
pub fn mix(lasts: Duration, turns: u32, waiting: f64) -> Work {
    Work(Recipe::Mix { lasts, turns, waiting })
}

/// A byte to a peer in another process and back, again and again for `lasts`.
pub fn echo(lasts: Duration) -> Work {
    echo_and_compute(lasts, Duration::ZERO, Duration::ZERO)
}

/// As [`echo`], computing this long with each answer, and while a byte is on its way.
pub fn echo_and_compute(lasts: Duration, computes: Duration, meanwhile: Duration) -> Work {
    Work(Recipe::Echo { lasts, computes, meanwhile })
}

/// The heartbeat of an event loop: a sleep of `period`, again and again for `lasts`, beside computations
/// of `computes` that the loop has done.
pub fn heartbeat(lasts: Duration, period: Duration, beside: Beside, computes: Duration) -> Work {
    Work(Recipe::Heartbeat { lasts, period, beside, computes })
}

/// Payloads of these lengths, handed to a worker `times` times each.
pub fn handing_over(to: Partner, bytes: &[u64], times: u64) -> Work {
    Job::HandOver(HandOver { to, bytes: bytes.to_vec(), times }).into()
}

/// Workers that wait, and what they hold.
pub fn parking(parked: Parked, workers: u64) -> Work {
    Job::Park(Park { parked, workers }).into()
}

/// A fork of a process that holds about this many bytes, and what its child has for its own after it has
/// read them.
pub fn forking(held: Held, bytes: u64) -> Work {
    Job::Fork(Fork { held, bytes }).into()
}

/// A page that nobody loads, where nothing is measured: it is waited for, and that is all.
pub(crate) fn page() -> Work {
    mix(ms(1), 1, 1.0)
}

/// A job that does nothing.
pub fn nothing() -> Work {
    Work(Recipe::Ready(Job::add(0)))
}

impl From<Job> for Work {
    fn from(job: Job) -> Work {
        Work(Recipe::Ready(job))
    }
}
