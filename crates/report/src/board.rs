//! Claims × runtimes: the same table for the README, the figure and the terminal.

use crate::readme::sections;
use crate::run::{Run, is_cpython};
use crate::words;
use anyhow::{Context, Result};
use lab::design::runtime::{drawn, place};
use lab::show::print;
use lab_data::rows::{Decision, VerdictRow};
use lab_plot::{Answer, Figure, Matrix, MatrixCell, MatrixRow};
use lab_stats::format;

/// The greatest width of a table on a terminal, in characters.
const WIDTH: u16 = 100;

/// The verdicts of all experiments: a row per claim, a column per runtime.
#[derive(Debug)]
pub(crate) struct Board<'a> {
    runtimes: Vec<&'a str>,
    rows: Vec<Row<'a>>,
}

#[derive(Debug)]
struct Row<'a> {
    run: &'a Run,
    /// The claim's first verdict, for what is said of it whatever the runtime.
    first: &'a VerdictRow,
    /// One per runtime.
    verdicts: Vec<Option<&'a VerdictRow>>,
}

impl<'a> Board<'a> {
    /// Of these runs, in their order.
    pub(crate) fn of(runs: &'a [Run]) -> Board<'a> {
        Board::in_runtimes(runs, runtimes(runs))
    }

    /// The same, with no more runtimes than a reader can take in at once: of the CPythons the newest
    /// with a lock and the newest without.
    pub(crate) fn brief(runs: &'a [Run]) -> Board<'a> {
        Board::in_runtimes(runs, brief(runs, runtimes(runs)))
    }

    fn in_runtimes(runs: &'a [Run], runtimes: Vec<&'a str>) -> Board<'a> {
        let of = |run: &'a Run| {
            let rows = run.by_claim().into_iter().filter_map(|claim| {
                let own = |name: &&str| claim.iter().copied().find(|row| row.runtime == *name);
                let verdicts = runtimes.iter().map(own).collect();
                Some(Row { run, first: claim.first()?, verdicts })
            });
            rows.collect::<Vec<_>>()
        };
        let rows = runs.iter().flat_map(of).collect();
        Board { runtimes, rows }
    }

    fn heads(&self) -> Vec<String> {
        let runtimes = self.runtimes.iter().map(|name| format::runtime(name));
        std::iter::once("The article".to_owned()).chain(runtimes).collect()
    }

    /// As a table in Markdown, with what a reader takes home as its last column.
    pub(crate) fn markdown(&self) -> String {
        let own = ["What people say".to_owned()].into_iter().chain(self.heads());
        let heads: Vec<String> = own.chain(["In practice".to_owned()]).collect();
        let rows = self.rows.iter().map(|row| {
            let mut cells = row.cells(|row| words::in_bold(row, words::estimate(row)));
            cells.push(row.run.lesson(&row.first.claim_id).unwrap_or_default().to_owned());
            cells
        });
        words::table(&heads, rows)
    }

    /// The claims of these ids alone, in words: what was found in each runtime but the model, and what
    /// follows in practice.
    ///
    /// # Errors
    /// If there is no such claim.
    pub(crate) fn headlines(&self, ids: &[&str]) -> Result<String> {
        let is_shown = |name: &&str| *name != "gil";
        let shown = self.runtimes.iter().enumerate().filter(|(_, name)| is_shown(name));
        let shown: Vec<(usize, &str)> = shown.map(|(at, name)| (at, *name)).collect();
        let names = shown.iter().map(|(_, name)| format::runtime(name));
        let heads = ["What people say".to_owned()].into_iter().chain(names);
        let heads: Vec<String> = heads.chain(["In practice".to_owned()]).collect();
        let row = |id: &&str| {
            let row = self.rows.iter().find(|row| row.first.claim_id == **id);
            let row = row.with_context(|| format!("there is no claim '{id}'"))?;
            let said = |verdict: &VerdictRow| {
                format!("**{}**: {}", verdict.verdict, sections::said(row.run, verdict))
            };
            let cells = shown.iter().map(|(at, _)| row.verdicts.get(*at).copied().flatten());
            let cells = cells.map(|cell| cell.map_or(String::new(), said));
            let claim = [format!("“{}”", row.first.claim)].into_iter();
            let lesson = row.run.lesson(id).unwrap_or_default().to_owned();
            Ok(claim.chain(cells).chain([lesson]).collect())
        };
        Ok(words::table(&heads, ids.iter().map(row).collect::<Result<Vec<_>>>()?))
    }

