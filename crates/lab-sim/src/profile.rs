//! A job as the simulation sees it: a list of times to compute and to wait, and of locks to hold.

use std::num::NonZeroU64;

/// Time between two looks at the drop request, unless a profile says otherwise: about as long as
/// one round of a short Python loop.
pub const DEFAULT_TURN_NS: NonZeroU64 = NonZeroU64::MIN.saturating_add(99);

/// A lock that jobs share, besides the interpreter's.
pub type LockId = u32;

/// One step of a job; times in nanoseconds. In a process without a GIL the first three are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Computes with the GIL and looks at the drop request at every turn.
    Compute(u64),
    /// One long call with the GIL: nothing looks at the drop request before it ends.
    Call(u64),
    /// Computes without the GIL, as C code does that releases it.
    Native(u64),
    /// A blocking call: releases the GIL, is away, and takes it back.
    Wait(u64),
    /// Takes a lock, and waits for it as long as another has it.
    Acquire(LockId),
    /// Releases it; who has waited longest has it then.
    Release(LockId),
}

/// What a job does, from first to last. Between two steps that both need the GIL there is a turn.
///
/// A job that begins with a [`Step::Wait`] starts that much later than the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Time between two turns inside a [`Step::Compute`], in nanoseconds.
    pub turn_ns: NonZeroU64,
}

impl Profile {
    /// These steps, with turns of [`DEFAULT_TURN_NS`].
    pub fn new(steps: Vec<Step>) -> Profile {
        Profile { steps, turn_ns: DEFAULT_TURN_NS }
    }

    /// Only computing, for `ns` nanoseconds.
    pub fn cpu(ns: u64) -> Profile {
        Profile::new(vec![Step::Compute(ns)])
    }

    /// Only waiting, for `ns` nanoseconds.
    pub fn wait(ns: u64) -> Profile {
        Profile::new(vec![Step::Wait(ns)])
    }

    /// `times` rounds of waiting for a request and computing an answer; nanoseconds each.
    pub fn echo(times: usize, wait_ns: u64, compute_ns: u64) -> Profile {
        let round = [Step::Wait(wait_ns), Step::Compute(compute_ns)];
        Profile::new(round.repeat(times))
    }

    /// How long it takes if nothing holds it up.
    pub fn lasts_ns(&self) -> u64 {
        let ns = self.steps.iter().map(|step| match step {
            Step::Compute(ns) | Step::Call(ns) | Step::Native(ns) | Step::Wait(ns) => *ns,
            Step::Acquire(_) | Step::Release(_) => 0,
        });
        ns.fold(0, u64::saturating_add)
    }

    /// The same steps with another time between turns.
    pub fn with_turn(mut self, turn_ns: NonZeroU64) -> Profile {
        self.turn_ns = turn_ns;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_waits_before_each_answer() {
        let profile = Profile::echo(2, 20, 5);
        let round = [Step::Wait(20), Step::Compute(5)];
        assert_eq!(profile.steps, [round, round].concat());
        assert_eq!(profile.turn_ns.get(), 100);
    }
}
