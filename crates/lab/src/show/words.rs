//! Verdicts as people read them.

use crate::judge::Verdict;
use lab_data::rows::Kind;
use lab_stats::format;
use lab_stats::verdict::Decision;

pub use lab_stats::format::{runtime, time, value};

/// How many times one is the other: `10.3×`.
pub fn times(ratio: f64) -> String {
    format::value(Kind::Ratio, ratio)
}

/// A verdict in one line, as a run prints it.
pub(crate) fn verdict_line(verdict: &Verdict) -> String {
    let kind = verdict.kind;
    let mut brackets: Vec<String> = Vec::new();
    if let Some(judged) = &verdict.judged {
        brackets.push(format::range(kind, judged.low, judged.high));
        brackets.push(format::edge(kind, &verdict.edges, verdict.decision));
    }
    if let Some(article) = verdict.article_estimate {
        brackets.push(format!("the article: {}", format::value(kind, article)));
    }
    let is_blank = verdict.decision == Decision::Inconclusive && verdict.judged.is_none();
    let brackets = if brackets.is_empty() || is_blank {
        String::new()
    } else {
        format!(" ({})", brackets.join("; "))
    };
    format!(
        "{:<12}  \"{}\"  {}: {}{brackets}",
        verdict.decision,
        verdict.claim,
        runtime(&verdict.runtime),
        verdict.reason
    )
}

/// The estimates of a claim in each runtime, as they are in a title: `Rust 98 %, CPython 3.11 0 %`.
pub(crate) fn by_runtime(verdicts: &[Verdict], claim_id: &str) -> String {
    let own = |verdict: &&Verdict| verdict.claim_id == claim_id && verdict.is_whole();
    let estimates = verdicts.iter().filter(own).filter_map(|verdict| {
        let shown = format::value(verdict.kind, verdict.estimate()?.estimate);
        Some(format!("{} {shown}", runtime(&verdict.runtime)))
    });
    let estimates: Vec<String> = estimates.collect();
    if estimates.is_empty() { "?".to_owned() } else { estimates.join(", ") }
}
