//! The cores: who runs on which, and who is in line for it.
//!
//! Each core has a line of threads that are ready, sorted by how much they have run already (their
//! *age*). A core that has nothing to run pulls from the longest line, so that no core is idle while a
//! thread is in line anywhere.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A thread of the simulated machine.
pub(crate) type Id = u32;

/// What a core is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing to run.
    Idle,
    /// Was idle, and somebody is in line for it.
    Waking,
    /// From one thread to another.
    Switching,
    /// Runs a thread.
    Busy,
}

#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) state: State,
    pub(crate) running: Option<Id>,
    /// The last that ran: it comes back without a switch.
    pub(crate) last: Option<Id>,
    /// The age that threads here have at least: newcomers begin with it.
    pub(crate) least: i64,
    /// When its thread got it.
    pub(crate) picked_ns: u64,
    /// Whether its thread has to make room for one that woke up.
    pub(crate) preempts: bool,
    line: BinaryHeap<Reverse<(i64, u64, Id)>>,
}

impl Core {
    /// Whether it runs this thread right now.
    pub(crate) fn runs(&self, thread: Id) -> bool {
        self.state == State::Busy && self.running == Some(thread)
    }

    /// Whether anybody waits for this core.
    pub(crate) fn has_line(&self) -> bool {
        !self.line.is_empty()
    }

    /// How many wait for it in vain: a core that wakes up does so for one of them.
    fn waiting(&self) -> usize {
        self.line.len().saturating_sub(usize::from(self.state == State::Waking))
    }

    /// The age of the first in line.
    pub(crate) fn first_age(&self) -> Option<i64> {
        self.line.peek().map(|Reverse((age, ..))| *age)
    }
}

#[derive(Debug)]
pub(crate) struct Cores {
    all: Vec<Core>,
    /// A bit per core that is idle.
    idle: Vec<u64>,
    in_line: usize,
    came: u64,
    /// Whether every two are hardware threads of one.
    has_pairs: bool,
}

impl Cores {
    pub(crate) fn new(cores: u32, has_pairs: bool) -> Cores {
        let core = || Core {
            state: State::Idle,
            running: None,
            last: None,
            least: 0,
            picked_ns: 0,
            preempts: false,
            line: BinaryHeap::new(),
        };
        let mut idle = vec![u64::MAX; cores.div_ceil(64) as usize];
        if let Some(last) = idle.last_mut().filter(|_| !cores.is_multiple_of(64)) {
            *last = (1 << (cores % 64)) - 1;
        }
        Cores { all: (0..cores).map(|_| core()).collect(), idle, in_line: 0, came: 0, has_pairs }
    }

    pub(crate) fn core(&mut self, at: usize) -> &mut Core {
        &mut self.all[at]
    }

    pub(crate) fn number(&self) -> usize {
        self.all.len()
    }

    /// The other hardware thread of a core, where there are two to each.
    pub(crate) fn sibling(&self, at: usize) -> usize {
        let half = self.all.len() / 2;
        if at < half { at + half } else { at - half }
    }

    /// Where a thread that wakes up is put in line: on its last core if that is idle, else on another
    /// that is, else on its last one.
    pub(crate) fn for_woken(&self, last: usize) -> usize {
        self.idle_from(last).unwrap_or(last)
    }

    /// Where a new thread is put in line: an idle core, else the shortest line.
    pub(crate) fn for_new(&self) -> usize {
        let shortest = || (0..self.all.len()).min_by_key(|at| self.all[*at].line.len());
        self.idle_from(0).or_else(shortest).unwrap_or(0)
    }

