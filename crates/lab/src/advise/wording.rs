//! An advice as people read it.

use super::advice::{Advice, Elsewhere, Range};
use crate::measure::blocks::race::MOST_ERRORS;
use crate::show::summary::page::Page;
use crate::show::words::{self, times};
use lab_stats::sizing::SAME;

/// How far to the right the text of a line begins.
const INDENT: usize = 12;

impl Advice {
    /// The answer first, then what it rests on, and what to keep in mind; at the end what was tried.
    pub(crate) fn text(&self, page: Page) -> String {
        let reason = || self.refused.clone();
        let (first, rest, why) = match (&self.paste, self.fallback) {
            (Some(paste), _) => (paste.clone(), self.gains(), self.why()),
            (None, Some(workers)) => {
                (format!("max_workers={workers}"), Some(self.for_want_of_better()), reason())
            }
            (None, None) => ("NO ADVICE".to_owned(), reason(), None),
        };
        let rest = rest.unwrap_or_default();
        let gap = " ".repeat(INDENT.saturating_sub(first.chars().count()).max(2));
        let rest = page.wrapped(&rest, first.chars().count() + gap.len());
        let first = format!("{}{gap}{rest}", page.bold(&first));
        let mut rows = vec![
            ("why", why),
            ("time", self.time()),
            ("work", self.work()),
            ("memory", self.memory()),
            ("errors", Some(self.failures())),
            ("Python", self.python()),
        ];
        rows.extend(self.elsewhere().into_iter().map(|line| ("simulated", Some(line))));
        rows.extend(self.caveats.iter().map(|caveat| ("note", Some(caveat.clone()))));
        let rows = rows.into_iter().filter_map(|(word, line)| Some((word, line?)));
        let mut text = rows.fold(first.trim_end().to_owned() + "\n", |text, (word, line)| {
            text + &format!("  {word:<10}{}\n", page.wrapped(&line, INDENT))
        });
        text += &self.tried_in_rows();
        text
    }

    /// How much faster the advised number is than one at a time, and than Python's default.
    fn gains(&self) -> Option<String> {
        let workers = self.workers?;
        let serial = match (&self.serial_over_advice, self.piloted_over_advice()) {
            _ if workers == 1 => Some("one at a time".to_owned()),
            (Some(over), _) => Some(format!("{} as fast as one at a time", times(over.ratio))),
            (None, Some(ratio)) => Some(format!("about {} as fast as one at a time", times(ratio))),
            (None, None) => None,
        };
        let default = self.python_default;
        let python = match &self.python_over_advice {
            _ if workers == default => Some(format!("Python's default of {default} is the same")),
            _ if workers == self.at_most(default) => Some(format!(
                "Python's default of {default} comes to the same with {} jobs",
                self.jobs
            )),
            Some(over) if (1.0 / SAME..=SAME).contains(&over.ratio) => {
                let ratio = times(over.ratio);
                Some(format!("about as fast as Python's default of {default} ({ratio})"))
            }
            Some(over) => {
                Some(format!("{} as fast as Python's default of {default}", times(over.ratio)))
            }
            None => None,
        };
        Some([serial, python].into_iter().flatten().collect::<Vec<_>>().join(", "))
    }

    /// The same of one worker that was not tried: by how long the first jobs took one at a time.
    fn piloted_over_advice(&self) -> Option<f64> {
        let one = 1e-3 * (self.waits_ms? + self.computes_ms?);
        Some(one * f64::from(self.jobs_measured) / self.seconds(self.workers?)?)
    }

    /// More workers than jobs are as many as jobs.
    fn at_most(&self, workers: u32) -> u32 {
        workers.min(self.jobs.max(1))
    }

    fn seconds(&self, workers: u32) -> Option<f64> {
        Some(self.tried.iter().find(|tried| tried.workers == workers)?.seconds)
    }

    /// What a number is that nothing speaks for but its being small.
    fn for_want_of_better(&self) -> String {
        match self.tried.len() {
            1 => "for want of a better answer: the only number that was tried".to_owned(),
            tried => format!(
                "for want of a better answer: the smallest of {tried} numbers tried, of which none was \
                 shown to be faster or slower"
            ),
        }
    }

    fn why(&self) -> Option<String> {
        let (workers, tried) = (self.workers?, self.tried.len());
        let is_fastest = self.fastest == Some(workers);
        let mut text = match (self.shown, is_fastest) {
            _ if tried == 1 => "the only number that was tried".to_owned(),
            (true, true) if self.tried.iter().any(|tried| tried.workers < workers) => format!(
                "the fastest of {tried} numbers tried; no smaller one was shown to take at most \
                 {SAME}× as long"
            ),
            (true, true) => format!("the fastest of {tried} numbers tried, and the smallest"),
            (true, false) => format!(
                "the smallest of {tried} numbers tried that was shown to take at most {SAME}× as \
                 long as any other"
            ),
            (false, true) => format!("the least time of {tried} numbers tried"),
            (false, false) => format!(
                "the smallest of {tried} numbers tried that took at most {SAME}× as long as the \
                 fastest"
            ),
        };
        if let (Some(rival), Some(over)) = (self.rival, &self.over_rival) {
            let which = if self.fastest == Some(rival) { "the fastest" } else { "the next best" };
            let (ratio, range) = (times(over.ratio), limits(over));
            text += &match (1.0 / SAME..=SAME).contains(&over.ratio) {
                // Which of two is faster, the median time and the median ratio need not agree on.
                true => format!("; within 5 % of {which}, {rival}: {ratio} its time{range}"),
                false => format!("; {ratio} the time of {which}, {rival}{range}"),
            };
        }
        Some(text)
    }

