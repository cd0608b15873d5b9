//! Whether a submission can be believed: its form first, then whether it agrees with itself and with
//! the claims of this commit.

use crate::machines::follows::follows;
use crate::machines::rules::Rules;
use crate::machines::submission::{FORMAT, Ran, Submission};
use anyhow::{Context, Result, ensure};
use lab::design::runtime::is_interpreter;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A submission with all claims in five interpreters has 100 kB.
const MOST_BYTES: usize = 1 << 20;
/// An object of lists of objects with an object in them.
const MOST_DEPTH: usize = 6;
const MOST_ROWS: usize = 2000;
const MOST_LETTERS: usize = 120;
/// Of cores and of blocks: nobody has more.
const MOST: u32 = 100_000;

/// What can be said of the bytes before anything is read from them.
pub(crate) fn outside(bytes: &[u8]) -> Result<()> {
    ensure!(
        bytes.len() <= MOST_BYTES,
        "it has {} bytes, and at most {MOST_BYTES} are read",
        bytes.len()
    );
    let (mut depth, mut is_text, mut is_escaped) = (0usize, false, false);
    for byte in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'{' | b'[' if !is_text => depth += 1,
            b'}' | b']' if !is_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        ensure!(depth <= MOST_DEPTH, "it is nested more than {MOST_DEPTH} deep");
    }
    Ok(())
}

/// What it says.
pub(crate) fn inside(submission: &Submission, rules: &Rules) -> Result<()> {
    let Submission { machine, pythons, runs, verdicts, .. } = submission;
    texts(submission)?;
    let cores = machine.cores;
    let counts = [cores.logical, cores.physical, cores.usable, cores.affinity.unwrap_or(1)];
    let most = cores.affinity.unwrap_or(cores.logical).min(cores.logical);
    ensure!(
        counts.iter().all(|count| (1..=MOST).contains(count)) && cores.usable <= most,
        "its numbers of cores cannot be: {} usable of {}",
        cores.usable,
        cores.logical
    );
    ensure!(
        runs.len() + verdicts.len() + pythons.len() <= MOST_ROWS,
        "it has more than {MOST_ROWS} rows"
    );
    ensure!(!verdicts.is_empty(), "it has no verdicts");
    let mut blocks = BTreeMap::new();
    for run in runs {
        let is_new = blocks.insert(run.experiment.as_str(), run.blocks).is_none();
        ensure!(is_new, "{} is there twice", run.experiment);
        ran(run).with_context(|| format!("run of {}", run.experiment))?;
    }
    let mut known = BTreeSet::from(["rust", "gil"]);
    for python in pythons {
        ensure!(
            is_interpreter(&python.runtime) && known.insert(&python.runtime),
            "'{}' is no runtime, or is there twice",
            python.runtime
        );
    }
    let mut claims = BTreeSet::new();
    for row in verdicts {
        let place = || format!("{} in {}", row.claim_id, row.runtime);
        ensure!(
            known.contains(row.runtime.as_str()),
            "{}: there is no such runtime among its interpreters",
            place()
        );
        ensure!(claims.insert((&row.claim_id, &row.runtime)), "{}: it is there twice", place());
        let rule = rules.get(&row.claim_id);
        let rule = rule.with_context(|| format!("{}: this commit has no such claim", place()))?;
        let run = blocks.get(rule.experiment.as_str());
        let run = run.with_context(|| {
            format!("{}: it does not say how {} was run", place(), rule.experiment)
        })?;
        ensure!(row.blocks <= *run, "{}: it judges more blocks than were run", place());
        ensure!(
            rule.kind(&row.row()).is_some(),
            "{}: its edges are not those of this commit; measure again with this version",
            place()
        );
        follows(row, rule, cores.usable).with_context(place)?;
    }
    Ok(())
}

/// Every text is short, on one line, and shows what it is.
fn texts(submission: &Submission) -> Result<()> {
    let machine = &submission.machine;
    let own = [Some(&machine.kernel), machine.cpu_model.as_ref(), machine.governor.as_ref()];
    let pythons = submission.pythons.iter().flat_map(|python| {
        [Some(&python.runtime), Some(&python.version), python.start_method.as_ref()]
    });
    let runs = submission
        .runs
        .iter()
        .flat_map(|run| [Some(&run.experiment), Some(&run.date), run.commit.as_ref()]);
    let verdicts =
        submission.verdicts.iter().flat_map(|row| [Some(&row.claim_id), Some(&row.runtime)]);
    for text in own.into_iter().chain(pythons).chain(runs).chain(verdicts).flatten() {
        ensure!(
            text.chars().count() <= MOST_LETTERS,
            "a text in it has more than {MOST_LETTERS} letters"
        );
        // No markup, and nothing that turns the direction of writing, either.
        let is_plain = |c: char| {
            (c.is_ascii_graphic() && !"<>".contains(c))
                || c == ' '
                || c.is_alphanumeric()
                || "®™©·–".contains(c)
        };
        ensure!(text.chars().all(is_plain), "a text in it has signs that no machine's name has");
        ensure!(!text.contains("://"), "there is an address in it");
    }
    Ok(())
}

fn ran(run: &Ran) -> Result<()> {
    let is_day = |(at, byte): (usize, u8)| {
        if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() }
    };
    ensure!(
        run.date.len() == 10 && run.date.bytes().enumerate().all(is_day),
        "its date is none: {}",
        run.date
    );
    ensure!(run.blocks <= MOST, "nobody measured {} blocks", run.blocks);
    let is_hex =
        |commit: &String| commit.len() <= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    ensure!(run.commit.as_ref().is_none_or(is_hex), "its commit is none");
    let noise =
        run.noise.iter().flat_map(|noise| [noise.others_share, noise.steal_share]).flatten();
    for share in noise {
        ensure!((-0.1..=1.1).contains(&share), "{share} is no share of the machine's time");
    }
    Ok(())
}

impl Submission {
    /// Reads a file that somebody sent, and believes nothing in it.
    ///
    /// # Errors
    /// A sentence, if it is too large, too deep, no JSON, of another format, has anything else in it
    /// than this version writes, or contradicts itself or the rules.
    pub fn parse(bytes: &[u8], rules: &Rules) -> Result<Submission> {
        outside(bytes)?;
        #[derive(Deserialize)]
        struct Version {
            format: u64,
        }
        let Version { format } = serde_json::from_slice(bytes).context("this is no submission")?;
        ensure!(
            format == u64::from(FORMAT),
            "it has format {format}, and this version reads format {FORMAT}"
        );
        let submission: Submission =
            serde_json::from_slice(bytes).context("this is no submission")?;
        inside(&submission, rules)?;
        Ok(submission)
    }
}
