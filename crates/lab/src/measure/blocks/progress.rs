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
    /// How often all arms run in the blocks that are judged, and how long that was said to take.
    forecast: Option<(u32, Duration)>,
}

/// A forecast that is this many times too high or too low is corrected.
const TOO_FAR: f64 = 1.5;

impl Progress {
    /// Says how long it will take, `once` being the time of one round of all arms, of which so many are
    /// different.
    pub(crate) fn begin(
        blocks: u32,
        rounds: u32,
        (arms, different): (usize, usize),
        once: Duration,
    ) -> Progress {
        let passes = blocks * rounds + 1;
        let time = about(once * passes);
        console::err(&format!(
            "Measuring {different} arms in {blocks} blocks after a warm-up: {time}."
        ));
        let judged = blocks * rounds;
        let mut progress = Progress::of(blocks, rounds, arms);
        progress.forecast = Some((judged, once * judged));
        progress
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
        let trials_per_block = u64::from(rounds) * arms as u64;
        Progress { bar, blocks, trials_per_block, is_told: true, forecast: None }
    }

    /// Shows and says nothing.
    pub(crate) fn hidden() -> Progress {
        let bar = ProgressBar::hidden();
        Progress { bar, blocks: 0, trials_per_block: 0, is_told: false, forecast: None }
    }

    /// The warm-up, all arms once, took this long: says so if the forecast was far off.
    pub(crate) fn warmed_up(&mut self, took: Duration) {
        let correction = self.forecast.take().and_then(|forecast| corrected(forecast, took));
        if let Some(text) = correction {
            self.bar.suspend(|| console::err(&text));
        }
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

/// What is to be said of a forecast (so many passes in so much time) when one pass took this long.
fn corrected((passes, said): (u32, Duration), took: Duration) -> Option<String> {
    let left = took * passes;
    let ratio = left.as_secs_f64() / said.as_secs_f64().max(1e-3);
    let is_near = (1.0 / TOO_FAR..=TOO_FAR).contains(&ratio) || left.max(said).as_secs() < 2;
    (!is_near).then(|| format!("Going by the warm-up, the rest takes {}.", about(left)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forecast_that_the_warm_up_belies_is_corrected() {
        let said = (10, Duration::from_secs(20));
        for (took_ms, text) in [
            (2000, None),
            (2900, None),
            (1400, None),
            (3100, Some("Going by the warm-up, the rest takes about 31 s.")),
            (1000, Some("Going by the warm-up, the rest takes about 10 s.")),
        ] {
            let corrected = corrected(said, Duration::from_millis(took_ms));
            assert_eq!(corrected.as_deref(), text);
        }
        let brief = (10, Duration::from_millis(500));
        assert_eq!(corrected(brief, Duration::from_millis(150)), None, "nobody waits for that");
    }
}
