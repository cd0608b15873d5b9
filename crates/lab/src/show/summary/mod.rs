//! A run as a whole: the verdicts, a table of the arms, what was written; in words or as JSON.
//!
//! | module | concept |
//! |---|---|
//! | `subject` | what is summed up |
//! | `claims` | the verdicts, by claim |
//! | `table`, `quantities` | what the arms took, and what else of them is compared |
//! | `page` | how wide the terminal is, and whether it shows colours |

pub(crate) mod claims;
pub(crate) mod page;
mod quantities;
pub(crate) mod subject;
mod table;

use crate::show::figures::caption::simulated;
use anyhow::Result;
use lab_data::rows::VerdictRow;
use page::Page;
use subject::Summary;
use table::{Rows, table};

/// In words. Only the arms that the claims rest on are in the table, unless all are asked for.
pub(crate) fn text(summary: &Summary, page: Page, is_verbose: bool) -> String {
    let mut text = summary.advice.map(|advice| advice.text(page)).unwrap_or_default();
    let info = summary.run.info();
    if info.is_simulated() {
        let cores = simulated(summary.run.info());
        text += &page.wrapped(
            &format!("{cores}: nothing was measured, and no verdict is about your machine."),
            0,
        );
        text += "\n\n";
    }
    text += &claims::text(summary, page);
    let answers = summary.predicted.text(page);
    if !answers.is_empty() {
        text += &format!("\n{answers}");
    }
    // An advice has a table of what was tried.
    let rows = if is_verbose { Rows::All } else { Rows::OfClaims };
    if let Some(table) =
        table(summary, rows, page).filter(|_| is_verbose || summary.advice.is_none())
    {
        text += &format!("\n{table}\n");
    }
    let [data, figures @ ..] = summary.written else {
        return text;
    };
    text += &format!("\ndata:   {}\n", data.display());
    for path in figures {
        let is_figure = path.extension().is_some_and(|end| end == "png");
        let what = if is_figure { "chart: " } else { "trace: " };
        text += &format!("{what} {}\n", path.display());
    }
    text
}

/// As one JSON object on a line.
pub(crate) fn json(summary: &Summary) -> Result<String> {
    // A path need not be UTF-8, but JSON is.
    let written: Vec<_> = summary.written.iter().map(|path| path.to_string_lossy()).collect();
    let verdicts = summary.verdicts.iter().map(|one| one.row(summary.run.info()));
    let verdicts: Vec<VerdictRow> = verdicts.collect();
    let mut object = serde_json::json!({
        "run": summary.run.info(),
        "verdicts": verdicts,
        "predicted": summary.predicted,
        "written": written,
    });
    if let Some(advice) = summary.advice {
        object["advice"] = serde_json::to_value(advice)?;
    }
    Ok(serde_json::to_string(&object)? + "\n")
}
