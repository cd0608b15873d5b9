//! A job: one of the kinds, as data.

use super::command::CommandRequest;
use super::costs::{Beat, Fork, HandOver, Park};
use super::page::PageRequest;
use super::{Add, Count, Echo, Hash, Mix, Points, Track, Wait};
use super::{Cores, How, Source, Store, Syscall, Tally, Touch, Touched};
use crate::http::AsyncLoader;
use crate::http::checked_url;
use crate::work::{Amount, Answer, Done, Host, JobContext, JobError, Plan, Work};
use lab_data::burst::Recorder;
use lab_data::rows::Executor;
use serde::{Deserialize, Serialize};

/// A unit of work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Job {
    /// Adds 0, 1, 2, … modulo 2^64; the sum is the answer.
    Add(Add),
    /// Reads the clock and the core again and again and records when it made progress.
    Track(Track),
    /// SHA-256 of a buffer, several times; the digest is the answer.
    Hash(Hash),
    /// Loads a page; status, length and CRC-32 are the answer.
    Page(PageRequest),
    /// Runs a command of the user's; its last line is the answer.
    Command(CommandRequest),
    /// Sleeps.
    Wait(Wait),
    /// Computes and waits by turns.
    Mix(Mix),
    /// Adds, notes a point in time, and adds again, and records when it made progress.
    Points(Points),
    /// Sends a byte to a peer on the loopback and waits until it comes back, again and again.
    Echo(Echo),
    /// Increments a counter that all workers of the pool share.
    Count(Count),
    /// Increments a counter that all workers share in a way that may lose increments.
    Tally(Tally),
    /// Asks the kernel for next to nothing, again and again.
    Syscall(Syscall),
    /// Increments a word of its own, beside those of others.
    Store(Store),
    /// Reads an object of its own, or one that all workers share.
    Touch(Touch),
    /// Asks how many cores there are.
    Cores(Cores),
    /// The heartbeat of an event loop beside what that has computed.
    Beat(Beat),
    /// Hands bytes to a worker.
    HandOver(HandOver),
    /// Starts workers that wait, and sees what they hold.
    Park(Park),
    /// Forks, and sees what the child has for its own after it has read.
    Fork(Fork),
}

/// The one place that goes through the kinds.
macro_rules! each {
    ($job:expr, $work:ident => $body:expr) => {
        match $job {
            Job::Add($work) => $body,
            Job::Track($work) => $body,
            Job::Hash($work) => $body,
            Job::Page($work) => $body,
            Job::Command($work) => $body,
            Job::Wait($work) => $body,
            Job::Mix($work) => $body,
            Job::Points($work) => $body,
            Job::Echo($work) => $body,
            Job::Count($work) => $body,
            Job::Tally($work) => $body,
            Job::Syscall($work) => $body,
            Job::Store($work) => $body,
            Job::Touch($work) => $body,
            Job::Cores($work) => $body,
            Job::Beat($work) => $body,
            Job::HandOver($work) => $body,
            Job::Park($work) => $body,
            Job::Fork($work) => $body,
        }
    };
}

fn kind_of<W: Work>(_: &W) -> &'static str {
    W::KIND
}

impl Job {
    /// This many additions.
    pub fn add(additions: u64) -> Job {
        let amount = Amount::Steps(additions);
        Job::Add(Add { amount })
    }

    /// A live tracker that reads the clock `samples` times.
    pub fn track(samples: u64) -> Job {
        let amount = Amount::Steps(samples);
        Job::Track(Track { amount })
    }

    /// `times` digests of `bytes` bytes. Computes the digest once, so that workers can be checked.
    pub fn hash(bytes: u64, times: u64) -> Job {
        Job::Hash(Hash::new(bytes, Amount::Steps(times)))
    }

    /// Loads a page; its address is given to all clients in one form.
    pub fn page(request: PageRequest) -> Job {
        let url = checked_url(&request.url);
        // One that is none is an error of the job.
        let url = url.map_or(request.url, |url| url.to_string());
        Job::Page(PageRequest { url, ..request })
    }

    /// Runs a command.
    pub fn command(request: CommandRequest) -> Job {
        Job::Command(request)
    }

    /// Sleeps for `ns` nanoseconds.
    pub fn wait(ns: u64) -> Job {
        Job::Wait(Wait { ns })
    }

    /// `rounds` times that many additions and a sleep of `wait_ns` nanoseconds.
    pub fn mix(rounds: u64, additions: u64, wait_ns: u64) -> Job {
        Job::Mix(Mix { rounds, additions, wait_ns })
    }

    /// `points` points in time and `additions` additions, an equal share (rounded up) before each.
    pub fn points(points: u64, additions: u64) -> Job {
        Job::Points(Points { points, additions: additions.div_ceil(points.max(1)) })
    }

