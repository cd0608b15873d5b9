//! What is said of one experiment: a line per claim, its parts, or a whole section from its own text.

use crate::run::Run;
use crate::studies::Files;
use crate::words;
use lab::design::runtime::place;
use lab::show::predicted::Answered;
use lab_data::rows::{Decision, VerdictRow};
use lab_stats::format;
use std::path::Path;

/// A section for an experiment: its claims, what is done, the question, the figures, what was found,
/// and what that means. Links lead `up` to the folder of the README first.
pub(crate) fn section(run: &Run, files: &Files, up: &str) -> String {
    let (name, text) = (&run.name, &run.about.text);
    let part = |heading: &str| {
        let rest = text.split(&format!("# {heading}\n")).nth(1)?;
        Some(rest.split("\n# ").next()?.split("\n\nFigure").next()?.trim().to_owned())
    };
    let claims = text.split("\n#").next().unwrap_or_default().trim().replace('\n', "* *");
    let mut section = format!("## {name}\n*{claims}*\n\n");
    let mut add = |paragraph: String| section.push_str(&(paragraph + "\n\n"));
    if let Some(done) = part("Experiment") {
        add(done);
    }
    let Answered { question, answers } = &run.about.predicted;
    if !question.is_empty() {
        add(format!("**Predict first.** {question}"));
    }
    let found = lines(run);
    let found = found.trim_end();
    let figures = figures(name, files).map(|(path, title)| format!("![{title}]({up}{path})"));
    let figures = figures.collect::<Vec<_>>().join("\n\n");
    let key: String = answers.iter().map(|answer| format!("- {answer}\n")).collect();
    let key = if key.is_empty() { key } else { format!("**As measured:**\n{key}\n") };
    add(format!(
        "<details><summary>The answer</summary>\n\n{key}{figures}\n\n{found}\n\n</details>"
    ));
    for (heading, said) in
        [("When it is true", "When it is true."), ("What this does not show", "Not shown here.")]
    {
        if let Some(paragraphs) = part(heading) {
            add(format!("**{said}** {paragraphs}"));
        }
    }
    add(format!(
        "`cargo run -p {name}` · [source]({up}crates/experiments/{name}/src/main.rs) · [data]({up}data/{name})"
    ));
    section.trim_end().to_owned() + "\n"
}

/// The figures of an experiment: their paths below the folder of the README, and their titles.
pub(crate) fn figures<'a>(
    name: &'a str,
    files: &'a Files,
) -> impl Iterator<Item = (String, String)> + 'a {
    let is_own = move |path: &Path| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let rest = stem.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    files.iter().filter(move |(path, _)| path.starts_with("plots") && is_own(path)).map(
        |(path, bytes)| {
            let title = lab_plot::title_of_png(bytes).unwrap_or_default();
            (path.display().to_string(), title)
        },
    )
}

/// A row for each part of an experiment's claims.
pub(crate) fn parts(run: &Run) -> String {
    let heads = ["Where", "What", "Estimate", "Verdict"].map(str::to_owned);
    let rows = run.rows.iter().filter(|row| !row.part.is_empty()).map(|row| {
        let estimate = words::estimate(row).unwrap_or_default() + &words::in_brackets(row);
        vec![format::runtime(&row.runtime), row.part.clone(), estimate, row.verdict.to_string()]
    });
    words::table(&heads, rows)
}

/// A row for each verdict that is the opposite one in another world: that of what is shown beside a claim, and
/// is held to the same edges.
pub(crate) fn flips(runs: &[Run]) -> String {
    let heads = ["Claim", "is", "but", "it is", "in"].map(str::to_owned);
    let mut rows: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for (run, whole) in runs.iter().flat_map(|run| run.claims().map(move |whole| (run, whole))) {
        let is_flipped = |row: &&VerdictRow| {
            let both = (whole.verdict, row.verdict);
            (&row.claim_id, &row.runtime) == (&whole.claim_id, &whole.runtime)
                && run.about.is_beside(&row.claim_id, &row.part)
                && row.edges() == whole.edges()
                && matches!(
                    both,
                    (Decision::True, Decision::False) | (Decision::False, Decision::True)
                )
        };
        for row in run.rows.iter().filter(is_flipped) {
            let cells = vec![
                format!("“{}”", whole.claim),
                whole.verdict.to_string(),
                row.part.clone(),
                row.verdict.to_string(),
            ];
            let runtime = format::runtime(&row.runtime);
            match rows.iter_mut().find(|(known, _)| *known == cells) {
                Some((_, runtimes)) => runtimes.push(runtime),
                None => rows.push((cells, vec![runtime])),
            }
        }
    }
    let rows =
        rows.into_iter().map(|(cells, runtimes)| [cells, vec![runtimes.join(", ")]].concat());
    words::table(&heads, rows)
}

/// Each claim of an experiment, and below it what was found in each runtime.
pub(crate) fn lines(run: &Run) -> String {
    let line = |mut rows: Vec<&VerdictRow>| {
        rows.sort_by_key(|row| place(&row.runtime));
        let first = rows.first();
        let claim = first.map_or("", |row| &row.claim);
        let article = first.map(|row| words::said(row.article_verdict, words::article(row)));
        let article = article.filter(|said| !said.is_empty());
        let article = article.map_or(String::new(), |said| format!(" The article: {said}."));
        let found: String = rows.iter().map(|row| found(run, row)).collect();
        format!("- *“{claim}”*{article}\n{found}")
    };
    run.by_claim().into_iter().map(line).collect()
}

/// The verdict in a runtime, the finding, its interval, and the edge that it is about.
fn found(run: &Run, row: &VerdictRow) -> String {
    let said = said(run, row);
    let limits = words::range(row).into_iter().chain(lab::show::words::edge(row));
    let limits = limits.collect::<Vec<_>>().join("; ");
    // Where all parts hold, their sentences do not say whose interval this is.
    let part = run.part(row).filter(|_| run.is_of_all_parts(row)).map(|part| format!("{part}: "));
    let limits = match limits.as_str() {
        "" => limits,
        _ => format!(" ({}{limits})", part.unwrap_or_default()),
    };
    let runtime = format::runtime(&row.runtime);
    format!("  - {runtime} **{}**: {said}{limits}\n", row.verdict)
}

/// What was found, in a sentence; where only the blocks did not suffice, the number and that it is open.
pub(crate) fn said(run: &Run, row: &VerdictRow) -> String {
    undecided(run, row).unwrap_or_else(|| row.reason.clone())
}

/// What there is to say where only the blocks did not suffice: the program itself says what to do.
fn undecided(run: &Run, row: &VerdictRow) -> Option<String> {
    let (low, high) = (row.low?, row.high?);
    let edges = row.edges()?.cells();
    let is_open = edges.into_iter().flatten().any(|edge| (low..=high).contains(&edge));
    let part = run.part(row).map(|part| format!("{part}: "));
    (row.verdict == Decision::Inconclusive && is_open).then(|| {
        let estimate = words::estimate(row).unwrap_or_default();
        format!("{}{estimate}, not decided in {} blocks", part.unwrap_or_default(), row.blocks)
    })
}
