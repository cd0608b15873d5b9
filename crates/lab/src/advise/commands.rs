//! The user's own work: the commands of `--command` and `--inputs`, or the pages of `--urls`.

use crate::measure::rig::Rig;
use crate::options::{List, Own};
use anyhow::{Context, Result, bail, ensure};
use lab_data::run::{OwnWork, WorkKind};
use lab_pool::Job;
use lab_pool::jobs::command::CommandRequest;
use std::path::Path;
use std::time::Duration;

/// Where a line of the inputs goes.
const HOLE: &str = "{}";

/// The work that the user brought: commands or pages.
///
/// # Errors
/// If a file cannot be read or holds nothing, or the command cannot be split into words.
pub(super) fn of(rig: &mut Rig) -> Result<Vec<Job>> {
    let own = rig.options.own.clone();
    let budget = own.budget_in(rig.info.mode);
    let (kind, jobs) = match (&own.command, &own.inputs) {
        (Some(command), Some(inputs)) => {
            // One that takes longer cannot be measured in the budget.
            let timeout = rig.options.io.timeout.unwrap_or(budget / 2);
            (WorkKind::Command, read_commands(&own, command, inputs, timeout)?)
        }
        _ => (WorkKind::Page, rig.urls_as_jobs()),
    };
    ensure!(jobs.len() > 1, "there is one job only, and it needs one worker: give at least two");
    rig.info.settings.own_work = Some(OwnWork {
        kind,
        jobs: u32::try_from(jobs.len()).unwrap_or(u32::MAX),
        budget_ms: u64::try_from(budget.as_millis()).unwrap_or(u64::MAX),
        command: own.command,
        inputs: own.inputs,
        shell: own.shell,
    });
    Ok(jobs)
}

fn read_commands(own: &Own, command: &str, inputs: &Path, timeout: Duration) -> Result<Vec<Job>> {
    let list = List::read(inputs)?;
    let template = Template::parse(command, own.shell)?;
    let mut checked = String::new();
    let jobs: Vec<Job> = list
        .lines()
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(number, line)| {
            let place = || format!("{}, line {number}", inputs.display());
            let line = std::str::from_utf8(line).with_context(place)?;
            let words = template.fill(line).with_context(place)?;
            let mut words = words.into_iter();
            let request = CommandRequest {
                program: words.next().unwrap_or_default(),
                args: words.collect(),
                timeout_ns: u64::try_from(timeout.as_nanos()).unwrap_or(u64::MAX),
            };
            // Most often it is the same in all lines.
            if checked != request.program {
                request.check().with_context(place)?;
                checked.clone_from(&request.program);
            }
            Ok(Job::command(request))
        })
        .collect::<Result<_>>()?;
    ensure!(!jobs.is_empty(), "{} holds no input: write one per line", inputs.display());
    Ok(jobs)
}

/// A command with a hole for an input.
struct Template {
    words: Vec<String>,
    shell: bool,
}

impl Template {
    fn parse(command: &str, shell: bool) -> Result<Template> {
        ensure!(
            command.contains(HOLE),
            "--command {command:?} has no {HOLE}: write it where a line of --inputs goes"
        );
        let words = if shell {
            ["sh", "-c", command].map(str::to_owned).to_vec()
        } else {
            let Some(words) = shlex::split(command) else {
                bail!("--command {command:?} has a quote that is not closed");
            };
            words
        };
        ensure!(
            !words.first().is_none_or(|program| program.is_empty()),
            "--command names no program"
        );
        Ok(Template { words, shell })
    }

    /// Program and arguments for an input. Without a shell it goes where the hole is, as it is; a
    /// shell is given it quoted, so that it stays one word there.
    fn fill(&self, input: &str) -> Result<Vec<String>> {
        ensure!(!input.contains('\0'), "no program takes an argument with a NUL byte in it");
        let input = match self.shell {
            true => shlex::try_quote(input)?.into_owned(),
            false => input.to_owned(),
        };
        Ok(self.words.iter().map(|word| word.replace(HOLE, &input)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(command: &str, shell: bool, input: &str) -> Result<Vec<String>> {
        Template::parse(command, shell)?.fill(input)
    }

    #[test]
    fn a_command_is_split_like_in_a_shell_and_an_input_stays_one_word() {
        assert_eq!(
            fill("grep -c 'a b' \"{}\" --name={}", false, "x y'\"ü $HOME").unwrap(),
            ["grep", "-c", "a b", "x y'\"ü $HOME", "--name=x y'\"ü $HOME"]
        );
    }

    #[test]
    fn a_shell_is_given_the_input_quoted() {
        let words = fill("cat {} | wc -l", true, "a; rm -rf b").unwrap();
        assert_eq!(words, ["sh", "-c", "cat 'a; rm -rf b' | wc -l"]);
    }

    #[test]
    fn what_cannot_be_a_command_is_refused_with_the_reason() {
        for (command, reason) in
            [("sleep 1", "has no {}"), ("echo 'a {}", "not closed"), ("'' {}", "names no program")]
        {
            let error = fill(command, false, "x").unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
        assert!(fill("echo {}", false, "a\0b").is_err());
    }
}
