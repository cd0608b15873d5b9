//! All experiments, one after another; goes on where it was stopped, if nothing changed meanwhile.

mod progress;

use crate::board::Board;
use crate::publish::page;
use crate::readme::documents::in_readme_order;
use crate::run::{RUN, Run};
use anyhow::{Context, Result};
use lab::measure::interrupt::SUITE;
use lab::measure::provenance::{commit, out_folder};
use lab::programs::Programs;
use lab::show::print::say;
use lab_data::run::RunInfo;
use lab_pool::process::{SignalRelay, end_by};
use progress::{Done, Key, Progress, fingerprint};
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

/// The exit code of wrong usage.
const USAGE: u8 = 2;
/// The exit code of an experiment with `--expect` whose verdict is another one.
const SURPRISED: i32 = 3;

/// What was asked for.
#[derive(Debug)]
struct Request {
    names: Vec<String>,
    /// For every experiment.
    flags: Vec<String>,
    out: PathBuf,
    json: bool,
    fresh: bool,
}

/// Runs the suite that these words describe: names of experiments, then flags for each of them.
/// `--fresh` is for the suite alone.
///
/// # Errors
/// If it cannot begin, or its progress cannot be noted. An experiment that fails is reported and the
/// others go on; one that does not take the flags ends the suite.
pub(crate) fn run(words: &[String], programs: Option<&Path>) -> Result<ExitCode> {
    let programs = Programs::find(programs)?;
    let request = request(words, programs.names())?;
    let known = programs.names();
    if let Some(name) = request.names.iter().find(|name| !known.contains(name)) {
        let known = known.join(" ");
        eprintln!("run-all: there is no experiment '{name}'; there are: {known}");
        return Ok(ExitCode::from(USAGE));
    }
    programs.build(&request.names)?;
    let relay =
        SignalRelay::watch().context("the signals that end a suite cannot be watched for")?;
    let key = Key {
        commit: commit().map(|(commit, _)| commit),
        programs: fingerprint(&programs, &request.names)?,
        names: request.names.clone(),
        flags: request.flags.clone(),
    };
    let is_replay = request.flags.iter().any(|flag| flag == "--replay");
    let mut progress = Progress::begin(&request.out, key, request.fresh || is_replay)?;
    let all = request.names.len();
    for (number, name) in (1..).zip(&request.names) {
        if let Some(done) = progress.done(name) {
            eprintln!("=== {number}/{all} {name}: done before, in {:.0} s", done.seconds);
            continue;
        }
        eprintln!("=== {number}/{all} {name}");
        let done = one(&request, name, &programs.path(name), &relay)?;
        if done.status == i32::from(USAGE) {
            // The others would say the same, and what an earlier suite noted is still of use.
            eprintln!("run-all: {name} does not take these flags; nothing more is run");
            return Ok(ExitCode::from(USAGE));
        }
        progress.add(done)?;
    }
    let results = progress.finish()?;
    let code = conclude(&request, &results)?;
    if results.iter().any(Done::is_measured) {
        page::after_suite(&request.out, &programs);
    }
    Ok(code)
}

/// Sorts the words: names up to the first flag; what the suite itself looks at; the rest. Without
/// names all experiments are meant, in the README's order.
fn request(words: &[String], known: &[String]) -> Result<Request> {
    let first_flag = words.iter().position(|word| word.starts_with('-'));
    let (names, flags) = words.split_at(first_flag.unwrap_or(words.len()));
    let out = flags.iter().enumerate().find_map(|(at, flag)| match flag.as_str() {
        "--out" => flags.get(at + 1).map(PathBuf::from),
        flag => flag.strip_prefix("--out=").map(PathBuf::from),
    });
    let own = flags.iter().filter(|flag| *flag != "--fresh");
    let all = || in_readme_order(&out_folder(None)?, known);
    Ok(Request {
        names: if names.is_empty() { all()? } else { names.to_vec() },
        out: out_folder(out.as_deref())?,
        json: flags.iter().any(|flag| flag == "--json"),
        fresh: flags.iter().any(|flag| flag == "--fresh"),
        flags: own.cloned().collect(),
    })
}

/// What an experiment says with `--json`, as far as it is of interest here.
#[derive(Default, Deserialize)]
struct Said {
    written: Vec<String>,
}

