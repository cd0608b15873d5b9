//! Which bars can share a row without overlapping.

/// The lane of each `(start, end)`, by their starts: the lowest in which nothing else is going on. Bars that only
/// touch share a lane.
pub(crate) fn lanes(bars: &[(u64, u64)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..bars.len()).collect();
    order.sort_by_key(|&i| bars.get(i).map(|bar| bar.0));
    let mut free_from: Vec<u64> = Vec::new();
    let mut lanes = vec![0; bars.len()];
    for i in order {
        let Some((&(start, end), lane)) = bars.get(i).zip(lanes.get_mut(i)) else {
            continue;
        };
        match free_from.iter().position(|&free| free <= start) {
            Some(free) => *lane = free,
            None => {
                *lane = free_from.len();
                free_from.push(0);
            }
        }
        if let Some(free) = free_from.get_mut(*lane) {
            *free = end.max(start.saturating_add(1));
        }
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_after_one_another_share_a_lane() {
        assert_eq!(lanes(&[(10, 20), (0, 10), (20, 25)]), [0, 0, 0]);
    }

    #[test]
    fn bars_at_once_do_not() {
        assert_eq!(lanes(&[(0, 10), (5, 15), (10, 20), (12, 13)]), [0, 1, 0, 2]);
        assert_eq!(lanes(&[(7, 7), (7, 7)]), [0, 1]);
        assert_eq!(lanes(&[(u64::MAX, u64::MAX)]), [0]);
    }
}
