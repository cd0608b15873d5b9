//! What the origin serves.

use bytes::Bytes;
use oorandom::Rand64;
use serde::{Deserialize, Serialize};

/// The article's pages took 0.49 s on average, in nanoseconds.
const MEAN_NS: f64 = 490e6;
/// The longest of them took 0.6 s.
const LONGEST_NS: f64 = 600e6;
/// None of ours is shorter than this (at scale 1).
const SHORTEST_NS: f64 = 330e6;
/// Sizes of bodies, in bytes: those of ordinary web pages.
const BODY: std::ops::Range<u64> = 20_000..200_001;
/// The length of the body of pages that differ in nothing but their times, in bytes.
const LIKE_BODY: u64 = 50_000;
/// Bodies are cut out of one text; each page starts elsewhere within this many bytes of it.
const OFFSETS: usize = 1 << 16;

/// One page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Where it is, such as `/page/1`.
    pub path: String,
    /// How long the client waits before the answer begins, in nanoseconds.
    pub delay_ns: u64,
    /// Length of the body, in bytes.
    pub body_bytes: u64,
    /// CRC-32 (IEEE) of the body.
    pub crc32: u32,
}

/// All pages of an origin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// In the order in which they are to be loaded.
    pub pages: Vec<Page>,
    /// What the bodies are made from: both sides know them.
    pub seed: u64,
}

impl Script {
    /// Without pages yet.
    pub fn new(seed: u64) -> Script {
        Script { pages: Vec::new(), seed }
    }

    /// Pages that take as long as the first article's did, times `scale`: 0.49 s on average, the
    /// longest 0.6 s, the others between 0.33 s and that, with bodies of 20 to 200 kB.
    ///
    /// Mean and longest are exact (to the nanosecond, at scale 1) for two pages and more; a page
    /// alone takes the mean. The same arguments give the same script.
    pub fn article(pages: usize, scale: f64, seed: u64) -> Script {
        let mut random = Rand64::new(seed.into());
        let delays = article_delays(pages, &mut random);
        let pages = delays.into_iter().map(|delay_ns| {
            let delay_ns = (delay_ns as f64 * scale).round() as u64;
            (delay_ns, random.rand_range(BODY))
        });
        Script::of(pages.collect(), seed)
    }

    /// Pages that take these times, in nanoseconds, and whose bodies all have the same length.
    pub fn lasting(delays_ns: &[u64], seed: u64) -> Script {
        let pages = delays_ns.iter().map(|&delay_ns| (delay_ns, LIKE_BODY));
        Script::of(pages.collect(), seed)
    }

    /// Pages by delay and length of the body.
    fn of(pages: Vec<(u64, u64)>, seed: u64) -> Script {
        let longest = pages.iter().map(|(_, length)| *length).max();
        let text = text(seed, longest.unwrap_or(0));
        let page = |(index, (delay_ns, body_bytes))| Page {
            path: format!("/page/{}", index + 1),
            delay_ns,
            body_bytes,
            crc32: crc32fast::hash(&body(&text, index, body_bytes)),
        };
        Script { pages: pages.into_iter().enumerate().map(page).collect(), seed }
    }

    /// The bodies of all pages, in their order.
    pub fn bodies(&self) -> Vec<Bytes> {
        let longest = self.pages.iter().map(|page| page.body_bytes).max();
        let text = text(self.seed, longest.unwrap_or(0));
        let cut = |(index, page): (usize, &Page)| body(&text, index, page.body_bytes);
        self.pages.iter().enumerate().map(cut).collect()
    }
}

