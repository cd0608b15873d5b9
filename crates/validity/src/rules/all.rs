//! Every rule of the experiments.

use super::{Kind, Measured, Rule, Sum};
use lab_stats::edges::Edges;

const fn above(true_above: f64, false_below: f64) -> Edges {
    Edges::TrueAbove {
        true_above,
        false_below,
    }
}

const fn below(true_below: f64, false_above: f64) -> Edges {
    Edges::TrueBelow {
        true_below,
        false_above,
    }
}

const fn inside(factor: f64) -> Edges {
    Edges::TrueInside {
        low: 1.0 / factor,
        high: factor,
    }
}

/// So many alike, of a kind, against edges; where that is plainly true, and plainly false.
const fn measured(
    (number, what): (usize, &'static str),
    kind: Kind,
    edges: &'static [Edges],
    plainly: (f64, f64),
) -> Measured {
    Measured {
        what,
        kind,
        number,
        edges,
        plainly,
    }
}

/// A claim that is true if all that is measured is.
const fn all(
    name: &'static str,
    experiments: &'static [&'static str],
    measured: &'static [Measured],
) -> Rule {
    Rule {
        name,
        experiments,
        measured,
        sum: Sum::All,
        has_null: true,
        effects: &[],
    }
}

/// The same without an arm that could veto.
const fn without_null(rule: Rule) -> Rule {
    Rule {
        has_null: false,
        ..rule
    }
}

const fn of(sum: Sum, rule: Rule) -> Rule {
    Rule { sum, ..rule }
}

const ONE: (usize, &str) = (1, "all of it");

/// Faster or slower: what the real runs are judged by, too.
pub const FASTER_OR_SLOWER: Rule = Rule {
    effects: &[1.02, 1.05, 1.1, 1.15, 1.25],
    ..all(
        "ratio above 1, below 1",
        &["cpu-threads", "oversubscription"],
        &[measured(ONE, Kind::Ratio, &[above(1.0, 1.0)], (1.5, 0.67))],
    )
};

/// Equal times, as threads and processes are to be for CPU work.
pub const AS_FAST: Rule = all(
    "ratio inside 1/1.25 to 1.25",
    &["threads-vs-processes"],
    &[measured(ONE, Kind::Ratio, &[inside(1.25)], (1.0, 2.0))],
);

