//! A random order, the same for the same seed.

use oorandom::Rand64;

/// Puts the items in an order of which each is equally likely (Fisher–Yates, from the end).
pub fn shuffle<T>(items: &mut [T], random: &mut Rand64) {
    for last in (1..items.len()).rev() {
        let other = random.rand_range(0..last as u64 + 1) as usize;
        items.swap(last, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_order_and_all_items() {
        let shuffled = |seed| {
            let mut items: Vec<u32> = (0..20).collect();
            shuffle(&mut items, &mut Rand64::new(seed));
            items
        };
        assert_eq!(shuffled(1), shuffled(1));
        assert_ne!(shuffled(1), shuffled(2));
        let mut sorted = shuffled(3);
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..20));
    }

    #[test]
    fn each_order_is_equally_likely() {
        let mut random = Rand64::new(1);
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..6000 {
            let mut items = [0, 1, 2];
            shuffle(&mut items, &mut random);
            *counts.entry(items).or_insert(0) += 1;
        }
        // Six standard deviations to either side.
        assert!(
            counts.len() == 6 && counts.values().all(|n| (827..1173).contains(n)),
            "{counts:?}"
        );
    }
}