    /// All experiments, each with a link to its section and the first of its claims.
    pub(crate) fn list(&self) -> String {
        let mut runs: Vec<&Run> = self.rows.iter().map(|row| row.run).collect();
        runs.dedup_by_key(|run| &run.name);
        let line = |run: &&Run| {
            let (name, claims) = (&run.name, run.about.claims());
            let claim = claims.first().map_or("", String::as_str);
            format!("- [{name}](crates/experiments/README.md#{name}): {claim}\n")
        };
        runs.iter().map(line).collect()
    }

    /// For a terminal, with any number of runtimes: a claim, and below it the verdicts, under one another as
    /// many as there is room for.
    pub(crate) fn on_terminal(&self) -> String {
        let cell = |row: &VerdictRow| words::said(Some(row.verdict), words::estimate(row));
        let heads = self.heads();
        let named = |row: &Row| -> Vec<String> {
            let cells = heads.iter().zip(row.cells(cell).into_iter().skip(1));
            cells
                .filter(|(_, said)| !said.is_empty())
                .map(|(name, said)| format!("{name} {said}"))
                .collect()
        };
        let rows: Vec<(&str, Vec<String>)> =
            self.rows.iter().map(|row| (row.first.claim.as_str(), named(row))).collect();
        let lengths = rows.iter().flat_map(|(_, cells)| cells).map(|cell| cell.chars().count());
        let width = lengths.max().unwrap_or_default() + 2;
        let room = print::columns().map_or(WIDTH, |terminal| terminal.min(WIDTH));
        let at_once = (usize::from(room) / width).max(1);
        let mut text = String::new();
        for (claim, cells) in rows {
            text.push_str(&format!("\"{claim}\"\n"));
            for cells in cells.chunks(at_once) {
                let line: String =
                    cells.iter().map(|cell| format!("  {cell:<0$}", width - 2)).collect();
                text.push_str(&format!("{}\n", line.trim_end()));
            }
        }
        text
    }

    /// Where a verdict is another than the experiment documents; a line each.
    pub(crate) fn surprises(&self) -> Vec<String> {
        let verdicts = self.rows.iter().flat_map(|row| row.verdicts.iter().flatten());
        let differs = |row: &&&VerdictRow| row.expected.is_some_and(|wanted| wanted != row.verdict);
        let line = |row: &&VerdictRow| {
            let wanted = row.expected.map(|wanted| wanted.to_string()).unwrap_or_default();
            let runtime = format::runtime(&row.runtime);
            format!("{runtime}: {}, not {wanted}: \"{}\"", row.verdict, row.claim)
        };
        verdicts.filter(differs).map(line).collect()
    }

    /// As a figure: the claims that the articles make (all, if they make none), without the model; none
    /// if there is no claim.
    pub(crate) fn figure(mut self, caption: &str) -> Option<Figure> {
        if let Some(model) = self.runtimes.iter().position(|name| *name == "gil") {
            self.runtimes.remove(model);
            for row in &mut self.rows {
                row.verdicts.remove(model);
            }
        }
        if self.rows.iter().any(|row| row.first.article_verdict.is_some()) {
            self.rows.retain(|row| row.first.article_verdict.is_some());
        }
        let rows = self.rows.iter().map(|row| {
            let first = row.first;
            let article = first.article_verdict.map(|verdict| cell(verdict, words::article(first)));
            let verdicts = row.verdicts.iter();
            let verdicts =
                verdicts.map(|row| row.map(|row| cell(row.verdict, words::estimate(row))));
            MatrixRow {
                label: first.claim.clone(),
                cells: std::iter::once(article).chain(verdicts).collect(),
            }
        });
        let matrix = Matrix { columns: self.heads(), rows: rows.collect() };
        let figure = Figure::new(self.title(), matrix)
            .subtitle(
                "The claims of the two articles: the verdict on each, and the estimate that it rests on. NEITHER: \
                 between the edges. INCONCLUSIVE: the interval includes an edge, or this machine could not tell.",
            )
            .caption(caption);
        (!self.rows.is_empty()).then_some(figure)
    }

