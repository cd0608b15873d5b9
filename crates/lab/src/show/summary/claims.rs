//! The verdicts, by claim: what was found in each runtime, and what follows in practice.

use super::page::Page;
use super::subject::Summary;
use crate::judge::Verdict;
use crate::judge::reason::Reason;
use crate::show::words;
use lab_data::rows::VerdictRow;
use lab_stats::format;
use lab_stats::verdict::Decision;

/// How far what belongs to a claim is indented.
const INDENT: usize = 2;

/// All claims, in the order of their declaration.
pub(crate) fn text(summary: &Summary, page: Page) -> String {
    let whole = || summary.verdicts.iter().filter(|verdict| verdict.is_whole());
    let mut ids: Vec<&str> = Vec::new();
    for verdict in whole() {
        if !ids.contains(&verdict.claim_id.as_str()) {
            ids.push(&verdict.claim_id);
        }
    }
    let claims = ids.into_iter().map(|id| {
        let verdicts: Vec<&Verdict> = whole().filter(|verdict| verdict.claim_id == id).collect();
        claim(&verdicts, lesson(summary, id, &verdicts), page, summary)
    });
    claims.collect::<Vec<_>>().join("\n")
}

/// One claim: a line per runtime, what was found in the first in words, and the lesson.
fn claim(verdicts: &[&Verdict], lesson: Option<&str>, page: Page, summary: &Summary) -> String {
    let title = verdicts.first().map_or("", |verdict| &verdict.claim);
    let mut text = page.bold(&page.wrapped(&format!("\"{title}\""), INDENT)) + "\n";
    let rows: Vec<VerdictRow> = verdicts.iter().map(|one| one.row(summary.run.info())).collect();
    let widest = |of: &dyn Fn(&VerdictRow) -> String| {
        rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0)
    };
    let name = |row: &VerdictRow| words::runtime(&row.runtime);
    let names = widest(&name);
    let verdict = |row: &VerdictRow| row.verdict.to_string();
    let numbers = widest(&verdict);
    for (row, verdict) in rows.iter().zip(verdicts) {
        let decision = page.styled(&format!("{:<numbers$}", verdict.decision), ink(row.verdict));
        let line = format!("  {:<names$}  {decision}  {}", name(row), numbers_of(row));
        text += line.trim_end();
        text.push('\n');
        if let Some(why) = why(&verdict.reason) {
            text += &format!("{:<8}{}\n", "", page.wrapped(&why, 8));
        }
    }
    let found = verdicts.iter().find_map(|verdict| match &verdict.reason {
        Reason::Finding(finding) => Some((verdict, finding.clone())),
        Reason::OfPart { by_chance: None, reason, part } => match &**reason {
            Reason::Finding(finding) => Some((verdict, format!("{part}: {finding}"))),
            _ => None,
        },
        _ => None,
    });
    if let Some((verdict, finding)) = found {
        let said = format!("{}: {finding}.", words::runtime(&verdict.runtime));
        text += &format!("  {}\n", page.wrapped(&said, INDENT));
    }
    if let Some(lesson) = lesson {
        text += &format!("  {}\n", page.wrapped(&format!("In practice: {lesson}"), INDENT));
    }
    text
}

/// Estimate, interval and edge: `1.02×  (1.00–1.05)  FALSE up to 1.34× here`.
fn numbers_of(row: &VerdictRow) -> String {
    let Some((estimate, low, high)) = row.shown() else {
        return String::new();
    };
    let article = row
        .article_estimate
        .map(|theirs| format!("  the article: {}", format::value(row.kind, theirs)));
    format!(
        "{:>6}  {:<14}  {}{}",
        format::value(row.kind, estimate),
        format!("({})", format::range(row.kind, low, high)),
        words::edge(row).unwrap_or_default(),
        article.unwrap_or_default()
    )
}

/// What stands against a decision; none where there is one.
fn why(reason: &Reason) -> Option<String> {
    match reason {
        Reason::Finding(_) => None,
        Reason::OverAnEdge { remedy, hindrances, .. } => {
            Some(format!("the interval includes an edge: {remedy}{hindrances}."))
        }
        Reason::OfPart { reason, by_chance: None, part } => {
            Some(format!("{part}: {}", why(reason)?))
        }
        other => Some(format!("{other}.")),
    }
}

