//! All experiments, one after another; goes on where it was stopped, if nothing changed meanwhile.

use crate::board::Board;
use crate::ending::Ending;
use crate::programs::Programs;
use crate::progress::{Done, Key, Progress};
use crate::redraw::Saved;
use anyhow::{Context, Result};
use lab_record::run::RunInfo;
use lab_record::tables;
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
struct Wanted {
    names: Vec<String>,
    /// For every experiment.
    flags: Vec<String>,
    out: PathBuf,
    json: bool,
    fresh: bool,
    programs: Programs,
}

/// Runs the suite that these words describe: names of experiments, then flags for each of them.
/// `--fresh` is for the suite alone.
///
/// # Errors
/// If it cannot begin, or its progress cannot be noted. An experiment that fails is told and the
/// others go on; one that does not take the flags ends the suite.
pub(crate) fn run(words: &[String], programs: Option<&Path>) -> Result<ExitCode> {
    let wanted = wanted(words, Programs::find(programs)?)?;
    let known = wanted.programs.names();
    if let Some(name) = wanted.names.iter().find(|name| !known.contains(name)) {
        eprintln!(
            "run-all: there is no experiment '{name}'; there are: {}",
            known.join(" ")
        );
        return Ok(ExitCode::from(USAGE));
    }
    wanted.programs.build(&wanted.names)?;
    let ending = Ending::watch()?;
    let key = Key {
        commit: lab::commit().map(|(commit, _)| commit),
        programs: wanted.programs.fingerprint(&wanted.names)?,
        names: wanted.names.clone(),
        flags: wanted.flags.clone(),
    };
    let is_replay = wanted.flags.iter().any(|flag| flag == "--replay");
    let mut progress = Progress::begin(&wanted.out, key, wanted.fresh || is_replay)?;
    for name in &wanted.names {
        if let Some(done) = progress.done(name) {
            eprintln!("=== {name}: done before, in {:.0} s", done.seconds);
            continue;
        }
        eprintln!("=== {name}");
        let done = one(&wanted, name, &ending)?;
        if done.status == i32::from(USAGE) {
            // The others would say the same, and what an earlier suite noted is still of use.
            eprintln!("run-all: {name} does not take these flags; nothing more is run");
            return Ok(ExitCode::from(USAGE));
        }
        progress.add(done)?;
    }
    let results = progress.finish()?;
    tell(&wanted, &results)
}

/// Sorts the words: names up to the first flag; what the suite itself looks at; the rest.
fn wanted(words: &[String], programs: Programs) -> Result<Wanted> {
    let first_flag = words.iter().position(|word| word.starts_with('-'));
    let (names, flags) = words.split_at(first_flag.unwrap_or(words.len()));
    let fresh = flags.iter().any(|flag| flag == "--fresh");
    let flags: Vec<String> = flags
        .iter()
        .filter(|flag| *flag != "--fresh")
        .cloned()
        .collect();
    let out = flags
        .iter()
        .enumerate()
        .find_map(|(at, flag)| match flag.as_str() {
            "--out" => flags.get(at + 1).map(PathBuf::from),
            flag => flag.strip_prefix("--out=").map(PathBuf::from),
        });
    Ok(Wanted {
        names: match names.is_empty() {
            true => programs.names().to_vec(),
            false => names.to_vec(),
        },
        out: lab::out_folder(out.as_deref())?,
        json: flags.iter().any(|flag| flag == "--json"),
        flags,
        fresh,
        programs,
    })
}

/// Runs one experiment to its end; a signal that ends it ends the suite.
fn one(wanted: &Wanted, name: &str, ending: &Ending) -> Result<Done> {
    let begin = Instant::now();
    let program = wanted.programs.path(name);
    let mut command = Command::new(&program);
    command.args(&wanted.flags);
    command.env(lab::SUITE, std::process::id().to_string());
    if wanted.json {
        command.stdout(Stdio::piped());
    }
    let child = command
        .spawn()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    let output = ending.wait(child, name)?;
    let mut done = Done {
        name: name.to_owned(),
        status: output.status.code().unwrap_or(1),
        seconds: begin.elapsed().as_secs_f64(),
        run_id: None,
        skipped: Vec::new(),
        written: Vec::new(),
    };
    if done.is_measured() {
        let info = RunInfo::read(&wanted.out.join("data").join(name).join("run.json"))?;
        done.skipped = texts(info.settings.get("skipped_runtimes"));
        done.run_id = Some(info.run_id);
        if let Ok(object) = serde_json::from_slice::<Value>(&output.stdout) {
            done.written = texts(object.get("written"));
        }
    }
    Ok(done)
}

fn texts(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

impl Done {
    /// Whether there are data of this run.
    pub(crate) fn is_measured(&self) -> bool {
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
fn tell(wanted: &Wanted, results: &[Done]) -> Result<ExitCode> {
    let mut saved = Vec::new();
    for done in results.iter().filter(|done| done.is_measured()) {
        let folder = wanted.out.join("data").join(&done.name);
        saved.push(Saved {
            name: done.name.clone(),
            info: RunInfo::read(&folder.join("run.json"))?,
            rows: tables::read(&folder.join("verdicts.csv"))?,
        });
    }
    let text = match wanted.json {
        true => summary(results, &saved),
        false => format!("\n{}\n\n{}", Board::of(&saved).plain(), times(results)),
    };
    lab::say(&text)?;
    let failed: Vec<&str> = results
        .iter()
        .filter(|done| done.status != 0)
        .map(|done| done.name.as_str())
        .collect();
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("run-all: not all is well: {}", failed.join(" "));
    Ok(ExitCode::FAILURE)
}

/// How long each took, and what was passed by.
fn times(results: &[Done]) -> String {
    let mut text = String::new();
    for done in results {
        let (name, seconds) = (&done.name, done.seconds);
        text.push_str(&format!("{name:<24} {seconds:>5.0} s  {}\n", done.words()));
    }
    let total: f64 = results.iter().map(|done| done.seconds).sum();
    text.push_str(&format!("{:<24} {total:>5.0} s\n", "all"));
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
fn summary(results: &[Done], saved: &[Saved]) -> String {
    let experiments = results.iter().map(|done| {
        let rows = saved.iter().find(|saved| saved.name == done.name);
        json!({
            "experiment": done.name,
            "status": done.words(),
            "exit": done.status,
            "seconds": done.seconds,
            "verdicts": rows.map_or(&[][..], |saved| &saved.rows),
            "skipped_runtimes": done.skipped,
            "written": done.written,
        })
    });
    let experiments: Vec<Value> = experiments.collect();
    json!({ "experiments": experiments }).to_string() + "\n"
}
