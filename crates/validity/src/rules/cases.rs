//! The true values at which a rule's answer is plain, and those at which it has none.

use super::rule::Rule;
use lab_stats::verdict::Decision;

/// What is true of a simulated run.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The rule in words, and what of it lies on an edge while all else is plain.
    pub name: String,
    /// The true ratio or share of what lies on an edge, else of what is measured first.
    pub effect: f64,
    /// The true ratio or share of everything that is measured, in the order of the rule.
    pub truth: Vec<f64>,
}

impl Rule {
    /// Where every verdict says too much, and is said most easily: all parts on an edge at which one
    /// would decide; or one on an edge at which it takes all, and the others plain.
    pub fn at_edges(&self) -> Vec<Case> {
        let (alone, together) = self.alone_and_together();
        let edges: Vec<Vec<f64>> = self.measured.iter().map(|one| one.edges_of(alone)).collect();
        let most = edges.iter().map(Vec::len).max().unwrap_or_default();
        let all_at = |which| {
            let at = edges.iter().filter_map(|of| of.iter().cycle().nth(which));
            self.case("", at.copied().collect(), 0)
        };
        let mut cases: Vec<Case> = (0..most).filter_map(all_at).collect();
        let plain = self.plain(together);
        for (at, one) in self.measured.iter().enumerate() {
            let first = self.measured.iter().position(|other| other.is_like(one));
            if first != Some(at) {
                continue;
            }
            for edge in one.edges_of(together) {
                let mut truth = plain.clone();
                truth.iter_mut().skip(at).take(1).for_each(|value| *value = edge);
                cases.extend(self.case(&format!(", one ({}) at an edge", one.part), truth, at));
            }
        }
        let mut distinct: Vec<Case> = Vec::new();
        for case in cases {
            if !distinct.contains(&case) {
                distinct.push(case);
            }
        }
        distinct
    }

    /// Where the answer is plain, and what else its power is looked at.
    pub fn off_edges(&self) -> Vec<Case> {
        let more = self.effects.iter().map(|effect| vec![*effect]);
        let plain = [Decision::True, Decision::False].map(|decision| self.plain(decision));
        let truths = more.chain(plain);
        truths.filter_map(|truth| self.case("", truth, 0)).collect()
    }

    fn plain(&self, decision: Decision) -> Vec<f64> {
        self.measured.iter().map(|one| one.plainly(decision)).collect()
    }

    /// The case of these true values; none without values. `of` tells it from others of a claim that
    /// measures several.
    fn case(&self, of: &str, truth: Vec<f64>, shown: usize) -> Option<Case> {
        let of = if truth.len() > 1 { of } else { "" };
        Some(Case { name: format!("{}{of}", self.name), effect: *truth.get(shown)?, truth })
    }
}
