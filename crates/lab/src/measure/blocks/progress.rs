//! What the person who waits sees, on stderr: nothing moves while a trial runs.

use crate::console;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// A bar between trials; hidden where stderr is no terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    blocks: u32,
    trials_per_block: u64,
    is_told: bool,
}

impl Progress {
    /// Says how long it will take, `once` being the time of one round of all arms.
    pub(crate) fn begin(blocks: u32, rounds: u32, arms: usize, once: Duration) -> Progress {
        let passes = blocks * rounds + 1;
        let time = about(once * passes);
        console::err(&format!("Measuring {arms} arms in {blocks} blocks after a warm-up: {time}."));
        Progress::of(blocks, rounds, arms)
    }

    /// Says how long it will take at most, `once` being the time of one round of all arms.
    pub(crate) fn race(most: u32, arms: usize, once: Duration, time: Duration) -> Progress {
        let fit = time.as_secs_f64() / once.as_secs_f64().max(1e-6);
        let blocks = most.min((fit as u32).saturating_sub(1)).max(1);
        let longest = time.min(once * (most + 1));
        console::err(&format!(
            "Measuring {arms} arms again and again, those that are clearly slower only a few times: at \
             most {}.",
            about(longest)
        ));
        Progress::of(blocks, 1, arms)
    }

    fn of(blocks: u32, rounds: u32, arms: usize) -> Progress {
        let passes = blocks * rounds + 1;
        let bar = ProgressBar::new(u64::from(passes) * arms as u64);
        // A template that indicatif cannot read leaves the default one.
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len}  {msg}") {
            bar.set_style(style);
        }
        Progress { bar, blocks, trials_per_block: u64::from(rounds) * arms as u64, is_told: true }
    }

    /// Shows and says nothing.
    pub(crate) fn hidden() -> Progress {
        Progress { bar: ProgressBar::hidden(), blocks: 0, trials_per_block: 0, is_told: false }
    }

    /// Says that it will take more blocks, if it does.
    pub(crate) fn up_to(&mut self, blocks: u32) {
        let more = blocks.saturating_sub(self.blocks);
        if more == 0 || !self.is_told {
            return;
        }
        self.blocks = blocks;
        self.bar.inc_length(u64::from(more) * self.trials_per_block);
        let text = format!("Not all claims are decided: going on to {blocks} blocks.");
        self.bar.suspend(|| console::err(&text));
    }

    /// Says something else.
    pub(crate) fn say(&self, text: &str) {
        self.bar.suspend(|| console::err(text));
    }

    /// This many trials are run again.
    pub(crate) fn again(&self, trials: usize) {
        self.bar.inc_length(trials as u64);
    }

    /// The next trial.
    pub(crate) fn before(&self, block: u32, arm: &str) {
        self.bar.set_message(match block {
            0 => format!("warm-up: {arm}"),
            _ => format!("block {block} of {}: {arm}", self.blocks.max(block)),
        });
    }

    /// A trial is done.
    pub(crate) fn after(&self) {
        self.bar.inc(1);
    }
}

fn about(time: Duration) -> String {
    match time.as_secs_f64() {
        ..1.5 => "about a second".to_owned(),
        seconds if seconds < 100.0 => format!("about {seconds:.0} s"),
        seconds => format!("about {:.0} min", seconds / 60.0),
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
