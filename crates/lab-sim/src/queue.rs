//! What happens next, in order of time.

use lab_data::settings::costs::Spread;
use oorandom::Rand64;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Who has appointments: threads first, then cores.
pub(crate) type Slot = u32;

/// At most one appointment per slot. Those of one instant come in an order drawn from the seed, since
/// what happens at the same time may come in any order.
pub(crate) struct Queue {
    heap: BinaryHeap<Reverse<Due>>,
    valid: Vec<u64>,
    made: u64,
    dice: Rand64,
}

/// Sorted by time, then by chance; the number distinguishes a valid appointment from a replaced one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    at_ns: u64,
    chance: u32,
    slot: Slot,
    number: u64,
}

impl Queue {
    pub(crate) fn new(slots: usize, seed: u64) -> Queue {
        Queue {
            heap: BinaryHeap::new(),
            valid: vec![0; slots],
            made: 0,
            dice: Rand64::new(u128::from(seed)),
        }
    }

    /// The slot is due at `at_ns`, and at no other time that was set for it before.
    pub(crate) fn set(&mut self, slot: Slot, at_ns: u64) {
        self.made += 1;
        if let Some(valid) = self.valid.get_mut(slot as usize) {
            *valid = self.made;
        }
        let chance = (self.dice.rand_u64() >> 32) as u32;
        self.heap.push(Reverse(Due { at_ns, chance, slot, number: self.made }));
    }

    /// What was set for the slot no longer holds.
    pub(crate) fn cancel(&mut self, slot: Slot) {
        if let Some(valid) = self.valid.get_mut(slot as usize) {
            *valid = 0;
        }
    }

    /// The next slot that is due, and when.
    pub(crate) fn next(&mut self) -> Option<(u64, Slot)> {
        while let Some(Reverse(due)) = self.heap.pop() {
            if self.valid.get(due.slot as usize) == Some(&due.number) {
                return Some((due.at_ns, due.slot));
            }
        }
        None
    }

    /// A cost drawn from the seed.
    pub(crate) fn draw(&mut self, cost: Spread) -> u64 {
        if cost.high_ns <= cost.low_ns {
            return cost.low_ns;
        }
        self.dice.rand_range(cost.low_ns..cost.high_ns.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_has_one_appointment() {
        let mut queue = Queue::new(3, 0);
        queue.set(0, 10);
        queue.set(1, 7);
        queue.set(2, 6);
        queue.set(0, 5);
        queue.cancel(2);
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
        assert_eq!(queue.draw(Spread::exactly(5)), 5);
        assert!((0..100).all(|_| (2..=3).contains(&queue.draw(Spread::new(2, 3)))));
    }
}
