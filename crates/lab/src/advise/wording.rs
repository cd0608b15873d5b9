//! An advice as people read it.

use super::advice::{Advice, Range};
use crate::measure::blocks::race::MOST_ERRORS;
use crate::show::words::{self, times};

impl Advice {
    /// The number first, then its reasons: a word each, and what there is to say.
    pub(crate) fn text(&self) -> String {
        let first = match (&self.workers, &self.refused) {
            (Some(1), _) => "ADVICE      1 worker: max_workers=1\n".to_owned(),
            (Some(workers), _) => format!("ADVICE      {workers} workers: max_workers={workers}\n"),
            (None, Some(reason)) => format!("NO ADVICE   {reason}\n"),
            (None, None) => String::new(),
        };
        let rows = [
            ("why", self.why()),
            ("time", self.time()),
            ("work", self.work()),
            ("memory", self.memory()),
            ("errors", Some(self.failures())),
            ("Python", self.python()),
        ];
        let rows = rows.into_iter().filter_map(|(word, line)| Some((word, line?)));
        rows.fold(first, |text, (word, line)| text + &format!("  {word:<10}{line}\n"))
    }

    fn why(&self) -> Option<String> {
        let tried = self.tried.len();
        let is_fastest = self.fastest == Some(self.workers?);
        let mut text = match is_fastest {
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
            let which = if self.fastest == Some(rival) { "fastest" } else { "next" };
            let ratio = times(over.ratio);
            text += &format!("; {ratio} the time of the {which}, {rival}{}", limits(over));
        }
        Some(text)
    }

    /// How long the jobs took with the advised number, and one after another.
    fn time(&self) -> Option<String> {
        let seconds = |on| Some(self.tried.iter().find(|tried| tried.workers == on)?.seconds);
        let mine = seconds(self.workers?)?;
        let mut text = format!("{} for {} jobs", words::time(1e9 * mine), self.jobs_measured);
        if self.jobs_measured < self.jobs {
            text += &format!(" of the {}", self.jobs);
        }
        if let Some(alone) = seconds(1).filter(|_| self.workers != Some(1)) {
            let (gain, alone) = (times(alone / mine), words::time(1e9 * alone));
            text += &format!("; {gain} as fast as one after another, which takes {alone}");
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
        Some(format!("{megabytes:.1} MB per worker, or less"))
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
        let default = format!("its default, min(32, cores + 4) = {} here,", self.python_default);
        match &self.python_over_advice {
            Some(over) => {
                Some(format!("{default} takes {} as long{}", times(over.ratio), limits(over)))
            }
            None => self.workers.map(|_| format!("{default} was not tried")),
        }
    }
}

/// The limits of a range in brackets, where it has some.
fn limits(range: &Range) -> String {
    range.low.zip(range.high).map_or_else(String::new, |(low, high)| {
        format!(" ({})", lab_stats::format::range(lab_data::rows::Kind::Ratio, low, high))
    })
}
