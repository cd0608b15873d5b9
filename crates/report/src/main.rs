//! From `data/` to the README: its tables and numbers are spliced between markers, so that no
//! number is written twice; `--check` changes nothing and proves that they match.
//!
//! A marker is a line `<!-- report: NAME -->`, its end a line `<!-- end -->`. The names are
//! `verdicts` (a row a claim, a column a runtime), `machine` (where the data come from),
//! `EXPERIMENT` (the verdict lines of one experiment) and `EXPERIMENT parts` (its supporting rows).

mod splice;
mod tables;

use anyhow::{Context, Result, bail};
use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(about = "Splices the numbers of data/ into the README")]
struct Options {
    /// Change nothing; fail, naming the place, if the README is not what the data gives
    #[arg(long)]
    check: bool,

    /// The folder that holds README.md and data/ [default: the workspace, else the current folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("report: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let folder = lab::out_folder(options.out.as_deref())?;
    let readme = folder.join("README.md");
    let text = std::fs::read_to_string(&readme)
        .with_context(|| format!("{} cannot be read", readme.display()))?;
    let data = folder.join("data");
    let (new, changed) = splice::splice(&text, |name| tables::block(&data, name))
        .with_context(|| readme.display().to_string())?;
    if changed.is_empty() {
        println!("{} says what the data says.", readme.display());
        return Ok(());
    }
    if options.check {
        bail!(
            "{} is not what the data gives: {}; run `cargo run -p report`",
            readme.display(),
            changed.join(", ")
        );
    }
    lab_record::atomic_write(&readme, new.as_bytes())?;
    println!("{}: {}", readme.display(), changed.join(", "));
    Ok(())
}
