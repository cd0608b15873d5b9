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
    let whys: Vec<Option<String>> =
        rows.iter().zip(verdicts).map(|(row, verdict)| why(&verdict.reason, row)).collect();
    for (at, (row, verdict)) in rows.iter().zip(verdicts).enumerate() {
        let decision = page.styled(&format!("{:<numbers$}", verdict.decision), ink(row.verdict));
        let part = deciding_part(summary, verdict).map(str::to_owned);
        let facts = numbers_of(row).into_iter().chain(part);
        text += &format!("  {:<names$}  {decision}", name(row));
        let start = 2 + names + 2 + numbers;
        text += &in_line(&facts.collect::<Vec<_>>(), start, page);
        text.push('\n');
        // What stands against several, one below the other, is said once.
        let why = whys.get(at).filter(|why| whys.get(at + 1) != Some(*why)).cloned().flatten();
        if let Some(why) = why {
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

/// Estimate and interval, edge, and the article's number: `1.02×  (1.00–1.05)`, `FALSE up to 1.34× here`.
fn numbers_of(row: &VerdictRow) -> Vec<String> {
    let Some((estimate, low, high)) = row.shown() else {
        return Vec::new();
    };
    let numbers = format!(
        "{:>6}  {:<14}",
        format::value(row.kind, estimate),
        format!("({})", format::range(row.kind, low, high))
    );
    let theirs = row.article_estimate.map(|theirs| format::value(row.kind, theirs));
    let article = theirs.map(|theirs| format!("the article: {theirs}"));
    [Some(numbers), words::edge(row), article].into_iter().flatten().collect()
}

/// The name of the part that decided a claim of several: the one whose estimate the claim shows.
fn deciding_part<'s>(summary: &Summary<'s>, whole: &Verdict) -> Option<&'s str> {
    let is_it = |part: &&Verdict| {
        !part.is_whole()
            && (&part.claim_id, &part.runtime) == (&whole.claim_id, &whole.runtime)
            && (&part.arm_a, &part.arm_b, &part.judged)
                == (&whole.arm_a, &whole.arm_b, &whole.judged)
            && whole.judged.is_some()
            && part.edges == whole.edges
    };
    Some(summary.verdicts.iter().find(is_it)?.part.as_str())
}

/// Facts behind what reaches to column `start`, on further lines where the page is too narrow.
fn in_line(facts: &[String], start: usize, page: Page) -> String {
    let (mut text, mut column) = (String::new(), start);
    for fact in facts {
        let long = fact.trim_end().chars().count();
        if column + 2 + long > page.width && column > 8 {
            text = text.trim_end().to_owned() + "\n        ";
            column = 8;
        } else {
            text += "  ";
            column += 2;
        }
        text += if column == 8 { fact.trim_start() } else { fact };
        column += fact.chars().count();
    }
    text.trim_end().to_owned()
}