    /// An echo at that port of the loopback, for `lasts_ns` nanoseconds or until the measured jobs
    /// are done; `additions` before each byte, and `meanwhile` while it is on its way.
    pub fn echo(port: u16, lasts_ns: Option<u64>, additions: u64, meanwhile: u64) -> Job {
        Job::Echo(Echo { port, lasts_ns, additions, meanwhile })
    }

    /// This many increments of the pool's counter.
    pub fn count(increments: u64) -> Job {
        let amount = Amount::Steps(increments);
        Job::Count(Count { amount })
    }

    /// This many increments of the pool's counter, made like this.
    pub fn tally(how: How, increments: u64) -> Job {
        Job::Tally(Tally { how, amount: Amount::Steps(increments) })
    }

    /// This many calls of the kernel.
    pub fn syscall(calls: u64) -> Job {
        Job::Syscall(Syscall { amount: Amount::Steps(calls) })
    }

    /// This many increments of one of the words that lie beside one another.
    pub fn store(at: usize, increments: u64) -> Job {
        Job::Store(Store { at, amount: Amount::Steps(increments) })
    }

    /// Touches an object, its own or one that all workers share, this many times.
    pub fn touch(what: Touched, shared: bool, times: u64) -> Job {
        Job::Touch(Touch { what, shared, amount: Amount::Steps(times) })
    }

    /// Asks how many cores there are.
    pub fn cores(ask: Source) -> Job {
        Job::Cores(Cores { ask })
    }

    /// The same job with this many steps; one that does not count steps stays as it is.
    pub fn with_steps(&self, steps: u64) -> Job {
        self.with_amount(Amount::Steps(steps))
    }

    /// The same job until the measured ones are done, for the background; one that cannot run like
    /// that stays as it is.
    pub fn until_stopped(&self) -> Job {
        self.with_amount(Amount::UntilStopped)
    }

    fn with_amount(&self, amount: Amount) -> Job {
        let mut job = self.clone();
        each!(&mut job, work => work.set_amount(amount));
        job
    }

    /// The word for the job's kind.
    pub fn kind(&self) -> &'static str {
        each!(self, work => kind_of(work))
    }

    /// The word for what its steps are: jobs for which it is another take another time per step.
    pub fn step(&self) -> String {
        match each!(self, work => work.variant()) {
            "" => self.kind().to_owned(),
            variant => format!("{} {variant}", self.kind()),
        }
    }

    /// How much is to be done, for the kinds that count steps or run until they are stopped.
    pub fn amount(&self) -> Option<Amount> {
        self.plan().amount
    }

    /// How many readings of the clock it records at its turns; 0 for one that does not know that
    /// beforehand.
    pub fn readings(&self) -> u64 {
        self.plan().readings
    }

    /// How much memory it takes besides its worker's, in bytes.
    pub fn bytes(&self) -> u64 {
        self.plan().bytes
    }

    /// How long to wait for it on the slowest machine, where computing takes `slower` times as long
    /// as in Rust; in nanoseconds. A job that runs until it is stopped counts as nothing.
    pub(crate) fn patience_ns(&self, slower: u64) -> u64 {
        let plan = self.plan();
        let computing_ns = plan.computing_ns.saturating_mul(slower);
        computing_ns.saturating_add(plan.waiting_ns)
    }

    fn plan(&self) -> Plan {
        each!(self, work => work.plan())
    }

    /// Why this executor cannot run it; none if it can.
    pub(crate) fn unfit(&self, executor: Executor) -> Option<&'static str> {
        each!(self, work => work.unfit(executor))
    }

    /// Whether the answer is right for `count` steps: the sum in closed form, the known digest, as
    /// many samples as were asked for. Pages have been compared with what was expected of them
    /// when they were loaded; of a command nothing is known but that it said it had succeeded.
    ///
    /// # Errors
    /// Both answers, in words.
    pub fn check(&self, count: u64, answer: &Answer) -> Result<(), JobError> {
        let steps = self.plan().steps.unwrap_or(count);
        match each!(self, work => work.expected(steps)) {
            Some(expected) if count != steps || *answer != expected => {
                Err(JobError::new(format_args!(
                    "wrong answer: expected {expected} after {steps} steps, got {answer} after {count}"
                )))
            }
            _ => Ok(()),
        }
    }

    /// How many steps it counts and the right answer to them, where that is known before it runs.
    pub fn expected(&self) -> Option<(u64, Answer)> {
        let steps = self.plan().steps?;
        Some((steps, each!(self, work => work.expected(steps))?))
    }

    pub(crate) fn run<H: Host>(
        &self,
        context: &mut JobContext<H>,
        recorder: &mut Recorder,
    ) -> Done {
        each!(self, work => work.run(context, recorder))
    }

    pub(crate) async fn run_async(&self, loader: &AsyncLoader, recorder: &mut Recorder) -> Done {
        each!(self, work => work.run_async(loader, recorder).await)
    }
}

#[cfg(test)]
pub(super) mod tests;
