//! What runs side by side.

use super::planned::Planned;
use crate::arms::arm::Arm;
use crate::design::quantity::Comparison;

/// The arms by runtime and case, joined where a claim compares them.
pub(super) fn groups<'d>(
    planned: &[Planned],
    comparisons: impl Iterator<Item = &'d Comparison>,
) -> Vec<Vec<Planned>> {
    let mut components: Vec<Vec<Arm>> = Vec::new();
    for Planned { arm, .. } in planned {
        let near = |other: &Arm| other.runtime == arm.runtime && other.case == arm.case;
        match components.iter_mut().find(|group| group.iter().any(near)) {
            Some(group) => group.push(arm.clone()),
            None => components.push(vec![arm.clone()]),
        }
    }
    for comparison in comparisons {
        let mut compared = comparison.arms();
        compared.retain(|arm| !arm.is_replicate);
        join(&mut components, compared);
    }
    let with_jobs = |arms: Vec<Arm>| {
        let of = |arm: &Arm| planned.iter().find(|planned| planned.arm == *arm).cloned();
        arms.iter().filter_map(of).collect()
    };
    components.into_iter().map(with_jobs).collect()
}

/// Joins all groups that have one of the arms, and adds the arms.
pub(super) fn join(groups: &mut Vec<Vec<Arm>>, arms: Vec<Arm>) {
    let is_touched = |group: &Vec<Arm>| group.iter().any(|arm| arms.contains(arm));
    let first = groups.iter().position(is_touched);
    let (touched, others): (Vec<_>, Vec<_>) =
        std::mem::take(groups).into_iter().partition(is_touched);
    let mut joined: Vec<Arm> = touched.into_iter().flatten().collect();
    for arm in arms {
        if !joined.contains(&arm) {
            joined.push(arm);
        }
    }
    *groups = others;
    groups.insert(first.unwrap_or(groups.len()).min(groups.len()), joined);
}
