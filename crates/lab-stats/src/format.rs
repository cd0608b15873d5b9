//! Numbers as people read them, the same everywhere: in verdicts, tables, captions and on axes.
//!
//! Two or three digits, since no more are known, and a unit.

use crate::edges::Edges;
use crate::interval::Interval;
use crate::kind::Kind;
use crate::verdict::Decision;

/// An estimate with its unit: `10.3×`, `97 %`, `1.98`.
pub fn value(kind: Kind, value: f64) -> String {
    match kind {
        Kind::Share => share(value),
        _ if kind.is_level() && value == 0.0 => format!("0{}", kind.unit()),
        _ => format!("{}{}", three_digits(value), kind.unit()),
    }
}

/// An estimate with its unit, as a sentence says it: a level that may as well be nothing is `about 0`,
/// whatever side of it the noise left it on.
pub fn found(kind: Kind, of: &Interval) -> String {
    let is_about_zero = kind.is_level() && of.estimate != 0.0 && of.low < 0.0 && of.high > 0.0;
    if is_about_zero { format!("about 0{}", kind.unit()) } else { value(kind, of.estimate) }
}

/// An interval, with its unit unless it is of ratios: `10.1–10.5`, `88–97 %`, `16.8–17.0 kB`.
pub fn range(kind: Kind, low: f64, high: f64) -> String {
    match kind {
        // An interval may reach beyond what a share can be; the data keep that, readers need not see it.
        Kind::Share => format!("{}–{} %", percent(low.max(0.0)), percent(high.min(1.0))),
        _ => {
            let unit = if kind.is_level() { kind.unit() } else { "" };
            format!("{}–{}{unit}", three_digits(low), three_digits(high))
        }
    }
}

/// Where a verdict would be this one: `more than 2×`, `less than 10 %`, `between 0.8× and 1.25×`. None
/// where no edge says so.
pub fn region(kind: Kind, edges: &Edges, decision: Decision) -> Option<String> {
    let finite = |edge: f64| edge.is_finite().then(|| unit(kind, edge));
    let more = |edge: f64| finite(edge).map(|edge| format!("more than {edge}"));
    let less = |edge: f64| finite(edge).map(|edge| format!("less than {edge}"));
    match decision {
        Decision::True => match (finite(edges.true_low), finite(edges.true_high)) {
            (Some(low), Some(high)) => Some(format!("between {low} and {high}")),
            _ => more(edges.true_low).or(less(edges.true_high)),
        },
        Decision::False => match (less(edges.false_low), more(edges.false_high)) {
            (Some(less), Some(more)) => Some(format!("{less} or {more}")),
            (less, more) => less.or(more),
        },
        Decision::Neither | Decision::Inconclusive => None,
    }
}

/// An edge with its unit.
fn unit(kind: Kind, edge: f64) -> String {
    match kind {
        Kind::Share => share(edge),
        // Two decimals at most: an edge that was computed has many.
        _ => format!("{}{}", (100.0 * edge).round() / 100.0, kind.unit()),
    }
}

/// The edge that a verdict is about: `FALSE from 2×`, `TRUE up to 1.05×`,
/// `TRUE between 0.8× and 1.25×`. Without a verdict: from where on it would be FALSE and TRUE.
pub fn edge(kind: Kind, edges: &Edges, decision: Decision) -> String {
    let unit = |edge: f64| unit(kind, edge);
    let is_between = edges.true_low.is_finite() && edges.true_high.is_finite();
    let of_true = || match edges.true_low.is_finite() {
        true => format!("TRUE from {}", unit(edges.true_low)),
        false => format!("TRUE up to {}", unit(edges.true_high)),
    };
    let of_false = || match edges.false_low.is_finite() {
        true => format!("FALSE up to {}", unit(edges.false_low)),
        false => format!("FALSE from {}", unit(edges.false_high)),
    };
    // Where nothing lies between them, one edge says all.
    let is_same = |a: f64, b: f64| a.is_finite() && a == b;
    let has_false = edges.false_low.is_finite() || edges.false_high.is_finite();
    let is_one = !has_false
        || is_same(edges.false_low, edges.true_low)
        || is_same(edges.false_high, edges.true_high);
    match decision {
        _ if is_between => {
            format!("TRUE between {} and {}", unit(edges.true_low), unit(edges.true_high))
        }
        Decision::False => of_false(),
        Decision::True => of_true(),
        Decision::Neither | Decision::Inconclusive if is_one => of_true(),
        Decision::Neither | Decision::Inconclusive => format!("{}, {}", of_false(), of_true()),
    }
}