/// What stands against a decision; none where there is one.
fn why(reason: &Reason, row: &VerdictRow) -> Option<String> {
    match reason {
        Reason::Finding(_) => None,
        Reason::OverAnEdge { remedy, hindrances, .. } => {
            let included = row
                .shown()
                .zip(row.shown_edges())
                .and_then(|((_, low, high), edges)| format::included(row.kind, &edges, low, high));
            let included = included.map_or(String::new(), |included| included + ": ");
            Some(format!("{included}not decided {remedy}{hindrances}."))
        }
        Reason::OfPart { reason, by_chance: None, .. } => why(reason, row),
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

/// What a reader takes home from a claim.
fn lesson<'a>(summary: &Summary<'a>, id: &str, verdicts: &[&Verdict]) -> Option<&'a str> {
    let mut claims = summary.designs.iter().flat_map(|design| &design.claims);
    let claim = claims.find(|claim| claim.id == id && claim.lesson.is_some())?;
    let verdicts = verdicts.iter().map(|one| (one.decision, one.expected));
    claim.lesson_of(verdicts, &summary.run.info().settings.runtimes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Design;
    use crate::judge::verdict::made_up;
    use crate::record::Recording;
    use crate::record::test_rows::recorded;
    use crate::show::predicted::Answered;
    use lab_data::rows::Decision::*;
    use lab_stats::edges::Edges;

    fn verdict(runtime: &str, decision: Decision, reason: Reason) -> Verdict {
        Verdict { decision, reason, expected: Some(decision), ..made_up(runtime, Some(1.5)) }
    }

    fn said(run: &Recording, verdicts: &[Verdict]) -> String {
        said_on(Page::PLAIN, run, verdicts)
    }

    fn said_on(page: Page, run: &Recording, verdicts: &[Verdict]) -> String {
        let mut design = Design::new(&crate::arms::runtime::Runtime::rust(), []);
        design.claim("faster", "Threads are faster.", Edges::true_above(1.0)).lesson("Use them.");
        let designs = [design];
        let predicted = &Answered::default();
        let summary =
            Summary { run, designs: &designs, verdicts, advice: None, predicted, written: &[] };
        text(&summary, page)
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
            "\"Threads are faster.\"\n  CPython 3.14  TRUE           1.50×  (1.25–1.80)     TRUE from \
             1×\n  Rust          INCONCLUSIVE   1.50×  (1.25–1.80)     TRUE from 1×\n        this \
             process may use one core only"
        ));
        assert!(text.ends_with("\n  CPython 3.14: 2 threads are 1.50× as fast.\n"), "{text}");
        // A lesson needs native code beside it, and documented verdicts.
        let known = [verdict("cpython-3.14", True, finding()), verdict("rust", True, finding())];
        assert!(!said(&run, &known).contains("In practice"));
        run.info.settings.runtimes = vec!["rust".to_owned(), "cpython-3.14".to_owned()];
        assert!(said(&run, &known).ends_with("  In practice: Use them.\n"));
        // What is about native code alone has no verdict in an interpreter that was measured.
        assert!(said(&run, &known[1..]).ends_with("  In practice: Use them.\n"));
        assert!(said(&run, &[]).is_empty());
    }

    #[test]
    fn what_stands_against_several_verdicts_is_said_once() {
        let run = recorded(&[], &[], &[]);
        let of = |runtime| verdict(runtime, Inconclusive, Reason::OneCore);
        let text = said(&run, &[of("cpython-3.14"), of("gil"), of("rust")]);
        assert_eq!(text.matches("may use one core only").count(), 1, "{text}");
        assert!(text.lines().nth(3).is_some_and(|line| line.starts_with("  Rust")), "{text}");
    }

    #[test]
    fn the_part_that_decided_is_named_in_each_runtime() {
        let run = recorded(&[], &[], &[]);
        let of = |runtime, part: &str, estimate| Verdict {
            part: part.to_owned(),
            arm_a: part.to_owned(),
            decision: False,
            reason: Reason::Finding("it is slower".to_owned()),
            ..made_up(runtime, Some(estimate))
        };
        let whole = |part: &Verdict| Verdict { part: String::new(), ..part.clone() };
        let [tiny, large] = [of("gil", "1 µs", 0.5), of("gil", "10 ms", 0.9)];
        let shared = of("rust", "shared", 0.7);
        let verdicts = [whole(&tiny), tiny, large, whole(&shared), shared];
        let text = said(&run, &verdicts);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].ends_with("FALSE up to 1×  1 µs"), "{text}");
        assert!(lines[2].ends_with("FALSE up to 1×  shared"), "{text}");
    }

    #[test]
    fn a_narrow_page_has_more_lines_and_no_longer_ones() {
        let run = recorded(&[], &[], &[]);
        let reason = || Reason::Finding("2 threads are 1.50× as fast as one job ".repeat(5));
        let verdicts = [
            Verdict { article_estimate: Some(12.7), ..verdict("cpython-3.14t", Neither, reason()) },
            verdict("gil", False, reason()),
            verdict("rust", Inconclusive, Reason::OneCore),
        ];
        for width in [40, 60, 100] {
            let text = said_on(Page { width, has_colours: false }, &run, &verdicts);
            assert!(text.lines().all(|line| line.chars().count() <= width), "{width}:\n{text}");
            assert!(text.contains("the article: 12.7×"), "{text}");
        }
    }
}