/// Green, red, or neither, as terminals have them.
fn ink(decision: Decision) -> &'static str {
    match decision {
        Decision::True => "32",
        Decision::False => "31",
        Decision::Neither | Decision::Inconclusive => "33",
    }
}

/// What a reader takes home from a claim; none if a verdict is another than the experiment documents,
/// or if native code could have another and was not measured.
fn lesson<'a>(summary: &Summary<'a>, id: &str, verdicts: &[&Verdict]) -> Option<&'a str> {
    let runtimes = &summary.run.info().settings.runtimes;
    let is_told = verdicts.iter().all(|verdict| verdict.expected == Some(verdict.decision))
        && verdicts.iter().any(|verdict| verdict.runtime.starts_with("cpython"))
        && runtimes.iter().any(|runtime| runtime == "rust");
    let claims = summary.designs.iter().flat_map(|design| &design.claims);
    let lesson = claims.filter(|claim| claim.id == id).find_map(|claim| claim.lesson.as_deref());
    lesson.filter(|_| is_told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Design;
    use crate::record::Recording;
    use crate::record::test_rows::recorded;
    use lab_data::rows::{Decision::*, Kind};
    use lab_stats::edges::Edges;
    use lab_stats::interval::{Interval, Scale};

    fn verdict(runtime: &str, decision: Decision, reason: Reason) -> Verdict {
        let interval = Interval {
            estimate: 1.5,
            low: 1.25,
            high: 1.75,
            level: 0.95,
            blocks: 5,
            scale: Scale::Log,
        };
        Verdict {
            claim_id: "faster".to_owned(),
            claim: "Threads are faster.".to_owned(),
            part: String::new(),
            runtime: runtime.to_owned(),
            kind: Kind::Ratio,
            measure: String::new(),
            arm_a: String::new(),
            arm_b: String::new(),
            judged: Some(interval),
            shown: None,
            blocks: 5,
            edges: Edges::true_above(1.0),
            control_low: None,
            replicate: None,
            decision,
            reason,
            expected: Some(decision),
            article_estimate: None,
            article: None,
        }
    }

    fn said(run: &Recording, verdicts: &[Verdict]) -> String {
        let mut design = Design::new(&crate::arms::runtime::Runtime::rust(), []);
        design.claim("faster", "Threads are faster.", Edges::true_above(1.0)).lesson("Use them.");
        let designs = [design];
        let summary = Summary { run, designs: &designs, verdicts, advice: None, written: &[] };
        text(&summary, Page::PLAIN)
    }

    #[test]
    fn a_claim_is_said_once_with_a_line_per_runtime_and_its_lesson() {
        let mut run = recorded(&[], &[], &[]);
        let finding = || Reason::Finding("2 threads are 1.50× as fast".to_owned());
        let both = [
            verdict("cpython-3.14", True, finding()),
            verdict("rust", Inconclusive, Reason::OneCore),
        ];
        let text = said(&run, &both);
        assert!(text.starts_with(
            "\"Threads are faster.\"\n  CPython 3.14  TRUE           1.50×  (1.25–1.75)     TRUE from \
             1×\n  Rust          INCONCLUSIVE   1.50×  (1.25–1.75)     TRUE from 1×\n        this \
             process may use one core only"
        ));
        assert!(text.ends_with("\n  CPython 3.14: 2 threads are 1.50× as fast.\n"), "{text}");
        // A lesson needs native code beside it, and documented verdicts.
        let known = [verdict("cpython-3.14", True, finding()), verdict("rust", True, finding())];
        assert!(!said(&run, &known).contains("In practice"));
        run.info.settings.runtimes = vec!["rust".to_owned(), "cpython-3.14".to_owned()];
        assert!(said(&run, &known).ends_with("  In practice: Use them.\n"));
        assert!(said(&run, &[]).is_empty());
    }

    #[test]
    fn no_line_is_longer_than_the_page() {
        let run = recorded(&[], &[], &[]);
        let reason = || Reason::Finding("2 threads are 1.50× as fast as one job ".repeat(5));
        let verdicts = [
            verdict("cpython-3.14", Neither, reason()),
            verdict("gil", False, reason()),
            verdict("rust", Inconclusive, Reason::OneCore),
        ];
        let text = said(&run, &verdicts);
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
}
