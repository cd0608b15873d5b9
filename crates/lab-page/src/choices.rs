//! What a reader chooses between before the answer is shown: verdicts, each with what it would mean.

use crate::text::together;
use lab::show::meaning::Meaning;
use lab_data::rows::{Decision, VerdictRow};

/// One answer to a claim.
#[derive(Debug, PartialEq)]
pub(crate) struct Choice {
    /// `TRUE`, or a few words.
    pub(crate) word: &'static str,
    /// What it would mean, as a sentence without its full stop.
    pub(crate) reason: String,
    /// Whether it is what was measured.
    pub(crate) is_measured: bool,
}

/// The answers to a claim with these verdicts, one per runtime; none where it is not known what they
/// would mean. None of them is measured where a verdict is missing.
pub(crate) fn choices(meaning: Option<&Meaning>, rows: &[&VerdictRow]) -> Vec<Choice> {
    let Some(Meaning { if_true, if_false }) = meaning else { return Vec::new() };
    let has = |decision| rows.iter().any(|row| row.verdict == decision);
    let is_open = has(Decision::Inconclusive);
    let all = |decision| !is_open && rows.iter().all(|row| row.verdict == decision);
    let mut choices = vec![
        Choice { word: "TRUE", reason: together(if_true), is_measured: all(Decision::True) },
        Choice { word: "FALSE", reason: together(if_false), is_measured: all(Decision::False) },
    ];
    let has_gap = rows
        .iter()
        .filter_map(|row| row.edges())
        .any(|edges| edges.false_low < edges.true_low || edges.true_high < edges.false_high);
    if has_gap || has(Decision::Neither) {
        choices.push(Choice {
            word: "NEITHER",
            reason: "the number lies between the two".to_owned(),
            is_measured: all(Decision::Neither),
        });
    }
    if rows.len() > 1 {
        let kinds = [Decision::True, Decision::False, Decision::Neither].map(has);
        choices.push(Choice {
            word: "It depends on the runtime",
            reason: "a lock that all threads share, or what the interpreter itself costs, decides"
                .to_owned(),
            is_measured: kinds.into_iter().filter(|is_there| *is_there).count() > 1,
        });
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measured_answer_is_the_one_that_all_verdicts_give_or_that_they_differ() {
        use Decision::{False, Inconclusive, Neither, True};
        let meaning =
            Meaning { if_true: "it is large".to_owned(), if_false: "it is small".to_owned() };
        let row = |verdict, true_low| VerdictRow {
            verdict,
            true_low: Some(true_low),
            false_low: Some(1.0),
            ..VerdictRow::default()
        };
        let measured = |verdicts: &[Decision]| {
            let rows: Vec<VerdictRow> = verdicts.iter().map(|verdict| row(*verdict, 2.0)).collect();
            let choices = choices(Some(&meaning), &rows.iter().collect::<Vec<_>>());
            let measured = choices.iter().filter(|choice| choice.is_measured);
            measured.map(|choice| choice.word).collect::<Vec<_>>().join(", ")
        };
        for (verdicts, word) in [
            (&[True, True][..], "TRUE"),
            (&[False], "FALSE"),
            (&[Neither, Neither], "NEITHER"),
            (&[True, False], "It depends on the runtime"),
            (&[True, False, Inconclusive], "It depends on the runtime"),
            (&[True, Neither], "It depends on the runtime"),
            (&[True, Inconclusive], ""),
            (&[Inconclusive], ""),
        ] {
            assert_eq!(measured(verdicts), word, "{verdicts:?}");
        }
        let words = |rows: &[&VerdictRow]| {
            choices(Some(&meaning), rows).iter().map(|choice| choice.word).collect::<Vec<_>>()
        };
        assert_eq!(words(&[&row(True, 1.0)]), ["TRUE", "FALSE"]);
        assert_eq!(words(&[&row(True, 2.0)]), ["TRUE", "FALSE", "NEITHER"]);
        assert_eq!(choices(None, &[&row(True, 1.0)]), []);
    }
}