    /// The first idle core from there on, round about; of hardware threads one whose sibling is idle, too,
    /// if there is one.
    fn idle_from(&self, from: usize) -> Option<usize> {
        let is_idle = |at: usize| self.all[at].state == State::Idle;
        if self.has_pairs {
            let mut all = (from..self.all.len()).chain(0..from);
            let whole = all.find(|at| is_idle(*at) && is_idle(self.sibling(*at)));
            if whole.is_some() {
                return whole;
            }
        }
        let words = self.idle.len();
        let first = from / 64;
        let upper = self.idle[first] & (u64::MAX << (from % 64));
        let rest =
            (1..=words).map(|step| (first + step) % words).map(|word| (word, self.idle[word]));
        let found = std::iter::once((first, upper)).chain(rest).find(|(_, bits)| *bits != 0);
        found.map(|(word, bits)| word * 64 + bits.trailing_zeros() as usize)
    }

    pub(crate) fn set_state(&mut self, at: usize, state: State) {
        self.all[at].state = state;
        let bit = 1 << (at % 64);
        match state {
            State::Idle => self.idle[at / 64] |= bit,
            _ => self.idle[at / 64] &= !bit,
        }
    }

    pub(crate) fn push(&mut self, at: usize, age: i64, thread: Id) {
        self.came += 1;
        self.in_line += 1;
        self.all[at].line.push(Reverse((age, self.came, thread)));
    }

    /// Takes the next thread for a core: the youngest of its own line, or of the longest line anywhere;
    /// with its age here.
    pub(crate) fn take(&mut self, at: usize) -> Option<(Id, i64)> {
        if self.in_line == 0 {
            return None;
        }
        let from = if self.all[at].has_line() {
            at
        } else {
            let longest = (0..self.all.len()).max_by_key(|other| self.all[*other].waiting())?;
            Some(longest).filter(|longest| self.all[*longest].waiting() > 0)?
        };
        let Reverse((age, _, thread)) = self.all[from].line.pop()?;
        self.in_line -= 1;
        // Ages of two cores have nothing in common but the distance to the least.
        let age = age - self.all[from].least + self.all[at].least;
        let core = &mut self.all[at];
        core.least = core.least.max(age);
        Some((thread, age))
    }

    /// No core is idle while somebody is in line, unless for a core that is waking up, and nobody runs on
    /// two.
    #[cfg(test)]
    pub(crate) fn check(&self) {
        assert_eq!(self.in_line, self.all.iter().map(|core| core.line.len()).sum::<usize>());
        let is_idle = self.all.iter().any(|core| core.state == State::Idle);
        assert!(!is_idle || self.all.iter().all(|core| core.waiting() == 0), "{self:?}");
        let mut running: Vec<Id> = self.all.iter().filter_map(|core| core.running).collect();
        let all = running.len();
        running.sort_unstable();
        running.dedup();
        assert_eq!(running.len(), all, "{self:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_cores_are_found_round_about() {
        let mut cores = Cores::new(70, false);
        for at in 0..70 {
            assert_eq!(cores.for_woken(at), at);
        }
        for at in (0..70).filter(|at| *at != 3 && *at != 69) {
            cores.set_state(at, State::Busy);
        }
        assert_eq!((cores.for_woken(3), cores.for_woken(4), cores.for_woken(0)), (3, 69, 3));
        cores.set_state(69, State::Busy);
        assert_eq!(cores.for_woken(4), 3, "in the word where it began");
        cores.set_state(3, State::Busy);
        assert_eq!(cores.for_woken(4), 4);
        cores.push(0, 0, 9);
        assert_eq!(cores.for_new(), 1);
    }

    #[test]
    fn the_youngest_goes_first_and_is_pulled_where_nobody_is_in_line() {
        let mut cores = Cores::new(2, false);
        for (age, thread) in [(5, 0), (3, 1), (3, 2)] {
            cores.push(0, age, thread);
        }
        assert_eq!(cores.take(0), Some((1, 3)));
        assert_eq!(cores.take(1), Some((2, 0)), "as old here as it was there");
        cores.set_state(0, State::Waking);
        assert_eq!(cores.take(1), None, "its core is waking up for it");
        cores.set_state(0, State::Busy);
        assert_eq!(cores.take(1), Some((0, 2)));
        assert_eq!(cores.take(1), None);
    }
}
