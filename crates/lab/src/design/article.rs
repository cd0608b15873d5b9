//! The articles' own numbers, from `data/articles.csv`, which is part of the program.

use serde::Deserialize;
use std::fmt::Display;

const TABLE: &str = include_str!("../../../../data/articles.csv");

#[derive(Deserialize)]
struct Row {
    misconception: String,
    executor: String,
    workers: String,
    seconds: f64,
}

/// How long the article's run took with this executor and number of workers (or the word
/// that the table has for one), in seconds; none if it gives no such number.
pub fn seconds(misconception: &str, executor: &str, workers: impl Display) -> Option<f64> {
    let workers = workers.to_string();
    csv::Reader::from_reader(TABLE.as_bytes())
        .deserialize()
        .filter_map(Result::<Row, _>::ok)
        .find(|row| {
            row.misconception == misconception && row.executor == executor && row.workers == workers
        })
        .map(|row| row.seconds)
}

/// How many times as fast as serial the article's run was.
pub fn speed_up(misconception: &str, executor: &str, workers: u32) -> Option<f64> {
    let serial = seconds(misconception, "serial", 1)?;
    Some(serial / seconds(misconception, executor, workers)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_read() {
        let rows = csv::Reader::from_reader(TABLE.as_bytes())
            .deserialize::<Row>()
            .map(|row| row.map(drop))
            .collect::<Result<Vec<_>, _>>();
        assert_eq!(rows.unwrap().len(), TABLE.trim().lines().count() - 1);
    }

    #[test]
    fn the_first_article_has_sixteen_threads_load_pages_12_7_times_faster() {
        let ratio = speed_up("io-threads", "threads", 16).unwrap();
        assert!((ratio - 12.677).abs() < 0.001, "{ratio}");
        assert_eq!(speed_up("io-threads", "threads", 5), None);
    }
}
