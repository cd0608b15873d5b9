//! Claims × runtimes: the same table for the README, the figure and the terminal.

use crate::lessons;
use crate::redraw::Saved;
use lab::words;
use lab_plot::{Answer, Frame, Matrix, MatrixCell, MatrixRow};
use lab_record::rows::VerdictRow;

/// The verdicts of all experiments: a row a claim, a column a runtime.
#[derive(Debug)]
pub(crate) struct Board<'a> {
    runtimes: Vec<&'a str>,
    rows: Vec<Row<'a>>,
}

#[derive(Debug)]
struct Row<'a> {
    experiment: &'a str,
    claim: &'a str,
    article: String,
    /// One a runtime.
    verdicts: Vec<Option<&'a VerdictRow>>,
}

impl<'a> Board<'a> {
    /// Of these experiments, in their order. Interpreters stand first: the claims are about them.
    pub(crate) fn of(saved: &'a [Saved]) -> Board<'a> {
        let own = |saved: &'a Saved| saved.rows.iter().filter(|row| row.case.is_empty());
        let mut runtimes: Vec<&str> = saved
            .iter()
            .flat_map(own)
            .map(|row| row.runtime.as_str())
            .collect();
        runtimes.sort_by_key(|runtime| (!runtime.starts_with("cpython"), *runtime));
        runtimes.dedup();
        let mut rows: Vec<Row> = Vec::new();
        for saved in saved {
            for row in own(saved) {
                let same = |other: &Row| other.experiment == saved.name && other.claim == row.claim;
                if rows.iter().any(same) {
                    continue;
                }
                let of = |runtime: &&str| {
                    own(saved).find(|other| other.claim == row.claim && other.runtime == *runtime)
                };
                rows.push(Row {
                    experiment: &saved.name,
                    claim: &row.claim,
                    article: said(&row.article_verdict, words::article(row)),
                    verdicts: runtimes.iter().map(of).collect(),
                });
            }
        }
        Board { runtimes, rows }
    }

    fn heads(&self) -> Vec<String> {
        let runtimes = self.runtimes.iter().map(|name| words::runtime(name));
        ["The article".to_owned()]
            .into_iter()
            .chain(runtimes)
            .collect()
    }

    /// As a table in Markdown, with what a reader takes home as its last column.
    pub(crate) fn markdown(&self) -> String {
        let heads = self.heads().join(" | ");
        let rule = "---|".repeat(self.runtimes.len() + 3);
        let mut text = format!("| What people say | {heads} | So |\n|{rule}\n");
        for row in &self.rows {
            text.push_str(&format!("| {} | {} |", row.claim, row.article));
            for verdict in &row.verdicts {
                let cell = verdict.map_or(String::new(), |row| {
                    said(&format!("**{}**", row.verdict), words::estimate(row))
                });
                text.push_str(&format!(" {cell} |"));
            }
            let verdicts: Vec<&VerdictRow> = row.verdicts.iter().copied().flatten().collect();
            let lesson = lessons::of(row.claim, &verdicts).unwrap_or_default();
            text.push_str(&format!(" {lesson} |\n"));
        }
        text
    }

    /// As a table on a terminal.
    pub(crate) fn plain(&self) -> String {
        let mut table = comfy_table::Table::new();
        table.load_style(comfy_table::presets::NOTHING);
        let head = ["claim".to_owned()].into_iter().chain(self.heads());
        table.set_header(head);
        for row in &self.rows {
            let cell = |verdict: &Option<&VerdictRow>| {
                verdict.map_or(String::new(), |row| {
                    said(&row.verdict, words::estimate(row))
                })
            };
            let cells = row.verdicts.iter().map(cell);
            let first = [row.claim.to_owned(), row.article.clone()];
            table.add_row(first.into_iter().chain(cells));
        }
        table.to_string()
    }

    /// As a figure; none if there is no claim.
    pub(crate) fn matrix(&self, caption: String) -> Option<Matrix> {
        let rows = self.rows.iter().map(|row| {
            let first = row.verdicts.iter().flatten().next();
            let article = first.and_then(|row| cell(&row.article_verdict, words::article(row)));
            let verdicts = row
                .verdicts
                .iter()
                .map(|verdict| verdict.and_then(|row| cell(&row.verdict, words::estimate(row))));
            MatrixRow {
                label: row.claim.to_owned(),
                group: row.experiment.to_owned(),
                cells: [article].into_iter().chain(verdicts).collect(),
            }
        });
        let matrix = Matrix {
            frame: Frame {
                title: self.title(),
                subtitle:
                    "The verdict on each claim, and the estimate that it rests on. INCONCLUSIVE: \
                           the interval reaches over an edge, or this machine could not tell."
                        .to_owned(),
                caption,
            },
            columns: self.heads(),
            rows: rows.collect(),
        };
        (!self.rows.is_empty()).then_some(matrix)
    }

    /// How many claims have another answer natively than in the first interpreter.
    fn title(&self) -> String {
        let column = |name: &str| self.runtimes.iter().position(|runtime| *runtime == name);
        let python = self
            .runtimes
            .iter()
            .find(|name| name.starts_with("cpython"));
        let all = format!("{} claims about threads and processes", self.rows.len());
        let columns = python.and_then(|python| Some((column(python)?, column("rust")?, python)));
        let Some((python, native, name)) = columns else {
            return format!("{all}, and what was measured");
        };
        let decided = |row: &Row, column: usize| {
            let verdict = row.verdicts.get(column).copied().flatten()?;
            ["TRUE", "FALSE"]
                .into_iter()
                .find(|word| verdict.verdict == *word)
        };
        let both: Vec<_> = self
            .rows
            .iter()
            .filter_map(|row| Some((decided(row, python)?, decided(row, native)?)))
            .collect();
        let differ = both.iter().filter(|(python, native)| python != native);
        format!(
            "{all}: of the {} that were decided in both, {} have another answer in Rust than in {}",
            both.len(),
            differ.count(),
            words::runtime(name)
        )
    }
}

fn said(verdict: &str, estimate: Option<String>) -> String {
    match estimate {
        Some(estimate) => format!("{verdict} {estimate}"),
        None => verdict.to_owned(),
    }
}

fn cell(verdict: &str, estimate: Option<String>) -> Option<MatrixCell> {
    let answer = match verdict {
        "TRUE" => Answer::True,
        "FALSE" => Answer::False,
        "NEITHER" => Answer::Neither,
        "INCONCLUSIVE" => Answer::Open,
        _ => return None,
    };
    Some(MatrixCell {
        answer,
        word: verdict.to_owned(),
        note: estimate.unwrap_or_default(),
    })
}
