//! Where a claim is true and where it is false.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a claim is TRUE and where it is FALSE, written down before the run: TRUE between
/// `true_low` and `true_high`, FALSE below `false_low` and above `false_high`, NEITHER between the
/// two. An infinite edge is none. The edges themselves belong to neither side.
///
/// In files an infinite edge is left out, or is an empty cell.
///
/// ```
/// use lab_stats::edges::Edges;
///
/// /// Twice as fast, and nobody calls threads useless; a twentieth faster, and everybody may.
/// const USELESS: Edges = Edges::true_below(1.05).false_above(2.0);
/// assert_eq!(USELESS.to_string(), "TRUE below 1.05, FALSE above 2");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Finite", into = "Finite")]
pub struct Edges {
    /// TRUE above this, …
    pub true_low: f64,
    /// … and below this.
    pub true_high: f64,
    /// FALSE below this, …
    pub false_low: f64,
    /// … and above this.
    pub false_high: f64,
}

impl Edges {
    /// The larger the measure, the truer: TRUE above `edge`, FALSE below it.
    pub const fn true_above(edge: f64) -> Edges {
        Edges {
            true_low: edge,
            true_high: f64::INFINITY,
            false_low: edge,
            false_high: f64::INFINITY,
        }
    }

    /// The smaller the measure, the truer: TRUE below `edge`, FALSE above it.
    pub const fn true_below(edge: f64) -> Edges {
        Edges {
            true_low: f64::NEG_INFINITY,
            true_high: edge,
            false_low: f64::NEG_INFINITY,
            false_high: edge,
        }
    }

    /// TRUE between the two, FALSE on either side. Which side it was, "slower" or "faster", is
    /// what [`crate::interval::Interval::is_above`] says.
    pub const fn true_between(low: f64, high: f64) -> Edges {
        Edges { true_low: low, true_high: high, false_low: low, false_high: high }
    }

    /// TRUE between 1/`factor` and `factor`, FALSE on either side.
    pub const fn true_within(factor: f64) -> Edges {
        Edges::true_between(1.0 / factor, factor)
    }

    /// FALSE only below this.
    pub const fn false_below(mut self, edge: f64) -> Edges {
        self.false_low = edge;
        self
    }

    /// FALSE only above this.
    pub const fn false_above(mut self, edge: f64) -> Edges {
        self.false_high = edge;
        self
    }

    /// Whether no value is on both sides, and no edge is NaN.
    pub fn are_sound(&self) -> bool {
        self.true_low < self.true_high
            && self.false_low <= self.true_low
            && self.true_high <= self.false_high
    }

    /// The edges that are not at infinity; each is where a verdict may change.
    pub fn finite(&self) -> impl Iterator<Item = f64> {
        self.cells().into_iter().flatten()
    }

    /// `true_low`, `true_high`, `false_low` and `false_high` as cells of a table: what is at infinity
    /// is empty.
    pub fn cells(&self) -> [Option<f64>; 4] {
        [self.true_low, self.true_high, self.false_low, self.false_high]
            .map(|edge| edge.is_finite().then_some(edge))
    }

    /// The edges that [`Edges::cells`] gave.
    pub fn from_cells([true_low, true_high, false_low, false_high]: [Option<f64>; 4]) -> Edges {
        Edges {
            true_low: true_low.unwrap_or(f64::NEG_INFINITY),
            true_high: true_high.unwrap_or(f64::INFINITY),
            false_low: false_low.unwrap_or(f64::NEG_INFINITY),
            false_high: false_high.unwrap_or(f64::INFINITY),
        }
    }
}

impl fmt::Display for Edges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.true_low.is_finite(), self.true_high.is_finite()) {
            (true, true) => write!(f, "TRUE between {} and {}", self.true_low, self.true_high)?,
            (true, false) => write!(f, "TRUE above {}", self.true_low)?,
            _ => write!(f, "TRUE below {}", self.true_high)?,
        }
        match (self.false_low.is_finite(), self.false_high.is_finite()) {
            (true, true) => write!(f, ", FALSE outside {} to {}", self.false_low, self.false_high),
            (true, false) => write!(f, ", FALSE below {}", self.false_low),
            _ => write!(f, ", FALSE above {}", self.false_high),
        }
    }
}

/// Edges as JSON has them: one that is at infinity is missing.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Finite {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    true_low: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    true_high: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    false_low: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    false_high: Option<f64>,
}

impl From<Finite> for Edges {
    fn from(edges: Finite) -> Edges {
        Edges::from_cells([edges.true_low, edges.true_high, edges.false_low, edges.false_high])
    }
}

impl From<Edges> for Finite {
    fn from(edges: Edges) -> Finite {
        let [true_low, true_high, false_low, false_high] = edges.cells();
        Finite { true_low, true_high, false_low, false_high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARALLEL: Edges = Edges::true_above(0.5).false_below(0.1);
    const USELESS: Edges = Edges::true_below(1.05).false_above(2.0);

    #[test]
    fn edges_in_words() {
        for (edges, words) in [
            (PARALLEL, "TRUE above 0.5, FALSE below 0.1"),
            (USELESS, "TRUE below 1.05, FALSE above 2"),
            (Edges::true_within(1.25), "TRUE between 0.8 and 1.25, FALSE outside 0.8 to 1.25"),
        ] {
            assert_eq!(edges.to_string(), words);
        }
    }

    #[test]
    fn edges_at_infinity_are_missing_in_files() {
        for (edges, json) in [
            (PARALLEL, r#"{"true_low":0.5,"false_low":0.1}"#),
            (USELESS, r#"{"true_high":1.05,"false_high":2.0}"#),
        ] {
            assert_eq!(serde_json::to_string(&edges).unwrap(), json);
            assert_eq!(serde_json::from_str::<Edges>(json).unwrap(), edges);
        }
        assert!(serde_json::from_str::<Edges>(r#"{"true_edge":1.0}"#).is_err());
    }
}
