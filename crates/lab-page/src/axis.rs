//! An interval against its edges, as a small drawing: the same axis for all intervals of a claim.

use lab_data::rows::{Kind, VerdictRow};
use lab_stats::edges::Edges;
use lab_stats::format;
use std::fmt::Write;

const WIDTH: f64 = 260.0;
const HEIGHT: f64 = 40.0;
/// Left and right of everything.
const MARGIN: f64 = 6.0;
/// Two words nearer than this are set on either side of their edges.
const CROWDED: f64 = 40.0;
/// The words of two edges nearer than this are one text.
const TOUCHING: f64 = 8.0;

/// What is drawn of a verdict: the numbers that are shown, and the edges of what is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Interval {
    pub(crate) kind: Kind,
    pub(crate) estimate: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Where it is TRUE and FALSE; none of a claim that has no edges.
    pub(crate) edges: Option<Edges>,
}

impl Interval {
    /// That of a verdict; none without an estimate, or with one that has no place on an axis.
    pub(crate) fn of(row: &VerdictRow) -> Option<Interval> {
        let (estimate, low, high) = row.shown()?;
        let interval = Interval { kind: row.kind, estimate, low, high, edges: row.shown_edges() };
        let is_drawable = |value: f64| value.is_finite() && (value > 0.0 || !interval.is_log());
        [estimate, low, high].into_iter().all(is_drawable).then_some(interval)
    }

    fn is_log(&self) -> bool {
        matches!(self.kind, Kind::Ratio | Kind::Distribution)
    }

    fn cells(&self) -> [Option<f64>; 4] {
        self.edges.map_or([None; 4], |edges| edges.cells())
    }
}

/// Where values lie on a drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Axis {
    is_log: bool,
    from: f64,
    to: f64,
}

impl Axis {
    /// An axis that has room for all of these; none if there are none. Ratios are on a logarithmic
    /// one that has 1 on it; shares and levels begin at 0.
    pub(crate) fn of<'a>(intervals: impl IntoIterator<Item = &'a Interval>) -> Option<Axis> {
        let all: Vec<&Interval> = intervals.into_iter().collect();
        let first = all.first()?;
        let is_log = first.is_log();
        let of = |one: &&Interval| {
            let ends = [one.low, one.high, one.estimate].into_iter();
            ends.chain(one.cells().into_iter().flatten()).collect::<Vec<_>>()
        };
        let values = all.iter().flat_map(of).chain([1.0]);
        let values = values.filter(|value| value.is_finite() && (!is_log || *value > 0.0));
        let values: Vec<f64> =
            values.map(|value| if is_log { value.ln() } else { value }).collect();
        let from = values.iter().copied().fold(f64::INFINITY, f64::min);
        let to = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // Nothing is below 0, nor a share above 1: an interval that reaches beyond ends there.
        Some(match first.kind {
            Kind::Share => Axis { is_log, from: 0.0, to: 1.0 },
            Kind::Ratio | Kind::Distribution => {
                let air = 0.12 * (to - from).max(0.2);
                Axis { is_log, from: from - air, to: to + air }
            }
            _ => Axis { is_log, from: 0.0, to: 1.1 * to },
        })
    }

    /// From left, in pixels.
    fn x(&self, value: f64) -> f64 {
        let value = if self.is_log { value.ln() } else { value };
        let share = (value - self.from) / (self.to - self.from);
        // What is not on such an axis at all is at its beginning.
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        MARGIN + share * (WIDTH - 2.0 * MARGIN)
    }

    /// The interval, its edges, and where it would be TRUE and FALSE, as an element of SVG whose
    /// colours the page's style sheet sets. Its numbers stand beside it, so it is hidden from
    /// readers that cannot see it.
    pub(crate) fn svg(&self, interval: &Interval) -> String {
        let mut svg = format!(
            "<svg class=\"strip\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" text-anchor=\"middle\" aria-hidden=\"true\">"
        );
        let [left, right] = [MARGIN, WIDTH - MARGIN];
        let mut add = |element: String| svg.push_str(&element);
        add(format!("<rect x=\"{left}\" width=\"{}\"/>", right - left));
        for (class, word, from, to) in self.regions(interval, left, right) {
            add(format!("<rect class=\"{class}\" x=\"{from:.1}\" width=\"{:.1}\"/>", to - from));
            if to - from > CROWDED {
                let middle = 0.5 * (from + to);
                add(format!("<text class=\"in\" x=\"{middle:.0}\" y=\"10\">{word}</text>"));
            }
        }
        add(edges(interval, |value| self.x(value)));
        let [low, high, at] =
            [interval.low, interval.high, interval.estimate].map(|end| self.x(end));
        add(format!("<path class=\"interval\" d=\"M{low:.1} 18H{:.1}\"/>", high.max(low + 0.5)));
        add(format!("<circle cx=\"{at:.1}\"/>"));
        svg + "</svg>"
    }

    /// Class, word, and place of each region in which the claim is TRUE or FALSE.
    fn regions(
        &self,
        interval: &Interval,
        left: f64,
        right: f64,
    ) -> Vec<(&'static str, &'static str, f64, f64)> {
        let Some(edges) = interval.edges else { return Vec::new() };
        let at = |edge: f64| match edge {
            f64::NEG_INFINITY => left,
            f64::INFINITY => right,
            edge => self.x(edge),
        };
        let mut regions = vec![("t", "TRUE", at(edges.true_low), at(edges.true_high))];
        if edges.false_low.is_finite() {
            regions.push(("f", "FALSE", left, at(edges.false_low)));
        }
        if edges.false_high.is_finite() {
            regions.push(("f", "FALSE", at(edges.false_high), right));
        }
        regions.retain(|(.., from, to)| to > from);
        regions
    }
}

