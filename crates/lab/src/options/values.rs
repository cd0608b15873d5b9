//! Values of options: what is refused is answered with what may be given.

use lab_data::rows::Executor;
use lab_pool::{Interval, Wanted};
use std::time::Duration;

/// The longest time that a job or a page may take.
const LONGEST: Duration = Duration::from_secs(3600);

pub(super) fn runtime(word: &str) -> Result<Wanted, String> {
    word.parse::<Wanted>().map_err(|error| error.to_string())
}

pub(super) fn executor(word: &str) -> Result<Executor, String> {
    Executor::ALL.into_iter().find(|executor| executor.name() == word).ok_or_else(|| {
        let names = Executor::ALL.map(Executor::name).join(", ");
        format!("there is no executor '{word}'; there are: {names}")
    })
}

pub(super) fn time(text: &str) -> Result<Duration, String> {
    let help = "expected a time such as 500us, 20ms or 2s, up to 1h";
    let time: jiff::SignedDuration = text.parse().map_err(|_| help.to_owned())?;
    match Duration::try_from(time) {
        Ok(time) if !time.is_zero() && time <= LONGEST => Ok(time),
        _ => Err(help.to_owned()),
    }
}

pub(super) fn interval(text: &str) -> Result<Interval, String> {
    let time: jiff::SignedDuration =
        text.parse().map_err(|_| "expected a time such as 100us or 5ms".to_owned())?;
    let time = Duration::try_from(time).unwrap_or_default();
    Interval::new(time).map_err(|error| error.to_string())
}