    /// How long the jobs took with the advised number, and one after another.
    fn time(&self) -> Option<String> {
        let mine = self.seconds(self.workers?)?;
        let jobs = match self.jobs_measured {
            measured if measured < self.jobs => format!("{measured} of the {} jobs", self.jobs),
            measured => format!("{measured} jobs"),
        };
        let mut text = format!("{} for {jobs}", words::time(1e9 * mine));
        if let Some(alone) = self.seconds(1).filter(|_| self.workers != Some(1)) {
            text += &format!("; {} one at a time", words::time(1e9 * alone));
        }
        Some(text)
    }

    fn work(&self) -> Option<String> {
        let (waits, computes) = (self.waits_ms?, words::time(1e6 * self.computes_ms?));
        let waits = match waits {
            0.0 => "does not wait".to_owned(),
            waits => format!("waits {}", words::time(1e6 * waits)),
        };
        let mut text = format!("a job {waits} and computes {computes}");
        if let Some(formula) = self.formula {
            let cores = self.cores;
            text += &format!("; the formula, {cores} cores × (1 + wait/compute), gives {formula}");
            if formula > self.jobs {
                text += &format!(", and there are {} jobs", self.jobs);
            }
        }
        Some(text)
    }

    fn memory(&self) -> Option<String> {
        let megabytes = self.memory_bytes_a_worker? as f64 / 1e6;
        Some(match megabytes {
            ..0.1 => "less than 0.1 MB per worker".to_owned(),
            _ => format!("at most {megabytes:.1} MB per worker"),
        })
    }

    fn failures(&self) -> String {
        let worst = self.tried.iter().filter(|tried| tried.errors > MOST_ERRORS);
        let too_many: Vec<String> = worst
            .map(|tried| format!("{} ({:.0} %)", tried.workers, 100.0 * tried.errors))
            .collect();
        let mut text = match self.errors {
            0.0 => "none".to_owned(),
            share => format!("{:.1} % of the jobs", 100.0 * share),
        };
        if self.workers.is_some() && !too_many.is_empty() {
            let left_out = too_many.join(", ");
            text += &format!("; numbers of workers with too many are left out: {left_out}");
        }
        if let Some(first) = self.first_error.as_ref().filter(|_| self.refused.is_none()) {
            text += &format!("; the first: {first}");
        }
        text
    }

    fn python(&self) -> Option<String> {
        let workers = self.workers?;
        let default = format!("its default is {} here", self.python_default);
        Some(match &self.python_over_advice {
            _ if workers == self.at_most(self.python_default) => default,
            Some(over) => {
                let ratio = times(over.ratio);
                format!("{default}, and takes {ratio} the time of {workers}{}", limits(over))
            }
            None => format!("{default}, and was not tried"),
        })
    }

    /// A line per machine that does not exist, and how far to believe them.
    fn elsewhere(&self) -> Vec<String> {
        let Some(simulated) = &self.simulated else {
            return Vec::new();
        };
        let error = simulated.low.zip(simulated.high);
        let line = |on: &Elsewhere| {
            let Elsewhere { cores, workers, seconds } = *on;
            let time = |seconds: f64| words::time(1e9 * seconds);
            let range = error.map_or_else(String::new, |(low, high)| {
                format!(" ({} to {})", time(seconds / high), time(seconds / low))
            });
            let word = if cores == 1 { "core" } else { "cores" };
            let jobs = self.jobs;
            format!(
                "{cores} {word}: max_workers={workers}, {} for {jobs} jobs{range}",
                time(seconds)
            )
        };
        let mut lines: Vec<String> = simulated.machines.iter().map(line).collect();
        lines.push(match error {
            Some((low, high)) => format!(
                "ranges by the saved sim-model, which found that what is simulated takes {} to {} the \
                 measured time",
                times(low),
                times(high)
            ),
            None => {
                "no ranges: sim-model says how far the simulation errs, and no run of it is saved"
                    .to_owned()
            }
        });
        lines.extend(simulated.over_measured.map(|ratio| {
            format!("on this machine, {} the time that was measured of your jobs", times(ratio))
        }));
        lines
    }

    /// Every number that was tried, in columns.
    fn tried_in_rows(&self) -> String {
        if self.tried.is_empty() {
            return String::new();
        }
        let head = "\n  workers       time   rounds   errors\n".to_owned();
        self.tried.iter().fold(head, |text, tried| {
            let time = words::time(1e9 * tried.seconds);
            let errors = match tried.errors {
                0.0 => "none".to_owned(),
                share => format!("{:.0} %", 100.0 * share),
            };
            text + &format!("  {:>7} {time:>10} {:>8} {errors:>8}\n", tried.workers, tried.blocks)
        })
    }
}

/// The limits of a range in brackets, where it has some.
fn limits(range: &Range) -> String {
    range.low.zip(range.high).map_or_else(String::new, |(low, high)| {
        format!(" ({})", lab_stats::format::range(lab_data::rows::Kind::Ratio, low, high))
    })
}

#[cfg(test)]
mod tests;
