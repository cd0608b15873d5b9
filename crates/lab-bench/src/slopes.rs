//! How time and memory grow with size: the slope of a straight line through the logs.

use crate::goals::comparison;
use crate::rows::MeasurementRow;
use lab_stats::summary::median;
use std::fmt;

/// The comparisons whose sizes grow, and what a thing is.
pub(crate) const GROWING: [(&str, &str); 4] = [
    (comparison::SAMPLES, "samples"),
    (comparison::JOBS, "jobs"),
    (comparison::WORKERS, "workers"),
    (comparison::ROWS, "rows"),
];
/// A slope is that of the upper end: below, what is always there hides the growth.
const UPPER: usize = 3;

/// What of a measurement grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grows {
    Time,
    Memory,
}

impl Grows {
    /// In milliseconds or megabytes, as it is drawn.
    pub(crate) fn of(self, row: &MeasurementRow) -> Option<f64> {
        let value = match self {
            Grows::Time => row.time_ns as f64 / 1e6,
            Grows::Memory => row.peak_rss_bytes? as f64 / 1e6,
        };
        (value > 0.0).then_some(value)
    }
}

/// One line of a figure of growth.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Growth {
    /// Of what.
    pub(crate) things: &'static str,
    pub(crate) subject: String,
    pub(crate) grows: Grows,
    /// Every measurement: (size, value).
    pub(crate) points: Vec<(f64, f64)>,
    /// The median of each size, in order of size.
    pub(crate) medians: Vec<(f64, f64)>,
    /// The power of the size that it grows with, at its upper end; none with one size.
    pub(crate) slope: Option<f64>,
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let what = match self.grows {
            Grows::Time => "time",
            Grows::Memory => "memory",
        };
        let slope = two_digits(self.slope.unwrap_or(f64::NAN));
        write!(f, "{} ({}) {what} {slope}", self.things, self.subject)
    }
}

/// A slope as it is printed; a flat line has no sign.
pub(crate) fn two_digits(slope: f64) -> String {
    // Minus nought and nought are nought.
    format!("{:.2}", (slope * 100.0).round() / 100.0 + 0.0)
}

/// All lines, in the order of [`GROWING`] and of the measurements.
pub(crate) fn growths(rows: &[MeasurementRow], grows: Grows) -> Vec<Growth> {
    let mut all = Vec::new();
    for (comparison, things) in GROWING {
        // Others take time away, and no memory.
        let counts = |row: &&MeasurementRow| {
            row.comparison == comparison && !(row.disturbed && grows == Grows::Time)
        };
        let rows: Vec<&MeasurementRow> = rows.iter().filter(counts).collect();
        let mut subjects: Vec<&str> = Vec::new();
        for row in &rows {
            if !subjects.contains(&row.subject.as_str()) {
                subjects.push(&row.subject);
            }
        }
        for subject in subjects {
            let own = rows.iter().filter(|row| row.subject == subject);
            let points: Vec<(f64, f64)> = own
                .filter_map(|row| Some((row.size as f64, grows.of(row)?)))
                .collect();
            let medians = medians(&points);
            all.push(Growth {
                things,
                subject: subject.to_owned(),
                grows,
                slope: slope(&medians),
                points,
                medians,
            });
        }
    }
    all.retain(|line| !line.points.is_empty());
    all
}

/// All lines that have a slope.
pub(crate) fn slopes(rows: &[MeasurementRow]) -> Vec<Growth> {
    let mut all = growths(rows, Grows::Time);
    all.extend(growths(rows, Grows::Memory));
    all.retain(|line| line.slope.is_some());
    all
}

fn medians(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut sizes: Vec<f64> = points.iter().map(|point| point.0).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    let at = |size: f64| {
        let values = points.iter().filter(|point| point.0 == size);
        median(&values.map(|point| point.1).collect::<Vec<_>>())
    };
    sizes
        .into_iter()
        .filter_map(|size| Some((size, at(size)?)))
        .collect()
}

/// Least squares on the logs of the largest sizes.
fn slope(medians: &[(f64, f64)]) -> Option<f64> {
    let upper = medians.get(medians.len().saturating_sub(UPPER)..)?;
    let logs: Vec<(f64, f64)> = upper.iter().map(|&(x, y)| (x.ln(), y.ln())).collect();
    let count = logs.len() as f64;
    let mean_x = logs.iter().map(|log| log.0).sum::<f64>() / count;
    let mean_y = logs.iter().map(|log| log.1).sum::<f64>() / count;
    let (mut xy, mut xx) = (0.0, 0.0);
    for (x, y) in logs {
        xy += (x - mean_x) * (y - mean_y);
        xx += (x - mean_x) * (x - mean_x);
    }
    (xx > 0.0).then(|| xy / xx)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(size: u64, time_ns: u64, peak: u64, disturbed: bool) -> MeasurementRow {
        MeasurementRow {
            comparison: comparison::JOBS.to_owned(),
            subject: "threads".to_owned(),
            size,
            round: 0,
            time_ns,
            peak_rss_bytes: Some(peak),
            others_share: None,
            disturbed,
        }
    }

    #[test]
    fn a_line_that_grows_with_the_size_has_slope_one_and_a_flat_one_nought() {
        let rows: Vec<_> = [10, 100, 1000, 10_000]
            .map(|size| row(size, 7_000_000 * size, 5_000_000, false))
            .to_vec();
        let lines = slopes(&rows);
        assert_eq!(lines.len(), 2);
        assert!((lines[0].slope.unwrap() - 1.0).abs() < 1e-9);
        assert!(lines[1].slope.unwrap().abs() < 1e-9);
        assert_eq!(lines[0].to_string(), "jobs (threads) time 1.00");
    }

    #[test]
    fn a_flat_line_has_no_sign() {
        assert_eq!(two_digits(-0.004), "0.00");
        assert_eq!(two_digits(-0.006), "-0.01");
        assert_eq!(two_digits(1.018), "1.02");
    }

    #[test]
    fn the_slope_is_that_of_the_upper_end() {
        let medians = [
            (1.0, 100.0),
            (10.0, 100.0),
            (100.0, 1.0),
            (1000.0, 10.0),
            (1e4, 100.0),
        ];
        assert!((slope(&medians).unwrap() - 1.0).abs() < 1e-9);
        assert_eq!(slope(&medians[..1]), None);
        assert_eq!(slope(&[]), None);
    }

    #[test]
    fn medians_are_those_of_each_size_and_disturbed_times_do_not_count() {
        let rows = [
            row(10, 1_000_000, 9_000_000, false),
            row(10, 3_000_000, 9_000_000, false),
            row(100, 90_000_000, 8_000_000, true),
        ];
        let time = growths(&rows, Grows::Time);
        assert_eq!(time[0].medians, [(10.0, 2.0)]);
        let memory = growths(&rows, Grows::Memory);
        assert_eq!(memory[0].medians, [(10.0, 9.0), (100.0, 8.0)]);
    }
}
