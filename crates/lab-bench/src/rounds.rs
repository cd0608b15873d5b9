//! Rounds: every subject of a comparison once, one right after the other, in an order that turns
//! from round to round, since the speed of a shared machine changes from second to second.

use crate::rows::{MeasurementRow, SkippedRow};
use crate::watch::{Stretch, Watch};
use anyhow::Result;
use std::fmt;
use std::time::{Duration, Instant};

/// What a subject took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    pub(crate) time_ns: u64,
    pub(crate) peak_rss_bytes: Option<u64>,
}

impl From<u64> for Measured {
    fn from(time_ns: u64) -> Measured {
        Measured {
            time_ns,
            peak_rss_bytes: None,
        }
    }
}

/// One side of a comparison.
pub(crate) struct Subject<'a> {
    name: &'static str,
    size: u64,
    /// How many rounds are to count.
    rounds: u32,
    /// Rounds that count so far, those that are not judged yet included.
    sound: u32,
    tried: u32,
    measure: Box<dyn FnMut() -> Result<Measured> + 'a>,
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}, {}", self.name, self.size)
    }
}

impl<'a> Subject<'a> {
    /// `measure` does `size` things and tells how long that took; `rounds` of them are to count.
    pub(crate) fn new(
        name: &'static str,
        size: u64,
        rounds: u32,
        measure: impl FnMut() -> Result<Measured> + 'a,
    ) -> Subject<'a> {
        Subject {
            name,
            size,
            rounds,
            sound: 0,
            tried: 0,
            measure: Box::new(measure),
        }
    }

    /// Every disturbed round is tried once more.
    fn is_due(&self) -> bool {
        self.sound < self.rounds && self.tried < 2 * self.rounds
    }
}

/// What a comparison leaves behind.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) rows: Vec<MeasurementRow>,
    pub(crate) skipped: Vec<SkippedRow>,
}

/// Measures the subjects until enough rounds count, or `budget` is over (a round that has begun is
/// ended). A subject that fails is left out from then on, with its error as the reason. `living`
/// are processes of ours that are there all the time.
pub(crate) fn compare(
    record: &mut Record,
    comparison: &'static str,
    subjects: &mut [Subject],
    living: &[u32],
    budget: Duration,
) {
    let begun = Instant::now();
    let mut stretch = Stretch::new();
    // Rows of this stretch, which are not judged yet.
    let mut open = record.rows.len();
    for round in 0.. {
        if begun.elapsed() >= budget || !subjects.iter().any(Subject::is_due) {
            break;
        }
        let watch = Watch::start(living);
        let count = subjects.len();
        for place in 0..count {
            let Some(subject) = subjects.get_mut((place + round) % count) else {
                continue;
            };
            if !subject.is_due() {
                continue;
            }
            match (subject.measure)() {
                Ok(measured) => {
                    subject.sound += 1;
                    subject.tried += 1;
                    record.rows.push(MeasurementRow {
                        comparison: comparison.to_owned(),
                        subject: subject.name.to_owned(),
                        size: subject.size,
                        round: round as u32,
                        time_ns: measured.time_ns,
                        peak_rss_bytes: measured.peak_rss_bytes,
                        others_share: None,
                        disturbed: false,
                    });
                }
                Err(error) => {
                    subject.rounds = 0;
                    let reason = format!("{error:#}");
                    eprintln!("bench: {comparison}, {}: {reason}", subject.name);
                    record.skip(comparison, subject.name, reason);
                }
            }
        }
        stretch.add(watch.stop());
        let is_last = !subjects.iter().any(Subject::is_due);
        if stretch.is_enough() || is_last {
            judge(&mut stretch, &mut record.rows[open..], subjects);
            open = record.rows.len();
        }
    }
    // The budget may end within a stretch.
    judge(&mut stretch, &mut record.rows[open..], subjects);
}

/// Ends a stretch: its rows are told what others did, and who was disturbed is due again.
fn judge(stretch: &mut Stretch, rows: &mut [MeasurementRow], subjects: &mut [Subject]) {
    let (share, disturbed) = stretch.judge();
    for row in rows {
        row.others_share = share;
        row.disturbed = disturbed;
        let subject = subjects
            .iter_mut()
            .find(|one| one.name == row.subject && one.size == row.size);
        if let (Some(subject), true) = (subject, disturbed) {
            subject.sound = subject.sound.saturating_sub(1);
        }
    }
}

impl Record {
    /// Notes that a subject was not measured; without a name, that none of the comparison was.
    pub(crate) fn skip(&mut self, comparison: &str, subject: &str, reason: impl Into<String>) {
        self.skipped.push(SkippedRow {
            comparison: comparison.to_owned(),
            subject: subject.to_owned(),
            reason: reason.into(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;
    use std::cell::RefCell;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn the_order_turns_and_every_subject_has_its_rounds() {
        let order = RefCell::new(String::new());
        let subject = |name: &'static str, rounds| {
            let order = &order;
            Subject::new(name, 3, rounds, move || {
                order.borrow_mut().push_str(name);
                Ok(7.into())
            })
        };
        let mut record = Record::default();
        let mut subjects = [subject("a", 3), subject("b", 2)];
        compare(&mut record, "race", &mut subjects, &[], LONG);
        drop(subjects);
        let sound = |name: &str| {
            let sound = |row: &&MeasurementRow| row.subject == name && !row.disturbed;
            record.rows.iter().filter(sound).count()
        };
        // The machine that tests run on is not always quiet.
        assert!((order.borrow().starts_with("abba")), "{}", order.borrow());
        assert!(sound("a") <= 3 && sound("b") <= 2);
        assert!(
            record
                .rows
                .iter()
                .all(|row| row.size == 3 && row.time_ns == 7)
        );
    }

    #[test]
    fn who_fails_is_left_out_with_the_reason_and_the_others_go_on() {
        let mut record = Record::default();
        let mut subjects = [
            Subject::new("a", 1, 2, || bail!("no such tool")),
            Subject::new("b", 1, 2, || Ok(1.into())),
        ];
        compare(&mut record, "race", &mut subjects, &[], LONG);
        assert_eq!(record.skipped.len(), 1);
        assert_eq!(record.skipped[0].reason, "no such tool");
        assert!(record.rows.len() >= 2);
        assert!(record.rows.iter().all(|row| row.subject == "b"));
    }

    #[test]
    fn rounds_that_the_budget_cuts_off_are_judged_like_those_before() {
        let (mut record, mut long) = (Record::default(), 250);
        // The first round is a stretch by itself, those after it are too short for one.
        let mut subjects = [Subject::new("a", 1, 1000, || {
            std::thread::sleep(Duration::from_millis(std::mem::replace(&mut long, 1)));
            Ok(1.into())
        })];
        let budget = Duration::from_millis(270);
        compare(&mut record, "race", &mut subjects, &[], budget);
        let is_told = |row: &MeasurementRow| row.others_share.is_some();
        let first = record.rows.first().is_some_and(is_told);
        assert!(record.rows.iter().all(|row| is_told(row) == first));
    }

    #[test]
    fn no_round_begins_when_the_time_is_over() {
        let mut record = Record::default();
        let mut subjects = [Subject::new("a", 1, 2, || Ok(1.into()))];
        compare(&mut record, "race", &mut subjects, &[], Duration::ZERO);
        assert!(record.rows.is_empty());
    }
}