/// Why an interval decides nothing: `0.97–1.28 includes 1×`; none if it includes no edge.
pub fn included(kind: Kind, edges: &Edges, low: f64, high: f64) -> Option<String> {
    let mut included: Vec<f64> =
        edges.finite().filter(|edge| (low..=high).contains(edge)).collect();
    included.sort_by(f64::total_cmp);
    included.dedup();
    let included: Vec<String> = included.into_iter().map(|edge| unit(kind, edge)).collect();
    let range = range(kind, low, high);
    (!included.is_empty()).then(|| format!("{range} includes {}", included.join(" and ")))
}

/// How many times as large, or as fast: `1.02×`, `10.3×`, `103×`.
pub fn ratio(value: f64) -> String {
    format!("{}×", three_digits(value))
}

/// A share from 0 to 1 in per cent: `97 %`.
pub fn share(value: f64) -> String {
    format!("{} %", percent(value))
}

/// Nanoseconds in three digits: `1.23 ms`, `20.0 µs`.
pub fn time(ns: f64) -> String {
    let (value, unit) = in_unit(ns);
    format!("{} {unit}", three_digits(value))
}

/// Nanoseconds in two digits, for what was not measured but follows: `84 µs`, `1.2 ms`, `130 ms`.
pub fn about(ns: f64) -> String {
    let (value, unit) = in_unit(ns);
    let rounded = match value {
        ..10.0 => format!("{value:.1}"),
        ..100.0 => format!("{value:.0}"),
        _ => format!("{:.0}", 10.0 * (value / 10.0).round()),
    };
    format!("{rounded} {unit}")
}

/// A runtime's name in prose: `Rust`, `modelled GIL`, `CPython 3.11`.
pub fn runtime(name: &str) -> String {
    match name {
        "rust" => "Rust".to_owned(),
        "gil" => "modelled GIL".to_owned(),
        "sim-rust" => "Rust, simulated".to_owned(),
        "sim-cpython" => "CPython, simulated".to_owned(),
        "sim-cpython-t" => "CPython without a GIL, simulated".to_owned(),
        other => other.replace("cpython-", "CPython ").replace("+gil", "+GIL"),
    }
}

fn in_unit(ns: f64) -> (f64, &'static str) {
    match ns {
        ..1e3 => (ns, "ns"),
        ..1e6 => (ns / 1e3, "µs"),
        ..1e9 => (ns / 1e6, "ms"),
        _ => (ns / 1e9, "s"),
    }
}