/// Delays in nanoseconds: one is the longest, the others are spread around what the mean leaves.
fn article_delays(pages: usize, random: &mut Rand64) -> Vec<u64> {
    let others = pages.saturating_sub(1);
    if others == 0 {
        return vec![MEAN_NS as u64; pages];
    }
    let total = MEAN_NS as u64 * pages as u64 - LONGEST_NS as u64;
    let centre = total as f64 / others as f64;
    let draws: Vec<f64> = (0..others).map(|_| random.rand_float()).collect();
    let mean = draws.iter().sum::<f64>() / others as f64;
    let above = draws.iter().fold(0.0, |most, x| x.max(most + mean) - mean);
    let below = draws.iter().fold(0.0, |most, x| (mean - x).max(most));
    let spread = ((LONGEST_NS - centre) / above).min((centre - SHORTEST_NS) / below);
    // Without deviation there is nothing to spread.
    let spread = if spread.is_finite() { 0.99 * spread } else { 0.0 };
    let mut delays: Vec<u64> =
        draws.iter().map(|x| (centre + (x - mean) * spread) as u64).collect();
    // What was lost by rounding down: a nanosecond per page.
    let lost = total - delays.iter().sum::<u64>();
    for delay in delays.iter_mut().take(lost as usize) {
        *delay += 1;
    }
    let place = random.rand_range(0..pages as u64) as usize;
    delays.insert(place, LONGEST_NS as u64);
    delays
}

/// Lines of letters and digits, long enough for any page's body of up to `longest` bytes.
fn text(seed: u64, longest: u64) -> Bytes {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    const LINE: usize = 64;
    let length = longest as usize + OFFSETS;
    let mut random = Rand64::new(u128::from(seed) ^ (1 << 64));
    let mut text = Vec::with_capacity(length + 8);
    while text.len() < length {
        for byte in random.rand_u64().to_le_bytes() {
            let letter = LETTERS.get(usize::from(byte % 32)).copied();
            let end_of_line = text.len() % LINE == LINE - 1;
            text.push(if end_of_line { b'\n' } else { letter.unwrap_or(b'-') });
        }
    }
    text.into()
}

/// The body of page number `index`, which shares the memory of the text.
fn body(text: &Bytes, index: usize, length: u64) -> Bytes {
    let start = index * 4099 % OFFSETS;
    text.slice(start..start + length as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_articles_mean_and_longest_are_exact() {
        for pages in [2, 3, 5, 16, 17, 100, 1000] {
            for seed in 0..20 {
                let script = Script::article(pages, 1.0, seed);
                let delays: Vec<u64> = script.pages.iter().map(|page| page.delay_ns).collect();
                assert_eq!(delays.len(), pages);
                assert_eq!(delays.iter().sum::<u64>(), 490_000_000 * pages as u64);
                assert_eq!(delays.iter().max(), Some(&600_000_000));
                assert!(delays.iter().all(|&d| d >= 330_000_000), "{delays:?}");
            }
        }
    }

    #[test]
    fn delays_are_spread_and_the_scale_shortens_them_and_nothing_else() {
        let (whole, tenth) = (Script::article(16, 1.0, 3), Script::article(16, 0.1, 3));
        let shortest = whole.pages.iter().map(|page| page.delay_ns).min();
        assert!(shortest < Some(430_000_000), "{shortest:?}");
        for (a, b) in whole.pages.iter().zip(&tenth.pages) {
            assert_eq!((a.delay_ns as f64 / 10.0).round() as u64, b.delay_ns);
            assert_eq!((a.body_bytes, a.crc32), (b.body_bytes, b.crc32));
        }
        assert_eq!(Script::article(1, 0.1, 7).pages[0].delay_ns, 49_000_000);
        assert_eq!(Script::article(0, 0.1, 7).pages, []);
        let lasting = Script::lasting(&[30, 10], 1).pages;
        let pages = lasting.iter().map(|page| (&*page.path, page.delay_ns, page.body_bytes));
        let expected = [("/page/1", 30, LIKE_BODY), ("/page/2", 10, LIKE_BODY)];
        assert_eq!(pages.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn bodies_are_those_that_the_pages_announce_and_all_differ() {
        let script = Script::article(40, 0.1, 5);
        let mut sums = std::collections::BTreeSet::new();
        for (page, body) in script.pages.iter().zip(script.bodies()) {
            assert_eq!(body.len() as u64, page.body_bytes);
            assert_eq!(crc32fast::hash(&body), page.crc32);
            assert!(body.is_ascii());
            sums.insert(page.crc32);
        }
        assert_eq!(sums.len(), 40);
        assert!(script.pages.iter().all(|page| BODY.contains(&page.body_bytes)));
        assert_ne!(Script::article(40, 0.1, 6), Script::article(40, 0.1, 5));
    }
}