    /// How many claims have another answer natively than in the first interpreter.
    fn title(&self) -> String {
        let column = |is: fn(&str) -> bool| self.runtimes.iter().position(|name| is(name));
        let all = match self.rows.len() {
            1 => "1 claim about threads and processes".to_owned(),
            n => format!("{n} claims about threads and processes"),
        };
        let columns = column(is_cpython).zip(column(|name| name == "rust"));
        let Some((python, native)) = columns else {
            return format!("{all}, and what was measured");
        };
        let decided = |row: &Row, column: usize| {
            let verdict = row.verdicts.get(column).copied().flatten()?.verdict;
            [Decision::True, Decision::False].contains(&verdict).then_some(verdict)
        };
        let rows = self.rows.iter();
        let both: Vec<_> =
            rows.filter_map(|row| decided(row, python).zip(decided(row, native))).collect();
        let python = format::runtime(self.runtimes.get(python).copied().unwrap_or_default());
        let differ = both.iter().filter(|(python, native)| python != native).count();
        let which = match (both.len(), differ) {
            (0, _) => return format!("{all}: none was decided both in {python} and in Rust"),
            (1, _) => "the one that was decided in both".to_owned(),
            (n, _) => format!("of the {n} that were decided in both"),
        };
        match (both.len(), differ) {
            (1, 0) => format!("{all}: {which} has the same answer in Rust as in {python}"),
            (1, _) => format!("{all}: {which} has another answer in Rust than in {python}"),
            (_, 0) => format!("{all}: {which}, all have the same answer in Rust as in {python}"),
            (_, 1) => format!("{all}: {which}, 1 has another answer in Rust than in {python}"),
            (_, n) => format!("{all}: {which}, {n} have another answer in Rust than in {python}"),
        }
    }
}

/// Of these runtimes those that a short table shows, in order; what each is, its run noted.
pub(crate) fn brief<'a>(runs: &[Run], names: Vec<&'a str>) -> Vec<&'a str> {
    let pythons = || runs.iter().flat_map(|run| &run.info.pythons);
    let lock = |name: &str| pythons().find(|one| one.runtime == name).and_then(|one| one.gil);
    drawn(names.into_iter().map(|name| (name, lock(name).unwrap_or(true))))
}

/// The runtimes of all claims, in order.
fn runtimes(runs: &[Run]) -> Vec<&str> {
    let all = runs.iter().flat_map(Run::claims);
    let mut runtimes: Vec<&str> = all.map(|row| row.runtime.as_str()).collect();
    runtimes.sort_by_key(|runtime| place(runtime));
    runtimes.dedup();
    runtimes
}

impl Row<'_> {
    /// The claim, what the article says, and the verdicts.
    fn cells(&self, verdict: impl Fn(&VerdictRow) -> String) -> Vec<String> {
        let article = words::said(self.first.article_verdict, words::article(self.first));
        let verdicts = self.verdicts.iter().map(|row| row.map_or(String::new(), &verdict));
        [self.first.claim.clone(), article].into_iter().chain(verdicts).collect()
    }
}

