//! The global interpreter lock of CPython 3.2–3.14, modelled: one set of rules, run by real
//! threads, and in `lab-sim` in virtual time.
//!
//! # The story
//!
//! Python code runs only in the thread that has the lock. Nobody interrupts that thread. One that
//! wants the lock waits, and when it has waited a whole *switch interval* (5 ms) without seeing the
//! lock change hands, it puts up a sign: a *drop request*. The holder looks for the sign at every
//! *turn*, between two small steps of work, and releases the lock.
//!
//! ```text
//!           0                 5 ms              10 ms             15 ms
//! thread A  [===============]?. . . . . . . . !>[===============]?. . .
//! thread B  . . . . . . . . !>[===============]?. . . . . . . . !>[====
//!
//!           [===] has the lock and runs         !  a whole interval is over: drop request
//!           . . . waits for the lock            ?  has released it; waits until another has it
//! ```
//!
//! The `?` marks the rule that makes this fair. Without it A, which is awake and on a core, would
//! take the lock back before B has woken up (CPython before 3.2 worked like that). So a thread that
//! releases the lock on request waits until another thread has had it: *forced switching*. A thread
//! that releases it unasked, for a blocking call, does not wait, nor does a thread that ends.
//!
//! There is no queue. A free lock belongs to the first thread that looks, and a signal wakes one
//! waiter, which may find the lock taken. What the experiments show follows from these rules:
//!
//! - **CPU threads take turns of one interval**, however many there are: the thread that has just
//!   released the lock begins to wait at once, and is the first whose interval is over.
//! - **With three or more, a turn can grow to two intervals.** If the thread that released the lock
//!   begins to wait late, the others ask; but their waits began before the hand-over, so they have to
//!   wait a second time. Seen with four real threads on two cores, in CPython as in this model: median
//!   5.1 ms, p90 8 ms. In the slices of 8 ms the dropper came back 3 ms late, presumably because the
//!   kernel had put it in line behind its successor on the same core.
//! - **The convoy.** A thread that answers requests releases the lock at each blocking call, and
//!   getting it back costs an interval beside one CPU thread: 200 answers per second, not 30,000.
//!   Beside two it costs about two intervals, since each waiter that asks goes to the end of the line.
//!   If waking the CPU thread takes longer than the call, the call comes back to a free lock, and
//!   there are more answers.
//! - **A long C call that keeps the lock** passes no turn, and delays the switch without limit.
//!
//! # The rules
//!
//! | rule | here | CPython, `Python/ceval_gil.c` (`ceval_gil.h` before 3.12) |
//! |---|---|---|
//! | take it if it is free, count changes of holder, clear the request | [`rules::Lock::look`] | `take_gil` |
//! | ask after a whole interval without hand-over | [`rules::Lock::after_wait`] | `take_gil` |
//! | a waiter that gives up withdraws its request | [`rules::Lock::withdraw`] | `take_gil`, gh-96387 |
//! | release it, wake one waiter | [`rules::Lock::free`] | `drop_gil` |
//! | if asked to: wait until another has had it | [`rules::Lock::must_wait_for_switch`] | `drop_gil`, `FORCE_SWITCHING` |
//! | look at the request between steps | [`GilThread::turn`] | the eval loop's `eval_breaker`: backward jumps and calls since 3.10 |
//! | release it around blocking calls | [`GilThread::wait`] | `Py_BEGIN_ALLOW_THREADS` |
//! | 5 ms | [`Interval::DEFAULT`] | `DEFAULT_INTERVAL` |
//!
//! Up to 3.11 a process has one such lock, since 3.12 each interpreter has one, and in a free-threaded
//! build (3.13t, 3.14t) it is switched off.
//!
//! # The map
//!
//! - [`rules`]: the decisions, pure. [`machine`]: threads that go through them step by step.
//! - [`threads`]: the engine of real threads, a mutex and two condition variables.
//! - `lab-sim`, another crate: the engine without threads, on any number of cores; seeded and exact.
//! - [`events`]: what both record. [`interval`]: which switch intervals there are.
//! - `explore`, a test: every interleaving of two and three threads with small programs.
//!
//! Invariant: only [`rules`] decides. An engine says what time it is and who woke up.

pub mod events;
pub mod interval;
pub mod machine;
pub mod rules;
pub mod threads;

#[cfg(test)]
mod explore;

pub use interval::Interval;
pub use threads::{Gil, GilThread};