fn three_digits(value: f64) -> String {
    match value.abs() {
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

fn percent(value: f64) -> String {
    let percent = (100.0 * value).round();
    // Rounding −0.4 gives -0; adding 0 makes that 0.
    format!("{:.0}", percent + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::Scale;

    #[test]
    fn numbers_have_their_unit_and_no_more_digits_than_they_deserve() {
        for (kind, number, text) in [
            (Kind::Ratio, 12.68, "12.7×"),
            (Kind::Ratio, 1.2345, "1.23×"),
            (Kind::Ratio, 123.4, "123×"),
            (Kind::Share, 0.967, "97 %"),
            (Kind::Share, -0.004, "0 %"),
            (Kind::Level, 1.98, "1.98"),
            (Kind::Level, 0.0, "0"),
            (Kind::Kilobytes, 16.93, "16.9 kB"),
            (Kind::OfTenThousand, 0.0, "0 of 10,000"),
        ] {
            assert_eq!(value(kind, number), text);
        }
        let scale = Scale::Linear { resolution: 0.01 };
        for (estimate, half, text) in [
            (-0.04, 0.9, "about 0"),
            (0.0, 0.01, "0"),
            (2.5, 0.1, "2.50"),
            // An end at nothing is not beyond it.
            (0.5, 0.5, "0.50"),
            (-0.5, 0.5, "-0.50"),
        ] {
            let (low, high) = (estimate - half, estimate + half);
            let level = Interval { estimate, low, high, level: 0.95, blocks: 7, scale };
            assert_eq!(found(Kind::Level, &level), text);
            assert_eq!(found(Kind::Kilobytes, &level), format!("{text} kB"));
        }
        for (ns, text) in [(83_900.0, "84 µs"), (127e6, "130 ms"), (1.234e6, "1.2 ms")] {
            assert_eq!(about(ns), text);
        }
        assert_eq!(ratio(1.2345), value(Kind::Ratio, 1.2345));
        assert_eq!(range(Kind::Share, -0.01, 1.01), "0–100 %");
        assert_eq!(range(Kind::Ratio, 9.98, 10.53), "9.98–10.5");
        assert_eq!(range(Kind::MicrosecondsPerMb, 98.0, 103.4), "98.0–103 µs/MB");
    }

    #[test]
    fn the_edge_is_the_one_that_the_verdict_is_about() {
        let useless = Edges::true_below(1.05).false_above(2.0);
        let parallel = Edges::true_above(0.5).false_below(0.1);
        let same = Edges::true_within(1.25);
        for (kind, edges, decision, text) in [
            (Kind::Ratio, useless, Decision::False, "FALSE from 2×"),
            (Kind::Ratio, useless, Decision::True, "TRUE up to 1.05×"),
            (Kind::Ratio, useless, Decision::Neither, "FALSE from 2×, TRUE up to 1.05×"),
            (Kind::Share, parallel, Decision::False, "FALSE up to 10 %"),
            (Kind::Level, parallel, Decision::True, "TRUE from 0.5"),
            (Kind::Kilobytes, parallel, Decision::False, "FALSE up to 0.1 kB"),
            (Kind::Ratio, same, Decision::False, "TRUE between 0.8× and 1.25×"),
        ] {
            assert_eq!(edge(kind, &edges, decision), text);
        }
        let one = Edges::true_above(1.0);
        assert_eq!(edge(Kind::Ratio, &one, Decision::Inconclusive), "TRUE from 1×");
        let computed = Edges::true_above(1.344_222);
        assert_eq!(edge(Kind::Ratio, &computed, Decision::True), "TRUE from 1.34×");
    }

    #[test]
    fn an_open_verdict_names_the_edges_in_its_interval() {
        let price = Edges::true_above(1.1).false_below(1.05);
        for (low, high, text) in [
            (0.97, 1.28, Some("0.97–1.28 includes 1.05× and 1.1×")),
            (1.06, 1.28, Some("1.06–1.28 includes 1.1×")),
            (1.2, 1.3, None),
        ] {
            assert_eq!(included(Kind::Ratio, &price, low, high).as_deref(), text);
        }
        let same = included(Kind::Ratio, &Edges::true_above(1.0), 0.97, 1.28);
        assert_eq!(same.as_deref(), Some("0.97–1.28 includes 1×"));
    }

    #[test]
    fn a_verdict_would_be_another_elsewhere() {
        let useless = Edges::true_below(1.05).false_above(2.0);
        let parallel = Edges::true_above(0.5).false_below(0.1);
        for (kind, edges, if_true, if_false) in [
            (Kind::Ratio, useless, "less than 1.05×", "more than 2×"),
            (Kind::Share, parallel, "more than 50 %", "less than 10 %"),
            (
                Kind::Ratio,
                Edges::true_within(1.25),
                "between 0.8× and 1.25×",
                "less than 0.8× or more than 1.25×",
            ),
        ] {
            let found = |decision| region(kind, &edges, decision);
            assert_eq!(found(Decision::True).as_deref(), Some(if_true));
            assert_eq!(found(Decision::False).as_deref(), Some(if_false));
            assert_eq!(found(Decision::Neither), None);
        }
    }

    #[test]
    fn times_are_read_in_their_own_unit() {
        let texts = [5.0, 1_500.0, 25_400_000.0, 999e6, 12.3e9].map(time);
        assert_eq!(texts, ["5.00 ns", "1.50 µs", "25.4 ms", "999 ms", "12.3 s"]);
    }

    #[test]
    fn runtimes_have_a_name_in_prose() {
        for (name, text) in [
            ("rust", "Rust"),
            ("gil", "modelled GIL"),
            ("cpython-3.13t+gil", "CPython 3.13t+GIL"),
            ("sim-rust", "Rust, simulated"),
            ("sim-cpython", "CPython, simulated"),
            ("sim-cpython-t", "CPython without a GIL, simulated"),
        ] {
            assert_eq!(runtime(name), text);
        }
    }
}