fn cell(verdict: Decision, estimate: Option<String>) -> MatrixCell {
    MatrixCell {
        answer: match verdict {
            Decision::True => Answer::True,
            Decision::False => Answer::False,
            Decision::Neither => Answer::Neither,
            Decision::Inconclusive => Answer::Inconclusive,
        },
        note: estimate.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::About;
    use lab_data::run::{Mode, Python, RunInfo};

    const ALL: [Option<Decision>; 5] = [
        Some(Decision::True),
        Some(Decision::False),
        Some(Decision::Neither),
        Some(Decision::Inconclusive),
        None,
    ];

    /// One claim for each pair of verdicts, in CPython and in Rust.
    fn run(verdicts: &[[Option<Decision>; 2]]) -> Run {
        let row = |(at, verdicts): (usize, &[Option<Decision>; 2])| {
            let named = ["cpython-3.14", "rust"].into_iter().zip(verdicts);
            let rows = named.filter_map(|(runtime, verdict)| {
                Some(VerdictRow {
                    claim_id: at.to_string(),
                    claim: format!("Claim {at}."),
                    runtime: runtime.to_owned(),
                    verdict: (*verdict)?,
                    ..VerdictRow::default()
                })
            });
            rows.collect::<Vec<_>>()
        };
        Run {
            name: "test".to_owned(),
            info: RunInfo::begin("test", Mode::Quick, Vec::new(), 1),
            rows: verdicts.iter().enumerate().flat_map(row).collect(),
            about: About::default(),
            printed: String::new(),
        }
    }

    #[test]
    fn the_title_is_right_for_every_pair_of_verdicts() {
        for python in ALL {
            for rust in ALL {
                let runs = [run(&[[python, rust]])];
                let title = Board::of(&runs).title();
                let is_decided = |one| [ALL[0], ALL[1]].contains(&one);
                let wanted = match (python, rust) {
                    (None, None) => "0 claims about threads and processes, and what was measured",
                    (None, _) | (_, None) => {
                        "1 claim about threads and processes, and what was measured"
                    }
                    (a, b) if !is_decided(a) || !is_decided(b) => {
                        "1 claim about threads and processes: none was decided both in CPython 3.14 \
                         and in Rust"
                    }
                    (a, b) if a == b => {
                        "1 claim about threads and processes: the one that was decided in both has \
                         the same answer in Rust as in CPython 3.14"
                    }
                    _ => {
                        "1 claim about threads and processes: the one that was decided in both has \
                         another answer in Rust than in CPython 3.14"
                    }
                };
                assert_eq!(title, wanted, "{python:?}, {rust:?}");
            }
        }
    }

    #[test]
    fn the_title_counts_claims_with_another_answer() {
        let [yes, no, ..] = ALL;
        for (verdicts, end) in [
            (
                vec![[yes, yes], [no, no]],
                "of the 2 that were decided in both, all have the same answer in Rust as in CPython 3.14",
            ),
            (
                vec![[yes, no], [no, no]],
                "of the 2 that were decided in both, 1 has another answer in Rust than in CPython 3.14",
            ),
            (
                vec![[yes, no], [no, yes], ALL[..2].try_into().unwrap()],
                "of the 3 that were decided in both, 3 have another answer in Rust than in CPython 3.14",
            ),
        ] {
            let runs = [run(&verdicts)];
            let title = Board::of(&runs).title();
            assert!(title.ends_with(end), "{title}");
        }
    }

    #[test]
    fn of_many_interpreters_a_reader_is_shown_the_newest_with_a_lock_and_without() {
        let names = ["rust", "cpython-3.14t", "gil", "cpython-3.9", "cpython-3.11", "cpython-3.14"];
        let mut info = RunInfo::begin("io-threads", Mode::Quick, Vec::new(), 1);
        let python = |name: &&str| Python {
            runtime: (*name).to_owned(),
            gil: Some(!name.ends_with('t')),
            ..Python::default()
        };
        info.pythons = names.iter().filter(|name| is_cpython(name)).map(python).collect();
        let row = |name: &&str| VerdictRow {
            claim_id: "a".to_owned(),
            claim: "Many words about threads. ".repeat(3),
            runtime: (*name).to_owned(),
            estimate: Some(1.5),
            ..VerdictRow::default()
        };
        let rows = names.iter().map(row).collect();
        let about = About::default();
        let runs =
            [Run { name: "io-threads".to_owned(), info, rows, about, printed: String::new() }];
        let shown = ["cpython-3.14", "cpython-3.14t", "gil", "rust"];
        assert_eq!(Board::brief(&runs).runtimes, shown);
        assert_eq!(Board::of(&runs).runtimes.len(), names.len());
        let text = Board::of(&runs).on_terminal();
        assert!(text.contains("  CPython 3.9 INCONCLUSIVE    CPython 3.11 INCONCLUSIVE"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        let lines = text.lines().filter(|line| line.starts_with("  CPython 3.9"));
        assert_eq!(lines.count(), 1, "{text}");
        assert!(Board::brief(&runs).headlines(&["a"]).is_ok_and(|text| !text.contains("3.11")));
    }
}
