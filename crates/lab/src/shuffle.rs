//! The order of a round.

use crate::arm::Arm;
use oorandom::Rand64;

/// The groups in shuffled order, the arms of each shuffled.
pub(crate) fn shuffled_by_group<'a>(arms: &[&'a Arm], random: &mut Rand64) -> Vec<&'a Arm> {
    let mut groups: Vec<(&str, Vec<&Arm>)> = Vec::new();
    for arm in arms {
        match groups.iter_mut().find(|(name, _)| *name == arm.group) {
            Some((_, group)) => group.push(arm),
            None => groups.push((&arm.group, vec![arm])),
        }
    }
    shuffle(&mut groups, random);
    for (_, group) in &mut groups {
        shuffle(group, random);
    }
    groups.into_iter().flat_map(|(_, group)| group).collect()
}

/// Fisher–Yates.
fn shuffle<T>(items: &mut [T], random: &mut Rand64) {
    for last in (1..items.len()).rev() {
        let other = random.rand_range(0..last as u64 + 1) as usize;
        items.swap(last, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arms_of_a_group_follow_one_another() {
        let arms: Vec<Arm> = (0..12)
            .map(|n| Arm::new(crate::arm::threads(n), &[]).near(&(n % 3).to_string()))
            .collect();
        let arms: Vec<&Arm> = arms.iter().collect();
        let order = shuffled_by_group(&arms, &mut Rand64::new(1));
        assert_eq!(order.len(), 12);
        let groups: Vec<&str> = order.iter().map(|arm| arm.group.as_str()).collect();
        assert_eq!(groups.chunk_by(|a, b| a == b).count(), 3, "{groups:?}");
    }

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
        assert_eq!(sorted, (0..20).collect::<Vec<_>>());
    }
}
