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
    /// How often all arms run in the blocks that are judged, and how long that was said to take, if anything
    /// was.
    forecast: Option<(u32, Option<Duration>)>,
    /// How long a block takes, going by the warm-up.
    per_block: Option<Duration>,
}

/// A forecast that is this many times too high or too low is corrected.
const TOO_FAR: f64 = 1.5;

impl Progress {
    /// Says how long it will take, `once` being the time of one round of all arms, if that is known; of which
    /// so many are different.
    pub(crate) fn begin(
        blocks: u32,
        rounds: u32,
        (arms, different): (usize, usize),
        once: Option<Duration>,
    ) -> Progress {
        let judged = blocks * rounds;
        let time = match once {
            Some(once) => format!("after a warm-up: {}", about(once * (judged + 1))),
            None => "after a warm-up, which will show how long that takes".to_owned(),
        };
        console::err(&format!("Measuring {different} variants in {blocks} blocks, {time}."));
        let mut progress = Progress::of(blocks, rounds, arms);
        progress.forecast = Some((judged, once.map(|once| once * judged)));
        progress
    }

    /// Says how long it will take at most, `once` being the time of one round of all arms.
    pub(crate) fn race(most: u32, arms: usize, once: Duration, time: Duration) -> Progress {
        let fit = time.as_secs_f64() / once.as_secs_f64().max(1e-6);
        let blocks = most.min((fit as u32).saturating_sub(1)).max(1);
        let longest = time.min(once * (most + 1));
        console::err(&format!(
            "Trying {arms} numbers of workers again and again, those that are clearly slower only a few \
             times: at most {}.",
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
        Progress { bar, blocks, trials_per_block, is_told: true, forecast: None, per_block: None }
    }

    /// Shows and says nothing.
    pub(crate) fn hidden() -> Progress {
        let bar = ProgressBar::hidden();
        Progress {
            bar,
            blocks: 0,
            trials_per_block: 0,
            is_told: false,
            forecast: None,
            per_block: None,
        }
    }

    /// The warm-up, all arms once, took this long: says so if the forecast was far off.
    pub(crate) fn warmed_up(&mut self, took: Duration) {
        let forecast = self.forecast.take();
        self.per_block = forecast.map(|(judged, _)| took * judged / self.blocks.max(1));
        let correction = forecast.and_then(|forecast| corrected(forecast, took));
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
        let time = self.per_block.map(|time| format!(", {} more", about(time * more)));
        let time = time.unwrap_or_default();
        let text = format!("Not all claims are decided: going on to {blocks} blocks{time}.");
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

/// What is to be said of a forecast (so many passes in so much time, if any) when one pass took this long.
fn corrected((passes, said): (u32, Option<Duration>), took: Duration) -> Option<String> {
    let left = took * passes;
    let is_near = said.is_some_and(|said| {
        let ratio = left.as_secs_f64() / said.as_secs_f64().max(1e-3);
        (1.0 / TOO_FAR..=TOO_FAR).contains(&ratio) || left.max(said).as_secs() < 2
    });
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
        let said = (10, Some(Duration::from_secs(20)));
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
        let text = corrected((10, None), Duration::from_millis(2500));
        assert_eq!(text.as_deref(), Some("Going by the warm-up, the rest takes about 25 s."));
        let brief = (10, Some(Duration::from_millis(500)));
        assert_eq!(corrected(brief, Duration::from_millis(150)), None, "nobody waits for that");
    }
}
