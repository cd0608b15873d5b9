//! Labels along a line, moved apart so that none covers another.

/// Centres for labels that want to lie at `wanted` (centre, size), in the order handed in: no two
/// closer than their sizes ask for, and all inside `low..high` as far as there is room.
pub(crate) fn spread(wanted: &[(f64, f64)], low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    let want = |i: usize| wanted.get(i).copied().unwrap_or((low, 0.0));
    order.sort_by(|&a, &b| want(a).0.total_cmp(&want(b).0));

    let mut centres = vec![low; wanted.len()];
    let mut free_from = low;
    for &i in &order {
        let (centre, size) = want(i);
        let centre = centre.max(free_from + size / 2.0);
        free_from = centre + size / 2.0;
        if let Some(place) = centres.get_mut(i) {
            *place = centre;
        }
    }
    let mut free_to = high;
    for &i in order.iter().rev() {
        let (_, size) = want(i);
        if let Some(place) = centres.get_mut(i) {
            *place = place.min(free_to - size / 2.0);
            free_to = *place - size / 2.0;
        }
    }
    centres
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_with_room_stay() {
        assert_eq!(
            spread(&[(50.0, 10.0), (20.0, 10.0)], 0.0, 100.0),
            [50.0, 20.0]
        );
    }

    #[test]
    fn labels_at_one_place_move_apart() {
        let wanted = [(50.0, 10.0), (50.0, 10.0), (48.0, 10.0)];
        assert_eq!(spread(&wanted, 0.0, 100.0), [58.0, 68.0, 48.0]);
    }

    #[test]
    fn labels_at_an_edge_stay_inside() {
        let wanted = [(99.0, 10.0), (100.0, 10.0), (-5.0, 10.0)];
        assert_eq!(spread(&wanted, 0.0, 100.0), [85.0, 95.0, 5.0]);
    }
}
