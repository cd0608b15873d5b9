//! What is known of an experiment without running it.

use crate::{Row, Table, workspace};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What an experiment is, as it says itself.
pub struct Described {
    /// The text of its help.
    pub help: String,
    /// Its long options, with their dashes.
    pub options: BTreeSet<String>,
    /// The verdicts that the committed data give.
    pub verdicts: Table,
    /// Its figures, such as `io-threads.png`.
    pub figures: BTreeSet<String>,
    /// Whether it writes `requests.csv`.
    pub has_origin: bool,
}

impl Described {
    /// Asks a program: the one place where tests learn of an experiment.
    ///
    /// Once a program prints its design (`--describe`), claims and figures come from there; until
    /// then its help and its committed data say the same.
    pub fn of(program: &Path, name: &str) -> Described {
        let help = Command::new(program).arg("--help").output().unwrap();
        assert!(help.status.success(), "{name} --help");
        let help = String::from_utf8(help.stdout).unwrap();
        let data = workspace().join("data").join(name);
        Described {
            options: help.lines().filter_map(option).collect(),
            help,
            verdicts: Table::read(&data.join("verdicts.csv")),
            figures: figures(name),
            has_origin: data.join("requests.csv").exists(),
        }
    }

    /// Whether it has an option, such as `--jobs`.
    pub fn has(&self, option: &str) -> bool {
        self.options.contains(option)
    }

    /// The runtimes of the laboratory itself in which it judges anything.
    pub fn runtimes(&self) -> Vec<&'static str> {
        let judged = self.verdicts.column("runtime");
        let own = ["rust", "gil"].into_iter();
        own.filter(|name| judged.contains(name)).collect()
    }

    /// The verdicts on whole claims, not on their parts.
    pub fn whole(&self) -> impl Iterator<Item = Row<'_>> {
        self.verdicts.rows().filter(|row| row.part().is_empty())
    }

    /// Its claims in a runtime, word for word: some are about Python alone. One that compares runtimes is
    /// saved with one of them, and asked of all.
    pub fn claims(&self, runtime: &str) -> BTreeSet<&str> {
        let is_own = |row: &Row| row.text("runtime") == runtime;
        let compares = !self.whole().any(|row| is_own(&row));
        let own = self.whole().filter(|row| compares || is_own(row));
        own.map(|row| row.text("claim")).collect()
    }
}

/// The long option that a line of the help begins with.
fn option(line: &str) -> Option<String> {
    let line = line.trim_start();
    // `-w, --workers <LIST>`
    let after_short = line.get(2..).and_then(|rest| rest.strip_prefix(", "));
    let name = after_short.unwrap_or(line).split([' ', '=']).next()?;
    // A line of prose may begin with an option, too: "--expect, ...".
    let is_name = |rest: &str| rest.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    let has_dashes = name.strip_prefix("--").is_some_and(is_name);
    has_dashes.then(|| name.to_owned())
}

/// The committed figures of an experiment.
fn figures(name: &str) -> BTreeSet<String> {
    let all = fs::read_dir(workspace().join("plots")).unwrap();
    let names = all.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let own = |file: &String| {
        let rest = file.strip_prefix(name).and_then(|rest| rest.strip_suffix(".png"));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    names.filter(own).collect()
}
