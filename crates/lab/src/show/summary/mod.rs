//! A run as a whole: the verdicts, a table of the arms, what was written; in words or as JSON.
//!
//! | module | concept |
//! |---|---|
//! | `claims` | the verdicts, by claim |
//! | `table` | what the arms took |
//! | `page` | how wide the terminal is, and whether it shows colours |

pub(crate) mod claims;
pub(crate) mod page;
mod table;

use crate::advise::advice::Advice;
use crate::design::Design;
use crate::judge::Verdict;
use crate::record::Recording;
use anyhow::Result;
use lab_data::rows::VerdictRow;
use page::Page;
use std::path::PathBuf;
use table::{Rows, table};

/// What is said of a run.
pub(crate) struct Summary<'a> {
    /// What was recorded.
    pub(crate) run: &'a Recording,
    /// What was declared.
    pub(crate) designs: &'a [Design],
    /// What follows.
    pub(crate) verdicts: &'a [Verdict],
    /// The advice, of own work.
    pub(crate) advice: Option<&'a Advice>,
    /// The folder of the data, then the figures and what else was asked for.
    pub(crate) written: &'a [PathBuf],
}

impl Summary<'_> {
    /// In words. Only the arms that the claims rest on are in the table, unless all are asked for.
    pub(crate) fn text(&self, page: Page, is_verbose: bool) -> String {
        let mut text = self.advice.map(|advice| advice.text(page)).unwrap_or_default();
        text += &claims::text(self, page);
        // An advice has a table of what was tried.
        let rows = if is_verbose { Rows::All } else { Rows::OfClaims };
        if let Some(table) = table(self, rows).filter(|_| is_verbose || self.advice.is_none()) {
            text += &format!("\n{table}\n");
        }
        let [data, figures @ ..] = self.written else {
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
    pub(crate) fn json(&self) -> Result<String> {
        // A path need not be UTF-8, but JSON is.
        let written: Vec<_> = self.written.iter().map(|path| path.to_string_lossy()).collect();
        let verdicts = self.verdicts.iter().map(|one| one.row(self.run.info()));
        let verdicts: Vec<VerdictRow> = verdicts.collect();
        let mut object = serde_json::json!({
            "run": self.run.info(),
            "verdicts": verdicts,
            "written": written,
        });
        if let Some(advice) = self.advice {
            object["advice"] = serde_json::to_value(advice)?;
        }
        Ok(serde_json::to_string(&object)? + "\n")
    }
}
