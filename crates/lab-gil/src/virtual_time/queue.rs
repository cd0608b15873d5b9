//! Who runs next: the threads that are due, in order of time.

use crate::rules::ThreadId;
use oorandom::Rand64;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// At most one appointment per thread. Those of one instant come in an order drawn from the seed,
/// since threads that wake at the same time may come in any order.
pub(super) struct Queue {
    heap: BinaryHeap<Reverse<Due>>,
    valid: Vec<u64>,
    made: u64,
    dice: Rand64,
}

/// Sorted by time, then by chance; the number distinguishes a valid appointment from a replaced one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    at_ns: u64,
    chance: u64,
    number: u64,
    thread: ThreadId,
}

impl Queue {
    pub(super) fn new(threads: usize, seed: u64) -> Queue {
        Queue {
            heap: BinaryHeap::new(),
            valid: vec![0; threads],
            made: 0,
            dice: Rand64::new(u128::from(seed)),
        }
    }

    /// The thread is to run at `at_ns`, and at no other time that was set for it before.
    pub(super) fn set(&mut self, thread: ThreadId, at_ns: u64) {
        self.made += 1;
        if let Some(valid) = self.valid.get_mut(thread as usize) {
            *valid = self.made;
        }
        self.heap.push(Reverse(Due {
            at_ns,
            chance: self.dice.rand_u64(),
            number: self.made,
            thread,
        }));
    }

    /// The next thread to run, and when.
    pub(super) fn next(&mut self) -> Option<(u64, ThreadId)> {
        while let Some(Reverse(due)) = self.heap.pop() {
            if self.valid.get(due.thread as usize) == Some(&due.number) {
                return Some((due.at_ns, due.thread));
            }
        }
        None
    }

    /// A number from 0 to `most`, drawn from the seed.
    pub(super) fn draw(&mut self, most: u64) -> u64 {
        match most {
            0 => 0,
            _ => self.dice.rand_range(0..most.saturating_add(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_has_one_appointment() {
        let mut queue = Queue::new(2, 0);
        queue.set(0, 10);
        queue.set(1, 7);
        queue.set(0, 5);
        assert_eq!(queue.next(), Some((5, 0)));
        assert_eq!(queue.next(), Some((7, 1)));
        assert_eq!(queue.next(), None);
    }

    #[test]
    fn of_one_instant_the_seed_decides_who_is_first() {
        let first = |seed| {
            let mut queue = Queue::new(2, seed);
            queue.set(0, 1);
            queue.set(1, 1);
            queue.next().unwrap().1
        };
        let ones = (0..100).filter(|seed| first(*seed) == 1).count();
        assert!((20..80).contains(&ones), "{ones}");
        assert_eq!(first(7), first(7));
    }

    #[test]
    fn draws_stay_in_their_range() {
        let mut queue = Queue::new(0, 3);
        assert_eq!(queue.draw(0), 0);
        assert!((0..100).all(|_| queue.draw(3) <= 3));
    }
}
