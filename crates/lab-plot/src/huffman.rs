//! Codes that are the shorter the more often their symbol comes, as deflate has them.

/// A code for each symbol that comes, by its number.
pub(crate) struct Codes {
    lengths: Vec<u8>,
    codes: Vec<u16>,
}

impl Codes {
    /// The codes that follow from their lengths (RFC 1951, 3.2.2): shorter ones first, and of one
    /// length in the symbols' order; the first bit lowest.
    pub(crate) fn new(lengths: &[u8]) -> Codes {
        let mut codes = vec![0; lengths.len()];
        let mut next: u16 = 0;
        for length in 1..=u16::BITS as u8 - 1 {
            next <<= 1;
            for (code, _) in codes.iter_mut().zip(lengths).filter(|(_, l)| **l == length) {
                *code = next.reverse_bits() >> (u16::BITS - u32::from(length));
                next += 1;
            }
        }
        Codes {
            lengths: lengths.to_vec(),
            codes,
        }
    }

    /// The code of a symbol and its length; nothing for one that does not come.
    pub(crate) fn of(&self, symbol: usize) -> (u16, u8) {
        let code = self.codes.get(symbol).zip(self.lengths.get(symbol));
        code.map_or((0, 0), |(&code, &length)| (code, length))
    }

    pub(crate) fn lengths(&self) -> &[u8] {
        &self.lengths
    }
}

/// How long each symbol's code is, of symbols that come so often: 0 for one that never comes, and
/// `most` at most.
pub(crate) fn code_lengths(counts: &[u32], most: u8) -> Vec<u8> {
    let mut counts = counts.to_vec();
    loop {
        let lengths = tree(&counts);
        if lengths.iter().all(|length| *length <= most) {
            return lengths;
        }
        // Makes the rare ones less rare, until the tree is low enough.
        for count in counts.iter_mut().filter(|count| **count > 0) {
            *count = *count / 2 + 1;
        }
    }
}

/// Huffman's: the two rarest become one that comes as often as both, until one is left.
fn tree(counts: &[u32]) -> Vec<u8> {
    let mut lengths = vec![0; counts.len()];
    let mut leaves: Vec<(u32, usize)> = (0..)
        .zip(counts)
        .filter(|(_, count)| **count > 0)
        .map(|(symbol, &count)| (count, symbol))
        .collect();
    leaves.sort_unstable();
    if let [(_, only)] = leaves[..] {
        // A code of no bits cannot be told.
        lengths[only] = 1;
        return lengths;
    }
    // Nodes: the leaves from the rarest, then what they become, which comes ever more often, too.
    let mut weights: Vec<u64> = leaves.iter().map(|leaf| leaf.0.into()).collect();
    let count = weights.len();
    let mut parents = vec![0; 2 * count];
    let (mut leaf, mut inner) = (0, count);
    for _ in 1..count {
        let mut weight = 0;
        for _ in 0..2 {
            let of_leaf = weights.get(leaf).filter(|_| leaf < count);
            let rarest = match (of_leaf, weights.get(inner)) {
                (Some(a), Some(b)) if a > b => &mut inner,
                (None, _) => &mut inner,
                _ => &mut leaf,
            };
            weight += weights.get(*rarest).copied().unwrap_or_default();
            parents[*rarest] = weights.len();
            *rarest += 1;
        }
        weights.push(weight);
    }
    let mut depths = vec![0u8; weights.len()];
    for node in (0..weights.len().saturating_sub(1)).rev() {
        depths[node] = depths[parents[node]].saturating_add(1);
    }
    for ((_, symbol), depth) in leaves.iter().zip(depths) {
        lengths[*symbol] = depth;
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_symbols_have_long_codes_and_those_that_never_come_none() {
        assert_eq!(code_lengths(&[5, 0, 1, 1, 2], 15), [1, 0, 3, 3, 2]);
        assert_eq!(code_lengths(&[0, 9], 15), [0, 1]);
        assert_eq!(code_lengths(&[0, 0], 15), [0, 0]);
        assert_eq!(code_lengths(&[3, 3], 15), [1, 1]);
    }

    #[test]
    fn no_code_is_longer_than_the_most_and_all_of_them_fill_the_tree() {
        let mut fibonacci = vec![1u32, 1];
        for i in 2..40 {
            fibonacci.push(fibonacci[i - 1] + fibonacci[i - 2]);
        }
        for (count, most) in [(8, 7), (19, 7), (40, 15)] {
            let lengths = code_lengths(&fibonacci[..count], most);
            assert!(lengths.iter().all(|length| (1..=most).contains(length)));
            let filled: f64 = lengths.iter().map(|&l| 0.5f64.powi(l.into())).sum();
            assert_eq!(filled, 1.0);
        }
    }

    #[test]
    fn codes_are_those_of_the_standards_example() {
        let codes = Codes::new(&[3, 3, 3, 3, 3, 2, 4, 4]);
        let of = |symbol| {
            let (code, length) = codes.of(symbol);
            (code.reverse_bits() >> (16 - length), length)
        };
        assert_eq!(of(0), (0b010, 3));
        assert_eq!(of(5), (0b00, 2));
        assert_eq!(of(7), (0b1111, 4));
    }
}
