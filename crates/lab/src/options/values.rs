//! Values of options: what is refused is answered with what may be given.

use lab_data::rows::Executor;
use lab_data::settings::costs::Broken;
use lab_pool::{Interval, Wanted};
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// The longest time that a job or a page may take.
const LONGEST: Duration = Duration::from_secs(3600);

/// Where the costs of a simulated machine come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Prices {
    /// From a calibration of this machine.
    #[default]
    This,
    /// From what is known of the articles' machine.
    Article,
    /// From a run that has them.
    Saved(PathBuf),
}

pub(super) fn runtime(word: &str) -> Result<Wanted, String> {
    word.parse::<Wanted>().map_err(|error| error.to_string())
}

pub(super) fn prices(word: &str) -> Result<Prices, String> {
    Ok(match word {
        "this" => Prices::This,
        "article" => Prices::Article,
        file if file.ends_with(".json") => Prices::Saved(file.into()),
        _ => return Err("expected this, article, or a run.json that has costs".to_owned()),
    })
}

pub(super) fn broken(word: &str) -> Result<Broken, String> {
    let named = Broken::ALL.into_iter().find(|broken| broken.name() == word);
    named.ok_or_else(|| format!("expected {}", Broken::ALL.map(Broken::name).join(", ")))
}

pub(super) fn executor(word: &str) -> Result<Executor, String> {
    Executor::ALL.into_iter().find(|executor| executor.name() == word).ok_or_else(|| {
        let names = Executor::ALL.map(Executor::name).join(", ");
        format!("there is no executor '{word}'; there are: {names}")
    })
}

/// A parser of whole numbers in a range, which says what may be given instead.
pub(super) fn number<N>(range: RangeInclusive<N>) -> impl Fn(&str) -> Result<N, String> + Clone
where
    N: FromStr + PartialOrd + Display + Clone,
{
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        let (least, most) = (range.start(), range.end());
        number.ok_or_else(|| format!("expected a whole number from {least} to {most}"))
    }
}

pub(super) fn time(text: &str) -> Result<Duration, String> {
    read_time(text).ok_or_else(|| "expected a time such as 500us, 20ms or 2s, up to 1h".to_owned())
}

/// A bare number is one of seconds. Only a budget may be one: a job of 20 could be of milliseconds.
pub(super) fn budget(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds
        .filter(is_time)
        .or_else(|| read_time(text))
        .ok_or_else(|| "expected seconds, or a time such as 90s or 2m, up to 1h".to_owned())
}

fn read_time(text: &str) -> Option<Duration> {
    let time: jiff::SignedDuration = text.parse().ok()?;
    Duration::try_from(time).ok().filter(is_time)
}

fn is_time(time: &Duration) -> bool {
    !time.is_zero() && *time <= LONGEST
}

pub(super) fn interval(text: &str) -> Result<Interval, String> {
    let time: jiff::SignedDuration =
        text.parse().map_err(|_| "expected a time such as 100us or 5ms".to_owned())?;
    let time = Duration::try_from(time).unwrap_or_default();
    Interval::new(time).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_in_the_range_is_answered_with_the_range() {
        let workers = number(1..=1024u32);
        assert_eq!(workers("16"), Ok(16));
        for text in ["0", "1025", "x", "", "-1", "1.5"] {
            let error = "expected a whole number from 1 to 1024";
            assert_eq!(workers(text), Err(error.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_bare_number_is_a_budget_in_seconds_and_no_other_time() {
        for (text, ms) in
            [("30", 30_000), ("1.5", 1500), ("30s", 30_000), ("2m", 120_000), ("3600", 3_600_000)]
        {
            assert_eq!(budget(text), Ok(Duration::from_millis(ms)), "{text}");
        }
        for text in ["0", "-1", "3601", "nan", "inf", "", "soon", "2h"] {
            assert!(budget(text).unwrap_err().contains("seconds"), "{text}");
        }
        assert!(time("20").is_err());
    }
}
