//! Numbers as people read them, and the colours that they have in charts.

use lab_data::rows::{Executor, VerdictRow};
use lab_plot::Series;
use lab_stats::format;

pub use lab_stats::format::{about, runtime, time, value};

/// How many times one is the other: `10.3×`.
pub fn times(ratio: f64) -> String {
    format::ratio(ratio)
}

/// The edge that the verdict is about, of what is shown: `FALSE from 2×`. None without an edge.
pub fn edge(row: &VerdictRow) -> Option<String> {
    let here = if row.shown_estimate.is_some() { " here" } else { "" };
    Some(format::edge(row.kind, &row.shown_edges()?, row.verdict) + here)
}

/// One worker of an executor.
pub fn worker(executor: Executor) -> &'static str {
    match executor {
        Executor::Serial => "job",
        Executor::Threads | Executor::Rayon => "thread",
        Executor::Async => "task",
        Executor::Interpreters => "interpreter",
        Executor::Processes => "process",
    }
}

/// One colour for each executor throughout.
pub fn colour(executor: Executor) -> Series {
    match executor {
        Executor::Serial => Series::Serial,
        Executor::Threads => Series::Threads,
        Executor::Rayon => Series::Rayon,
        Executor::Async => Series::Async,
        Executor::Interpreters => Series::Interpreters,
        Executor::Processes => Series::Processes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_is_one_of_what_is_shown() {
        let mut row =
            VerdictRow { estimate: Some(1.2), true_low: Some(1.0), ..VerdictRow::default() };
        assert_eq!(edge(&row).as_deref(), Some("TRUE from 1×"));
        row.shown_estimate = Some(1.8);
        assert_eq!(edge(&row).as_deref(), Some("TRUE from 1.5× here"));
        assert_eq!(edge(&VerdictRow::default()), None);
    }
}