/// A line at each edge, with its value below; one text for those that are next to one another.
fn edges(interval: &Interval, x: impl Fn(f64) -> f64) -> String {
    let mut values: Vec<f64> =
        interval.cells().into_iter().flatten().filter(|edge| edge.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let mut svg = String::new();
    let groups: Vec<&[f64]> = values.chunk_by(|a, b| x(*b) - x(*a) < TOUCHING).collect();
    for (number, group) in groups.iter().enumerate() {
        let at = x(group[0]);
        let near =
            |other: Option<&&[f64]>| other.is_some_and(|other| (x(other[0]) - at).abs() < CROWDED);
        let next = near(groups.get(number + 1));
        let before = number > 0 && near(groups.get(number - 1));
        let anchor = match (next || at > WIDTH - 20.0, before || at < 20.0) {
            (true, false) => " text-anchor=\"end\"",
            (false, true) => " text-anchor=\"start\"",
            _ => "",
        };
        let words = group.iter().map(|edge| format::value(interval.kind, *edge));
        let words = words.collect::<Vec<_>>().join(", ");
        // Writing to a string cannot fail.
        for edge in *group {
            let _ = write!(svg, "<path class=\"edge\" d=\"M{:.1} 0v28\"/>", x(*edge));
        }
        let _ = write!(svg, "<text x=\"{at:.0}\" y=\"39\"{anchor}>{words}</text>");
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(low: f64, high: f64) -> VerdictRow {
        VerdictRow {
            estimate: Some((low * high).sqrt()),
            low: Some(low),
            high: Some(high),
            true_high: Some(1.05),
            false_high: Some(2.0),
            ..VerdictRow::default()
        }
    }

    #[test]
    fn all_intervals_of_a_claim_share_an_axis_with_their_edges_on_it() {
        let all = [row(12.0, 13.0), row(0.9, 1.0)].map(|row| Interval::of(&row).unwrap());
        let axis = Axis::of(&all).unwrap();
        let [one, two] = all.map(|interval| axis.svg(&interval));
        let edge = |svg: &str| svg.split("class=\"edge\" d=\"M").nth(1).unwrap()[..5].to_owned();
        assert_eq!(edge(&one), edge(&two));
        assert!(axis.x(0.9) < axis.x(1.05) && axis.x(2.0) < axis.x(12.0));
        for word in ["class=\"t\"", "class=\"f\"", ">1.05×<", ">2.00×<", ">FALSE<"] {
            assert!(one.contains(word), "{word} in {one}");
        }
    }

    #[test]
    fn what_has_no_place_is_not_drawn() {
        assert_eq!(Interval::of(&VerdictRow::default()), None);
        for (low, high) in [(0.0, 1.0), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
            assert_eq!(Interval::of(&row(low, high)), None, "{low}");
        }
        assert_eq!(Axis::of(&[]), None);
    }

    #[test]
    fn edges_are_those_of_what_is_shown() {
        let shown = VerdictRow {
            shown_estimate: Some(2.0),
            shown_low: Some(1.9),
            shown_high: Some(2.1),
            estimate: Some(1.0),
            true_low: Some(1.2),
            ..VerdictRow::default()
        };
        let edges = Interval::of(&shown).unwrap().edges.unwrap();
        assert_eq!(edges.true_low, 2.4);
    }
}