/// All of them, those of one part first.
pub const RULES: [Rule; 23] = [
    FASTER_OR_SLOWER,
    all(
        "ratio below 1.05, above 2",
        &["io-threads", "io-processes"],
        &[measured(ONE, Kind::Ratio, &[below(1.05, 2.0)], (1.0, 10.0))],
    ),
    all(
        "ratio above 1.1, below 1.05",
        &["oversubscription"],
        &[measured(ONE, Kind::Ratio, &[above(1.1, 1.05)], (1.25, 0.9))],
    ),
    AS_FAST,
    all(
        "ratio inside 1/1.1 to 1.1",
        &["io-threads", "slowest-url"],
        &[measured(ONE, Kind::Ratio, &[inside(1.1)], (1.0, 2.0))],
    ),
    without_null(all(
        "ratio inside 1/1.05 to 1.05",
        &["io-threads"],
        &[measured(ONE, Kind::Ratio, &[inside(1.05)], (1.0, 2.0))],
    )),
    all(
        "ratio above 2, below 1.25",
        &["io-processes", "spawn-cost"],
        &[measured(ONE, Kind::Ratio, &[above(2.0, 1.25)], (10.0, 1.0))],
    ),
    without_null(all(
        "ratio below 1.25, above 2",
        &["gil-convoy"],
        &[measured(ONE, Kind::Ratio, &[below(1.25, 2.0)], (1.0, 10.0))],
    )),
    all(
        "ratio above 1.25, below 1.1",
        &["pool-timeline"],
        &[measured(ONE, Kind::Ratio, &[above(1.25, 1.1)], (1.9, 0.9))],
    ),
    all(
        "ratio below 1.05, above 1.15",
        &["slowest-url"],
        &[measured(ONE, Kind::Ratio, &[below(1.05, 1.15)], (0.9, 1.3))],
    ),
    all(
        "share above 50 %, below 10 %",
        &["parallel-vs-concurrent", "pool-timeline"],
        &[measured(ONE, Kind::Share, &[above(0.5, 0.1)], (0.95, 0.02))],
    ),
    all(
        "share below 10 %, above 50 %",
        &["parallel-vs-concurrent", "pool-timeline"],
        &[measured(ONE, Kind::Share, &[below(0.1, 0.5)], (0.02, 0.95))],
    ),
    all(
        "share below 2 %, above 10 %",
        &["same-core"],
        &[measured(ONE, Kind::Share, &[below(0.02, 0.1)], (0.0, 0.5))],
    ),
    without_null(all(
        "share below 2 %, above 2 %",
        &["gil-model"],
        &[measured(ONE, Kind::Share, &[below(0.02, 0.02)], (0.0, 0.5))],
    )),
    all(
        "faster by half of the control",
        &["cpu-threads", "oversubscription"],
        &[measured(
            ONE,
            Kind::Faster,
            &[above(1.0, 1.0)],
            (1.35, 0.72),
        )],
    ),
    without_null(all(
        "all of 2 steps above 1.1",
        &["io-threads"],
        &[measured(
            (2, "a step"),
            Kind::Ratio,
            &[above(1.1, 1.1)],
            (1.7, 1.0),
        )],
    )),
    all(
        "all of 6 above 2, below 1.25",
        &["spawn-cost"],
        &[measured(
            (6, "a process"),
            Kind::Ratio,
            &[above(2.0, 1.25)],
            (10.0, 1.0),
        )],
    ),
    of(
        Sum::AllShared,
        without_null(all(
            "all of 11 sizes above 1",
            &["cpu-threads"],
            &[measured(
                (11, "a size"),
                Kind::Ratio,
                &[above(1.0, 1.0)],
                (1.6, 0.6),
            )],
        )),
    ),
    of(
        Sum::Any,
        all(
            "any of 4 above 1.25, below 1.05 of the best",
            &["pool-sizing"],
            &[measured(
                (4, "a mix"),
                Kind::OverBest,
                &[above(1.25, 1.05)],
                (1.6, 1.0),
            )],
        ),
    ),
    // What waits takes as long on both where the rule is true; a little less, so that it is plain.
    of(
        Sum::AllShared,
        all(
            "above 1.25 computing, below 1.05 waiting",
            &["rule-of-thumb"],
            &[
                measured(
                    (1, "computing"),
                    Kind::Ratio,
                    &[above(1.25, 1.25)],
                    (1.9, 1.0),
                ),
                measured(
                    (1, "waiting"),
                    Kind::Ratio,
                    &[below(1.05, 1.25)],
                    (0.8, 1.6),
                ),
            ],
        ),
    ),
    all(
        "6 slices inside 1/1.1 to 1.1, convoy inside 1/1.5 to 1.5",
        &["gil-model"],
        &[
            measured((6, "a slice"), Kind::Ratio, &[inside(1.1)], (1.0, 2.0)),
            measured((1, "convoy"), Kind::Ratio, &[inside(1.5)], (1.0, 3.0)),
        ],
    ),
    // The second is judged twice, so that it must lie between 1.05 and 1.25.
    all(
        "16 threads below 1.05, gain from 1.05 to 1.25",
        &["slowest-url"],
        &[
            measured(
                (1, "16 threads"),
                Kind::Ratio,
                &[below(1.05, 1.25)],
                (0.8, 2.0),
            ),
            measured(
                (1, "gain"),
                Kind::Ratio,
                &[below(1.25, 2.0), above(1.05, 1.0)],
                (1.145, 4.0),
            ),
        ],
    ),
    all(
        "processes parallel, threads serial",
        &["pool-timeline"],
        &[
            measured(
                (1, "processes"),
                Kind::Share,
                &[above(0.5, 0.1)],
                (0.95, 0.02),
            ),
            measured(
                (1, "threads"),
                Kind::Share,
                &[below(0.1, 0.5)],
                (0.02, 0.95),
            ),
        ],
    ),
];
