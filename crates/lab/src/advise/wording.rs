//! An advice as people read it.

use super::advice::{Advice, Range};
use crate::show::words;

/// A row: a word, and what there is to say.
const INDENT: usize = 12;

impl Advice {
    /// The number first, then its reasons.
    pub(crate) fn text(&self) -> String {
        let mut text = match (&self.workers, &self.refused) {
            (Some(1), _) => "ADVICE      1 worker: max_workers=1\n".to_owned(),
            (Some(workers), _) => format!("ADVICE      {workers} workers: max_workers={workers}\n"),
            (None, Some(reason)) => format!("NO ADVICE   {reason}\n"),
            (None, None) => String::new(),
        };
        for (word, line) in self.rows() {
            text.push_str(&format!("  {word:<width$}{line}\n", width = INDENT - 2));
        }
        text
    }

    fn rows(&self) -> Vec<(&'static str, String)> {
        let mut rows = Vec::new();
        if let Some(workers) = self.workers {
            rows.push(("why", self.why(workers)));
        }
        if let Some(time) = self.time() {
            rows.push(("time", time));
        }
        if let (Some(waits), Some(computes)) = (self.waits_ms, self.computes_ms) {
            rows.push(("work", self.work(waits, computes)));
        }
        if let Some(bytes) = self.memory_bytes_a_worker {
            let megabytes = bytes as f64 / 1e6;
            rows.push(("memory", format!("{megabytes:.1} MB a worker, or less")));
        }
        rows.push(("errors", self.failures()));
        if let Some(over) = &self.python_over_advice {
            rows.push((
                "Python",
                format!(
                    "its default, min(32, cores + 4) = {} here, takes {} as long{}",
                    self.python_default,
                    times(over.ratio),
                    limits(over)
                ),
            ));
        } else if self.workers.is_some() {
            rows.push((
                "Python",
                format!(
                    "its default, min(32, cores + 4) = {} here, was not tried",
                    self.python_default
                ),
            ));
        }
        rows
    }

    fn why(&self, workers: u32) -> String {
        let tried = self.tried.len();
        let mut text = match self.fastest == Some(workers) {
            true if tried == 1 => "the only number that was tried".to_owned(),
            true => format!(
                "the fastest of {tried} numbers, and no smaller one was shown to take at most \
                 1.05× as long"
            ),
            false => format!(
                "the smallest of {tried} numbers that was shown to take at most 1.05× as long as \
                 any other"
            ),
        };
        if let (Some(rival), Some(over)) = (self.rival, &self.over_rival) {
            let which = match self.fastest == Some(rival) {
                true => "fastest",
                false => "next",
            };
            let (ratio, limits) = (times(over.ratio), limits(over));
            text.push_str(&format!("; {ratio} the time of the {which}, {rival}{limits}"));
        }
        text
    }

    /// How long the jobs took with the advised number, and one by one.
    fn time(&self) -> Option<String> {
        let seconds = |workers| {
            let tried = self.tried.iter().find(|tried| tried.workers == workers)?;
            Some(tried.seconds)
        };
        let mine = seconds(self.workers?)?;
        let mut text = format!("{} for {} jobs", words::time(1e9 * mine), self.jobs_measured);
        if self.jobs_measured < self.jobs {
            text.push_str(&format!(" of the {}", self.jobs));
        }
        if let Some(alone) = seconds(1).filter(|_| self.workers != Some(1)) {
            text.push_str(&format!(
                "; {} as fast as one by one, {}",
                times(alone / mine),
                words::time(1e9 * alone)
            ));
        }
        Some(text)
    }

    fn work(&self, waits: f64, computes: f64) -> String {
        let mut text = format!(
            "a job {} and computes {}",
            match waits {
                0.0 => "does not wait".to_owned(),
                waits => format!("waits {}", words::time(1e6 * waits)),
            },
            words::time(1e6 * computes)
        );
        if let Some(formula) = self.formula {
            let cores = self.cores;
            text.push_str(&format!(
                "; the formula, {cores} cores × (1 + wait/compute), gives {formula}"
            ));
            if formula > self.jobs {
                text.push_str(&format!(", and there are {} jobs", self.jobs));
            }
        }
        text
    }

    fn failures(&self) -> String {
        let worst = self.tried.iter().filter(|tried| tried.errors > 0.05);
        let too_many: Vec<String> = worst
            .map(|tried| format!("{} ({:.0} %)", tried.workers, 100.0 * tried.errors))
            .collect();
        let mut text = match self.errors {
            0.0 => "none".to_owned(),
            share => format!("{:.1} % of the jobs", 100.0 * share),
        };
        if self.workers.is_some() && !too_many.is_empty() {
            text.push_str(&format!(
                "; numbers of workers with too many are left out: {}",
                too_many.join(", ")
            ));
        }
        if let Some(first) = self.first_error.as_ref().filter(|_| self.refused.is_none()) {
            text.push_str(&format!("; the first: {first}"));
        }
        text
    }
}

/// What a range is sure of, in brackets.
fn limits(range: &Range) -> String {
    match (range.low, range.high) {
        (Some(low), Some(high)) => format!(" ({}–{})", digits(low), digits(high)),
        _ => String::new(),
    }
}

fn times(ratio: f64) -> String {
    format!("{}×", digits(ratio))
}

fn digits(ratio: f64) -> String {
    match ratio {
        ..10.0 => format!("{ratio:.2}"),
        _ => format!("{ratio:.1}"),
    }
}