/// Runs one experiment to its end; a signal that ends it ends the suite.
fn one(request: &Request, name: &str, program: &Path, relay: &SignalRelay) -> Result<Done> {
    let begin = Instant::now();
    let mut command = Command::new(program);
    command.args(&request.flags);
    command.env(SUITE, std::process::id().to_string());
    if request.json {
        command.stdout(Stdio::piped());
    }
    let (output, signal) = relay
        .run(&mut command)
        .with_context(|| format!("{} cannot be started", program.display()))?;
    if let Some(signal) = signal {
        eprintln!(
            "run-all: {name} was ended by a signal; the same command goes on where it stopped"
        );
        end_by(signal);
    }
    let mut done = Done {
        name: name.to_owned(),
        status: output.status.code().unwrap_or(1),
        seconds: begin.elapsed().as_secs_f64(),
        ..Done::default()
    };
    if done.is_measured() {
        let info = RunInfo::read(&request.out.join("data").join(name).join(RUN))?;
        done.skipped = info.settings.skipped_runtimes;
        done.run_id = Some(info.run_id);
        done.written = serde_json::from_slice::<Said>(&output.stdout).unwrap_or_default().written;
    }
    Ok(done)
}

impl Done {
    /// Whether there are data of this run.
    fn is_measured(&self) -> bool {
        self.status == 0 || self.status == SURPRISED
    }

    fn words(&self) -> String {
        match self.status {
            0 => "done".to_owned(),
            SURPRISED => "a verdict differs from the documented one".to_owned(),
            status => format!("failed ({status})"),
        }
    }
}

/// Says what the suite found, and whether all is well.
fn conclude(request: &Request, results: &[Done]) -> Result<ExitCode> {
    let measured = results.iter().filter(|done| done.is_measured());
    let folders = measured.map(|done| request.out.join("data").join(&done.name));
    let runs = folders.map(|folder| Run::read(&folder)).collect::<Result<Vec<_>>>()?;
    say(&if request.json {
        summary(results, &runs)
    } else {
        let board = Board::of(&runs);
        let surprises = surprises(&board.surprises());
        format!("\n{}\n{surprises}{}", board.on_terminal(), times(results))
    })?;
    let failed = results.iter().filter(|done| done.status != 0);
    let failed: Vec<&str> = failed.map(|done| done.name.as_str()).collect();
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("run-all: not all is well: {}", failed.join(" "));
    Ok(ExitCode::FAILURE)
}

/// Where this machine's verdicts differ from the documented ones, and what that may mean.
fn surprises(lines: &[String]) -> String {
    if lines.is_empty() {
        return "Every verdict is as documented.\n\n".to_owned();
    }
    let lines: String = lines.iter().map(|line| format!("  {line}\n")).collect();
    format!(
        "These verdicts differ from the documented ones. INCONCLUSIVE means that this run could not tell, \n\
         and --thorough may; any other answer, that this machine or its Python differs:\n{lines}\n"
    )
}

/// How long each took, and what was left out.
fn times(results: &[Done]) -> String {
    let line = |name: &str, seconds: f64, words: &str| {
        format!("{name:<24} {seconds:>5.0} s  {words}").trim_end().to_owned() + "\n"
    };
    let lines = results.iter().map(|done| line(&done.name, done.seconds, &done.words()));
    let mut text: String = lines.collect();
    text.push_str(&line("all", results.iter().map(|done| done.seconds).sum(), ""));
    let mut skipped: Vec<&str> = Vec::new();
    for reason in results.iter().flat_map(|done| &done.skipped) {
        if !skipped.contains(&reason.as_str()) {
            skipped.push(reason);
            text.push_str(&format!("left out: {reason}\n"));
        }
    }
    text
}

/// The same for programs: one JSON object on a line.
fn summary(results: &[Done], runs: &[Run]) -> String {
    let experiments = results.iter().map(|done| {
        let run = runs.iter().find(|run| run.name == done.name);
        json!({
            "experiment": done.name,
            "status": done.words(),
            "exit": done.status,
            "seconds": done.seconds,
            "verdicts": run.map_or(&[][..], |run| &run.rows),
            "skipped_runtimes": done.skipped,
            "written": done.written,
        })
    });
    let experiments: Vec<Value> = experiments.collect();
    json!({ "experiments": experiments }).to_string() + "\n"
}
