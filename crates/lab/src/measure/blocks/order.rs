//! In which order the arms of a block run.

use crate::measure::rig::ready::Ready;
use lab_stats::shuffle::shuffle;
use oorandom::Rand64;

/// Arms that run side by side.
pub(super) type Group = Vec<Ready>;

/// Which arm of which group comes after which.
type Order = Vec<(usize, usize)>;

/// The order of each round of a block: the groups shuffled, the arms of each shuffled.
#[derive(Debug)]
pub(super) struct Orders {
    block: u32,
    rounds: Vec<Order>,
}

impl Orders {
    pub(super) fn of(block: u32, groups: &[Group], rounds: u32, random: &mut Rand64) -> Orders {
        let mut shuffled = || {
            let places = groups.iter().enumerate();
            let places = places.map(|(at, group)| (0..group.len()).map(|arm| (at, arm)).collect());
            let mut order: Vec<Order> = places.collect();
            shuffle(&mut order, random);
            for group in &mut order {
                shuffle(group, random);
            }
            order.concat()
        };
        Orders { block, rounds: (0..rounds).map(|_| shuffled()).collect() }
    }

    pub(super) fn is_of(&self, block: u32) -> bool {
        self.block == block
    }

    /// The arms round by round; those that are gone are left out.
    pub(super) fn pick<'g>(&self, groups: &'g [Group]) -> Vec<Vec<&'g Ready>> {
        let of = |(group, arm): &(usize, usize)| groups.get(*group)?.get(*arm);
        self.rounds.iter().map(|order| order.iter().filter_map(of).collect()).collect()
    }
}
