//! Every reading of a job, kept on request.

use super::Sample;

/// All readings of one job in order of time: eight bytes each. The core is kept only where it
/// changes, which is as seldom as a switch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Samples {
    times_ns: Vec<u64>,
    /// See [`Samples::cores`].
    cores: Vec<(usize, u32)>,
}

impl Samples {
    /// None yet, with room for `expected` of them in memory that was touched before: to write to a
    /// page for the first time costs a job some hundred nanoseconds.
    pub fn with_capacity(expected: usize) -> Samples {
        // For zeros the kernel would only promise pages.
        let mut times_ns = vec![1; expected];
        times_ns.clear();
        Samples { times_ns, cores: Vec::new() }
    }

    /// Adds a reading at `at_ns` on `core`. Times must not decrease.
    #[inline]
    pub fn push(&mut self, at_ns: u64, core: u32) {
        if self.cores.last().is_none_or(|last| last.1 != core) {
            self.cores.push((self.times_ns.len(), core));
        }
        self.times_ns.push(at_ns);
    }

    /// Those made at `times_ns`, on these [`Samples::cores`]. None if there are readings without a
    /// core, or changes of core out of order or beyond the last reading.
    pub fn from_parts(times_ns: Vec<u64>, cores: Vec<(usize, u32)>) -> Option<Samples> {
        let begins = cores.first().map(|first| first.0) == times_ns.first().map(|_| 0);
        let in_order = cores.is_sorted_by(|one, next| one.0 < next.0);
        let ends = cores.last().is_none_or(|last| last.0 < times_ns.len());
        (begins && in_order && ends).then_some(Samples { times_ns, cores })
    }

    /// Changes of core: the number of a reading, from 0, and the core from that reading on.
    pub fn cores(&self) -> &[(usize, u32)] {
        &self.cores
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.times_ns.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.times_ns.is_empty()
    }

    /// When each was made, in nanoseconds.
    pub fn times_ns(&self) -> &[u64] {
        &self.times_ns
    }

    /// One after another.
    pub fn iter(&self) -> impl Iterator<Item = Sample> {
        self.stretches()
            .flat_map(|(core, times)| times.iter().map(move |&at_ns| Sample { at_ns, core }))
    }

    /// Stretches of readings on one core, each with that core.
    pub fn stretches(&self) -> impl Iterator<Item = (u32, &[u64])> {
        let ends = self.cores.iter().skip(1).map(|next| next.0);
        self.cores
            .iter()
            .zip(ends.chain([self.times_ns.len()]))
            .map(|(&(first, core), end)| (core, self.times_ns.get(first..end).unwrap_or_default()))
    }
}

impl FromIterator<Sample> for Samples {
    fn from_iter<I: IntoIterator<Item = Sample>>(samples: I) -> Samples {
        let samples = samples.into_iter();
        let mut all = Samples::default();
        all.times_ns.reserve(samples.size_hint().0);
        samples.for_each(|sample| all.push(sample.at_ns, sample.core));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_come_back_one_after_another_and_core_by_core() {
        let all =
            [(1, 0), (2, 0), (2, 1), (9, 0), (10, 0)].map(|(at_ns, core)| Sample { at_ns, core });
        let samples: Samples = all.into_iter().collect();
        assert_eq!(samples.len(), 5);
        assert_eq!(samples.times_ns(), [1, 2, 2, 9, 10]);
        assert!(samples.iter().eq(all));
        let stretches: Vec<_> = samples.stretches().collect();
        assert_eq!(stretches, [(0, &[1, 2][..]), (1, &[2]), (0, &[9, 10])]);
        let none = Samples::with_capacity(5);
        assert_eq!(none, Samples::default());
        assert!(none.is_empty() && none.stretches().next().is_none());
    }

    #[test]
    fn parts_that_do_not_fit_are_no_samples() {
        let samples = |cores: &[(usize, u32)]| Samples::from_parts(vec![1, 2, 2], cores.to_vec());
        let good = samples(&[(0, 1), (2, 0)]).unwrap();
        assert_eq!(good.cores(), [(0, 1), (2, 0)]);
        assert_eq!(good.iter().map(|sample| sample.core).sum::<u32>(), 2);
        for cores in [&[][..], &[(1, 0)], &[(0, 0), (0, 1)], &[(0, 0), (3, 1)]] {
            assert_eq!(samples(cores), None);
        }
        assert_eq!(Samples::from_parts(vec![], vec![]), Some(Samples::default()));
        assert_eq!(Samples::from_parts(vec![], vec![(0, 0)]), None);
    }
}
