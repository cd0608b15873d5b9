//! Runs what is compared in rounds, each in another order: the speed of a shared machine changes
//! from second to second, and who runs after whom matters.

use anyhow::{Context, Result, bail, ensure};
use lab_data::clock::now_ns;
use lab_pool::process::run_command;
use lab_stats::shuffle::shuffle;
use oorandom::Rand64;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The table of all rounds.
pub(crate) const MEASUREMENTS: &str = "measurements.csv";
/// A command that takes longer has failed.
const TIMEOUT: Duration = Duration::from_secs(600);

/// A row of `measurements.csv`: what one command took in one round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct MeasurementRow {
    /// What is compared: only subjects of one comparison and round are.
    pub(crate) comparison: String,
    /// Who was measured.
    pub(crate) subject: String,
    /// How many things it did: samples, rows, jobs.
    pub(crate) size: u64,
    /// Number of the round, from 0.
    pub(crate) round: u32,
    /// How long that took, in nanoseconds.
    pub(crate) time_ns: u64,
    /// The peak of memory of the largest of its processes, in bytes.
    pub(crate) peak_rss_bytes: u64,
}

/// A command with its name.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// Program and arguments.
    pub(crate) words: Vec<String>,
}

/// What could not be measured, and why.
#[derive(Debug, PartialEq)]
pub(crate) struct Skipped {
    pub(crate) comparison: &'static str,
    pub(crate) subject: &'static str,
    pub(crate) reason: String,
}

/// Time in nanoseconds, and memory in bytes.
pub(crate) type Measured = (u64, u64);

/// Measures all subjects in each round with `measure`. One that fails is left out from then on.
pub(crate) fn compare(
    (comparison, size, rounds): (&'static str, u64, u32),
    mut subjects: Vec<Subject>,
    random: &mut Rand64,
    measure: impl Fn(&Subject) -> Result<Measured>,
) -> (Vec<MeasurementRow>, Vec<Skipped>) {
    let (mut rows, mut skipped) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        shuffle(&mut subjects, random);
        subjects.retain(|subject| match measure(subject) {
            Ok((time_ns, peak_rss_bytes)) => {
                rows.push(MeasurementRow {
                    comparison: comparison.to_owned(),
                    subject: subject.name.to_owned(),
                    size,
                    round,
                    time_ns,
                    peak_rss_bytes,
                });
                true
            }
            Err(why) => {
                skipped.push(Skipped {
                    comparison,
                    subject: subject.name,
                    reason: format!("{why:#}"),
                });
                false
            }
        });
    }
    (rows, skipped)
}

/// Runs a command that is to do `size` things.
///
/// # Errors
/// If it cannot be started, fails (with the last line of its stderr), takes too long, or did another
/// number of things.
pub(crate) fn measure(words: &[String], size: u64) -> Result<Measured> {
    let (program, args) = words.split_first().context("there is no command")?;
    let start_ns = now_ns();
    let used = run_command(program, args, TIMEOUT).with_context(|| program.clone())?;
    let whole_ns = now_ns() - start_ns;
    match used.status {
        Some(status) if status.success() => {}
        Some(_) => bail!("{}", used.last_error),
        None => bail!("{program} took longer than {TIMEOUT:?} and was ended"),
    }
    let (count, time_ns) = parse(&used.last_output)
        .with_context(|| format!("'{}' is not COUNT [NANOSECONDS]", used.last_output))?;
    ensure!(count == size, "{size} things were to be done, and {count} were");
    Ok((time_ns.unwrap_or(whole_ns), used.peak_rss_bytes))
}

/// How many things a command did, and how long it says that they took.
fn parse(line: &str) -> Option<(u64, Option<u64>)> {
    let (count, time) = line.split_once(' ').map_or((line, None), |(a, b)| (a, Some(b)));
    let time = time.map(str::parse).transpose().ok()?;
    Some((count.parse().ok()?, time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    fn subject(name: &'static str) -> Subject {
        Subject { name, words: Vec::new() }
    }

    #[test]
    fn every_round_has_everybody_and_who_fails_is_left_out_with_the_reason() {
        let order = RefCell::new(String::new());
        let (rows, skipped) = compare(
            ("race", 7, 9),
            ["a", "b", "c"].map(subject).to_vec(),
            &mut Rand64::new(1),
            |subject| {
                order.borrow_mut().push_str(subject.name);
                ensure!(subject.name != "c", "no such tool");
                Ok((3, 4))
            },
        );
        let order = order.into_inner();
        let pairs: Vec<&[u8]> = order.as_bytes()[3..].chunks(2).collect();
        assert!(pairs.contains(&&b"ab"[..]) && pairs.contains(&&b"ba"[..]), "{order}");
        assert_eq!(order.matches('c').count(), 1);
        assert_eq!(rows.len(), 18);
        for (number, both) in rows.chunks(2).enumerate() {
            assert!(both.iter().all(|row| row.round as usize == number && row.size == 7));
            assert_ne!(both[0].subject, both[1].subject);
        }
        let reasons: Vec<&str> = skipped.iter().map(|one| &*one.reason).collect();
        assert_eq!(reasons, ["no such tool"]);
    }

    #[test]
    fn a_command_has_the_time_that_it_says_and_none_if_it_did_not_do_its_work() {
        let run = |script: &str| measure(&["/bin/sh", "-c", script].map(str::to_owned), 7);
        assert_eq!(run("echo 1 2; echo 7 5").unwrap().0, 5);
        assert!(run("echo 7").unwrap().0 > 5);
        for (script, said) in [
            ("echo no module >&2; exit 1", "no module"),
            ("echo 6 5", "7 things were to be done, and 6 were"),
            ("echo done", "'done' is not COUNT [NANOSECONDS]"),
            ("echo 7 soon", "'7 soon' is not COUNT [NANOSECONDS]"),
        ] {
            assert_eq!(format!("{:#}", run(script).unwrap_err()), said);
        }
        let missing = measure(&["/no/such".to_owned()], 7).unwrap_err();
        assert!(missing.to_string().contains("/no/such"), "{missing}");
    }
}
